#!/usr/bin/env python3
"""One plan in every format: what is read back is the same, extracts to the same files, and runs."""

import hashlib
import json
import os

import winnow_program
from sample_apps import SAMPLE_APPS, need_app
from winnow_program import EXIT_DONE, EXIT_INPUT, MANIFESTS, ProgramTest, run

CONSOLE = MANIFESTS / 'console-hello.xml'
# The output's name and what compose is told besides.
FORMATS = {'image.tar': (), 'layout': (), 'dynamic.vhd': (), 'fixed.vhd': ('--fixed',), 'disk.vhdx': (), 'disk.raw': (),
           'image.wim': ()}


def files_below(folder):
    """{path: (SHA-256, last write)} of every file, {path: None} of every folder."""
    found = {}
    for path in folder.rglob('*'):
        name = str(path.relative_to(folder))
        found[name] = None if path.is_dir() else (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime)
    return found


class EveryFormat(ProgramTest):
    """The images are made once; no test changes one."""

    @classmethod
    def setUpClass(cls):
        temporary = winnow_program.tempfile.TemporaryDirectory(prefix='winnow-test-')
        cls.addClassCleanup(temporary.cleanup)
        cls.images = winnow_program.Path(temporary.name)
        for name, options in FORMATS.items():
            done = run('compose', CONSOLE, '--output', cls.images / name, *options,
                       env={**os.environ, 'SOURCE_DATE_EPOCH': '1700000000'})
            if done.returncode != EXIT_DONE:
                raise AssertionError(f'cannot compose {name}: {done.stderr}')

    def test_inspect_prints_what_was_planned(self):
        planned = self.succeed('plan', CONSOLE, '--tree', env={**os.environ, 'SOURCE_DATE_EPOCH': '1700000000'})
        self.assertRegex(planned, r'(?m)^f\tWindows\\System32\\kernel32\.dll\t.*\towner=Wine-kernel32\.dll$')
        self.assertRegex(planned, r'(?m)^v\tSOFTWARE\\')
        for name in FORMATS:
            with self.subTest(format=name):
                read = self.succeed('inspect', self.images / name)
                for planned_line, line in zip(planned.splitlines(), read.splitlines()):
                    self.assertEqual(line, planned_line)
                self.assertEqual(len(read), len(planned))

    def test_layout_says_what_the_file_is(self):
        kinds = {'image.tar': 'container', 'layout': 'container', 'dynamic.vhd': 'dynamic VHD', 'fixed.vhd': 'fixed VHD',
                 'disk.vhdx': 'VHDX', 'disk.raw': 'raw', 'image.wim': 'wim'}
        for name, kind in kinds.items():
            with self.subTest(format=name):
                text = self.succeed('inspect', self.images / name, '--layout')
                self.assertTrue(text.startswith(kind + '\t'), text)
                if kind not in ('container', 'wim'):
                    self.assertRegex(text, r'(?m)^partition\t.*\tfile-system=NTFS$')

    def test_every_format_extracts_to_the_same_files(self):
        extracted = {}
        for name in FORMATS:
            self.succeed('extract', self.images / name, '--output', self.folder / name)
            extracted[name] = files_below(self.folder / name)
        self.assertIn('Windows/System32/config/SOFTWARE', extracted['image.tar'])
        for name in FORMATS:
            self.assertEqual(extracted[name], extracted['image.tar'], name)

    def test_extract_takes_paths_and_nothing_outside(self):
        image = self.images / 'disk.vhdx'
        self.succeed('extract', image, '--output', self.folder / 'some', 'Windows\\System32\\config', 'app')
        self.assertEqual(sorted(path.name for path in (self.folder / 'some').iterdir()), ['Windows', 'app'])
        for path, why in (('..\\x', '..'), ('nowhere', 'holds no such file')):
            done = run('extract', image, '--output', self.folder / 'none', path)
            self.assertEqual((done.returncode, (self.folder / 'none').exists()), (EXIT_INPUT, False))
            self.assertIn(why, done.stderr)
        done = run('extract', image, '--output', self.folder / 'some')
        self.assertEqual(done.returncode, EXIT_INPUT)
        self.assertIn('is not empty', done.stderr)

    def test_size_adds_up_to_the_file(self):
        for name in FORMATS:
            if name == 'layout':
                continue
            with self.subTest(format=name):
                report = json.loads(self.succeed('size', self.images / name, '--json'))
                root = report['size']
                self.assertEqual(root['stored'], (self.images / name).stat().st_size)
                self.assertEqual(root['stored'], sum(child['stored'] for child in root['children']))

    def test_convert_to_every_format_and_back(self):
        expected = self.succeed('inspect', self.images / 'image.tar')
        for source in ('image.tar', 'dynamic.vhd', 'image.wim'):
            for target, options in FORMATS.items():
                with self.subTest(source=source, target=target):
                    output = self.folder / source.replace('.', '-') / target
                    output.parent.mkdir(exist_ok=True)
                    self.succeed('convert', self.images / source, output, *options)
                    self.assertEqual(self.succeed('inspect', output), expected)

    def test_a_converted_image_is_what_compose_writes(self):
        for source, target in (('disk.vhdx', 'image.tar'), ('image.tar', 'dynamic.vhd'), ('dynamic.vhd', 'image.wim')):
            with self.subTest(source=source, target=target):
                output = self.folder / target
                self.succeed('convert', self.images / source, output)
                self.assertEqual(output.read_bytes(), (self.images / target).read_bytes())

    def test_a_disk_is_copied_byte_for_byte(self):
        self.succeed('convert', self.images / 'dynamic.vhd', self.folder / 'copy.raw')
        self.succeed('convert', self.folder / 'copy.raw', self.folder / 'copy.vhdx')
        self.succeed('convert', self.folder / 'copy.vhdx', self.folder / 'again.raw')
        self.assertEqual((self.folder / 'again.raw').read_bytes(), (self.folder / 'copy.raw').read_bytes())

    def test_convert_takes_a_folder(self):
        source = self.folder / 'source'
        (source / 'inner').mkdir(parents=True)
        (source / 'inner/one').write_text('hello')
        os.utime(source / 'inner/one', (1_600_000_000, 1_600_000_000))  # Windows' times have 100 ns, not 1
        os.link(source / 'inner/one', source / 'two')
        for name in ('folder.raw', 'folder.vhd', 'folder.wim'):
            with self.subTest(format=name):
                self.succeed('convert', source, self.folder / name)
                self.succeed('extract', self.folder / name, '--output', self.folder / f'{name}-out')
                self.assertEqual(files_below(self.folder / f'{name}-out'), files_below(source))
                self.assertEqual((self.folder / f'{name}-out/two').stat().st_nlink, 2)
        done = run('convert', source, self.folder / 'folder.tar')
        self.assertEqual(done.returncode, EXIT_INPUT)
        self.assertIn('a folder says nothing of how it is run', done.stderr)

    def test_console_hello_runs_from_every_format(self):
        for name in FORMATS:
            with self.subTest(format=name):
                SAMPLE_APPS['console-hello'].check(self, self.images / name)


if __name__ == '__main__':
    need_app('console-hello')
    winnow_program.main()
