#!/usr/bin/env python3
"""One manifest, composed under circumstances that must not show: the same bytes."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import winnow_program
from sample_apps import SAMPLE_APPS, need_app
from winnow_program import FEED, MANIFESTS, RELEASE_PROGRAM, ProgramTest

PLAIN = {'umask': 0o022, 'cwd': '/', 'env': {'PATH': os.environ['PATH'], 'LC_ALL': 'C', 'TZ': 'UTC'}}


def copy_reversed(source, target, copy=shutil.copy):
    """Copies a tree, making the entries of every folder in reversed order, so that listings come in another order."""
    target.mkdir(parents=True)
    for entry in sorted(os.scandir(source), key=lambda each: each.name, reverse=True):
        if entry.is_dir():
            copy_reversed(Path(entry), target / entry.name, copy)
        else:
            copy(entry, target / entry.name)


def digests(output):
    """{path: SHA-256} of an output that is a file or a folder."""
    files = [output] if output.is_file() else [path for path in output.rglob('*') if path.is_file()]
    return {str(path.relative_to(output)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


class Determinism(ProgramTest):
    def copy_inputs(self, app):
        """A second place with the same manifests, app files and feed; returns its manifests folder."""
        place = self.folder / 'another place'
        copy_reversed(MANIFESTS, place / 'manifests')
        for path in SAMPLE_APPS[app].inputs:
            target = place / path.relative_to(winnow_program.ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            copy_reversed(path, target) if path.is_dir() else shutil.copy(path, target)
        copy_reversed(FEED, place / 'build/feed/open', copy=shutil.copyfile)
        return place / 'manifests'

    def compose_with(self, manifest, output, circumstances, *arguments, one_core=False):
        command = [RELEASE_PROGRAM, 'compose', manifest, '--output', output, *arguments]
        cores = {min(os.sched_getaffinity(0))}
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
                              preexec_fn=(lambda: os.sched_setaffinity(0, cores)) if one_core else None, **circumstances)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        return digests(Path(output))

    def check(self, app, *arguments, ending='.tar'):
        plain = self.compose_with(MANIFESTS / f'{app}.xml', self.folder / f'one{ending}', PLAIN, *arguments)
        manifests = self.copy_inputs(app)
        other = {'umask': 0o077, 'cwd': manifests,
                 'env': {'PATH': os.environ['PATH'], 'LC_ALL': 'C.UTF-8', 'LANG': 'tr_TR.UTF-8', 'TZ': 'Asia/Kathmandu',
                         'HOME': str(self.folder), 'TMPDIR': str(self.folder)}}
        moved = self.compose_with(f'{app}.xml', self.folder / f'two{ending}', other, *arguments, one_core=True)
        self.assertEqual(plain, moved)

    def test_archive_of_a_program_with_registry_values(self):
        self.check('registry-reader')

    def test_archive_of_an_app_large_enough_for_every_core(self):
        self.check('node-hello', '--level', '1')  # how hard each core tries shows in nothing else

    def test_layout_folder(self):
        self.check('service-control', ending='-layout')

    def test_zstd_and_uncompressed_layers(self):
        for compression in ('zstd', 'none'):
            with self.subTest(compression=compression):
                arguments = ('--compression', compression)
                output = f'console-{compression}'
                one = self.compose_with(MANIFESTS / 'console-hello.xml', self.folder / f'{output}-1', PLAIN, *arguments)
                two = self.compose_with(MANIFESTS / 'console-hello.xml', self.folder / f'{output}-2',
                                        {**PLAIN, 'umask': 0o077}, *arguments, one_core=True)
                self.assertEqual(one, two)

    def test_two_composes_in_one_place_under_load(self):
        """Both at once, so that threads finish in another order."""
        outputs = [self.folder / 'a.tar', self.folder / 'b.tar']
        running = [subprocess.Popen([RELEASE_PROGRAM, 'compose', MANIFESTS / 'node-hello.xml', '--output', output, '--level', '1'],
                                    stdout=subprocess.DEVNULL, stderr=sys.stderr) for output in outputs]
        self.assertEqual([process.wait(timeout=120) for process in running], [0, 0])
        self.assertEqual(*map(digests, outputs))


if __name__ == '__main__':
    for name in ('registry-reader', 'node-hello', 'service-control', 'console-hello'):
        need_app(name)
    winnow_program.main()
