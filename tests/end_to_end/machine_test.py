#!/usr/bin/env python3
"""A machine's settings from the command line to the finished image: read back by hivex, xmllint and winnow itself; the
password stands nowhere else; an image edited is the image composed so."""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import winnow_program
from sample_apps import need_app
from winnow_program import EXIT_INPUT, MANIFESTS, ROOT, ProgramTest, names_below, run

sys.path.insert(0, str(ROOT / 'tools/dev'))
from windows_media.pe_image import build_pe  # noqa: E402
from windows_media.security_catalog import Signer, build_catalog  # noqa: E402

CONSOLE = MANIFESTS / 'console-hello.xml'
PASSWORD = 'Pässword 1'
FLAGS = ('--computer-name', 'web-1', '--time-zone', 'UTC', '--interface', 'Ethernet', '--ipv4-address', '192.168.1.2',
         '--ipv4-mask', '255.255.255.0', '--remote-management', '--setup-command', 'echo done')
UNATTEND = 'Windows/Panther/unattend.xml'
SETUP = 'Windows/Setup/Scripts/SetupComplete.cmd'
NAMESPACE = '{urn:schemas-microsoft-com:unattend}'
BOOT_FILES = {'Windows/Boot/PCAT/bootmgr': b'boot manager', 'Windows/System32/winload.exe': b'loader',
              'Windows/Boot/EFI/bootmgfw.efi': build_pe('bootmgfw.efi', {}, {}), 'Windows/System32/winload.efi': b'loader'}
LACKS = ('may not start from a RAM disk: the image lacks what Windows PE does it with: Windows\\System32\\drivers\\ramdisk.sys '
         '(is the disk), Windows\\System32\\drivers\\wof.sys (reads the WIM file), Windows\\System32\\drivers\\fbwf.sys '
         '(takes what is written)')
LACKS_ONE = ('may not start from a RAM disk: the image lacks what Windows PE does it with: service FBWF at boot start (takes '
             'what is written)')
OWN_SDI = 'boot.sdi is winnow\'s own, the image has none: no Windows has ever been started from it'

INF = """[Version]
Signature="$Windows NT$"
Class=Net
CatalogFile.NTamd64=card.cat

[Manufacturer]
%Maker%=Models,NTamd64.10.0

[Models.NTamd64.10.0]
%Card%=Install,PCI\\VEN_1234&DEV_5678

[SourceDisksNames]
1=%Card%

[SourceDisksFiles]
card.sys=1
extra.dll=1,x64

[Install.NTamd64.Services]
AddService=card,2,CardService

[CardService]
ServiceType=1
StartType=3
ServiceBinary=%12%\\card.sys

[Strings]
Maker="Maker"
Card="Card"
"""


