#!/usr/bin/env python3
"""The reading verbs: plan, why, verify, size; text for people, JSON for programs, and the numbers of both agree."""

import json
import re
from pathlib import Path

import image_files
import jsonschema
import winnow_program
from grown_feed import add_to_manifest
from sample_apps import need_app
from winnow_program import EXIT_DONE, EXIT_INPUT, EXIT_UNSATISFIABLE, FEED, MANIFESTS, ProgramTest, run

MANIFEST = MANIFESTS / 'console-hello.xml'
SCHEMA = Path(__file__).resolve().parents[2] / 'tools/size_analyzer/facts.schema.json'
VERBS = ('budget', 'compose', 'diff', 'doctor', 'edit', 'feed', 'graph', 'lock', 'plan', 'run', 'size', 'verify', 'what-if', 'why', 'why-not')


def stored_bytes(image):
    return sum(file.stat().st_size for file in (image.rglob('*') if image.is_dir() else [image]) if file.is_file())


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
        why = json.loads(self.succeed('why', MANIFEST, 'Wine-msvcrt.dll', '--json'))
        self.assertEqual((why['schema'], why['component'], why['isIn']), ('winnow-why-2', 'Wine-msvcrt.dll', True))
        self.assertEqual(why['chain'][-1]['components'], ['Wine-msvcrt.dll'])

    def test_why_of_a_component_that_is_not_chosen(self):
        done = run('why', MANIFEST, 'Wine-shell32.dll')
        self.assertEqual((done.returncode, done.stdout), (EXIT_INPUT, ''))
        self.assertRegex(done.stderr, r'\A[^\n]*Wine-shell32\.dll[^\n]*\n')

    def test_why_not_prices_what_nothing_prevents(self):
        text = self.succeed('why-not', MANIFEST, 'shell32.dll')
        self.assertRegex(text, r'\Anothing needs shell32\.dll, and nothing prevents it; with it: '
                               r'[0-9,]+ -> [0-9,]+ allocated bytes \(\+[0-9,]+\)\n')
        self.assertRegex(text, r'(?m)^  comes  Wine-shell32\.dll +[0-9,]+$')
        self.assertEqual(self.succeed('why-not', MANIFEST, 'Wine-msvcrt.dll'), 'Wine-msvcrt.dll is in console-hello\n')

    def test_what_if_adds_up_and_says_what_cannot_be(self):
        graph = json.loads(self.succeed('graph', MANIFEST, '--format', 'json'))
        added = json.loads(self.succeed('what-if', MANIFEST, '--add', 'Wine-shell32.dll', '--json'))
        came = sum(row['bytes'] for row in added['comes'])
        left = sum(row['bytes'] for row in added['leaves'])
        self.assertEqual(added['bytesBefore'], sum(node['bytes'] for node in graph['nodes']))
        self.assertEqual(added['bytesAfter'] - added['bytesBefore'], came - left)
        forbidden = run('what-if', MANIFEST, '--forbid', 'kernel32.dll')
        self.assertEqual(forbidden.returncode, EXIT_UNSATISFIABLE, forbidden.stderr)
        self.assertIn('is forbidden by --forbid', forbidden.stdout)
        unknown = run('what-if', MANIFEST, '--drop', 'no-such-role')
        self.assertEqual((unknown.returncode, unknown.stdout), (EXIT_INPUT, ''))
        self.assertIn('cannot drop "no-such-role": console-hello does not ask for it', unknown.stderr)
        self.assertIn('in every solution: ', self.succeed('what-if', MANIFEST))

    def test_graph_has_every_component_of_the_plan(self):
        dot = self.succeed('graph', MANIFEST)
        owners = set(re.findall(r'owner=(Wine-\S+)', self.succeed('plan', MANIFEST)))
        self.assertTrue(owners)
        for owner in owners:
            self.assertIn(f'[label="{owner}\\n', dot)

    def test_compose_reports_what_it_wrote(self):
        image = self.folder / 'image.tar'
        report = json.loads(self.compose(MANIFEST, image, '--json'))
        self.assertEqual((report['output'], report['storedBytes']), (str(image), image.stat().st_size))

    def test_what_is_not_applied_is_counted(self):
        feed = add_to_manifest(self.folder / 'feed', 'Wine-kernel32.dll',
                               '<migration/><migration/><rescache/><mof name="$(runtime.wbem)\\k.mof"/>')
        lines = ['needs first boot: 1 piece of work: mof 1',
                 'not applied: 3 elements: migration 2 (first: Wine-kernel32.dll), rescache 1 (first: Wine-kernel32.dll)']
        plan = self.succeed('plan', MANIFEST, '--feed', feed).splitlines()
        self.assertEqual(plan[-2:], [f'# {line}' for line in lines])
        self.assertIn('b\tmof\tname=C:\\Windows\\System32\\wbem\\k.mof\towner=Wine-kernel32.dll', plan)
        image = self.folder / 'counted.tar'
        text = self.succeed('compose', MANIFEST, '--feed', feed, '--output', image).splitlines()
        self.assertEqual([line for line in text if line in lines], lines)
        report = json.loads(self.succeed('compose', MANIFEST, '--feed', feed, '--output', image, '--json'))
        provenance = json.loads(self.succeed('plan', MANIFEST, '--feed', feed, '--json'))
        for document in (report, provenance):
            self.assertEqual(document['notApplied'],
                             [{'element': 'migration', 'count': 2, 'example': 'Wine-kernel32.dll'},
                              {'element': 'rescache', 'count': 1, 'example': 'Wine-kernel32.dll'}])
            owner = provenance['owners'][document['firstBoot'][0].pop('owner')]['name']
            self.assertEqual((owner, document['firstBoot']), ('Wine-kernel32.dll', [
                {'element': 'mof', 'subject': '', 'settings': [['name', 'C:\\Windows\\System32\\wbem\\k.mof']]}]))
        untouched = json.loads(self.succeed('plan', MANIFEST, '--json'))
        self.assertEqual({'firstBoot', 'notApplied'} & set(untouched), set())

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
                self.assertEqual(report['size']['stored'], stored_bytes(image))
                self.check_sum(report['size'])
                self.assertRegex(self.succeed('size', image, '--against', FEED), r'158\.5 MB')

    def check_sum(self, node):
        children = node.get('children', [])
        if not children:
            return
        for key in ('logical', 'allocated', 'stored', 'shared'):
            self.assertEqual(node[key], sum(child[key] for child in children), node.get('name'))
        for child in children:
            self.check_sum(child)

    def test_a_saved_report_conforms_to_its_schema_and_stands_for_its_image(self):
        image, saved = self.folder / 'image.tar', self.folder / 'image.json'
        self.compose(MANIFEST, image)
        direct = json.loads(self.succeed('size', image, '--json', '--save', saved))
        report = json.loads(saved.read_text())
        jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(report)
        self.assertEqual(report['total'][2], image.stat().st_size)
        self.assertEqual(json.loads(self.succeed('size', saved, '--json'))['size'], direct['size'])
        saved.write_text(saved.read_text().replace('winnow-facts-1', 'winnow-facts-9'))
        done = run('size', saved)
        self.assertEqual((done.returncode, done.stderr),
                         (EXIT_INPUT, f'cannot read report {saved}: its schema is "winnow-facts-9", '
                                      'this winnow reads "winnow-facts-1"\n'))

    def test_the_baseline_that_is_shipped_is_what_the_feed_measures(self):
        report = self.folder / 'open-feed.json'
        self.succeed('size', FEED, '--save', report)
        shipped = winnow_program.ROOT / 'packages/baselines/open-feed.json'
        self.assertEqual(report.read_text(encoding='utf-8'), shipped.read_text(encoding='utf-8'),
                         'make it anew: winnow size build/feed/open --save packages/baselines/open-feed.json')

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
