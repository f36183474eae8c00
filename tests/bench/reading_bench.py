#!/usr/bin/env python3
"""How long making the feed and reading an image take, beside what a user would run instead.

  reading_bench.py [--runs N]     default: 3 runs, medians

feed open   strip of every module of libwine on all cores (the least a feed must do)
verify      gzip -dc | sha256sum of the layer (the digest alone, without one rule)
size        unpacking the layer with tar and hashing every file
"""

import argparse
import os
import tempfile
from pathlib import Path

from bench_program import FEED, PROGRAM, ROOT, median_of, need_quickstart, print_ratio, timed

MODULES = '/usr/lib/x86_64-linux-gnu/wine/x86_64-windows'


def bench_feed(folder, runs):
    ours = median_of(runs, lambda: timed([PROGRAM, 'feed', 'open', '--output', folder / 'feed']))
    strip = (f'rm -rf {folder}/stripped && cp -rL {MODULES} {folder}/stripped && find {folder}/stripped -type f -print0 | '
             f'xargs -0 -n40 -P{os.cpu_count()} x86_64-w64-mingw32-strip')
    print_ratio('feed open', ours, 'cp and strip', median_of(runs, lambda: timed(strip)))


def bench_image(folder, runs):
    image = folder / 'node.tar'
    timed([PROGRAM, 'compose', ROOT / 'manifests/node-hello.xml', '--feed', FEED, '--output', image])
    blobs = folder / 'blobs'
    timed(f'mkdir {blobs} && tar -C {blobs} -xf {image}')
    layer = max(blobs.rglob('*'), key=lambda path: path.stat().st_size if path.is_file() else 0)
    verify = median_of(runs, lambda: timed([PROGRAM, 'verify', image]))
    digest = median_of(runs, lambda: timed(f'gzip -dc < {layer} | sha256sum'))
    print_ratio('verify', verify, 'gzip -dc | sha256sum', digest)
    size = median_of(runs, lambda: timed([PROGRAM, 'size', image, '--against', FEED]))
    unpack = (f'rm -rf {folder}/tree && mkdir {folder}/tree && tar -C {folder}/tree -xzf {layer} 2>/dev/null && '
              f'find {folder}/tree -type f -print0 | xargs -0 sha256sum')
    print_ratio('size', size, 'tar -x and sha256sum', median_of(runs, lambda: timed(unpack)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--runs', type=int, default=3)
    options = parser.parse_args()
    need_quickstart()
    with tempfile.TemporaryDirectory(prefix='winnow-bench') as name:
        bench_feed(Path(name), options.runs)
        bench_image(Path(name), options.runs)


if __name__ == '__main__':
    main()