def hive_value(hive, key, name):
    """A value as hivexget prints it."""
    done = subprocess.run(['hivexget', hive, key, name], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else done.stderr.strip()


class Machine(ProgramTest):
    def setUp(self):
        super().setUp()
        self.secret = self.folder / 'secret'
        self.secret.write_text(PASSWORD + '\n', encoding='utf-8')

    def extract(self, image, *paths):
        tree = self.folder / (image.name + '.tree')
        self.succeed('extract', image, '--output', tree, *paths)
        return tree

    def refuse(self, message, *arguments, verb=('compose', CONSOLE), output='x.vhd'):
        before = names_below(self.folder)
        done = run(*verb, '--output', self.folder / output, *arguments)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (EXIT_INPUT, '', message + '\n'))
        self.assertEqual(names_below(self.folder), before)

    def bootable_manifest(self):
        """The console app with what a BIOS and UEFI need to start Windows, as far as winnow looks at it."""
        for name, content in BOOT_FILES.items():
            path = self.folder / 'boot' / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        manifest = self.folder / 'boot.xml'
        manifest.write_text('<app xmlns="urn:winnow:app:v1" name="boot" version="1">'
                            f'<include path="{CONSOLE}"/><files source="boot" to=""/></app>', encoding='utf-8')
        return manifest

    def test_all_formats_hold_the_same_settings(self):
        texts = set()
        for name in ('x.tar', 'x.vhd', 'x.vhdx', 'x.wim'):
            with self.subTest(format=name):
                image = self.folder / name
                self.compose(CONSOLE, image, *FLAGS, '--administrator-password-file', self.secret)
                tree = self.extract(image)
                self.assertEqual(subprocess.run(['xmllint', '--noout', '--nonet', tree / UNATTEND], check=False).returncode, 0)
                texts.add(((tree / UNATTEND).read_text(encoding='utf-8'), (tree / SETUP).read_bytes()))
                system = tree / 'Windows/System32/config/SYSTEM'
                self.assertEqual(hive_value(system, r'\ControlSet001\Control\ComputerName\ComputerName', 'ComputerName'),
                                 'web-1')
                self.assertEqual(hive_value(system, r'\ControlSet001\Services\Tcpip\Parameters', 'NV HostName'), 'web-1')
                self.assertEqual(hive_value(system, r'\ControlSet001\Control\TimeZoneInformation', 'TimeZoneKeyName'), 'UTC')
        self.assertEqual(len(texts), 1)
        unattend, setup = texts.pop()
        root = ElementTree.fromstring(unattend)
        value = next(root.iter(NAMESPACE + 'Value')).text
        self.assertEqual(base64.b64decode(value).decode('utf-16-le'), PASSWORD + 'AdministratorPassword')
        self.assertEqual(next(root.iter(NAMESPACE + 'PlainText')).text, 'false')
        self.assertEqual(setup.decode('ascii').split('\r\n'), [
            'netsh interface ipv4 set address name="Ethernet" source=static address=192.168.1.2 mask=255.255.255.0',
            'netsh advfirewall firewall add rule name="Windows Remote Management (HTTP-In)" dir=in action=allow '
            'protocol=TCP localport=5985',
            'netsh advfirewall firewall set rule group="Remote Event Log Management" new enable=yes', 'echo done', ''])

    def test_the_password_is_in_the_image_and_nowhere_else(self):
        image, lock, log = (self.folder / name for name in ('x.tar', 'x.lock', 'x.log'))
        cache = self.folder / 'cache'
        environment = {**os.environ, 'XDG_CACHE_HOME': str(cache), 'WEB_PASSWORD': PASSWORD}
        arguments = (*FLAGS, '--administrator-password-variable', 'WEB_PASSWORD', '--lock', lock, '--log', log, '-v')
        done = run('compose', CONSOLE, '--output', image, *arguments, env=environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f'{image}: holds the administrator\'s password in Windows\\Panther\\unattend.xml in Windows\' own form: '
                      'whoever can read the image can read the password\n', done.stdout)
        planned = run('plan', CONSOLE, *FLAGS, '--administrator-password-variable', 'WEB_PASSWORD', env=environment)
        self.assertEqual(planned.returncode, 0, planned.stderr)
        said = [done.stdout.encode(), done.stderr.encode(), planned.stdout.encode(), lock.read_bytes(), log.read_bytes()]
        said += [path.read_bytes() for path in cache.rglob('*') if path.is_file()]
        hidden = base64.b64encode((PASSWORD + 'AdministratorPassword').encode('utf-16-le'))
        for text in said:
            for form in (PASSWORD.encode(), PASSWORD.encode('utf-16-le'), hidden):
                self.assertNotIn(form, text)
        self.assertIn(hidden, (self.extract(image) / UNATTEND).read_bytes())
        # A plan knows nothing of it: not even the digest of a file that holds it.
        self.assertEqual(planned.stdout, self.succeed('plan', CONSOLE, *FLAGS))
        # Nor does a lock file: another password is the same request.
        self.compose(CONSOLE, self.folder / 'y.tar', *FLAGS, '--administrator-password-variable', 'WEB_PASSWORD', '--lock', lock,
                     '--locked', env={**environment, 'WEB_PASSWORD': 'other'})

    def test_a_log_says_what_was_done_and_what_was_wrong(self):
        log = self.folder / 'x.log'
        self.compose(CONSOLE, self.folder / 'x.tar', '--log', log)
        lines = log.read_text(encoding='utf-8').splitlines()
        self.assertRegex(lines[0], r'^winnow \S+ compose$')
        self.assertEqual(lines[-1], 'done: exit code 0')
        done = run('compose', CONSOLE, '--output', self.folder / 'y.tar', '--computer-name', 'a.b', '--log', log)
        self.assertEqual(done.returncode, EXIT_INPUT)
        self.assertEqual(log.read_text(encoding='utf-8').splitlines()[1:], done.stderr.splitlines())
        nowhere = self.folder / 'file/x.log'
        (self.folder / 'file').write_text('')
        done = run('plan', CONSOLE, '--log', nowhere)
        self.assertEqual((done.returncode, done.stdout), (EXIT_INPUT, ''))
        self.assertTrue(done.stderr.startswith(f'cannot write log {nowhere}: '), done.stderr)

    def test_how_windows_is_started_is_in_the_boot_configuration(self):
        disk = self.folder / 'boot.vhd'
        said = self.compose(self.bootable_manifest(), disk, '--ems', 'COM1', '--debug', 'serial', '--development')
        self.assertIn(f'{disk}: is for development: its Windows loads drivers signed by test certificates\n', said)
        store = self.extract(disk, 'Boot/BCD') / 'Boot/BCD'
        settings = r'\Objects\{4636856e-540f-4170-a130-a84776f4c654}\Elements'
        ems = r'\Objects\{0ce4991b-e6b3-4b16-b23c-5e0d9250e5d9}\Elements'

        def number(key):
            done = subprocess.run(['hivexsh', store], input=f'cd {key}\nlsval\n', capture_output=True, text=True,
                                  check=False)
            digits = re.search(r'hex\(3\):([0-9a-f,]+)', done.stdout)
            self.assertTrue(digits, f'{key}: {done.stdout}{done.stderr}')
            return int.from_bytes(bytes.fromhex(digits[1].replace(',', '')), 'little')

        self.assertEqual([number(rf'{settings}\{element}') for element in ('15000011', '15000013', '15000014')], [0, 2, 115200])
        self.assertEqual([number(rf'{ems}\{element}') for element in ('16000020', '15000022', '15000023')], [1, 1, 115200])
        self.refuse('--debug: cannot use COM1 for the kernel debugger: Emergency Management Services use it\n'
                    '  note: they are at --ems', '--ems', 'COM1', '--debug', 'COM1')

        said = self.compose(CONSOLE, self.folder / 'x.tar', '--ems', 'COM1')
        self.assertIn(f'{self.folder}/x.tar: has no boot configuration: how Windows is started is for disks\n', said)

    def boot_elements(self, disk):
        """Of the store on a disk: [object's type, element] to data, but for devices and the loader's own name."""
        store = self.folder / 'store'
        if disk.suffix == '.raw':  # an EFI system partition, which mtools read
            with disk.open('rb') as file:
                file.seek(1024 + 32)  # the first entry of the GPT
                first = int.from_bytes(file.read(8), 'little')
            store.unlink(missing_ok=True)
            subprocess.run(['mcopy', '-i', f'{disk}@@{first * 512}', '::/EFI/Microsoft/Boot/BCD', store], check=True)
        else:
            shutil.rmtree(self.folder / (disk.name + '.tree'), ignore_errors=True)
            store = self.extract(disk, 'Boot/BCD') / 'Boot/BCD'
        text = subprocess.run(['hivexml', store], capture_output=True, check=True).stdout
        objects = ElementTree.fromstring(text).find("node/node[@name='Objects']")
        found = {}
        for node in objects.findall('node'):
            kind = node.find("node[@name='Description']/value").get('value')
            for element in node.findall("node[@name='Elements']/node"):
                name, value = element.get('name'), element.find('value')
                if name[1] not in '134':
                    found[kind + node.get('name')[:9] * kind.startswith('5'), name] = value.get('value')
        return found

    def test_an_edited_disk_starts_as_it_did(self):
        flags = ('--ems', 'COM1', '--debug', 'serial', '--development', '--boot-timeout', '7')
        for name in ('boot.vhd', 'boot.raw'):
            with self.subTest(name):
                disk, edited = self.folder / name, self.folder / ('edited-' + name)
                self.compose(self.bootable_manifest(), disk, *flags)
                before = self.boot_elements(disk)
                self.assertIn('7', {str(int.from_bytes(base64.b64decode(value), 'little')) for (_, element), value in
                                    before.items() if element == '25000004'})
                self.succeed('edit', disk, '--output', edited, '--computer-name', 'web-2')
                self.assertEqual(self.boot_elements(edited), before)
                self.succeed('edit', edited, '--output', edited, '--debug', 'COM3:9600', '--boot-timeout', '0')
                after = self.boot_elements(edited)
                changed = {element: int.from_bytes(base64.b64decode(value), 'little') for (kind, element), value in
                           after.items() if before[kind, element] != value}
                self.assertEqual(changed, {'15000013': 3, '15000014': 9600, '25000004': 0})
                self.assertRegex(self.succeed('verify', edited), r'\A[^\n]*: \d+ entries, 0 violations\n\Z')
        # Another generation than the format's usual one stays, in the same format.
        old = self.folder / 'old.raw'
        self.compose(self.bootable_manifest(), old, '--gen', '1')
        self.succeed('edit', old, '--output', old, '--computer-name', 'web-2')
        self.assertIn('\ntable\tmbr\n', self.succeed('inspect', old, '--layout'))

    def partition(self, disk, number):
        """One partition of a raw disk, cut out by what mmls says of it."""
        done = subprocess.run(['mmls', '-a', disk], capture_output=True, text=True, check=True)
        places = sorted((int(row[2]), int(row[3])) for row in map(str.split, done.stdout.splitlines())
                        if len(row) > 4 and row[0].endswith(':') and row[2].isdigit())
        start, end = places[number - 1]
        volume = disk.with_suffix(f'.{number}')
        volume.write_bytes(disk.read_bytes()[start * 512:(end + 1) * 512])
        return volume

    def read_by_others(self, volume, path):
        """A file of an NTFS volume, as ntfs-3g reads it."""
        return subprocess.run(['ntfscat', volume, path], capture_output=True, check=True).stdout

    def check_ram_disk(self, volume, manifest):
        """boot.wim is the whole image, boot.sdi holds a volume, by programs of others."""
        image = self.folder / 'boot.wim'
        image.write_bytes(self.read_by_others(volume, 'sources/boot.wim'))
        for command in (['verify', image], ['apply', image, '1', self.folder / 'applied', '--no-acls']):
            done = subprocess.run(['wimlib-imagex', *command], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        about = subprocess.run(['wimlib-imagex', 'info', image], capture_output=True, text=True, check=True).stdout
        self.assertRegex(about, r'Boot Index:\s+1\n')
        self.compose(manifest, self.folder / 'plain.tar')
        plain, applied = self.extract(self.folder / 'plain.tar'), self.folder / 'applied'
        self.assertEqual(names_below(applied), names_below(plain))
        for name in ('Windows/System32/config/SYSTEM', 'Windows/System32/ntdll.dll', 'Windows/winnow/provenance.json'):
            self.assertEqual((applied / name).read_bytes(), (plain / name).read_bytes(), name)

        sdi = self.read_by_others(volume, 'boot/boot.sdi')
        self.assertEqual((sdi[:8], sum(sdi[:512]) % 256, sdi[0x400:0x408]), (b'$SDI0001', 0, b'PART\0\0\0\0'))
        start, size = (int.from_bytes(sdi[at:at + 8], 'little') for at in (0x410, 0x418))
        self.assertEqual(start + size, len(sdi))
        (self.folder / 'part').write_bytes(sdi[start:])
        for command in (['ntfsfix', '-n'], ['ntfsinfo', '-m'], ['fsstat']):
            done = subprocess.run([*command, self.folder / 'part'], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(names_below(self.extract(self.folder / 'part')), [])

    def ram_disk_device(self, store):
        """device and osdevice of the default entry, which are the same, and what {ramdiskoptions} says."""
        document = ElementTree.fromstring(subprocess.run(['hivexml', store], capture_output=True, check=True).stdout)
        objects = next(node for node in document.iter('node') if node.get('name') == 'Objects')

        def elements(name):
            keys = next(key for key in objects.iter('node') if key.get('name') == name).findall("node[@name='Elements']/node")
            return {key.get('name'): key.find('value') for key in keys}

        def value(element):
            return base64.b64decode(element.get('value')) if element.get('encoding') else element.get('value')

        loader = elements(value(elements('{9dea862c-5cdd-4e70-acc1-f32b344d4795}')['23000003']))
        self.assertEqual(value(loader['11000001']), value(loader['21000001']))
        self.assertEqual(value(loader['26000022']), b'\1')
        options = elements('{ae5534e0-a924-466c-b836-758539a3ee3a}')
        self.assertEqual(value(options['32000004']), '\\boot\\boot.sdi')
        return value(loader['11000001']), value(options['31000003'])

    def check_device(self, store, place):
        """A RAM disk made of \\sources\\boot.wim of that device."""
        device, sdi = self.ram_disk_device(store)
        self.assertEqual(sdi[16:], place)
        self.assertEqual(device.hex(), 'e03455ae24a96c46b836758539a3ee3a' '00000000' '01000000' 'a0000000' '00000000'
                         '03000000' + '00' * 20 + '01000000' '78000000' '05000000' + place.hex() +
                         '\\sources\\boot.wim\0'.encode('utf-16-le').hex())

    def test_windows_runs_in_memory_from_a_disk_of_generation_2(self):
        manifest, disk = self.bootable_manifest(), self.folder / 'ram.vhdx'
        said = self.compose(manifest, disk, '--ramdisk-boot', '--max-size', '128M')
        for note in (OWN_SDI, 'runs in memory: what its Windows writes is gone when it stops', LACKS):
            self.assertIn(f'{disk}: {note}\n', said)
        self.assertRegex(self.succeed('verify', disk), r'\A[^\n]*: \d+ entries, 0 violations\n\Z')
        listed = [line.split('\t')[1] for line in self.succeed('inspect', disk).splitlines() if line.startswith('f\t')]
        self.assertEqual(listed, ['boot\\boot.sdi', 'sources\\boot.wim'])

        raw = self.folder / 'ram.raw'
        subprocess.run(['qemu-img', 'convert', '-f', 'vhdx', '-O', 'raw', disk, raw], check=True)
        self.check_ram_disk(self.partition(raw, 3), manifest)
        store = self.folder / 'BCD'
        subprocess.run(['mcopy', '-i', self.partition(raw, 1), '::/EFI/Microsoft/Boot/BCD', store], check=True)
        table = raw.read_bytes()[512:2048]
        disk_id, partition_id = table[56:72], table[512 + 2 * 128 + 16:512 + 2 * 128 + 32]
        self.check_device(store, bytes.fromhex('06000000' '00000000' '48000000' '00000000') + partition_id + bytes(8) +
                          disk_id + bytes(16))

    def test_windows_runs_in_memory_from_a_disk_of_generation_1(self):
        manifest, disk, again = self.bootable_manifest(), self.folder / 'ram.raw', self.folder / 'again.raw'
        options = ('--gen', '1', '--ramdisk-boot', '--max-size', '64M')
        self.compose(manifest, disk, *options)
        self.compose(manifest, again, *options)
        self.assertEqual(disk.read_bytes(), again.read_bytes())
        self.assertRegex(self.succeed('verify', disk), r'\A[^\n]*: \d+ entries, 0 violations\n\Z')
        volume = self.partition(disk, 1)
        self.assertEqual(self.read_by_others(volume, 'bootmgr'), b'boot manager')
        store = self.folder / 'BCD'
        store.write_bytes(self.read_by_others(volume, 'boot/BCD'))
        self.check_device(store, bytes.fromhex('05000000' '00000000' '48000000') + bytes(60))

        self.refuse(f'cannot edit {disk}: its Windows runs in memory from sources\\boot.wim\n  note: winnow extract takes that '
                    'file out, winnow edit --ramdisk-boot makes a disk of it again', '--computer-name', 'web-2',
                    verb=('edit', disk))
        image = self.extract(disk, 'sources/boot.wim') / 'sources/boot.wim'
        self.succeed('edit', image, '--output', again, '--computer-name', 'web-2', *options)
        image = self.extract(again, 'sources/boot.wim') / 'sources/boot.wim'
        self.assertIn('<ComputerName>web-2</ComputerName>',
                      (self.extract(image, UNATTEND) / UNATTEND).read_text(encoding='utf-8'))

    def driver_manifest(self):
        """An app that brings drivers for a RAM disk, of which one does not start with Windows."""
        drivers = self.folder / 'app/Windows/System32/drivers'
        drivers.mkdir(parents=True)
        for name in ('ramdisk.sys', 'wimfsf.sys', 'fbwf.sys'):
            (drivers / name).write_bytes(b'driver')
        manifest = self.folder / 'drivers.xml'
        manifest.write_text(
            f'<app xmlns="urn:winnow:app:v1" name="drivers" version="1"><include path="{CONSOLE}"/><files source="app" to=""/>'
            '<registry><key path="HKLM\\SYSTEM\\CurrentControlSet\\Services\\ramdisk"><value name="Start" type="REG_DWORD">0</value>'
            '</key><key path="HKLM\\SYSTEM\\CurrentControlSet\\Services\\FBWF"><value name="Start" type="REG_DWORD">3</value></key>'
            '</registry><machine ramdisk-boot="true"/></app>', encoding='utf-8')
        return manifest

    def test_what_a_ram_disk_is_not_made_of(self):
        for message, *arguments in (
                ('boot managers do not read solid WIM files', '--solid'),
                ('boot managers do not read LZMS', '--wim-compression', 'lzms'),
                ('its files are in a WIM file, which is compressed; leave --compact out', '--compact', 'lzx')):
            self.refuse(f'cannot boot from a RAM disk: {message}', '--ramdisk-boot', *arguments)
        before = names_below(self.folder)
        done = run('compose', CONSOLE, '--output', self.folder / 'x.vhdx', '--ramdisk-boot', '--max-size', '5M')
        self.assertEqual((done.returncode, done.stdout), (EXIT_INPUT, ''))
        self.assertRegex(done.stderr, r'\Acannot fit the tree into \d+ bytes: \d+ bytes are missing\n\Z')
        self.assertEqual(names_below(self.folder), before)
        disk, image = self.folder / 'x.vhdx', self.folder / 'x.wim'
        said = self.compose(CONSOLE, disk, '--ramdisk-boot', '--max-size', '64M')
        self.assertIn(f'{disk}: does not boot by itself: the image has no Windows\\Boot\\EFI\\bootmgfw.efi\n', said)
        said = self.compose(self.driver_manifest(), image)
        self.assertIn(f'{image}: boots from a RAM disk where a boot entry says device and osdevice '
                      'ramdisk=[boot]\\sources\\boot.wim,{ramdiskoptions}, winpe yes, detecthal yes, and {ramdiskoptions} says '
                      f'ramdisksdidevice boot, ramdisksdipath \\boot\\boot.sdi\n{image}: {LACKS_ONE}\n', said)
        said = self.compose(CONSOLE, self.folder / 'x.tar', '--ramdisk-boot')
        self.assertIn(f'{self.folder}/x.tar: has no boot configuration: how Windows is started is for disks\n', said)

    def test_what_makes_no_sense(self):
        for message, *arguments in (
                ('--computer-name: cannot use computer name "sixteen-letters-": it has 16 characters, at most 15 fit',
                 '--computer-name', 'sixteen-letters-'),
                ('--administrator-password-variable: cannot use the administrator\'s password in variable NO_SUCH_VARIABLE: it '
                 'is not set', '--administrator-password-variable', 'NO_SUCH_VARIABLE'),
                ('--time-zone: cannot use time zone "UTCC": the image knows 139 others\n  note: did you mean "UTC"?',
                 '--time-zone', 'UTCC'),
                ('--ipv4-address: cannot use IPv4 address: no interface is named', '--ipv4-address', '10.0.0.1'),
                ('--interface: cannot set up interface "4": address 10.0.0.1 has no mask', '--interface', '4',
                 '--ipv4-address', '10.0.0.1'),
                ('--offline-script: cannot run offline script "{folder}/x.ps1": winnow edits an image as data\n'
                 '  note: say it with <registry>, <service>, <files>, <copy>, <unattend>; what needs the running machine with '
                 '<setup-command>', '--offline-script', '{folder}/x.ps1'),
                ('cannot add role "computer": Nano Server 2016 has none of that name\n  note: did you mean "compute"?',
                 '--deployment', 'host', '--edition', 'standard', '--role', 'computer'),
                ('cannot add role "shielded-vm": it is for edition datacenter, the image is standard\n'
                 'cannot add role "shielded-vm": it needs role "secure-startup"; ask for that as well\n'
                 'cannot add role "oem-drivers": it is for deployment host, the image is for guest',
                 '--deployment', 'guest', '--edition', 'standard', '--role', 'shielded-vm', '--role', 'oem-drivers')):
            with self.subTest(arguments=arguments):
                self.refuse(message.replace('{folder}', str(self.folder)),
                            *(argument.replace('{folder}', str(self.folder)) for argument in arguments))

    def test_a_secret_that_is_none_is_named_by_its_place(self):
        self.secret.write_text('\n', encoding='utf-8')
        self.refuse('--administrator-password-file: cannot use the administrator\'s password in '
                    f'"{self.secret}": it is empty', '--administrator-password-file', self.secret)
        blob = self.folder / 'blob'
        blob.write_text('not base64!', encoding='utf-8')
        self.refuse(f'--domain-blob: cannot use domain blob "{blob}": it is no base64 text\n'
                    '  note: djoin /provision /savefile writes one', '--domain-blob', blob)

    def test_a_domain_blob_as_djoin_writes_it(self):
        blob = self.folder / 'blob'
        blob.write_bytes(b'\xff\xfe' + 'QUJDRA==\0'.encode('utf-16-le'))
        image = self.folder / 'x.tar'
        self.compose(CONSOLE, image, '--domain-blob', blob)
        root = ElementTree.parse(self.extract(image) / UNATTEND).getroot()
        self.assertEqual([element.text for element in root.iter(NAMESPACE + 'AccountData')], ['QUJDRA=='] * 2)

    def test_copies_come_with_what_their_programs_import(self):
        tools = self.folder / 'tools'
        (tools / 'deep').mkdir(parents=True)
        (tools / 'deep/a.txt').write_text('a')
        image = self.folder / 'x.tar'
        self.compose(CONSOLE, image, '--copy', tools, '--copy', f'{tools}/deep/a.txt=C:\\b')
        names = names_below(self.extract(image))
        self.assertIn('tools/deep/a.txt', names)
        self.assertIn('b/a.txt', names)

    def test_a_machines_disk_has_room_to_grow(self):
        disk = self.folder / 'x.vhdx'
        self.compose(CONSOLE, disk, '--computer-name', 'web-1')
        self.assertIn(f'size={4 << 30}', self.succeed('inspect', disk, '--layout'))
        self.assertLess(disk.stat().st_blocks * 512, 64 << 20)
        self.compose(CONSOLE, disk, '--computer-name', 'web-1', '--max-size', '8G')
        self.assertIn(f'size={8 << 30}', self.succeed('inspect', disk, '--layout'))
        said = self.compose(CONSOLE, disk, '--computer-name', 'web-1', '--max-size', '18M')
        self.assertRegex(said, r'x\.vhdx: an update may not fit: at most \d+ MiB of the disk are free, \\Windows has \d+ MiB')

    def write_driver(self, inf=INF, signer=None):
        folder = self.folder / 'drivers/card'
        (folder / 'x64').mkdir(parents=True, exist_ok=True)
        text = inf.replace('\n', '\r\n').encode('utf-16')
        (folder / 'card.inf').write_bytes(text)
        (folder / 'card.cat').write_bytes(build_catalog([text], signer))
        (folder / 'card.sys').write_bytes(b'driver')
        (folder / 'x64/extra.dll').write_bytes(b'extra')
        (folder / 'readme.txt').write_text('not named')
        return folder / 'card.inf'

    def test_drivers_come_in_for_windows_to_add(self):
        signer = Signer('driver')
        inf = self.write_driver(signer=signer)
        image = self.folder / 'x.tar'
        said = self.compose(CONSOLE, image, '--driver', self.folder / 'drivers')
        self.assertIn(f'{image}: driver card.inf is signed by "{signer.NAME}" under "{signer.root_name}"; Windows decides '
                      'whether to take it\n', said)
        tree = self.extract(image)
        drivers = tree / 'Windows/Setup/Drivers'
        self.assertEqual(names_below(drivers),
                         ['1', '1/card.cat', '1/card.inf', '1/card.sys', '1/x64', '1/x64/extra.dll'])
        self.assertEqual((drivers / '1/card.inf').read_bytes(), inf.read_bytes())
        self.assertEqual((tree / SETUP).read_bytes(),
                         b'pnputil /add-driver "C:\\Windows\\Setup\\Drivers\\1\\card.inf" /install\r\n')

    def test_drivers_that_are_refused(self):
        signer = Signer('driver')
        for message, inf in (
                ('it is not for amd64', INF.replace('NTamd64.10.0', 'NTx86')),
                ('it names gone.sys, which is not there', INF.replace('card.sys=1', 'gone.sys=1')),
                ('its service card starts with Windows, before setup could add it; winnow cannot put it into DriverDatabase',
                 INF.replace('StartType=3', 'StartType=0')),
                ('it has no [Version]', INF.replace('[Version]', '[Verison]'))):
            with self.subTest(message=message):
                path = self.write_driver(inf, signer)
                done = run('compose', CONSOLE, '--output', self.folder / 'x.tar', '--driver', path)
                self.assertEqual((done.returncode, done.stdout), (EXIT_INPUT, ''))
                self.assertRegex(done.stderr, re.escape(f'cannot add driver "{path}": {message}\n') + r'\Z')
        path = self.write_driver()
        self.refuse(f'--driver: cannot add driver "{path}": it is unsigned\n  note: --development takes it all the same',
                    '--driver', path)
        (path.parent / 'card.cat').unlink()
        self.refuse(f'--driver: cannot add driver "{path}": it is unsigned: its catalog card.cat is not there\n'
                    '  note: --development takes it all the same', '--driver', path)
        said = self.compose(CONSOLE, self.folder / 'x.tar', '--driver', path, '--development')
        self.assertIn('driver card.inf is unsigned: its catalog card.cat is not there\n', said)
        empty = self.folder / 'empty'
        empty.mkdir()
        self.refuse(f'--driver: cannot add drivers of "{empty}": no INF file is in it', '--driver', empty)

    def test_an_edited_image_is_the_one_composed_so(self):
        plain, edited, composed = (self.folder / name for name in ('plain.tar', 'edited.vhdx', 'composed.vhdx'))
        self.compose(CONSOLE, plain)
        self.succeed('edit', plain, '--output', edited, *FLAGS)
        self.compose(CONSOLE, composed, *FLAGS)

        def lines(image):
            text = self.succeed('inspect', image)
            return [line for line in text.splitlines() if 'provenance.json' not in line]

        self.assertEqual(lines(edited), lines(composed))
        # An edit of an edit replaces; the image may be its own output.
        self.succeed('edit', edited, '--output', edited, '--computer-name', 'web-2')
        tree = self.extract(edited)
        self.assertIn('<ComputerName>web-2</ComputerName>', (tree / UNATTEND).read_text(encoding='utf-8'))
        self.assertNotIn('web-1', (tree / UNATTEND).read_text(encoding='utf-8'))
        provenance = json.loads((tree / 'Windows/winnow/provenance.json').read_text(encoding='utf-8'))
        self.assertEqual(provenance['edited'], ['computer-name'])
        self.assertRegex(self.succeed('verify', edited), r'\A[^\n]*: \d+ entries, 0 violations\n\Z')

    def test_an_edit_takes_files_and_values_of_a_manifest(self):
        plain, edited = self.folder / 'plain.tar', self.folder / 'edited.tar'
        self.compose(CONSOLE, plain)
        (self.folder / 'more').mkdir()
        (self.folder / 'more/new.txt').write_text('new')
        (self.folder / 'more.xml').write_text(
            '<app xmlns="urn:winnow:app:v1" name="more" version="1"><files source="more" to="C:\\app"/>'
            '<registry><key path="HKLM\\SYSTEM\\CurrentControlSet\\Control\\More"><value name="a">b</value></key></registry>'
            '<machine computer-name="web-3"/></app>', encoding='utf-8')
        self.succeed('edit', plain, '--output', edited, '--manifest', self.folder / 'more.xml')
        tree = self.extract(edited)
        self.assertEqual((tree / 'app/new.txt').read_text(), 'new')
        self.assertEqual(hive_value(tree / 'Windows/System32/config/SYSTEM', r'\ControlSet001\Control\More', 'a'), 'b')
        self.assertRegex(self.succeed('verify', edited), r'\A[^\n]*: \d+ entries, 0 violations\n\Z')
        self.refuse(f'cannot edit {edited}: roles, packages, updates, deployment and edition are chosen when an image is '
                    'composed\n  note: compose it anew with them: winnow compose --base IMAGE', '--deployment', 'guest',
                    verb=('edit', edited))
        foreign = self.folder / 'foreign.wim'
        self.succeed('convert', self.folder / 'more', foreign)
        self.refuse(f'cannot edit {foreign}: it was not made by winnow', '--computer-name', 'a', verb=('edit', foreign))


if __name__ == '__main__':
    need_app('console-hello')
    winnow_program.main()
