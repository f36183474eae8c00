#!/usr/bin/env python3
"""What a person sees on a terminal: the output of the app, though the image has no console host, and nothing drawn over it."""

import os
import pty
import subprocess

import winnow_program
from sample_apps import RUN_SECONDS, need_app
from winnow_program import MANIFESTS, RELEASE_PROGRAM, ProgramTest


class Terminal(ProgramTest):
    def run_on_a_terminal(self, *arguments):
        """(exit code, everything written) of winnow with a terminal as its three standard streams."""
        ours, theirs = pty.openpty()
        with os.fdopen(ours, 'rb', buffering=0) as screen:
            process = subprocess.Popen([RELEASE_PROGRAM, *map(str, arguments)], stdin=theirs, stdout=theirs, stderr=theirs)
            os.close(theirs)
            written = b''
            try:
                while chunk := screen.read(4096):
                    written += chunk
            except OSError:  # how Linux says that nobody holds the other end any more
                pass
            return process.wait(timeout=60), written.decode().replace('\r\n', '\n').replace('\r', '')

    def check(self, app, arguments, expected):
        image = self.folder / f'{app}.tar'
        self.compose(MANIFESTS / f'{app}.xml', image)
        code, written = self.run_on_a_terminal('run', image, '--timeout', RUN_SECONDS, '--', *arguments)
        self.assertEqual(code, 0, written)
        self.assertIn(expected, written)

    def test_a_console_program_is_seen(self):
        self.check('console-hello', [], 'argument 1: first\nargument 2: second one\nGREETING=from the image\n')

    def test_node_is_seen(self):
        self.check('node-hello', ['--self-test'], 'self-test: 200 hello from node v18.20.8 on win32: /self-test\n')


if __name__ == '__main__':
    need_app('console-hello')
    need_app('node-hello')
    winnow_program.main()
