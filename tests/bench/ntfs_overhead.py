"""What an NTFS volume on a raw disk spends, read from its own $Bitmap and $MFT."""

import os
import struct
from typing import NamedTuple

SECTOR = 512
CLUSTER = 4096
RECORD = 1024
DATA, BITMAP, END = 0x80, 0xB0, 0xFFFFFFFF


class Spent(NamedTuple):
    allocated: int  # bytes of clusters in use
    data: int  # of those, of $DATA outside records, of files that are not NTFS's own
    records_in_use: int


class Disk:
    def __init__(self, file):
        self.file = file
        self.start = next(start for start in self.partition_starts() if self.at(start + 3, 8) == b'NTFS    ')

    def at(self, offset, size):
        return os.pread(self.file, size, offset)

    def partition_starts(self):
        """The disk itself, MBR partitions, GPT partitions."""
        yield 0
        for entry in range(4):
            yield SECTOR * int.from_bytes(self.at(0x1BE + 16 * entry + 8, 4), 'little')
        for entry in range(128):
            yield SECTOR * int.from_bytes(self.at(2 * SECTOR + 128 * entry + 32, 8), 'little')

    def stream(self, attribute):
        """All bytes of a non-resident attribute's runs."""
        at, cluster, parts = struct.unpack_from('<H', attribute, 0x20)[0], 0, []
        while attribute[at]:
            length, offset = attribute[at] & 15, attribute[at] >> 4
            count = int.from_bytes(attribute[at + 1:at + 1 + length], 'little')
            cluster += int.from_bytes(attribute[at + 1 + length:at + 1 + length + offset], 'little', signed=True)
            parts.append(self.at(self.start + cluster * CLUSTER, count * CLUSTER))
            at += 1 + length + offset
        return b''.join(parts)


def attributes(record):
    """(type, bytes) of a record's attributes."""
    at = struct.unpack_from('<H', record, 0x14)[0]
    while at + 8 <= len(record):
        kind, length = struct.unpack_from('<II', record, at)
        if kind == END or length == 0:
            return
        yield kind, record[at:at + length]
        at += length


def restored(record):
    """A record with its update sequence undone."""
    offset, count = struct.unpack_from('<HH', record, 4)
    result = bytearray(record)
    for sector in range(1, count):
        result[sector * SECTOR - 2:sector * SECTOR] = record[offset + 2 * sector:offset + 2 * sector + 2]
    return bytes(result)


def non_resident(record, kind):
    return next(data for found, data in attributes(record) if found == kind and data[8])


def measure_ntfs(path):
    with open(path, 'rb') as file:
        disk = Disk(file.fileno())
        mft_start = disk.start + int.from_bytes(disk.at(disk.start + 0x30, 8), 'little') * CLUSTER
        mft = disk.stream(non_resident(restored(disk.at(mft_start, RECORD)), DATA))
        records = [restored(mft[at:at + RECORD]) for at in range(0, len(mft), RECORD) if mft[at:at + 4] == b'FILE']
        clusters = int.from_bytes(disk.at(disk.start + 0x28, 8), 'little') * SECTOR // CLUSTER
        bitmap = int.from_bytes(disk.stream(non_resident(records[6], DATA)), 'little') & ((1 << clusters) - 1)
    used = [record for record in records if record[0x16] & 1]
    data = sum(int.from_bytes(attribute[0x28:0x30], 'little') for record in used[24:] for kind, attribute in attributes(record)
               if kind == DATA and attribute[8] and not int.from_bytes(attribute[0x10:0x18], 'little'))
    return Spent(bitmap.bit_count() * CLUSTER, data, len(used))
