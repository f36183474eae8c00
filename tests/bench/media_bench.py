#!/usr/bin/env python3
"""Times winnow opening media with 20,000 component manifests of our own making (tools/dev/make_media.py): the first run, which
reads and checks every manifest and catalog, and the second, which takes them from the cache. Beside them what a person does with
such media today: grep for a name through all manifests, and the SHA-256 of all of them. Seconds; the second run is a median of 5.
The whole command composes an image of one component; "opens" is its step `catalog` alone."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench_program import PROGRAM, ROOT, median_of, print_ratio, timed

MANIFESTS = 20_000
RUNS = 5
APP = '''\
<app xmlns="urn:winnow:app:v1" name="bench" version="1.0">
  <feed path="{media}"/>
  <component name="Contoso-Windows-Kinds-Files"/>
</app>
'''


def opening(command):
    """Seconds of the whole command and of its step `catalog`."""
    start = time.monotonic()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    whole = time.monotonic() - start
    steps = {row['step']: row['seconds'] for row in json.loads(done.stdout)['steps']}
    return whole, steps['catalog']


def measure(form, folder):
    made = folder / form
    seconds = timed([sys.executable, '-B', ROOT / 'tools/dev/make_media.py', made, '--components', str(MANIFESTS),
                     '--form', form])
    app = folder / 'app.xml'
    app.write_text(APP.format(media=made / 'media'))
    command = [PROGRAM, 'compose', app, '--root', made / 'root.pem', '--json', '--output', folder / 'x.tar']
    first_whole, first = opening(command)
    later = [opening(command) for _ in range(RUNS)]
    second_whole = sorted(row[0] for row in later)[RUNS // 2]
    second = sorted(row[1] for row in later)[RUNS // 2]
    print(f'{form}, made in {seconds:.0f} s: first run opens in {first:.2f} s, whole compose {first_whole:.2f} s; '
          f'second run opens in {second:.3f} s, whole compose {second_whole:.3f} s')
    return made, second


def main():
    if not PROGRAM.exists():
        sys.exit('build/release/winnow is missing: run tools/dev/quickstart first')
    with tempfile.TemporaryDirectory(prefix='winnow-bench-') as temporary:
        os.environ['XDG_CACHE_HOME'] = str(Path(temporary) / 'cache')
        cabinets, second = measure('cabs', Path(temporary))
        sums = median_of(RUNS, lambda: timed(f'find {cabinets}/media -name "*.cab" -print0 | xargs -0 sha256sum'))
        print_ratio('cabinets again', second, 'sha256sum of the cabinets', sums)
        folders, second = measure('folders', Path(temporary))
        manifests = sum(1 for _ in folders.rglob('*.manifest'))
        grep = median_of(RUNS, lambda: timed(f'grep -rl --include=*.manifest Contoso-Windows-Kinds-Files {folders}/media'))
        print(f'{manifests:,} manifests in {sum(1 for _ in folders.rglob("*")):,} files and folders')
        print_ratio('expanded folders again', second, 'grep -rl of one name', grep)


if __name__ == '__main__':
    main()
