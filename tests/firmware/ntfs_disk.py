"""MBR disks with an NTFS volume made by mkntfs and filled by the ntfs-3g tools, into which the boot code under test is
spliced: the boot code is tried on volumes that winnow did not write."""

import os
import struct
import subprocess
from pathlib import Path

SECTOR = 512
PARTITION_START = 2048  # sectors
RECORD_SIZE = 1024


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, **options)
    if done.returncode != 0:
        raise AssertionError(f'{command[0]}: {done.stdout.decode("utf-8", "replace")}')
    return done.stdout


def assemble(source, folder, address):
    """16-bit code that runs at `address`, as plain bytes."""
    run('as', '--32', '-o', folder / 'code.o', source)
    run('ld', '-m', 'elf_i386', '--build-id=none', '-e', '_start', f'-Ttext={address:#x}', '-o', folder / 'code.elf',
        folder / 'code.o')
    run('objcopy', '-O', 'binary', '-j', '.text', folder / 'code.elf', folder / 'code.bin')
    return (folder / 'code.bin').read_bytes()


def assemble_bootmgr(source, folder, size):
    """The stand-in bootmgr, `size` bytes long (0: as long as it is), with its size and sum where it expects them."""
    image = bytearray(assemble(source, folder, 0))
    value = 12345
    while len(image) < size:  # bytes that are different in every sector
        value = (value * 1103515245 + 12345) & 0x7FFFFFFF
        image += struct.pack('<I', value)
    if size:
        del image[size:]
    struct.pack_into('<II', image, 4, len(image), sum(image[12:]) & 0xFFFFFFFF)
    return bytes(image)


class Volume:
    """An NTFS volume in a file of its own, that ntfs-3g's tools can work on."""

    def __init__(self, path, mebibytes, cluster=4096):
        self.path = Path(path)
        with open(self.path, 'wb') as file:
            file.truncate(mebibytes << 20)
        run('mkntfs', '--force', '--quick', '--quiet', '--no-indexing', '--partition-start', PARTITION_START, '--sector-size',
            SECTOR, '--sectors-per-track', 63, '--heads', 255, '--cluster-size', cluster, self.path)
        self.cluster = cluster

    def apply_folder(self, folder):
        """Fills the root from a folder of the host, through libwim and libntfs-3g."""
        image = self.path.with_suffix('.wim')
        run('wimlib-imagex', 'capture', folder, image, '--compress=none', '--no-acls')
        run('wimlib-imagex', 'apply', image, 1, self.path)
        image.unlink()

    def copy_in(self, content, name):
        source = self.path.with_suffix('.copy')
        source.write_bytes(content)
        run('ntfscp', '--force', '--quiet', self.path, source, name)
        source.unlink()

    def occupy_half(self):
        """Marks every second pair of free clusters as used, so that what is written from now on is in runs of two."""
        runs = self.data_runs(6)
        with open(self.path, 'r+b') as file:
            for cluster, count in runs:
                file.seek(cluster * self.cluster)
                bitmap = file.read(count * self.cluster)
                file.seek(cluster * self.cluster)
                file.write(bytes(byte | 0x33 for byte in bitmap))

    def record(self, number):
        """An MFT record of the first run of $MFT, the update sequence applied."""
        with open(self.path, 'rb') as file:
            boot = file.read(SECTOR)
            file.seek(struct.unpack_from('<Q', boot, 0x30)[0] * self.cluster + number * RECORD_SIZE)
            record = bytearray(file.read(RECORD_SIZE))
        if record[:4] != b'FILE':
            return record
        start, count = struct.unpack_from('<HH', record, 4)
        for i in range(1, count):
            record[i * SECTOR - 2:i * SECTOR] = record[start + 2 * i:start + 2 * i + 2]
        return record

    def attributes(self, number):
        """(type, attribute) of every attribute of an MFT record."""
        record = self.record(number)
        at = struct.unpack_from('<H', record, 0x14)[0]
        while True:
            kind, length = struct.unpack_from('<II', record, at)
            if kind == 0xFFFFFFFF:
                return
            yield kind, record[at:at + length]
            at += length

    def place_of(self, number):
        """Where an MFT record is in the file."""
        for cluster, count in self.data_runs(0):
            size = count * self.cluster
            if number * RECORD_SIZE < size:
                return cluster * self.cluster + number * RECORD_SIZE
            number -= size // RECORD_SIZE
        raise AssertionError(f'there is no MFT record {number}')

    def find(self, name):
        """The MFT record of the file of that name, in the first run of $MFT."""
        wanted = name.encode('utf-16-le')
        for number in range(24, self.data_runs(0)[0][1] * self.cluster // RECORD_SIZE):
            if wanted in self.record(number):
                return number
        raise AssertionError(f'there is no file {name}')

    def patch(self, offset, value):
        with open(self.path, 'r+b') as file:
            file.seek(offset)
            file.write(value)

    def attributes_of(self, name, kind):
        """The first attribute of type `kind` of the base record of the file of that name, or None."""
        return next((found for type_of, found in self.attributes(self.find(name)) if type_of == kind), None)

    def data_runs(self, number, kind=0x80):
        """[(cluster, clusters)] of a non-resident attribute of an MFT record."""
        attribute = next(found for type_of, found in self.attributes(number) if type_of == kind and found[8])
        at = struct.unpack_from('<H', attribute, 0x20)[0]
        runs, cluster = [], 0
        while attribute[at]:
            of_length, of_offset = attribute[at] & 15, attribute[at] >> 4
            at += 1
            length = int.from_bytes(attribute[at:at + of_length], 'little', signed=True)
            at += of_length
            cluster += int.from_bytes(attribute[at:at + of_offset], 'little', signed=True)
            at += of_offset
            runs.append((cluster, length))
        return runs

    def set_boot_record(self, boot_record):
        """Splices a boot record around the volume's own BPB."""
        with open(self.path, 'r+b') as file:
            bpb = file.read(0x54)[3:]
            file.seek(0)
            file.write(boot_record[:3] + bpb + boot_record[0x54:])


def write_mbr_disk(path, volume, mbr_code, entry=0, active=0x80):
    """The volume as the one partition of a disk with an MBR; its entry is the one of number `entry`."""
    with open(path, 'wb') as disk, open(volume.path, 'rb') as source:
        size = os.path.getsize(volume.path)
        sector = bytearray(mbr_code.ljust(SECTOR, b'\0'))
        struct.pack_into('<B3sB3sII', sector, 446 + 16 * entry, active, b'\xfe\xff\xff', 7, b'\xfe\xff\xff', PARTITION_START,
                         size // SECTOR)
        struct.pack_into('<H', sector, 510, 0xAA55)
        disk.write(sector)
        disk.seek(PARTITION_START * SECTOR)
        while block := source.read(1 << 20):
            disk.write(block)
        disk.truncate(PARTITION_START * SECTOR + size)
