"""SeaBIOS starts winnow's master boot record, that starts winnow's NTFS boot record, that finds and enters `bootmgr`: on
volumes of mkntfs, filled so that everything of NTFS that the boot record has to read is there once.

  bios_test.py FOLDER PROGRAM [TEST]...     FOLDER holds mbr.bin and ntfs_boot.bin, PROGRAM is firmware_disk"""

import struct
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
import ntfs_disk
import scattered_file
from machine import run_machine, skip_unless

STUB = Path(__file__).with_name('bootmgr_stub.S')
A20_OFF = Path(__file__).with_name('a20_off_mbr.S')
ENTERED = 'bootmgr: entered as Windows expects'
ENTERED_CODE = 0x10 << 1 | 1  # what isa-debug-exit makes of the stub's 0x10
MAX_BOOTMGR = 0x9FC00 - 0x20000  # SeaBIOS has 639 KiB below 1 MiB

MESSAGE = r'(NTFS boot|MBR): .*\r\n'  # of a boot record that gives up

boot_code = {}
firmware_disk = None


class BiosTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix='winnow-bios-')
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def volume(self, mebibytes=16, cluster=4096):
        return ntfs_disk.Volume(self.folder / 'volume.img', mebibytes, cluster)

    def bootmgr(self, size=300_001):
        return ntfs_disk.assemble_bootmgr(STUB, self.folder, size)

    def files(self, names, content=b''):
        folder = self.folder / 'files'
        folder.mkdir()
        for name in names:
            (folder / name).write_bytes(content)
        return folder

    def boot(self, volume, **entry):
        volume.set_boot_record(boot_code['ntfs_boot'])
        disk = self.folder / 'disk.raw'
        ntfs_disk.write_mbr_disk(disk, volume, boot_code['mbr'], **entry)
        return run_machine(disk, 'raw', until=MESSAGE)

    def assert_enters(self, volume, **entry):
        ended = self.boot(volume, **entry)
        self.assertIn(ENTERED, ended.said)
        self.assertEqual(ended.code, ENTERED_CODE)

    def assert_says(self, volume, message, **entry):
        ended = self.boot(volume, **entry)
        self.assertIn(message + '\r\n', ended.said)


class Bootmgr(BiosTest):
    """How the file is stored."""

    def test_resident(self):
        volume = self.volume()
        volume.copy_in(self.bootmgr(size=0), 'bootmgr')
        self.assertEqual(volume.attributes_of('bootmgr', 0x80)[8], 0)
        self.assert_enters(volume)

    def test_one_run(self):
        for cluster in (512, 4096, 65536):
            with self.subTest(cluster=cluster):
                volume = self.volume(cluster=cluster)
                volume.copy_in(self.bootmgr(), 'bootmgr')
                self.assertEqual(len(volume.data_runs(volume.find('bootmgr'))), 1)
                self.assert_enters(volume)

    def scattered(self, clusters, per_record, **options):
        """A volume whose bootmgr is in the given clusters, so many of them in an MFT record."""
        volume = self.volume()
        volume.copy_in(b'to be replaced', 'bootmgr')
        extents = [clusters[i:i + per_record] for i in range(0, len(clusters), per_record)]
        scattered_file.scatter(volume, 'bootmgr', self.bootmgr(len(clusters) * 4096 - 99), extents, **options)
        return volume

    def test_many_runs(self):
        clusters = [2000 + 10 * i for i in range(50)] + [1900 - 10 * i for i in range(50)]
        volume = self.scattered(clusters, 100)
        self.assertEqual(len(volume.data_runs(volume.find('bootmgr'))), 100)
        self.assert_enters(volume)

    def test_runs_of_many_clusters(self):
        self.assert_enters(self.scattered([*range(3900, 3940), *range(1100, 1140), *range(1000, 1040)], 120))

    def test_extents_in_several_records(self):
        clusters = [1000 + 2 * i for i in range(110)]
        for per_record, options in ((50, {}), (20, {}), (100, {'list_cluster': 3000}), (10, {'list_cluster': 3000})):
            with self.subTest(per_record=per_record, **options):
                volume = self.scattered(clusters, per_record, **options)
                self.assertEqual(volume.attributes_of('bootmgr', 0x20)[8], 1 if options else 0)
                self.assert_enters(volume)

    def test_extents_that_leave_something_out(self):
        volume = self.scattered([1000 + 2 * i for i in range(110)], 60)
        number = volume.data_runs(0)[0][1] * 4 - 1
        last = bytearray(volume.record(number))
        struct.pack_into('<Q', last, last.index(b'\x80\0\0\0') + 0x10, 61)
        volume.patch(volume.place_of(number), bytes(last[:510]))
        self.assert_says(volume, 'NTFS boot: the file system is damaged')

    def test_as_large_as_memory(self):
        volume = self.volume()
        volume.copy_in(self.bootmgr(MAX_BOOTMGR), 'bootmgr')
        self.assert_enters(volume)

    def test_larger_than_memory(self):
        volume = self.volume()
        volume.copy_in(self.bootmgr(MAX_BOOTMGR + 1), 'bootmgr')
        self.assert_says(volume, 'NTFS boot: BOOTMGR is too large')

    def test_address_line_20_is_off(self):
        volume = self.volume()
        volume.copy_in(self.bootmgr(), 'bootmgr')
        volume.set_boot_record(boot_code['ntfs_boot'])
        disk = self.folder / 'disk.raw'
        ntfs_disk.write_mbr_disk(disk, volume, ntfs_disk.assemble(A20_OFF, self.folder, 0x600))
        ended = run_machine(disk, 'raw', until=MESSAGE, seconds=60)
        self.assertIn(ENTERED, ended.said)

    def test_compressed(self):
        volume = self.volume()
        volume.copy_in(self.bootmgr(), 'bootmgr')
        number = volume.find('bootmgr')
        data = bytes(volume.attributes_of('bootmgr', 0x80))
        at = bytes(volume.record(number)).index(data)
        volume.patch(volume.place_of(number) + at + 12, b'\x01\x00')
        self.assert_says(volume, 'NTFS boot: BOOTMGR is compressed, encrypted or sparse')

    def test_empty(self):
        volume = self.volume()
        volume.copy_in(b'', 'bootmgr')
        self.assert_says(volume, 'NTFS boot: BOOTMGR is missing')

    def test_many_hard_links(self):
        folder = self.files(['bootmgr'], self.bootmgr())
        for i in range(12):
            (folder / f'link {i:02} {"x" * 90}').hardlink_to(folder / 'bootmgr')
        volume = self.volume()
        volume.apply_folder(folder)
        self.assertIsNotNone(volume.attributes_of('bootmgr', 0x20), 'there is an attribute list')
        self.assert_enters(volume)


