#!/usr/bin/env python3
"""Outputs that are no regular files are written through, and are still what they were afterwards."""

import hashlib
import os
import stat
import subprocess
import threading
from pathlib import Path

import winnow_program
from sample_apps import need_app
from winnow_program import MANIFESTS, RELEASE_PROGRAM, ProgramTest, names_below, run

MANIFEST = MANIFESTS / 'console-hello.xml'


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class OutputPath(ProgramTest):
    def setUp(self):
        super().setUp()
        self.inputs = self.folder / 'expected'
        self.inputs.mkdir()
        self.compose(MANIFEST, self.inputs / 'image.tar')
        self.image = (self.inputs / 'image.tar').read_bytes()

    def names(self):
        return [name for name in names_below(self.folder) if not name.startswith('expected')]

    def test_a_fifo_is_written_through(self):
        fifo = self.folder / 'pipe.tar'
        os.mkfifo(fifo)
        received = []
        reader = threading.Thread(target=lambda: received.append(fifo.read_bytes()))
        reader.start()
        self.compose(MANIFEST, fifo)
        reader.join(timeout=60)
        self.assertEqual(sha256(received[0]), sha256(self.image))
        self.assertTrue(stat.S_ISFIFO(fifo.lstat().st_mode))
        self.assertEqual(self.names(), ['pipe.tar'])

    def test_a_fifo_whose_reader_leaves_is_one_error(self):
        fifo = self.folder / 'pipe.tar'
        os.mkfifo(fifo)
        reader = threading.Thread(target=lambda: os.close(os.open(fifo, os.O_RDONLY)))
        reader.start()
        done = run('compose', MANIFEST, '--output', fifo)
        reader.join(timeout=60)
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (winnow_program.EXIT_INPUT, '', f'cannot write {fifo}: broken pipe\n'))
        self.assertTrue(stat.S_ISFIFO(fifo.lstat().st_mode))

    def test_standard_output_gets_the_image_and_nothing_else(self):
        before = os.lstat('/dev/stdout')
        done = run('compose', MANIFEST, '--output', '/dev/stdout', text=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(sha256(done.stdout), sha256(self.image))
        self.assertEqual(os.lstat('/dev/stdout').st_ino, before.st_ino)

    def test_a_link_to_standard_output_that_is_a_file_is_kept(self):
        """What /dev/stdout is when standard output goes to a file: renaming over it would replace the link."""
        link = self.folder / 'stdout.tar'
        link.symlink_to('/proc/self/fd/1')
        with open(self.folder / 'redirected', 'wb') as target:
            done = subprocess.run([RELEASE_PROGRAM, 'compose', MANIFEST, '--output', link, '--json'], stdout=target,
                                  stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(os.readlink(link), '/proc/self/fd/1')
        written = (self.folder / 'redirected').read_bytes()
        self.assertEqual(sha256(written[:len(self.image)]), sha256(self.image))
        self.assertEqual(self.names(), ['redirected', 'stdout.tar'])

    def test_a_device_is_kept(self):
        before = os.lstat('/dev/null')
        link = self.folder / 'null.tar'
        link.symlink_to('/dev/null')
        for output in ('/dev/null', link):
            with self.subTest(output=str(output)):
                self.compose(MANIFEST, output)
                after = os.lstat('/dev/null')
                self.assertEqual((after.st_ino, after.st_mode, after.st_rdev),
                                 (before.st_ino, before.st_mode, before.st_rdev))
        self.assertEqual(os.readlink(link), '/dev/null')

    def test_a_full_device_is_one_error(self):
        done = run('compose', MANIFEST, '--output', '/dev/full')
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (winnow_program.EXIT_INPUT, '', 'cannot write /dev/full: no space left on device\n'))
        self.assertTrue(stat.S_ISCHR(os.lstat('/dev/full').st_mode))

    def test_a_regular_file_is_replaced_whole(self):
        output = self.folder / 'image.tar'
        output.write_bytes(b'what was there before')
        self.compose(MANIFEST, output)
        self.assertEqual(sha256(output.read_bytes()), sha256(self.image))
        self.assertEqual(self.names(), ['image.tar'])

    def test_a_folder_that_is_not_ours_is_left_alone(self):
        output = self.folder / 'precious'
        output.mkdir()
        Path(output, 'letter.txt').write_text('dear')
        done = run('compose', MANIFEST, '--output', output)
        self.assertEqual(done.returncode, winnow_program.EXIT_INPUT)
        self.assertRegex(done.stderr, rf'\Acannot write folder {output}: it exists and holds no oci-layout\n  note: [^\n]+\n\Z')
        self.assertEqual(self.names(), ['precious', 'precious/letter.txt'])

    def test_a_folder_that_is_not_there_is_one_error(self):
        done = run('compose', MANIFEST, '--output', self.folder / 'no/image.tar')
        self.assertEqual(done.returncode, winnow_program.EXIT_INPUT)
        self.assertEqual(done.stderr, f'cannot write {self.folder}/no/image.tar: no such file or directory\n')
        self.assertEqual(self.names(), [])


if __name__ == '__main__':
    need_app('console-hello')
    winnow_program.main()
