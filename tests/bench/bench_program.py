"""What the benchmarks share: the program they drive, and how they time."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / 'build/release/winnow'
FEED = ROOT / 'build/feed/open'


def need_quickstart():
    if not PROGRAM.exists() or not (FEED / 'index.xml').exists():
        sys.exit('build/release/winnow or build/feed/open is missing: run tools/dev/quickstart first')


def timed(command):
    """Wall seconds of a command; a string goes through the shell."""
    start = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, shell=isinstance(command, str))
    return time.monotonic() - start


def median_of(runs, work):
    return statistics.median(work() for _ in range(runs))


def print_ratio(name, ours, what, theirs):
    print(f'{name:<24} {ours:7.3f} s   {what}: {theirs:.3f} s, {theirs / ours:.2f} x as long')
