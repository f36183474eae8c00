#!/usr/bin/env python3
"""`winnow size --html` and `winnow diff --html`: the page embeds every byte of real images (tests/viewer opens pages)."""

import json
import re

import winnow_program
from sample_apps import need_app
from winnow_program import EXIT_INPUT, MANIFESTS, ProgramTest, run

MEASURES = ('logical', 'allocated', 'stored')


class HtmlPage(ProgramTest):
    def setUp(self):
        super().setUp()
        self.image = self.folder / 'console-hello.tar'
        self.compose(MANIFESTS / 'console-hello.xml', self.image)

    def report(self, page):
        text = page.read_text(encoding='utf-8')
        return json.loads(re.search(r'<script type="application/json" id="report">(.*?)</script>', text, re.DOTALL)[1])

    def check_sums(self, report):
        for index, measure in enumerate(MEASURES):
            self.assertEqual(sum(report['items'][measure]), report['image']['total'][index], measure)

    def test_the_page_of_an_image_has_every_byte_of_it(self):
        page = self.folder / 'report.html'
        self.succeed('size', self.image, '--html', page)
        report = self.report(page)
        self.check_sums(report)
        self.assertEqual(sum(report['items']['stored']), self.image.stat().st_size)
        self.assertIsNone(report['baseline'])

    def test_the_page_of_a_difference_has_every_byte_of_both(self):
        larger = self.folder / 'larger.tar'
        self.compose(MANIFESTS / 'registry-reader.xml', larger)
        page = self.folder / 'diff.html'
        self.succeed('diff', self.image, larger, '--html', page)
        report = self.report(page)
        self.check_sums(report)
        for index, measure in enumerate(MEASURES):
            self.assertEqual(sum(report['items'][f'old_{measure}']), report['baseline']['total'][index], measure)
        self.assertEqual(report['baseline']['total'][2], self.image.stat().st_size)

    def test_a_page_that_cannot_be_written_is_an_error(self):
        page = self.folder / 'none' / 'report.html'
        done = run('size', self.image, '--html', page)
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (EXIT_INPUT, '', f'cannot write {page}: no such file or directory\n'))


if __name__ == '__main__':
    need_app('console-hello')
    need_app('registry-reader')
    winnow_program.main()