class Directory(BiosTest):
    """How the root directory is stored."""

    def test_any_case(self):
        for name in ('BOOTMGR', 'BootMgr'):
            with self.subTest(name=name):
                volume = self.volume()
                volume.copy_in(self.bootmgr(), name)
                self.assert_enters(volume)

    def test_missing_among_similar_names(self):
        volume = self.volume()
        volume.apply_folder(self.files(['BOOTMG', 'bootmgq', 'bootmgr ', 'bootmgr.exe', 'bootmgs', 'bootmgŕ', 'bootmġr']))
        self.assert_says(volume, 'NTFS boot: BOOTMGR is missing')

    def test_blocks(self):
        """Of one level and of several; with names beside ours, so that it is found at every place of a block."""
        for count in (40, 300, 2000):
            with self.subTest(count=count):
                names = [f'{"abcdn"[i % 5]}oo{i:05} a name of some length that fills blocks' for i in range(count)]
                folder = self.files(names)
                (folder / 'bootmgr').write_bytes(self.bootmgr())
                volume = self.volume(mebibytes=32)
                volume.apply_folder(folder)
                self.assertTrue(volume.data_runs(5, 0xA0), 'the root has index blocks')
                self.assert_enters(volume)
                (folder / 'bootmgr').unlink()
                ntfs_disk.run('rm', '-r', folder)

    def test_missing_in_blocks(self):
        volume = self.volume()
        volume.apply_folder(self.files(f'{i:05}' for i in range(300)))
        self.assert_says(volume, 'NTFS boot: BOOTMGR is missing')

    def test_fragmented_mft_and_index(self):
        volume = self.volume(mebibytes=32)
        volume.occupy_half()
        folder = self.files([f'{i:05} a name of some length that fills blocks' for i in range(1200)])
        volume.apply_folder(folder)
        volume.copy_in(self.bootmgr(size=0), 'bootmgr')
        self.assertGreater(len(volume.data_runs(0)), 20)
        self.assertGreater(len(volume.data_runs(5, 0xA0)), 10)
        self.assert_enters(volume)


