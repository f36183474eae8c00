#!/usr/bin/env python3
"""app_test.py NAME: composes manifests/NAME.xml, runs the app from its image, and takes the image apart."""

import sys
import tempfile
import unittest
from pathlib import Path

import image_files
import pe_imports
import winnow_program
from sample_apps import RUN_SECONDS, SAMPLE_APPS, need_app
from winnow_program import MANIFESTS, run

NAME = sys.argv[1]
APP = SAMPLE_APPS[NAME]
MODULES = 6  # tried without, or up to twice as many


class SampleAppTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory(prefix='winnow-test-')
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = Path(temporary.name)
        cls.image = cls.compose(f'{NAME}.tar', 'gzip')
        cls.layout = cls.compose(NAME, 'zstd')  # the same layer, read in half the time
        cls.pe_files = image_files.extract_pe_files(cls.image, cls.folder)
        cls.system_modules = {name.rpartition('/')[2].lower(): cls.folder / name for name in cls.pe_files
                              if name.startswith(image_files.SYSTEM_FOLDER)}

    @classmethod
    def compose(cls, name, compression):
        image = cls.folder / name
        done = run('compose', MANIFESTS / f'{NAME}.xml', '--output', image, '--compression', compression, '--level', '1')
        if done.returncode != 0:
            raise AssertionError(f'cannot compose {name}: {done.stderr}')
        return image

    def test_runs_from_its_image(self):
        APP.check(self, self.image)

    def test_holds_no_more_modules_than_the_app_tier(self):
        self.assertLessEqual(len(self.system_modules), APP.system_modules, sorted(self.system_modules))

    def test_passes_the_rules_of_a_windows_host(self):
        done = run('verify', self.image)
        self.assertEqual((done.returncode, done.stderr), (0, ''), done.stdout)

    def test_fails_by_name_without_an_imported_module(self):
        """Any one of them; of the many that a large app imports, some."""
        programs = [self.folder / name for name in APP.programs]
        imported = pe_imports.load_time_closure(programs, self.system_modules)
        self.assertGreaterEqual(len(imported), 3, 'ntdll, kernel32 and kernelbase at the least')
        for module in sorted(imported)[::max(1, len(imported) // MODULES)]:
            with self.subTest(without=module):
                done = run('run', self.layout, '--without', module, '--timeout', RUN_SECONDS, '--', *APP.arguments)
                self.assertNotEqual(done.returncode, 0, 'it ran')
                self.assertRegex(done.stderr.lower(), rf'cannot run .*module {module} is missing')


if __name__ == '__main__':
    need_app(NAME)
    winnow_program.main()
