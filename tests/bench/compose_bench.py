#!/usr/bin/env python3
"""How long composing takes, by step, beside what a user would run on the same tree: `tar | gzip -6` and `cp -r`.

  compose_bench.py [MANIFEST] [--runs N]     default: manifests/node-hello.xml, 5 runs

Drives build/release/winnow over build/feed/open (tools/dev/quickstart makes both). Prints medians and ratios, asserts nothing:
timings belong in a report, not in a test.
"""

import argparse
import json
import statistics
import subprocess
import tarfile
import tempfile
import time
from pathlib import Path

from bench_program import FEED, PROGRAM, ROOT, median_of, need_quickstart, print_ratio, timed


def compose(manifest, folder, compression):
    """Wall seconds and {step: seconds} of one compose."""
    command = [PROGRAM, 'compose', manifest, '--output', folder / 'image.tar', '--feed', FEED, '--json',
               '--compression', compression]
    start = time.monotonic()
    report = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    wall = time.monotonic() - start
    return wall, {step['step']: step['seconds'] for step in report['steps']}


def extract_tree(image, target):
    """The files of the image's only layer as a plain folder."""
    with tarfile.open(image) as archive:
        documents = json.load(archive.extractfile('manifest.json'))
        layer = archive.extractfile(documents[0]['Layers'][0])
        with tarfile.open(fileobj=layer, mode='r|*') as tar:
            tar.extractall(target)  # an image of our own making


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('manifest', nargs='?', default=ROOT / 'manifests/node-hello.xml')
    parser.add_argument('--runs', type=int, default=5)
    options = parser.parse_args()
    need_quickstart()
    with tempfile.TemporaryDirectory(prefix='winnow-bench') as name:
        folder = Path(name)
        samples = [compose(options.manifest, folder, 'gzip') for _ in range(options.runs)]
        wall = statistics.median(sample[0] for sample in samples)
        plain = [compose(options.manifest, folder, 'none') for _ in range(options.runs)]
        plain_wall = statistics.median(sample[0] for sample in plain)
        tree = folder / 'tree'
        tree.mkdir()
        extract_tree(folder / 'image.tar', tree)
        gzip = median_of(options.runs, lambda: timed(f'tar -C {tree} -cf - . | gzip -6 > {folder}/tree.tar.gz'))
        copy = median_of(options.runs, lambda: timed(f'rm -rf {folder}/copy && cp -r {tree} {folder}/copy'))
        size = sum(path.stat().st_size for path in tree.rglob('*') if path.is_file())
        print(f'{Path(options.manifest).name}: {size / 1e6:.1f} MB, medians of {options.runs} runs')
        for step in samples[0][1]:
            print(f'  {step:<12} {statistics.median(sample[1][step] for sample in samples):7.3f} s')
        print_ratio('compose, gzip', wall, 'tar | gzip -6', gzip)
        print_ratio('compose, uncompressed', plain_wall, 'cp -r', copy)


if __name__ == '__main__':
    main()
