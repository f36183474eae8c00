"""How an end-to-end test drives winnow: where the programs and their inputs are, how a command is run and what it left."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RELEASE_PROGRAM = ROOT / 'build/release/winnow'
SANITIZED_PROGRAM = Path(os.environ.get('WINNOW_SANITIZED_PROGRAM', ROOT / 'build/dev/winnow'))
FEED = ROOT / 'build/feed/open'
APPS = ROOT / 'build/apps'
MANIFESTS = ROOT / 'manifests'
SKIPPED = 77  # what ctest counts as skipped
COMMAND_SECONDS = 300

EXIT_DONE = 0
EXIT_INPUT = 1
EXIT_USAGE = 2
EXIT_UNSATISFIABLE = 3
EXIT_INTERRUPTED = 130


def need(*paths):
    """Ends the program as skipped, or as failed when prerequisites are required, unless every path is there."""
    missing = [path for path in paths if not Path(path).exists()]
    if not missing:
        return
    print(f'skipped: {missing[0]} is not there (tools/dev/test makes it)')
    sys.exit(1 if os.environ.get('WINNOW_TEST_PREREQUISITES') == 'required' else SKIPPED)


def run(*arguments, program=RELEASE_PROGRAM, **options):
    """One winnow command to its end; text output unless text=False is given."""
    options.setdefault('text', True)
    options.setdefault('stdin', subprocess.DEVNULL)
    options.setdefault('stdout', subprocess.PIPE)
    return subprocess.run([program, *map(str, arguments)], stderr=subprocess.PIPE, timeout=COMMAND_SECONDS, check=False,
                          **options)


class ProgramTest(unittest.TestCase):
    """A test with a folder of its own, `self.folder`, that must hold only what the test asks winnow to leave there."""

    maxDiff = None

    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix='winnow-test-')
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def succeed(self, *arguments, **options):
        """Runs winnow, which must succeed without a word on stderr; returns its standard output."""
        done = run(*arguments, **options)
        self.assertEqual((done.returncode, done.stderr), (EXIT_DONE, '' if options.get('text', True) else b''),
                         f'winnow {" ".join(map(str, arguments))}')
        return done.stdout

    def compose(self, manifest, output, *arguments, **options):
        return self.succeed('compose', manifest, '--output', output, *arguments, **options)


def names_below(folder):
    """Every path below a folder, sorted."""
    return sorted(str(path.relative_to(folder)) for path in Path(folder).rglob('*'))


def main():
    unittest.main(argv=sys.argv[:1], verbosity=2)
