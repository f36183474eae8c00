#!/usr/bin/env python3
"""What compose writes is accepted by winnow verify and by programs of others: tests/foreign/judge_disk.sh."""

import os
import subprocess
import tempfile
from pathlib import Path

import winnow_program
from sample_apps import need_app
from winnow_program import EXIT_DONE, MANIFESTS, ROOT, SKIPPED, ProgramTest, run

JUDGE = ROOT / 'tests/foreign/judge_disk.sh'
CONSOLE = MANIFESTS / 'console-hello.xml'


class ComposedDisks(ProgramTest):
    @classmethod
    def setUpClass(cls):
        """What every disk must hold: the files of the container image, which is written without any of a disk's code."""
        temporary = tempfile.TemporaryDirectory(prefix='winnow-test-')
        cls.addClassCleanup(temporary.cleanup)
        cls.tree = Path(temporary.name) / 'tree'
        archive = Path(temporary.name) / 'image.tar'
        for arguments in (('compose', CONSOLE, '--output', archive), ('extract', archive, '--output', cls.tree)):
            done = run(*arguments)
            if done.returncode != EXIT_DONE:
                raise AssertionError(f'cannot {arguments[0]}: {done.stderr}')
        assert (cls.tree / 'Windows/System32/config/SOFTWARE').exists()

    def accept(self, name, *options, judges='.'):
        """Composes that disk, which verify and those judges accept; returns its path."""
        disk = self.folder / name
        self.compose(CONSOLE, disk, *options)
        self.assertRegex(self.succeed('verify', disk), r'\A[^\n]*: \d+ entries, 0 violations\n\Z')
        done = subprocess.run([JUDGE, disk, self.tree], capture_output=True, text=True, check=False,
                              env={**os.environ, 'WINNOW_JUDGES': judges}, timeout=winnow_program.COMMAND_SECONDS)
        self.assertIn(done.returncode, (EXIT_DONE, SKIPPED), done.stdout + done.stderr)
        return disk

    def test_a_dynamic_vhd_of_generation_1(self):
        self.accept('disk.vhd', '--free-space', '32M')

    def test_a_vhdx_of_generation_2(self):
        self.accept('disk.vhdx', '--free-space', '32M')

    def test_a_fixed_vhd_and_a_raw_disk(self):
        for name, options in (('fixed.vhd', ['--fixed']), ('disk.raw', [])):
            with self.subTest(format=name):
                self.accept(name, *options, judges='qemu-img|vhdiinfo|container|sgdisk|ntfsfix|ntfsresize|7z')

    def test_short_names(self):
        self.accept('short.vhd', '--short-names',
                    judges='ntfsresize|ntfsclone|7z, every file|tsk_recover|wimlib|kernel ntfs3, every file')

    def test_compressed_files(self):
        """Only the kernel's driver and Windows decompress them."""
        for compact in ('xpress4k', 'xpress8k', 'xpress16k', 'lzx'):
            with self.subTest(compact=compact):
                self.accept('compact.vhd', '--compact', compact,
                            judges='ntfsresize|ntfsclone|kernel ntfs3, every file')

    def test_a_size(self):
        disk = self.accept('size.vhd', '--size', '64M', judges='qemu-img|ntfsfix|ntfsresize|7z, every file')
        layout = self.succeed('inspect', disk, '--layout')
        self.assertIn(str(64 << 20), layout)


if __name__ == '__main__':
    need_app('console-hello')
    winnow_program.main()
