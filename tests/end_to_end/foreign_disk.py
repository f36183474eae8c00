"""A small NTFS volume, and a disk with it, made by programs of others alone: what the judges of disks are tried on."""

import os
import random
import subprocess
from pathlib import Path

SECTOR = 512
PARTITION = 71680  # the NTFS partition's first sector
FROZEN_CLOCK = ['faketime', '-f', '2020-01-01 00:00:00']
ENVIRONMENT = {**os.environ, 'PATH': os.environ['PATH'] + ':/usr/sbin:/sbin', 'LC_ALL': 'C.UTF-8'}


def run(*command):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, env=ENVIRONMENT)
    if done.returncode != 0:
        raise RuntimeError(f'{command}: {done.stdout}{done.stderr}')


def write_tree(folder):
    """Resident and not, empty, hard links, a folder too large for its record, names beyond ASCII."""
    source = random.Random(1)
    files = {f'Windows/WinSxS/Manifests/amd64_{number:03}_none.manifest': source.randbytes(number * 9)
             for number in range(120)}
    files |= {'Windows/System32/ntdll.dll': source.randbytes(200_000), 'Windows/System32/empty.dll': b'',
              'Windows/Ünï 日本.txt': b'text', 'Windows/System32/config/SYSTEM': source.randbytes(8192)}
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    (folder / 'Windows/ntdll-link.dll').hardlink_to(folder / 'Windows/System32/ntdll.dll')
    (folder / 'Empty folder').mkdir()
    return folder


def make_volume(volume, tree, size=16 << 20):
    with open(volume, 'wb') as file:
        file.truncate(size)
    run(*FROZEN_CLOCK, 'mkntfs', '-q', '-Q', '-F', '-s', SECTOR, '-p', PARTITION, '-H', 255, '-S', 63, volume)
    image = volume.with_suffix('.wim')
    run('wimlib-imagex', 'capture', tree, image, '--compress=none', '--quiet')
    run(*FROZEN_CLOCK, 'wimlib-imagex', 'apply', image, 1, volume, '--quiet')
    image.unlink()
    return volume


def make_disk(disk, volume):
    """A GPT disk: a FAT32 volume and a copy of the NTFS one."""
    with open(disk, 'wb') as file:
        file.truncate((PARTITION + 4096) * SECTOR + volume.stat().st_size)
    run('sgdisk', '-n', '1:2048:+34M', '-t', '1:ef00', '-n', f'2:{PARTITION}:+{volume.stat().st_size >> 20}M', '-t', '2:0700',
        disk)
    run('mkfs.fat', '-F', 32, '-s', 1, '--offset', 2048, disk, 34 << 10)
    run('dd', f'if={volume}', f'of={disk}', f'bs={SECTOR}', f'seek={PARTITION}', 'conv=notrunc,sparse', 'status=none')
    return disk


def convert(disk, output, container, *options):
    run('qemu-img', 'convert', '-f', 'raw', '-O', container, *options, disk, output)
    return output


class Volume:
    """The bytes of an NTFS volume whose $MFT is in one piece, to be damaged."""

    def __init__(self, path):
        self.path = Path(path)
        self.data = bytearray(self.path.read_bytes())
        self.mft = self.u64(0x30) * 4096

    def u64(self, offset):
        return int.from_bytes(self.data[offset:offset + 8], 'little')

    def u16(self, offset):
        return int.from_bytes(self.data[offset:offset + 2], 'little')

    def attribute(self, record, kind, name=''):
        """Where an attribute's header is."""
        start = self.mft + record * 1024
        at = start + self.u16(start + 0x14)
        while int.from_bytes(self.data[at:at + 4], 'little') != 0xFFFFFFFF:
            units = self.data[at + 9]
            spelled = self.data[at + self.u16(at + 10):][:2 * units].decode('utf-16-le')
            if int.from_bytes(self.data[at:at + 4], 'little') == kind and spelled == name:
                return at
            at += int.from_bytes(self.data[at + 4:at + 8], 'little')
        raise LookupError(f'record {record} has no attribute {kind:#x} "{name}"')

    def first_cluster(self, record, kind, name=''):
        """Where a non-resident attribute's first run is on the volume."""
        at = self.attribute(record, kind, name)
        at += self.u16(at + 0x20)
        length, offset = self.data[at] & 15, self.data[at] >> 4
        return int.from_bytes(self.data[at + 1 + length:at + 1 + length + offset], 'little', signed=True) * 4096

    def find(self, data):
        offset = self.data.find(data)
        if offset < 0:
            raise LookupError('not on the volume')
        return offset

    def save(self, path):
        Path(path).write_bytes(self.data)
        return path
