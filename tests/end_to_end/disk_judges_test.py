#!/usr/bin/env python3
"""tests/foreign/judge_disk.sh accepts disks that programs of others made, and refuses each of them once it is damaged."""

import os
import re
import shutil
import subprocess

import winnow_program
from foreign_disk import PARTITION, SECTOR, Volume, convert, make_disk, make_volume, write_tree
from winnow_program import ROOT, ProgramTest

JUDGE = ROOT / 'tests/foreign/judge_disk.sh'
CONTENT_JUDGES = {'7z, every file', 'tsk_recover, every file', 'wimlib, every file'}


def judge(*arguments, only=()):
    """{judge: ok | skip | FAILED} of all judges or of those named, the exit code and all that was said."""
    environment = {**os.environ, **({'WINNOW_JUDGES': '|'.join(only), 'WINNOW_NTFS3_KERNEL': '/none'} if only else {})}
    done = subprocess.run([JUDGE, *arguments], capture_output=True, text=True, check=False, env=environment,
                          timeout=winnow_program.COMMAND_SECONDS)
    verdicts = re.findall(r'^(ok|skip|FAILED) (.*?)(?: \(.*\))?$', done.stdout, re.MULTILINE)
    return {name: verdict for verdict, name in verdicts}, done.returncode, done.stdout + done.stderr


class DiskJudges(ProgramTest):
    def setUp(self):
        super().setUp()
        self.tree = write_tree(self.folder / 'tree')
        self.volume = make_volume(self.folder / 'volume.img', self.tree)

    def accept(self, *arguments):
        verdicts, code, said = judge(*arguments)
        self.assertEqual(code, 0, said)
        self.assertNotIn('FAILED', verdicts.values(), said)
        return verdicts

    def refuse(self, image, judges, *more):
        """Each of those judges refuses the image."""
        verdicts, code, said = judge(image, self.tree, *more, only=judges)
        self.assertEqual(code, 1, said)
        self.assertEqual({name for name in judges if verdicts.get(name) == 'FAILED'}, set(judges), said)

    def damaged(self, damage):
        """A copy of the volume after damage(volume)."""
        volume = Volume(self.volume)
        damage(volume)
        return volume.save(self.folder / 'damaged.img')

    def test_a_good_volume_is_accepted(self):
        verdicts = self.accept(self.volume, self.tree)
        self.assertTrue(CONTENT_JUDGES <= verdicts.keys())

    def test_good_disks_in_every_container_are_accepted(self):
        disk = make_disk(self.folder / 'disk.raw', self.volume)
        verdicts = self.accept(disk, self.tree)
        self.assertEqual([verdicts[name] for name in ('sgdisk', 'fsck.fat')], ['ok', 'ok'])
        for container, options in (('vpc', ['-o', 'subformat=fixed,force_size=on']),
                                   ('vpc', ['-o', 'subformat=dynamic,force_size=on']), ('vhdx', [])):
            with self.subTest(container=container, options=options):
                image = convert(disk, self.folder / 'image', container, *options)
                verdicts, code, said = judge(image, self.tree, disk, only=('qemu-img', 'vhdiinfo', '7z', 'sgdisk'))
                self.assertEqual(code, 0, said)
                self.assertEqual(verdicts['vhdiinfo'], 'ok')

    def test_damaged_volumes_are_refused(self):
        def content(volume):
            volume.data[volume.find((self.tree / 'Windows/System32/ntdll.dll').read_bytes()[:64]) + 100_000] ^= 1

        def resident_content(volume):
            volume.data[volume.find((self.tree / 'Windows/WinSxS/Manifests/amd64_020_none.manifest').read_bytes()[:24])] ^= 1

        def cluster_bitmap(volume):
            volume.data[volume.first_cluster(6, 0x80)] ^= 1

        def descriptor_hash(volume):
            volume.data[volume.first_cluster(9, 0x80, '$SDS')] ^= 1

        def backup_boot_sector(volume):
            volume.data[-SECTOR:] = bytes(SECTOR)

        def mirror(volume):
            volume.data[volume.u64(0x38) * 4096 + 0x10] ^= 1

        def dirty_flag(volume):
            at = volume.attribute(3, 0x70)
            volume.data[at + volume.u16(at + 0x14) + 10] |= 1

        def name(volume):
            entry = 'ntdll-link.dll'.encode('utf-16-le')
            volume.data[volume.data.rfind(entry)] = ord('m')

        cases = ((content, CONTENT_JUDGES), (resident_content, CONTENT_JUDGES),
                 (cluster_bitmap, {'ntfsresize, cluster accounting', 'ntfsclone, metadata'}),
                 (descriptor_hash, {'ntfssecaudit'}),
                 (backup_boot_sector, {'ntfsfix, boot sectors and mirror'}),
                 (mirror, {'ntfsfix, boot sectors and mirror', 'ntfsclone, metadata'}),
                 (dirty_flag, {'ntfsinfo'}),
                 (name, {'7z, every file', 'fls, every name'}))
        for damage, judges in cases:
            with self.subTest(damage=damage.__name__):
                self.refuse(self.damaged(damage), judges)

    def test_damaged_disks_are_refused(self):
        disk = make_disk(self.folder / 'disk.raw', self.volume)
        image = self.folder / 'image'
        fat = 2048 * SECTOR
        cases = (('partition table', disk, SECTOR + 40, {'sgdisk'}),
                 ('FAT copies differ', disk, fat + 32 * SECTOR + 40, {'fsck.fat'}),
                 ('other bytes than the raw disk', disk, PARTITION * SECTOR - 5, {'qemu-img, raw'}))
        for what, source, offset, judges in cases:
            with self.subTest(damage=what):
                shutil.copy(source, image)
                with open(image, 'r+b') as file:
                    file.seek(offset)
                    byte = file.read(1)[0]
                    file.seek(offset)
                    file.write(bytes([byte ^ 1]))
                self.refuse(image, judges, disk)

    def test_a_tree_that_is_not_the_volumes_is_refused(self):
        (self.tree / 'Windows/new.dll').write_bytes(b'new')
        (self.tree / 'Windows/System32/config/SYSTEM').unlink()
        self.refuse(self.volume, CONTENT_JUDGES | {'ntfsls, every name', 'fls, every name', 'fsntfsinfo, every name'})

    def test_a_tree_text_serves_as_well(self):
        listing = subprocess.run([ROOT / 'tests/foreign/disk_files.py', 'expect', self.tree], capture_output=True, text=True,
                                 check=True).stdout
        text = self.folder / 'tree.txt'
        lines = (line.split('\t', 2) for line in listing.splitlines())
        text.write_text(''.join(f'{kind}\t' + path.replace('/', '\\') + f'\tattr=20\tsha256={digest}\n'
                                for kind, digest, path in lines), encoding='utf-8')
        verdicts, code, said = judge(self.volume, text, only=CONTENT_JUDGES)
        self.assertEqual(code, 0, said)
        self.assertEqual({name for name in verdicts if verdicts[name] == 'ok'}, CONTENT_JUDGES)


if __name__ == '__main__':
    winnow_program.need(*(f'/usr/sbin/{program}' for program in ('mkntfs', 'sgdisk', 'mkfs.fat')),
                        *(f'/usr/bin/{program}' for program in ('faketime', 'wimlib-imagex', 'qemu-img', 'mmls')))
    winnow_program.main()
