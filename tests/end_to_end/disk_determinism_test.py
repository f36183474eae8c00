#!/usr/bin/env python3
"""Every disk format, composed twice under circumstances that must not show: the same bytes."""

import os
import subprocess

import winnow_program
from determinism_test import PLAIN, copy_reversed, digests
from sample_apps import SAMPLE_APPS, need_app
from winnow_program import FEED, MANIFESTS, RELEASE_PROGRAM, ROOT, ProgramTest

APP = 'registry-reader'
FORMATS = {'dynamic.vhd': (), 'fixed.vhd': ('--fixed',), 'disk.vhdx': (), 'disk.raw': (), 'image.wim': (),
           'solid.wim': ('--solid', '--wim-compression', 'lzms'), 'small.vhd': ('--compact', 'xpress8k'),
           'smallest.vhdx': ('--compact', 'lzx', '--short-names', '--free-space', '32M')}


class DiskDeterminism(ProgramTest):
    def copy_inputs(self):
        """A second place with the same manifests, app files and feed; returns its manifests folder."""
        place = self.folder / 'another place'
        copy_reversed(MANIFESTS, place / 'manifests')
        for path in SAMPLE_APPS[APP].inputs:
            copy_reversed(path, place / path.relative_to(ROOT))
        copy_reversed(FEED, place / 'build/feed/open', copy=os.symlink)
        return place / 'manifests'

    def digest(self, manifest, output, options, circumstances, *before):
        done = subprocess.run([*before, RELEASE_PROGRAM, 'compose', manifest, '--output', output, *options],
                              capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, **circumstances,
                              timeout=winnow_program.COMMAND_SECONDS)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        return digests(output)

    def test_every_format_twice(self):
        manifests = self.copy_inputs()
        other = {'umask': 0o077, 'cwd': manifests,
                 'env': {'PATH': os.environ['PATH'], 'LC_ALL': 'C.UTF-8', 'LANG': 'tr_TR.UTF-8', 'TZ': 'Asia/Kathmandu',
                         'HOME': str(self.folder), 'TMPDIR': str(self.folder)}}
        core = str(min(os.sched_getaffinity(0)))
        seen = set()
        for name, options in FORMATS.items():
            with self.subTest(format=name):
                plain = self.digest(MANIFESTS / f'{APP}.xml', self.folder / f'one {name}', options, PLAIN)
                moved = self.digest(f'{APP}.xml', self.folder / f'two {name}', options, other, 'taskset', '-c', core)
                self.assertEqual(plain, moved)
                seen.update(plain.values())
        self.assertEqual(len(seen), len(FORMATS), 'every format is a file of its own')


if __name__ == '__main__':
    need_app(APP)
    winnow_program.main()
