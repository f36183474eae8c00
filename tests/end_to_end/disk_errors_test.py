#!/usr/bin/env python3
"""What can go wrong with a disk: one clear error each, tested whole; nothing left behind; a damaged disk is named."""

import os
import re
import subprocess

import winnow_program
from sample_apps import need_app
from winnow_program import APPS, EXIT_INPUT, MANIFESTS, RELEASE_PROGRAM, ProgramTest, names_below, run

CONSOLE = MANIFESTS / 'console-hello.xml'
PROGRAM = APPS / 'console-hello/console_hello.exe'
OWN_MOUNTS = ['unshare', '--user', '--map-root-user', '--mount']


class DiskErrors(ProgramTest):
    def refuse(self, output, message, *arguments):
        """Composing to self.folder / output ends with exactly this message and leaves nothing new."""
        before = names_below(self.folder)
        done = run('compose', CONSOLE, '--output', self.folder / output, *arguments)
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (EXIT_INPUT, '', message.replace('{folder}', str(self.folder)) + '\n'))
        self.assertEqual(names_below(self.folder), before)

    def test_a_full_file_system(self):
        if subprocess.run([*OWN_MOUNTS, 'mount', '-t', 'tmpfs', 'none', self.folder], capture_output=True,
                          check=False).returncode != 0:
            self.skipTest('a user may not mount here')
        for name, options in (('x.vhd', ''), ('x.vhd', '--fixed'), ('x.vhd', '--compact lzx'), ('x.vhdx', ''),
                              ('x.raw', ''), ('x.wim', '')):
            with self.subTest(output=name, options=options):
                output = self.folder / name
                script = (f'mount -t tmpfs -o size=2M none "$1" || exit 99; "$2" compose "$3" --output "$4" {options}; '
                          'code=$?; ls -A "$1"; exit $code')
                done = subprocess.run([*OWN_MOUNTS, 'sh', '-c', script, 'sh', self.folder, RELEASE_PROGRAM, CONSOLE,
                                       output], capture_output=True, text=True, check=False,
                                      timeout=winnow_program.COMMAND_SECONDS)
                self.assertEqual((done.returncode, done.stdout, done.stderr),
                                 (EXIT_INPUT, '', f'cannot write {output}: no space left on device\n'))

    def test_a_full_device(self):
        for target in ('raw', 'vhd', 'vhdx', 'wim'):
            with self.subTest(format=target):
                done = run('compose', CONSOLE, '--output', '/dev/full', '--format', target)
                self.assertEqual((done.returncode, done.stdout, done.stderr),
                                 (EXIT_INPUT, '', 'cannot write /dev/full: no space left on device\n'))

    def test_a_disk_too_small_says_how_much_is_missing(self):
        for name in ('x.vhd', 'x.vhdx', 'x.raw'):
            with self.subTest(output=name):
                done = run('compose', CONSOLE, '--output', self.folder / name, '--size', '4M')
                self.assertEqual((done.returncode, done.stdout), (EXIT_INPUT, ''))
                said = re.fullmatch(r'cannot fit the tree into (\d+) bytes: (\d+) bytes are missing\n', done.stderr)
                self.assertTrue(said, done.stderr)
                # With what is missing it fits, to the whole MiB; with two less it does not.
                enough = (4 << 20) + int(said[2]) + (1 << 20) - 1
                self.compose(CONSOLE, self.folder / name, '--size', enough)
                (self.folder / name).unlink()
                self.assertEqual(run('compose', CONSOLE, '--output', self.folder / name, '--size',
                                     enough - (2 << 20)).returncode, EXIT_INPUT)
                self.assertEqual(names_below(self.folder), [])

    def test_a_disk_too_large_for_its_partition_table(self):
        self.refuse('x.vhd', 'cannot place partition 1: its 3298533834752 bytes at 1048576 reach beyond 2199023255552, where '
                             'partitions must end', '--size', '3T')

    def test_options_that_make_no_sense(self):
        self.refuse('x.vhdx', 'cannot write a fixed VHDX: fixed disks are for Azure, which takes them as VHD\n'
                              '  note: write NAME.vhd with --fixed, or leave --fixed out', '--fixed')
        for option in ('--size', '--free-space'):
            for text in ('4X', '-1', 'M', '1.5G', '99999999T', '0x10'):
                with self.subTest(option=option, text=text):
                    self.refuse('x.vhd', f'cannot use {option} "{text}": a size is a number of bytes, or one with K, M, G '
                                         'or T', option, text)
        for port in ('COM9', 'COM1:', 'LPT1', 'COM1:fast'):
            self.refuse('x.vhd', f'cannot use --ems "{port}": a port is COM1 to COM4, with a rate COM1:115200', '--ems', port)

    def test_a_pipe_takes_no_disk(self):
        for name in ('pipe.vhd', 'pipe.vhdx', 'pipe.raw', 'pipe.wim'):
            with self.subTest(output=name):
                os.mkfifo(self.folder / name)
                self.refuse(name, f'cannot write {{folder}}/{name}: it is a pipe or a terminal, and this is not written '
                                  'front to back\n  note: name a file or a block device')

    def test_a_folder_that_is_not_there(self):
        self.refuse('no/x.vhd', 'cannot write {folder}/no/x.vhd: no such file or directory')

    def test_verify_names_the_file_that_changed(self):
        disk = self.folder / 'x.vhd'
        self.compose(CONSOLE, disk)
        data = bytearray(disk.read_bytes())
        data[data.index(PROGRAM.read_bytes()[8192:8192 + 256])] ^= 1
        disk.write_bytes(data)
        done = run('verify', disk)
        self.assertEqual((done.returncode, done.stderr), (EXIT_INPUT, ''))
        self.assertRegex(done.stdout, rf'\A{disk}: partition 1: MFT record \d+ \(\\app\\console_hello\.exe\): \$DATA: content '
                                      r'has SHA-256 [0-9a-f]{64}, expected [0-9a-f]{64} \(provenance\.json\)\n'
                                      rf'{disk}: \d+ entries, 1 violations\n\Z')


if __name__ == '__main__':
    need_app('console-hello')
    winnow_program.main()