class WinnowDisk(BiosTest):
    """The whole disk is winnow's: partition table, volume, disk file."""

    def test_every_format(self):
        folder = self.folder / 'tree'
        (folder / 'Windows/Boot/PCAT').mkdir(parents=True)
        (folder / 'Windows/System32').mkdir()
        (folder / 'Windows/System32/winload.exe').write_bytes(b'never run')
        (folder / 'Windows/Boot/PCAT/bootmgr').write_bytes(self.bootmgr())
        for i in range(500):  # so that the root's index is in blocks
            (folder / f'boot {i:03} a name of some length that fills blocks').mkdir()
        for name, qemu_name in (('raw', 'raw'), ('vhd', 'vpc'), ('vhd-dynamic', 'vpc'), ('vhdx', 'vhdx')):
            with self.subTest(format=name):
                disk = self.folder / f'disk.{name}'
                ntfs_disk.run(firmware_disk, folder, disk, name, 'bios', 'Minimal Windows')
                ended = run_machine(disk, qemu_name, until=MESSAGE)
                self.assertIn(ENTERED, ended.said)
                self.assertEqual(ended.code, ENTERED_CODE)


class Damage(BiosTest):
    """What is not as it should be ends in a message."""

    def test_record_of_the_root(self):
        volume = self.volume()
        volume.patch(volume.place_of(5), b'BAAD')
        self.assert_says(volume, 'NTFS boot: the file system is damaged')

    def test_torn_record(self):
        volume = self.volume()
        volume.copy_in(self.bootmgr(), 'bootmgr')
        volume.patch(volume.place_of(volume.find('bootmgr')) + 1022, b'\xEE\xEE')
        self.assert_says(volume, 'NTFS boot: the file system is damaged')

    def test_torn_index_block(self):
        volume = self.volume()
        volume.apply_folder(self.files(f'{i:05}' for i in range(300)))
        for cluster, count in volume.data_runs(5, 0xA0):
            for i in range(count):
                volume.patch((cluster + i) * 4096 + 1022, b'\xEE\xEE')
        self.assert_says(volume, 'NTFS boot: the file system is damaged')

    def test_index_that_goes_in_circles(self):
        volume = self.volume()
        volume.apply_folder(self.files([f'{i:05} a name of some length that fills blocks' for i in range(40)]))
        block = bytearray(4096)
        struct.pack_into('<4sHH', block, 0, b'INDX', 0x28, 9)
        struct.pack_into('<IIIB', block, 0x18, 0x28, 0x28 + 24, 4096 - 0x18, 1)
        struct.pack_into('<HHI', block, 0x18 + 0x28 + 8, 24, 0, 3)  # one entry, the last, with a child: block 0
        for cluster, count in volume.data_runs(5, 0xA0):
            for i in range(count):
                volume.patch((cluster + i) * 4096, bytes(block))
        self.assert_says(volume, 'NTFS boot: the file system is damaged')

    def test_cluster_beyond_the_disk(self):
        volume = self.volume()
        volume.patch(0x30, struct.pack('<Q', 0x100000))
        self.assert_says(volume, 'NTFS boot: cannot read the disk')

    def test_master_file_table_beyond_32_bits(self):
        volume = self.volume()
        volume.patch(0x30, struct.pack('<Q', 1 << 40))
        self.assert_says(volume, 'NTFS boot: the file system is damaged')


class MasterBootRecord(BiosTest):
    def test_any_entry(self):
        for entry in (0, 3):
            with self.subTest(entry=entry):
                volume = self.volume()
                volume.copy_in(self.bootmgr(), 'bootmgr')
                self.assert_enters(volume, entry=entry)

    def test_no_active_partition(self):
        self.assert_says(self.volume(), 'MBR: no partition is active', active=0)

    def test_no_boot_record(self):
        volume = self.volume()
        volume.set_boot_record(boot_code['ntfs_boot'])
        volume.patch(510, b'\0\0')
        disk = self.folder / 'disk.raw'
        ntfs_disk.write_mbr_disk(disk, volume, boot_code['mbr'])
        ended = run_machine(disk, 'raw', until=MESSAGE)
        self.assertIn('MBR: the active partition has no boot record\r\n', ended.said)

    def test_partition_beyond_the_disk(self):
        disk = self.folder / 'disk.raw'
        ntfs_disk.write_mbr_disk(disk, self.volume(), boot_code['mbr'])
        with open(disk, 'r+b') as file:
            file.truncate(1 << 20)
        ended = run_machine(disk, 'raw', until=MESSAGE)
        self.assertIn('MBR: cannot read the disk\r\n', ended.said)


def main():
    global firmware_disk
    folder, firmware_disk = map(Path, sys.argv[1:3])
    files = {name: folder / f'{name}.bin' for name in ('mbr', 'ntfs_boot')}
    skip_unless('/usr/bin/qemu-system-x86_64', '/usr/sbin/mkntfs', '/usr/bin/wimlib-imagex', firmware_disk, *files.values())
    boot_code.update({name: path.read_bytes() for name, path in files.items()})
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)


if __name__ == '__main__':
    main()
