#!/usr/bin/env python3
"""The size gate on real images: exit code, the line that broke, by how much, because of what; every report format."""

import json
import os
import shutil
import subprocess
import xml.etree.ElementTree as xml

import winnow_program
from diff_test import GROWTH, DiffTest, validate
from sample_apps import need_app
from winnow_program import EXIT_DONE, EXIT_INPUT, EXIT_USAGE, run

EXIT_OVER_BUDGET = 4
TODAY = ('--today', '2026-11-22')

BUDGET = '''<?xml version="1.0" encoding="utf-8"?>
<budgets xmlns="urn:winnow:budget:v1">
  <!-- Raised once, for the new C library. -->
  <image name="console-*">
    <budget component="Wine-msvcrt.dll" limit="%s" message="Ask #images."/>  <!-- of 622,606 -->
    <budget creep="%s"/>
  </image>
</budgets>
'''
MSVCRT = 622_606  # bytes of the module in the feed, as the feed's index says


class Budget(DiffTest):
    def setUp(self):
        super().setUp()
        self.budget = self.folder / 'budget.xml'

    def write_budget(self, limit, creep='1 GB'):
        self.budget.write_text(BUDGET % (limit, creep))

    def check(self, image, *arguments, code=EXIT_DONE):
        done = run('budget', 'check', image, '--budget', 'budget.xml', *TODAY, *arguments, cwd=self.folder)
        self.assertEqual((done.returncode, done.stderr), (code, ''))
        return done.stdout

    def test_over_budget_names_the_line_the_bytes_and_the_cause(self):
        self.write_budget(MSVCRT, creep=str(GROWTH - 1))
        self.check(self.old, '--against', self.old)
        text = self.check(self.new, '--against', self.old, code=EXIT_OVER_BUDGET)
        self.assertTrue(text.startswith('budget.xml: over budget: 2 errors; waivers as of 2026-11-22 (--today)\n'), text)
        self.assertIn(f'budget.xml:5:6: image console-new is over budget: component Wine-msvcrt.dll has '
                      f'{MSVCRT + GROWTH:,} normalised bytes, 50,000 more than the limit of {MSVCRT:,} (+8.0 %)\n'
                      '  Ask #images.\n'
                      '  because: +50,000 feed: component Wine-msvcrt.dll: same version, other bytes: open ', text)
        self.assertRegex(text, r'(?m)^budget\.xml:6:6: image console-new grew too much: the whole image has [\d,]+ normalised '
                               r'bytes, 50,000 more than the baseline\'s [\d,]+, 1 more than the 49,999 it may grow$')

    def test_every_format_says_the_same(self):
        self.write_budget(MSVCRT)
        formats = {name: self.check(self.new, '--against', self.old, '--format', name, code=EXIT_OVER_BUDGET)
                   for name in ('json', 'csv', 'markdown', 'junit', 'sarif', 'github', 'azure')}
        report = json.loads(formats['json'])
        validate(self, report, 'budget.schema.json')
        self.assertTrue(report['overBudget'])
        finding = report['findings'][0]
        self.assertEqual((finding['kind'], finding['place']), ('over-limit', {'file': 'budget.xml', 'line': 5, 'column': 6}))
        self.assertEqual([(cause['cause'], cause['bytes']) for cause in finding['causes']], [('feed', GROWTH)])
        suite = xml.fromstring(formats['junit']).find('testsuite')
        self.assertEqual((suite.get('tests'), suite.get('failures')), ('2', '1'))
        self.assertEqual(suite.find('testcase/failure').get('message'), finding['text'])
        self.check_sarif(json.loads(formats['sarif']), finding)
        self.assertRegex(formats['github'], r'\A::error file=budget\.xml,line=5,col=6,title=Size budget%3A over-limit::image [^\n]*\n\Z')
        self.assertRegex(formats['azure'], r'\A##vso\[task\.logissue type=error;sourcepath=budget\.xml;linenumber=5;'
                                           r'columnnumber=6;code=over-limit\]image [^\n]*\n\Z')
        self.assertTrue(formats['markdown'].startswith('### Size over budget: 1 error\n'), formats['markdown'])
        self.assertLessEqual(len(formats['markdown'].splitlines()), 40)

    def check_sarif(self, sarif, finding):
        self.assertEqual((sarif['version'], len(sarif['runs'])), ('2.1.0', 1))
        driver = sarif['runs'][0]['tool']['driver']
        result = sarif['runs'][0]['results'][0]
        self.assertEqual(driver['rules'][result['ruleIndex']]['id'], result['ruleId'])
        self.assertEqual((result['level'], result['message']['text'].split('\n')[0]), ('error', finding['text']))
        self.assertEqual(result['locations'][0]['physicalLocation'],
                         {'artifactLocation': {'uri': 'budget.xml'}, 'region': {'startLine': 5, 'startColumn': 6}})

    def test_a_report_in_a_file_leaves_the_words_for_the_log(self):
        self.write_budget(MSVCRT)
        done = run('budget', 'check', self.new, '--budget', self.budget, *TODAY, '--format', 'junit', '--output',
                   self.folder / 'report.xml')
        self.assertEqual((done.returncode, done.stdout), (EXIT_OVER_BUDGET, ''))
        self.assertIn('is over budget', done.stderr)
        if shutil.which('xmllint'):
            subprocess.run(['xmllint', '--noout', self.folder / 'report.xml'], check=True)

    def test_a_waiver_helps_until_it_expires(self):
        self.write_budget(MSVCRT)
        text = self.budget.read_text().replace('message="Ask #images."/>',
                                               '><waiver who="ada" why="new libc" bytes="50 kB" expires="2026-11-22"/></budget>')
        self.budget.write_text(text)
        self.check(self.new, '--against', self.old)
        late = run('budget', 'check', self.new, '--budget', self.budget, '--today', '2026-11-23', '--against', self.old)
        self.assertEqual(late.returncode, EXIT_OVER_BUDGET)
        self.assertIn('the waiver of ada expired on 2026-11-22: new libc', late.stdout)
        dated = run('budget', 'check', self.new, '--budget', self.budget, '--against', self.old,
                    env={**os.environ, 'SOURCE_DATE_EPOCH': '1795305600'})
        self.assertEqual(dated.returncode, EXIT_DONE, dated.stdout)
        self.assertIn('waivers as of 2026-11-22 (SOURCE_DATE_EPOCH)', dated.stdout)

    def test_missing_and_extra_entries_fail(self):
        self.write_budget('1 GB', '1 GB')
        self.budget.write_text(self.budget.read_text().replace('console-*', 'console-new'))
        text = self.check(self.old, '--against', self.new, code=EXIT_OVER_BUDGET)
        self.assertIn('budget.xml: image console-old has no budget\n', text)
        text = self.check(self.new, code=EXIT_OVER_BUDGET)
        self.assertIn('budget.xml:6:6: image console-new has no baseline to compare its creep with\n', text)
        (self.folder / 'baselines').mkdir()
        (self.folder / 'baselines/stale.json').write_text('{}')
        text = self.check(self.new, '--against', 'baselines', code=EXIT_OVER_BUDGET)
        self.assertIn('budget.xml:4:4: image console-new has no baseline in the folder of baselines\n', text)
        self.assertIn('budget.xml: baseline stale is of an image that has no budget\n', text)

    def test_limits_follow_the_image(self):
        self.write_budget('1 MB')
        update = ('budget', 'update', self.new, '--budget', self.budget, *TODAY)
        self.assertEqual(self.succeed(*update, '--ratchet'),
                         f'{self.budget}:5:41: component Wine-msvcrt.dll: limit 1,000,000 -> {MSVCRT + GROWTH:,}\n')
        self.assertEqual(self.budget.read_text(), BUDGET % (MSVCRT + GROWTH, '1 GB'))
        self.assertEqual(self.succeed(*update, '--ratchet'), f'no limit of {self.budget} changes\n')
        self.write_budget('1 kB')
        self.succeed(*update, '--only-breaches')
        self.assertEqual(self.budget.read_text(), BUDGET % (MSVCRT + GROWTH, '1 GB'))
        self.assertEqual(run(*update).returncode, EXIT_USAGE)

    def test_a_budget_that_cannot_be_read_is_an_error(self):
        self.write_budget('5 parsecs')
        done = run('budget', 'check', self.new, '--budget', 'budget.xml', cwd=self.folder)
        self.assertEqual((done.returncode, done.stdout), (EXIT_INPUT, ''))
        self.assertEqual(done.stderr, 'budget.xml:5:41: cannot read limit "5 parsecs": it is not a number of bytes like '
                                      '1500000, 1.5 MB or 4 KiB\n')


if __name__ == '__main__':
    need_app('console-hello')
    winnow_program.main()
