#!/usr/bin/env python3
"""Programs of others judge an image that winnow composed: tests/foreign/judge_image.sh."""

import subprocess

import winnow_program
from sample_apps import need_app
from winnow_program import MANIFESTS, ROOT, ProgramTest

JUDGE = ROOT / 'tests/foreign/judge_image.sh'


class Judges(ProgramTest):
    def test_every_judge_accepts_the_archive_and_the_layout(self):
        self.compose(MANIFESTS / 'registry-reader.xml', self.folder / 'image.tar')
        self.compose(MANIFESTS / 'registry-reader.xml', self.folder / 'layout')
        done = subprocess.run([JUDGE, self.folder / 'image.tar', self.folder / 'layout'], capture_output=True, text=True,
                              check=False, timeout=winnow_program.COMMAND_SECONDS)
        print(done.stdout)
        self.assertIn(done.returncode, (0, winnow_program.SKIPPED), done.stdout + done.stderr)


if __name__ == '__main__':
    need_app('registry-reader')
    winnow_program.main()
