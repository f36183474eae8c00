#!/usr/bin/env python3
"""How long a folder takes to become an NTFS disk, beside the best that others do with it, and beside what nobody can beat.

  disk_bench.py [--tree FOLDER]... [--target FOLDER] [--runs N]

Trees, by default: the open feed's payload, Debian's unstripped Windows modules of Wine, and 60,000 files like WinSxS (made by
tools/dev/make_tree.py at the first run, kept in build/bench). Outputs go to --target (a temporary folder by default), one at a
time. All of it in one run, contenders taking turns, medians; sources are warm in the page cache.

  winnow raw, vhd         build/release/winnow convert FOLDER out.raw, out.vhd
  bound                   scan, read every file once, write the same bytes once, two threads (read_write_bound.cpp)
  libwim                  mkntfs, then libwim from the folder to the volume, no WIM file between (libwim_to_ntfs.c)
  wimcapture + wimapply   the same through an uncompressed WIM file
  mke2fs, erofs, squashfs bulk writers of other file systems: mke2fs -d, mkfs.erofs, mksquashfs without compression
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
from ntfs_overhead import measure_ntfs

MODULES = Path('/usr/lib/x86_64-linux-gnu/wine/x86_64-windows')
WINSXS = ROOT / 'build/bench/winsxs-60000'
MIB = 1 << 20
ENVIRONMENT = {**os.environ, 'PATH': os.environ['PATH'] + ':/usr/sbin:/sbin'}


class Tree:
    def __init__(self, folder):
        self.folder = folder
        self.files = self.names = self.folders = self.payload = self.clusters = 0
        seen = set()
        for place, below, names in os.walk(folder):
            self.folders += len(below)
            for name in names:
                status = os.stat(os.path.join(place, name))
                self.names += 1
                if (status.st_dev, status.st_ino) in seen:
                    continue
                seen.add((status.st_dev, status.st_ino))
                self.files += 1
                self.payload += status.st_size
                self.clusters += -(-status.st_size // 4096) * 4096

    def volume_size(self):
        """Enough for every contender: clusters, records, indexes, and a tenth more."""
        return -(-int((self.clusters + (self.files + self.folders) * 4096) * 1.1 + 64 * MIB) // MIB) * MIB


class Contender:
    def __init__(self, name, commands, outputs, needs=()):
        self.name = name
        self.commands = commands
        self.outputs = outputs
        self.missing = [need for need in needs if shutil.which(need, path=ENVIRONMENT['PATH']) is None]
        self.walls = []
        self.cpu = []
        self.peak = 0

    def run(self):
        """One round of its commands, from nothing."""
        for output in self.outputs:
            output.unlink(missing_ok=True)
        start = time.monotonic()
        cpu = 0
        for command in self.commands:
            process = subprocess.Popen([*map(str, command)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.PIPE, env=ENVIRONMENT)
            said = process.stderr.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode != 0:
                sys.exit(f'{" ".join(map(str, command))}: exit code {process.returncode}\n{said.decode()}')
            cpu += usage.ru_utime + usage.ru_stime
            self.peak = max(self.peak, usage.ru_maxrss << 10)
        self.walls.append(time.monotonic() - start)
        self.cpu.append(cpu)

    def clean(self):
        for output in self.outputs:
            output.unlink(missing_ok=True)

    @property
    def wall(self):
        return statistics.median(self.walls)


def compile_programs(folder):
    here = Path(__file__).parent
    subprocess.run(['g++', '-O2', '-std=c++20', '-pthread', '-o', folder / 'bound', here / 'read_write_bound.cpp'], check=True)
    subprocess.run(['gcc', '-O2', '-o', folder / 'libwim', here / 'libwim_to_ntfs.c', '-lwim'], check=True)


def make_volume(path, size):
    return [['truncate', '-s', size, path],
            ['mkntfs', '-q', '-Q', '-F', '-s', 512, '-p', 0, '-H', 255, '-S', 63, path]]


def contenders(tree, programs, target):
    size = tree.volume_size()
    out, wim = target / 'out', target / 'out.wim'
    make = make_volume(out, size)
    found = [Contender('bound', [[programs / 'bound', tree.folder, out]], [out])]
    if PROGRAM.exists():
        found += [Contender(f'winnow {kind}', [[PROGRAM, 'convert', tree.folder, target / f'out.{kind}']],
                            [target / f'out.{kind}']) for kind in ('raw', 'vhd')]
    return found + [
        Contender('libwim', [*make, [programs / 'libwim', tree.folder, out]], [out], ['mkntfs']),
        Contender('wimcapture + wimapply',
                  [['wimlib-imagex', 'capture', tree.folder, wim, 'tree', '--compress=none', '--quiet'], *make,
                   ['wimlib-imagex', 'apply', wim, 1, out, '--quiet']], [out, wim], ['mkntfs', 'wimlib-imagex']),
        Contender('mke2fs -d', [['mke2fs', '-q', '-F', '-t', 'ext4', '-m', 0, '-N', (tree.files + tree.folders) * 5 // 4 + 1000, '-d',
                                 tree.folder, out, f'{size >> 10}k']], [out], ['mke2fs']),
        Contender('mkfs.erofs', [['mkfs.erofs', '--quiet', out, tree.folder]], [out], ['mkfs.erofs']),
        Contender('mksquashfs', [['mksquashfs', tree.folder, out, '-noD', '-noI', '-noF', '-noX', '-no-progress', '-quiet']],
                  [out], ['mksquashfs']),
    ]


def file_system(path):
    return subprocess.run(['stat', '-f', '-c', '%T', path], capture_output=True, text=True, check=True).stdout.strip()


def print_overhead(image, files):
    volume = measure_ntfs(image)
    rest = volume.allocated - volume.data - 1024 * volume.records_in_use
    print(f'  NTFS: {volume.allocated:,} bytes allocated = {volume.data:,} of streams outside records + '
          f'{volume.records_in_use:,} records of 1 KiB + {rest:,} ({100 * rest / volume.allocated:.2f} %)')
    print(f'        {files:,} files in {image.stat().st_size:,} bytes of {image.name}')


def print_table(found):
    walls = {each.name: each.wall for each in found if each.walls}
    print(f'  {"":<22} {"wall s":>8} {"min..max":>14} {"cpu s":>7} {"peak MB":>8} {"x bound":>8} {"winnow raw is":>15}')
    for each in found:
        if not each.walls:
            print(f'  {each.name:<22} skipped: {", ".join(each.missing)} is not installed')
            continue
        span = f'{min(each.walls):.2f}..{max(each.walls):.2f}'
        ratio = f'{each.wall / walls["winnow raw"]:.2f} x as fast' if 'winnow raw' in walls else ''
        print(f'  {each.name:<22} {each.wall:8.3f} {span:>14} {statistics.median(each.cpu):7.2f} {each.peak / 1e6:8.1f} '
              f'{each.wall / walls["bound"]:8.2f} {ratio:>15}')


def measure(tree, programs, target, runs):
    print(f'\n{tree.folder}: {tree.files:,} files, {tree.names:,} names, {tree.folders:,} folders, {tree.payload:,} bytes')
    found = contenders(tree, programs, target)
    # Once unmeasured: the sources come into the page cache, and our volume is looked at.
    for each in found:
        if not each.missing and each.name in ('bound', 'winnow raw'):
            each.run()
            if each.name == 'winnow raw':
                print_overhead(each.outputs[0], tree.files)
            each.clean()
            each.walls.clear()
            each.cpu.clear()
    for _ in range(runs):
        for each in found:
            if not each.missing:
                each.run()
                each.clean()
    print_table(found)


def default_trees():
    if not WINSXS.exists():
        print(f'making {WINSXS}', flush=True)
        unfinished = WINSXS.with_name('unfinished')
        shutil.rmtree(unfinished, ignore_errors=True)
        subprocess.run([ROOT / 'tools/dev/make_tree.py', unfinished], check=True)
        unfinished.rename(WINSXS)
    for folder, source in ((FEED / 'payload', 'tools/dev/make_feed.sh makes it'), (MODULES, 'package libwine'), (WINSXS, '')):
        if folder.exists():
            yield folder
        else:
            print(f'skipped: {folder} is not there ({source})')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--tree', type=Path, action='append')
    parser.add_argument('--target', type=Path)
    parser.add_argument('--runs', type=int, default=3)
    options = parser.parse_args()
    if not PROGRAM.exists():
        print(f'skipped: winnow itself ({PROGRAM} is not there: cmake --build --preset release --target winnow)')
    with tempfile.TemporaryDirectory(prefix='winnow-bench', dir=options.target) as name:
        target = Path(name)
        compile_programs(target)
        print(f'to {target} ({file_system(target)}), medians of {options.runs} runs, {os.cpu_count()} cores')
        for folder in options.tree or default_trees():
            measure(Tree(folder), target, target, options.runs)


if __name__ == '__main__':
    main()
