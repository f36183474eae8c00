#!/usr/bin/env python3
"""The history of an image's builds: what is kept, which growth is flagged and blamed on what, and databases that are none."""

import contextlib
import csv
import io
import json
import os
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import winnow_program
from sample_apps import need_app
from winnow_program import EXIT_DONE, EXIT_INPUT, MANIFESTS, RELEASE_PROGRAM, ROOT, ProgramTest, run

EXIT_OVER_BUDGET = 4
SIZES = ROOT / '../shared/data/dotnet-image-sizes.csv'
NOBODY = 65534


class History(ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.images = contextlib.ExitStack()
        folder = Path(cls.images.enter_context(winnow_program.tempfile.TemporaryDirectory(prefix='winnow-images-')))
        folder.chmod(0o755)
        for app in ('console-hello', 'registry-reader'):
            done = run('compose', MANIFESTS / f'{app}.xml', '--output', folder / f'{app}.tar')
            assert done.returncode == EXIT_DONE, done.stderr
        cls.small, cls.large = folder / 'console-hello.tar', folder / 'registry-reader.tar'

    @classmethod
    def tearDownClass(cls):
        cls.images.close()

    def setUp(self):
        super().setUp()
        self.database = self.folder / 'sizes.db'

    def history(self, verb, *arguments, **options):
        return run('history', verb, '--database', self.database, *arguments, **options)

    def add(self, image, label, *arguments, **options):
        done = self.history('add', image, '--label', label, '--series', 'app', *arguments, **options)
        self.assertEqual((done.returncode, done.stderr), (EXIT_DONE, ''))
        return done.stdout

    def error_of(self, *arguments, **options):
        done = self.history(*arguments, **options)
        self.assertEqual((done.returncode, done.stdout), (EXIT_INPUT, ''))
        return done.stderr.replace(f'{self.folder}/', '')

    def builds(self):
        report = json.loads(self.history('show', '--format', 'json').stdout)
        return [build for series in report['series'] for build in series['builds']]

    def fill(self):
        self.add(self.small, '1', '--time', '2026-11-20')
        self.add(self.large, '2', '--time', '2026-11-21T10:00Z')
        self.add(self.small, '3', env=dict(os.environ, SOURCE_DATE_EPOCH='1795332605'))

    def test_a_build_is_added_once(self):
        stored = self.small.stat().st_size
        first = self.add(self.small, '1')
        self.assertRegex(first, rf'^{self.database}: added app build 1, [0-9,]+ logical bytes, {stored:,} stored\n$')
        self.assertEqual(self.add(self.small, '1'), first.replace('added', 'already has'))
        error = self.error_of('add', self.large, '--label', '1', '--series', 'app')
        self.assertRegex(error, r'^cannot add build 1 of app to history sizes.db: it is there already and differs\n'
                                r'  note: it has \d+ logical bytes there, \d+ here\n'
                                r'  note: a history is only added to: give this build another --label\n$')
        self.assertEqual([build['label'] for build in self.builds()], ['1'])

    def test_times_are_what_was_said(self):
        self.fill()
        self.add(self.small, '4')
        self.assertEqual([build.get('time') for build in self.builds()],
                         ['2026-11-20', '2026-11-21T10:00:00Z', '2026-11-22T07:30:05Z', None])
        self.assertEqual(self.error_of('add', self.small, '--label', '5', '--time', 'today'),
                         'cannot add build: "today" is no time\n'
                         '  note: write 2026-11-22, 2026-11-22T07:30:00Z or seconds since 1970\n')

    def test_growth_is_flagged_with_its_cause(self):
        self.fill()
        self.assertEqual([(build.get('isRegression'), build.get('cause'), build.get('note', '').partition(';')[0])
                          for build in self.builds()],
                         [(None, None, ''), (True, 'own', 'manifest changed'), (False, 'own', 'manifest changed')])
        done = self.history('check', '--label', '2', '--width', '400')
        self.assertEqual((done.returncode, done.stderr), (EXIT_OVER_BUDGET, ''))
        lines = done.stdout.splitlines()
        self.assertEqual(lines[0], '1 series of 1 over: logical bytes, own growth over 2 % and 100.0 kB')
        self.assertRegex(lines[3], r'^OVER  app +[0-9.]+ MB +\+[0-9.]+ MB +\+[0-9.]+ %  manifest changed; most: Wine-ucrtbase'
                                   r'\.dll \+[0-9.]+ kB \(new\), Wine-\S+ \+[0-9.]+ kB \(new\), Wine-\S+ \+[0-9.]+ kB \(new\)$')
        self.assertEqual(self.history('check').returncode, EXIT_DONE, 'the newest build shrank')
        self.assertEqual(self.history('check', '--label', '2', '--growth-percent', '50').returncode, EXIT_DONE)
        self.assertEqual(self.error_of('check', '--label', '9'),
                         'cannot check build 9: sizes.db has no build of that label\n')

    def test_blame_names_the_build_that_brought_a_component(self):
        self.fill()
        done = self.history('blame', 'wine-ADVAPI32.dll', '--format', 'json')
        self.assertEqual((done.returncode, done.stderr), (EXIT_DONE, ''))
        [blame] = json.loads(done.stdout)['components']
        self.assertEqual([(event['what'], event['label'], event['causes']) for event in blame['events']],
                         [('brought', '2', ['manifest changed']), ('removed', '3', ['manifest changed'])])
        self.assertEqual(blame['events'][0]['reason'], 'C:\\app\\registry_reader.exe imports advapi32.dll')
        self.assertEqual(self.error_of('blame', 'wine-kernel32.dl'),
                         'cannot blame wine-kernel32.dl: no build of sizes.db has a component, app or package of that name\n'
                         '  note: did you mean "Wine-kernel32.dll"?\n')

    def test_csv_is_csv(self):
        self.fill()
        rows = list(csv.DictReader(io.StringIO(self.history('show', '--format', 'csv').stdout)))
        self.assertEqual([(row['label'], row['time'], int(row['bytes'])) for row in rows],
                         [(build['label'], build['time'], build['bytes']) for build in self.builds()])

    def test_the_page_holds_every_build(self):
        self.fill()
        page = self.folder / 'history.html'
        done = self.history('html', '--output', page)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (EXIT_DONE, f'wrote {page}\n', ''))
        text = page.read_text(encoding='utf-8')
        self.assertTrue(text.startswith('<!doctype html>'), text[:40])
        for expected in ('"app"', '2026-11-20', '2026-11-21T10:00:00Z', *(str(build['bytes']) for build in self.builds())):
            self.assertIn(expected, text)
        self.assertEqual(self.error_of('html', 'nobody', '--output', page),
                         self.error_of('show', 'nobody'))

    def test_four_add_at_once(self):
        adding = [subprocess.Popen([RELEASE_PROGRAM, 'history', 'add', self.small, '--database', self.database, '--series',
                                    'app', '--label', str(number)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                  for number in range(4)]
        self.assertEqual([(process.communicate()[1], process.returncode) for process in adding], [(b'', EXIT_DONE)] * 4)
        self.assertEqual(sorted(build['label'] for build in self.builds()), ['0', '1', '2', '3'])

    def test_a_killed_one_leaves_no_half_build(self):
        self.add(self.small, 'first')
        for number, seconds in enumerate((0.01, 0.03, 0.06, 0.1, 0.15)):
            process = subprocess.Popen([RELEASE_PROGRAM, 'history', 'add', self.small, '--database', self.database,
                                        '--series', 'app', '--label', str(number)], stdout=subprocess.DEVNULL)
            time.sleep(seconds)
            process.send_signal(signal.SIGKILL)
            process.wait()
        self.assertEqual(self.builds()[0]['label'], 'first')
        with contextlib.closing(sqlite3.connect(self.database)) as database:
            self.assertEqual(database.execute('PRAGMA integrity_check').fetchall(), [('ok',)])
            owners = database.execute('SELECT count(*) FROM build_owner GROUP BY build').fetchall()
        self.assertEqual(len(owners), len(self.builds()))
        self.assertEqual(len(set(owners)), 1, 'each build has all of its owners')

    def test_what_is_no_history_is_refused(self):
        self.assertEqual(self.error_of('show'), 'cannot read history sizes.db: No such file or directory\n')
        self.database.write_text('not a database, but long enough to look like one\n' * 20)
        self.assertEqual(self.error_of('show'), 'cannot read history sizes.db: it is no SQLite database\n')
        self.assertEqual(self.error_of('add', self.small, '--label', '1'),
                         'cannot write history sizes.db: it is no SQLite database\n')

    def test_another_version_is_refused(self):
        self.add(self.small, '1')
        with contextlib.closing(sqlite3.connect(self.database)) as database:
            database.execute('PRAGMA user_version = 2')
        self.assertEqual(self.error_of('show'),
                         'cannot read history sizes.db: it is of version 2, this winnow knows version 1\n')

    def test_a_truncated_one_is_refused(self):
        self.add(self.small, '1')
        whole = self.database.read_bytes()
        self.database.write_bytes(whole[:-1000])
        self.assertEqual(self.error_of('show'), 'cannot read history sizes.db: it is damaged: its end is missing\n')
        self.database.write_bytes(whole[:len(whole) // 2])
        self.assertEqual(self.error_of('show'), 'cannot read history sizes.db: it is damaged\n')

    def test_a_locked_one_is_waited_for_then_refused(self):
        self.add(self.small, '1')
        with contextlib.closing(sqlite3.connect(self.database, isolation_level=None)) as database:
            database.execute('BEGIN IMMEDIATE')
            self.assertEqual(self.error_of('add', self.small, '--label', '2', '--series', 'app'),
                             'cannot write history sizes.db: another process is writing to it\n')
            self.assertEqual(len(self.builds()), 1, 'reading goes on meanwhile')

    def test_a_read_only_one_is_refused(self):
        self.add(self.small, '1')
        self.database.chmod(0o444)
        self.folder.chmod(0o555)
        self.addCleanup(self.folder.chmod, 0o755)
        somebody = {'user': NOBODY} if os.geteuid() == 0 else {}
        self.assertEqual(self.error_of('add', self.small, '--label', '2', '--series', 'app', **somebody),
                         'cannot write history sizes.db: the file or its folder is read-only\n')
        self.assertEqual(self.history('show', **somebody).returncode, EXIT_DONE)

    def test_recorded_sizes_of_others(self):
        if not SIZES.exists():
            self.skipTest(f'{SIZES} is not there')
        done = self.history('import', SIZES)
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (EXIT_DONE, f'{self.database}: added 2,508 builds\n', ''))
        self.assertEqual(self.history('import', SIZES).stdout,
                         f'{self.database}: added 0 builds, already has 2,508\n')
        rebaseline = self.history('check', '--label', '7ef0b70714', '--width', '1000')
        self.assertEqual(rebaseline.returncode, EXIT_DONE)
        self.assertEqual(rebaseline.stdout.count('base moved: 9 of 9 series on windowsservercore-ltsc20'), 18)
        grown = self.history('check', '--label', '39c4469297', '--width', '1000')
        self.assertEqual(grown.returncode, EXIT_OVER_BUDGET)
        self.assertEqual([line.split()[1] for line in grown.stdout.splitlines() if line.startswith('OVER')],
                         ['dotnet/nightly/sdk:src/sdk/8.0/nanoserver-1809/amd64',
                          'dotnet/nightly/sdk:src/sdk/8.0/nanoserver-ltsc2022/amd64'])
        self.assertEqual(self.error_of('show', '--measure', 'stored').partition(' in ')[2],
                         'stored bytes: it was imported, only its logical size is known\n')


if __name__ == '__main__':
    need_app('console-hello')
    need_app('registry-reader')
    winnow_program.main()
