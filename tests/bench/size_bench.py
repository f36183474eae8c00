#!/usr/bin/env python3
"""How long `winnow size` takes to say where every byte of a disk went, beside what a user would run instead.

  size_bench.py [--runs N] [--target FOLDER]

Disks, made by winnow itself into --target (a temporary folder by default): the open feed's payload and 60,000 files like WinSxS,
each as a dynamic VHD and as a raw disk. All of it in one run, contenders taking turns, medians; the disks are warm in the page
cache.

  winnow size           reads and hashes every file, and maps every cluster
  7z l + sha256sum      lists the NTFS volume of the raw disk, extracts every file to a pipe and hashes what comes
  fls -r                names alone, of the raw disk: no content is read
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench_program import FEED, PROGRAM, ROOT

WINSXS = ROOT / 'build/bench/winsxs-60000'


def run(command):
    """Wall seconds and peak bytes of a command; a string goes through the shell."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                               shell=isinstance(command, str))
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f'{command}: exit code {process.returncode}\n{said.decode()}')
    return time.monotonic() - start, usage.ru_maxrss << 10


def volume_place(raw):
    """First sector and number of sectors of the largest partition of a GPT."""
    with open(raw, 'rb') as file:
        file.seek(1024)
        entries = file.read(128 * 128)
    bounds = [(int.from_bytes(entries[i + 32:i + 40], 'little'), int.from_bytes(entries[i + 40:i + 48], 'little'))
              for i in range(0, len(entries), 128) if any(entries[i:i + 16])]
    return max(((first, last + 1 - first) for first, last in bounds), key=lambda place: place[1])


def contenders(vhd, raw):
    found = {'winnow size (VHD)': [PROGRAM, 'size', vhd], 'winnow size (raw)': [PROGRAM, 'size', raw]}
    start, count = volume_place(raw)
    if shutil.which('7z'):
        # The partition inside the disk inside 7z: the volume alone is what it lists.
        volume = raw.with_suffix('.ntfs')
        subprocess.run(['dd', f'if={raw}', f'of={volume}', 'bs=1M', f'skip={start * 512}', f'count={count * 512}',
                        'iflag=skip_bytes,count_bytes', 'conv=sparse', 'status=none'], check=True)
        found['7z l + sha256sum'] = f"7z l '{volume}' && 7z x -so '{volume}' | sha256sum"
    if shutil.which('fls'):
        found['fls -r'] = ['fls', '-r', '-o', str(start), raw]
    return found


def measure(name, tree, target, runs):
    vhd, raw = target / 'disk.vhd', target / 'disk.raw'
    for output in (vhd, raw):
        subprocess.run([PROGRAM, 'convert', tree, output], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    found = contenders(vhd, raw)
    print(f'\n{name}: {vhd.stat().st_size:,} bytes as a dynamic VHD')
    results = {each: [] for each in found}
    for each, command in found.items():
        run(command)
    for _ in range(runs):
        for each, command in found.items():
            results[each].append(run(command))
    ours = statistics.median(wall for wall, _ in results['winnow size (VHD)'])
    for each, measured in results.items():
        wall = statistics.median(wall for wall, _ in measured)
        peak = max(peak for _, peak in measured)
        print(f'  {each:<20} {wall:8.2f} s   {peak / 1e6:8.1f} MB   {wall / ours:6.2f} x as long as winnow')
    for path in target.iterdir():
        path.unlink()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--runs', type=int, default=3)
    parser.add_argument('--target', type=Path)
    parser.add_argument('--tree', type=Path, action='append')
    options = parser.parse_args()
    if not PROGRAM.exists():
        sys.exit('build/release/winnow is missing: run tools/dev/quickstart first')
    if not options.tree and not WINSXS.exists():
        subprocess.run([ROOT / 'tools/dev/make_tree.py', WINSXS], check=True)
    with tempfile.TemporaryDirectory(prefix='winnow-bench', dir=options.target) as folder:
        for tree in options.tree or (FEED / 'payload', WINSXS):
            measure(str(tree), tree, Path(folder), options.runs)


if __name__ == '__main__':
    main()
