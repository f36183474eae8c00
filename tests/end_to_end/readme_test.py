#!/usr/bin/env python3
"""The README opens with two commands that exist, and every winnow command it shows works as written."""

import os
import re
import subprocess

import winnow_program
from sample_apps import need_app
from winnow_program import ROOT, ProgramTest

README = ROOT / 'README.md'
OPENING = ['./tools/dev/quickstart', './tools/dev/test']


def code_blocks(text):
    blocks = re.findall(r'^```(\w*)\n(.*?)^```$', text, re.MULTILINE | re.DOTALL)
    return [block for language, block in blocks if language in ('', 'sh', 'bash', 'console')]


def commands(text):
    """Command lines of the code blocks, a final backslash joining lines, without prompts and comments."""
    for block in code_blocks(text):
        for line in block.replace('\\\n', ' ').splitlines():
            line = re.sub(r'(^|\s)#.*$', '', line.removeprefix('$ ')).strip()
            if line:
                yield line


class Readme(ProgramTest):
    def setUp(self):
        super().setUp()
        self.commands = list(commands(README.read_text(encoding='utf-8')))

    def test_it_opens_with_two_commands_that_exist(self):
        self.assertEqual([command.split()[0] for command in self.commands[:2]], OPENING)
        for command in OPENING:
            self.assertTrue(os.access(ROOT / command, os.X_OK), command)

    def test_every_winnow_command_works(self):
        """In a folder that looks like the repository after quickstart, with a build/out of its own."""
        for name in ('manifests', 'packages', 'tools'):
            (self.folder / name).symlink_to(ROOT / name)
        (self.folder / 'build/out').mkdir(parents=True)
        for name in ('apps', 'release', 'feed'):
            (self.folder / 'build' / name).symlink_to(ROOT / 'build' / name)
        shown = [command for command in self.commands if re.match(r'(build/release/)?winnow ', command)]
        self.assertNotEqual(shown, [])
        for command in shown:
            if ' feed ' in command:  # the feed the other tests read is not made anew under them
                command = command.replace('build/feed/', 'build/out/feed-')
            command = re.sub(r'^winnow ', 'build/release/winnow ', command)
            with self.subTest(command=command):
                done = subprocess.run(['bash', '-c', command], cwd=self.folder, stdin=subprocess.DEVNULL,
                                      capture_output=True, text=True, timeout=winnow_program.COMMAND_SECONDS, check=False)
                self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == '__main__':
    need_app('node-hello')
    winnow_program.need(README)
    winnow_program.main()
