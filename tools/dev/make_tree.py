#!/usr/bin/env python3
"""Makes a folder like a Windows installation's WinSxS: what disk writers are measured on.

  make_tree.py FOLDER [--files N] [--seed S]     default: 60,000 files, 1.84 GB

A folder a component with two or three files of very different sizes, one folder of many small manifests, and hard links from
System32 and its like into the components. The same N and S give the same tree: names, sizes, contents, links, times. With
60,000 files it has 12,996 hard links and 21,925 folders, one with 21,901 names, one with 11,000.
"""

import argparse
import os
import random
from pathlib import Path

FULL = 60_000  # what the numbers below are for
PAYLOAD = 1_839_872_984
MANIFESTS = 11_000
LINKS = 12_996
COMPONENTS = 21_900
LINK_FOLDERS = 20
POOL = 8 << 20  # contents are pieces of this many random bytes
TIME = 1_577_836_800  # 2020-01-01

LANGUAGES = ('none', 'en-us', 'de-de', 'fr-fr', 'ja-jp')
PARTS = ('microsoft', 'windows', 'networking', 'security', 'shell', 'storage', 'driver', 'font', 'component', 'services', 'core')
ENDINGS = ('.dll', '.exe', '.sys', '.mui', '.dll.mui', '.inf', '.cat', '.ttf', '.xml')


def shares(total, files):
    return max(1, total * files // FULL)


class Tree:
    def __init__(self, folder, files, seed):
        self.folder = folder
        self.random = random.Random(seed)
        self.pool = self.random.randbytes(POOL)
        self.manifests = shares(MANIFESTS, files)
        self.files = files - self.manifests
        self.links = min(shares(LINKS, files), self.files)
        self.components = min(shares(COMPONENTS, files), self.files)
        self.payload = PAYLOAD * files // FULL

    def token(self, length=16):
        return f'{self.random.getrandbits(4 * length):0{length}x}'

    def component_name(self, number):
        parts = '-'.join(self.random.choice(PARTS) for _ in range(self.random.randrange(2, 5)))
        return (f'amd64_{parts}-{number:05}_31bf3856ad364e35_10.0.20348.{self.random.randrange(1, 3000)}_'
                f'{self.random.choice(LANGUAGES)}_{self.token()}')

    def write(self, path, number, size):
        """A number at the start makes every content another one."""
        start = self.random.randrange(POOL)
        data = number.to_bytes(8, 'little')[:size]
        with open(path, 'wb') as file:
            file.write(data)
            left = size - len(data)
            while left > 0:
                piece = self.pool[start:start + left]
                file.write(piece)
                left -= len(piece)
                start = 0
        os.utime(path, (TIME, TIME))

    def make_manifests(self, names):
        folder = self.folder / 'WinSxS/Manifests'
        folder.mkdir(parents=True)
        for number in range(self.manifests):
            size = min(20_000, 250 + int(self.random.lognormvariate(5.8, 1.0)))
            self.write(folder / f'{names[number % len(names)]}-{number:05}.manifest', number, size)
            self.payload -= size

    def make_components(self, names):
        """Files in folders of components; their paths."""
        weights = [self.random.lognormvariate(0, 1.7) for _ in range(self.files)]
        scale = max(0, self.payload) / sum(weights)
        for name in names:
            (self.folder / 'WinSxS' / name).mkdir()
        paths = []
        for number, weight in enumerate(weights):
            folder = self.folder / 'WinSxS' / names[number % len(names)]
            paths.append(folder / f'{self.random.choice(PARTS)}{number:05}{self.random.choice(ENDINGS)}')
            self.write(paths[-1], self.manifests + number, int(weight * scale))
        return paths

    def make_links(self, paths):
        folders = [self.folder / 'System32', self.folder / 'SysWOW64',
                   *(self.folder / f'System32/part-{number:02}' for number in range(LINK_FOLDERS))]
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
        for path in self.random.sample(paths, self.links):
            # Half of them in System32 itself.
            folder = folders[max(0, self.random.randrange(2 * len(folders)) - len(folders))]
            os.link(path, folder / path.name)

    def make(self):
        names = [self.component_name(number) for number in range(self.components)]
        self.make_manifests(names)
        self.make_links(self.make_components(names))
        # From the innermost folder out: making what is inside changes a folder's own time.
        for folder, _, _ in os.walk(self.folder, topdown=False):
            os.utime(folder, (TIME, TIME))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('folder', type=Path)
    parser.add_argument('--files', type=int, default=FULL)
    parser.add_argument('--seed', type=int, default=1)
    options = parser.parse_args()
    if options.files < 10:
        parser.error('--files must be at least 10')
    Tree(options.folder, options.files, options.seed).make()
    files = folders = links = size = 0
    for place, below, names in os.walk(options.folder):
        folders += len(below)
        for name in names:
            status = os.stat(os.path.join(place, name))
            if status.st_nlink > 1:
                links += 1
            files += 1
            size += status.st_size / status.st_nlink
    print(f'{options.folder}: {files - links // 2:,} files, {links // 2:,} further names, {folders:,} folders, {size:,.0f} bytes')


if __name__ == '__main__':
    main()
