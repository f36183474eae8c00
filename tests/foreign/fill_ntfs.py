#!/usr/bin/env python3
"""Fills a mounted NTFS volume (ntfs-3g -o compression,streams_interface=windows) with what is hard to measure: files compressed,
sparse, in thousands of pieces, in their records, with several names, with streams; a folder with a large index and gaps.

  fill_ntfs.py MOUNT_POINT
"""

import os
import random
import sys
from pathlib import Path

ROOT = Path(sys.argv[1])
COMPRESSED = 0x800


def write(name, data):
    with open(ROOT / name, 'wb') as file:
        file.write(data)


def write_pieces(name, size, pieces):
    with open(ROOT / name, 'wb') as file:
        file.truncate(size)
        for offset, data in pieces:
            file.seek(offset)
            file.write(data)


def main():
    system = ROOT / 'Windows/System32'
    system.mkdir(parents=True)
    for i in range(100):
        write(system / f'some library {i:03}.dll', bytes([i % 251]) * (i * 111))
    for i in range(0, 100, 3):
        (system / f'some library {i:03}.dll').unlink()
    write('plain.bin', bytes(range(256)) * 1000)
    (ROOT / 'Windows/linked.bin').hardlink_to(ROOT / 'plain.bin')
    write('resident.txt', b'hello')
    write('empty', b'')
    write_pieces('sparse.bin', 9 << 20, [(5 << 20, b'x' * 10_000), (8 << 20, b'y' * 70_000)])
    write_pieces('scattered.bin', 10 << 20, [(i * 8192, b'z' * 4096) for i in range(0, 1200, 2)])
    (ROOT / 'packed').mkdir()
    if os.statvfs(ROOT).f_bsize <= 4096:  # NTFS compresses no larger clusters
        os.setxattr(ROOT / 'packed', 'system.ntfs_attrib_be', COMPRESSED.to_bytes(4, 'big'))
    write('packed/text.txt', b'the same words again and again ' * 20_000)
    write('packed/noise.bin', random.Random(1).randbytes(300_000))
    write('streams.txt', b's' * 5000)
    write('streams.txt:small', b'a' * 20)
    write('streams.txt:large', b'b' * 50_000)
    write('Windows:of a folder', b'c' * 9000)


if __name__ == '__main__':
    main()
