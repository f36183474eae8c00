#!/usr/bin/env python3
"""Times winnow exposure over the sample months, and over one month grown to the size of today's, beside xmllint, which only
checks that the XML is well-formed (seconds are medians of 5, MB are those of unpacked XML)."""

import subprocess
import sys
import tempfile
from pathlib import Path

from bench_program import PROGRAM, ROOT, median_of, timed

SAMPLES = ROOT.parent / 'shared' / 'data' / 'msrc-cvrf'
PRODUCT = 'product:Windows Server 2012 R2'
RUNS = 5
GROWN_COPIES = 16
MEMORY = ('import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True); '
          'print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)')


def grow(text, copies):
    """The month with all its vulnerabilities `copies` times, each under ids of its own."""
    start = text.index('<vuln:Vulnerability')
    end = text.rindex('</vuln:Vulnerability>') + len('</vuln:Vulnerability>')
    body = text[start:end]
    return text[:start] + '\n'.join(body.replace('CVE-2016-', f'CVE-2016-{n}') for n in range(copies)) + text[end:]


def measure(name, folder):
    size = sum(path.stat().st_size for path in folder.iterdir())
    command = [PROGRAM, 'exposure', PRODUCT, '--against', 'product', '--bulletins', folder, '--format', 'json']
    ours = median_of(RUNS, lambda: timed(command))
    theirs = median_of(RUNS, lambda: timed(['xmllint', '--noout', '--stream', *sorted(folder.iterdir())]))
    peak = subprocess.run([sys.executable, '-c', MEMORY, *map(str, command)], check=True, capture_output=True, text=True)
    print(f'{name:<28} {size / 1e6:6.1f} MB   winnow {ours:6.3f} s {size / 1e6 / ours:6.1f} MB/s {int(peak.stdout) / 1024:6.0f} MiB'
          f'   xmllint --stream {theirs:6.3f} s {size / 1e6 / theirs:6.1f} MB/s   {ours / theirs:.2f} x')


def main():
    if not SAMPLES.is_dir() or not PROGRAM.exists():
        sys.exit('../shared/data/msrc-cvrf or build/release/winnow is missing')
    with tempfile.TemporaryDirectory(prefix='winnow-bench-') as temporary:
        months, grown = Path(temporary) / 'months', Path(temporary) / 'grown'
        months.mkdir()
        grown.mkdir()
        for path in sorted(SAMPLES.glob('*.xml.zst')):
            text = subprocess.run(['zstd', '-dcq', path], check=True, capture_output=True, text=True).stdout
            (months / path.stem).write_text(text)
            if path.name == '2016-Nov.xml.zst':
                (grown / path.stem).write_text(grow(text, GROWN_COPIES))
        measure('17 sample months', months)
        measure(f'one month, {GROWN_COPIES} x', grown)


if __name__ == '__main__':
    main()
