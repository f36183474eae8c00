#!/usr/bin/env python3
"""A compose that is interrupted ends with exit code 130 and leaves nothing."""

import signal
import subprocess
import time

import winnow_program
from sample_apps import need_app
from winnow_program import EXIT_DONE, EXIT_INTERRUPTED, MANIFESTS, RELEASE_PROGRAM, ProgramTest, names_below

# After these many seconds: while inputs are read, while the layer is compressed.
MOMENTS = (0.05, 0.2, 0.5)


class Interrupt(ProgramTest):
    def test_nothing_is_left_behind(self):
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            for moment in MOMENTS:
                with self.subTest(signal=signal_number.name, after=moment):
                    self.interrupt(signal_number, moment)

    def interrupt(self, signal_number, moment):
        output = self.folder / 'node.tar'
        output.unlink(missing_ok=True)
        with subprocess.Popen([RELEASE_PROGRAM, 'compose', MANIFESTS / 'node-hello.xml', '--output', output],
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
            time.sleep(moment)
            process.send_signal(signal_number)
            code = process.wait(timeout=60)
        if code == EXIT_DONE:  # it was faster than the signal
            self.assertEqual(names_below(self.folder), ['node.tar'])
        else:
            # A signal that comes before its handler is there ends the process as the system does.
            self.assertIn(code, (EXIT_INTERRUPTED, -signal_number))
            self.assertEqual(names_below(self.folder), [])


if __name__ == '__main__':
    need_app('node-hello')
    winnow_program.main()
