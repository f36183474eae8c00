#!/usr/bin/env python3
"""The reading verbs: plan, why, verify, size; text for people, JSON for programs, and the numbers of both agree."""

import json

import image_files
import winnow_program
from sample_apps import need_app
from winnow_program import EXIT_DONE, EXIT_INPUT, FEED, MANIFESTS, ProgramTest, run

MANIFEST = MANIFESTS / 'console-hello.xml'
VERBS = ('budget', 'compose', 'diff', 'feed', 'plan', 'run', 'size', 'verify', 'why')


class Verbs(ProgramTest):
    def test_help_has_an_example_for_every_verb(self):
        for verb in VERBS:
            with self.subTest(verb=verb):
                text = self.succeed(verb, '--help')
                self.assertRegex(text, rf'(?m)^ *winnow {verb} ')

    def test_plan_names_the_owner_of_every_file(self):
        text = self.succeed('plan', MANIFEST)
        self.assertRegex(text, r'(?m)^.*Windows\\System32\\kernel32\.dll.*owner=Wine-kernel32\.dll')
        self.assertRegex(text, r'(?m)^.*app\\console_hello\.exe')
        self.assertEqual(text, self.succeed('plan', MANIFEST))

    def test_why_prints_the_chain_to_the_request(self):
        text = self.succeed('why', MANIFEST, 'Wine-msvcrt.dll')
        self.assertIn('console_hello.exe', text)
        self.assertIn('msvcrt.dll', text.lower())
        json.loads(self.succeed('why', MANIFEST, 'Wine-msvcrt.dll', '--json'))

    def test_why_of_a_component_that_is_not_chosen(self):
        done = run('why', MANIFEST, 'Wine-shell32.dll')
        self.assertEqual((done.returncode, done.stdout), (EXIT_INPUT, ''))
        self.assertRegex(done.stderr, r'\A[^\n]*Wine-shell32\.dll[^\n]*\n')

    def test_compose_reports_what_it_wrote(self):
        image = self.folder / 'image.tar'
        report = json.loads(self.compose(MANIFEST, image, '--json'))
        self.assertEqual((report['output'], report['storedBytes']), (str(image), image.stat().st_size))

    def test_verify_accepts_what_compose_made_and_refuses_what_was_damaged(self):
        image = self.folder / 'image.tar'
        self.compose(MANIFEST, image)
        self.assertEqual(json.loads(self.succeed('verify', image, '--json'))['violations'], [])
        data = bytearray(image.read_bytes())
        data[len(data) // 2] ^= 0xff
        image.write_bytes(data)
        done = run('verify', image)
        self.assertEqual(done.returncode, EXIT_INPUT, done.stdout)

    def test_the_config_says_which_windows_it_is(self):
        image = self.folder / 'image.tar'
        self.compose(MANIFEST, image)
        config = image_files.image_config(image)
        self.assertEqual((config['os'], config['os.version'], config['architecture']),
                         ('windows', '10.0.20348.4648', 'amd64'))

    def test_size_adds_up(self):
        for name in ('image.tar', 'layout'):
            with self.subTest(output=name):
                image = self.folder / name
                self.compose(MANIFEST, image)
                report = json.loads(self.succeed('size', image, '--against', FEED, '--json'))
                self.check_sum(report['root'] if 'root' in report else report)
                self.assertRegex(self.succeed('size', image, '--against', FEED), r'158\.5 MB')

    def check_sum(self, node):
        children = node.get('children', [])
        if not children:
            return
        for key in ('logicalBytes', 'storedBytes'):
            self.assertEqual(node[key], sum(child[key] for child in children), node.get('name'))
        for child in children:
            self.check_sum(child)

    def test_size_reads_files_not_memory(self):
        done = run('size', self.folder / 'none.tar', '--against', FEED)
        self.assertEqual(done.returncode, EXIT_INPUT)
        self.assertRegex(done.stderr, r'\Acannot read [^\n]*none\.tar: no such file or directory\n\Z')

    def test_run_reports_what_was_missing(self):
        image = self.folder / 'image.tar'
        self.compose(MANIFEST, image)
        report = self.folder / 'run.json'
        done = run('run', image, '--without', 'msvcrt.dll', '--report', report)
        self.assertNotEqual(done.returncode, EXIT_DONE)
        missing = json.loads(report.read_text())['missing']
        self.assertEqual([(row['module'], row['component']) for row in missing], [('msvcrt.dll', 'Wine-msvcrt.dll')])

    def test_version(self):
        done = run('--version')
        self.assertEqual((done.returncode, done.stderr), (EXIT_DONE, ''))
        self.assertRegex(done.stdout, r'\Awinnow \d+\.\d+\.\d+\n\Z')


if __name__ == '__main__':
    need_app('console-hello')
    winnow_program.main()
