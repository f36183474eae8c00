#!/usr/bin/env python3
"""The lock file pins every input: composing with --locked gives the same image, or refuses and says what differs."""

import json
import shutil

import winnow_program
from sample_apps import need_app
from winnow_program import APPS, EXIT_INPUT, FEED, ProgramTest, names_below, run

MANIFEST = f'''<app xmlns="urn:winnow:app:v1" name="locked" version="1.0">
  <feed path="{FEED}"/>
  <role name="base"/>
  <files source="app" to="C:\\app"/>
  <entry-point program="C:\\app\\console_hello.exe"/>
</app>
'''


class Lock(ProgramTest):
    def setUp(self):
        super().setUp()
        self.manifest = self.folder / 'locked.xml'
        self.manifest.write_text(MANIFEST)
        shutil.copytree(APPS / 'console-hello', self.folder / 'app')
        self.lock = self.folder / 'app.lock'
        self.compose(self.manifest, self.folder / 'first.tar', '--lock', self.lock)
        self.text = self.lock.read_text()

    def test_the_same_inputs_keep_to_the_lock(self):
        self.compose(self.manifest, self.folder / 'second.tar', '--lock', self.lock, '--locked')
        self.assertEqual((self.folder / 'second.tar').read_bytes(), (self.folder / 'first.tar').read_bytes())
        self.assertEqual(self.lock.read_text(), self.text)

    def refuse(self, *mentioned):
        before = names_below(self.folder)
        done = run('compose', self.manifest, '--output', self.folder / 'second.tar', '--lock', self.lock, '--locked')
        self.assertEqual((done.returncode, done.stdout), (EXIT_INPUT, ''))
        self.assertRegex(done.stderr, r'\A[^\n]*cannot keep to the lock file: ')
        for text in mentioned:
            self.assertIn(text, done.stderr)
        self.assertEqual(names_below(self.folder), before)
        self.assertEqual(self.lock.read_text(), self.text)

    def test_a_changed_app_file_is_refused(self):
        (self.folder / 'app/new.txt').write_text('new')
        self.refuse('app')

    def test_a_changed_manifest_is_refused(self):
        self.manifest.write_text(MANIFEST.replace('<role name="base"/>', '<role name="base"/><role name="shell"/>'))
        self.refuse('cmd.exe')

    def test_the_lock_states_what_is_minimal(self):
        lines = self.text.splitlines()
        self.assertEqual(lines[0], 'winnow-lock 2')
        self.assertIn('objective penalties, allocated bytes, recommended, newer versions, components, names', lines)
        self.assertIn('verdict optimal', lines)
        cost, bound = (next(line.split(' ', 1)[1] for line in lines if line.startswith(word)) for word in ('cost ', 'bound '))
        self.assertEqual(cost, bound)
        components = [line for line in lines if line.startswith('component ')]
        self.assertEqual(components, sorted(components))
        self.assertIn(f'count={len(components)}', cost)

    def test_lock_writes_what_compose_writes(self):
        again = self.folder / 'again.lock'
        out = self.succeed('lock', self.manifest, '--lock', again)
        self.assertEqual(again.read_text(), self.text)
        self.assertRegex(out, rf'\Awrote {again}: [0-9]+ components, [0-9,]+ bytes allocated, proven minimal\n\Z')
        self.assertEqual(self.succeed('lock', self.manifest, '--lock', again, '--no-cache'), out + 'no component changed\n')
        document = json.loads(self.succeed('lock', self.manifest, '--lock', again, '--json'))
        self.assertEqual((document['schema'], document['choice']['proven'], document['came'], document['left']),
                         ('winnow-lock-verb-1', True, [], []))

    def test_a_certificate_beside_the_lock(self):
        lock = self.folder / 'proven.lock'
        self.succeed('lock', self.manifest, '--lock', lock, '--prove')
        self.assertEqual(lock.read_text(), self.text)
        self.assertTrue((self.folder / 'proven.lock.proof').read_text())

    def test_an_update_keeps_what_it_can_and_says_what_changed(self):
        self.manifest.write_text(MANIFEST.replace('<role name="base"/>', '<role name="base"/><component name="Wine-winhttp.dll"/>'))
        out = self.succeed('lock', self.manifest, '--lock', self.lock, '--update')
        self.assertIn('+ Wine-winhttp.dll ', out)
        self.assertIn(': locked asks for (', out)
        self.assertNotIn('\n- ', out)
        self.compose(self.manifest, self.folder / 'second.tar', '--lock', self.lock, '--locked')
        self.manifest.write_text(MANIFEST)
        out = self.succeed('lock', self.manifest, '--lock', self.lock, '--update')
        self.assertRegex(out, r'\n- Wine-winhttp.dll [^\n]*: nothing needs it')
        self.assertEqual(self.lock.read_text(), self.text)

    def test_an_update_of_what_is_not_there(self):
        done = run('lock', self.manifest, '--lock', self.lock, '--update', 'ntdl.dll')
        self.assertEqual((done.returncode, done.stderr), (EXIT_INPUT, f'{self.lock}: cannot update "ntdl.dll": it is not in the lock file\n'))
        missing = self.folder / 'none.lock'
        done = run('lock', self.manifest, '--lock', missing, '--update')
        self.assertEqual((done.returncode, done.stderr),
                         (EXIT_INPUT, f'{missing}: cannot update the lock file: it is not there\n'
                          f'  note: make it with: winnow lock {self.manifest}\n'))

    def test_a_lock_that_is_not_there_is_refused(self):
        self.lock.unlink()
        done = run('compose', self.manifest, '--output', self.folder / 'second.tar', '--lock', self.lock, '--locked')
        self.assertEqual((done.returncode, done.stderr),
                         (EXIT_INPUT, f'cannot read {self.lock}: no such file or directory\n'))


if __name__ == '__main__':
    need_app('console-hello')
    winnow_program.main()
