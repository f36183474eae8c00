"""OVMF starts winnow's disks: it finds the system partition's FAT32 and the boot manager there. Stand-ins for Windows' own
programs, which are nobody's to ship: GRUB is bootmgfw.efi. Started as \\EFI\\Boot\\bootx64.efi it hands over to systemd-boot,
which reads the boot configuration on its own, shows the title of the loader in it and starts
\\EFI\\Microsoft\\Boot\\bootmgfw.efi: GRUB again, which now reads files of the Windows volume and says their SHA-256.

  uefi_test.py PROGRAM [TEST]...     PROGRAM is firmware_disk"""

import hashlib
import random
import re
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
from machine import run_machine, skip_unless
from ntfs_disk import run

OVMF_CODE = Path('/usr/share/OVMF/OVMF_CODE_4M.fd')
OVMF_VARIABLES = Path('/usr/share/OVMF/OVMF_VARS_4M.fd')
SYSTEMD_BOOT = Path('/usr/lib/systemd/boot/efi/systemd-bootx64.efi')
GRUB_MODULES = Path('/usr/lib/grub/x86_64-efi')
MODULES = 'part_gpt fat ntfs hashsum gcry_sha256 echo test chain halt normal configfile memdisk tar'
TITLE = 'Minimal Windows of the test'
WINDOWS = '(hd0,gpt3)'
CONFIGURATION = '''
if [ "$cmdpath" != "(hd0,gpt1)/EFI/Microsoft/Boot" ]; then
  echo "GRUB is the removable path"
  set root=hd0,gpt1
  chainloader /EFI/Microsoft/Boot/systemd-bootx64.efi
  boot
fi
echo "GRUB is the boot manager"
{hashes}
echo "GRUB is done"
halt
'''

firmware_disk = None


def make_files(folder):
    """The Windows volume: the loader, a resident file, one of many runs' size, one among many; path -> content."""
    noise = random.Random(7)
    files = {
        'Windows/System32/winload.efi': noise.randbytes(1_500_001),
        'Windows/System32/small.ini': b'in its record',
        'Windows/System32/empty.log': b'',
        'Windows/cluster.bin': noise.randbytes(4096),
        'Windows/WinSxS/component-0777/file.dll': noise.randbytes(70_000),
    }
    for i in range(800):
        (folder / f'Windows/WinSxS/component-{i:04}').mkdir(parents=True)
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return files


def make_boot_manager(path, files):
    hashes = '\n'.join(f'hashsum --hash sha256 {WINDOWS}/{name}' for name in files)
    configuration = path.with_suffix('.cfg')
    configuration.write_text(CONFIGURATION.replace('{hashes}', hashes))
    run('grub-mkstandalone', '--format=x86_64-efi', f'--modules={MODULES}', f'--install-modules={MODULES}', '--locales=',
        '--fonts=', '--themes=', f'--output={path}', f'boot/grub/grub.cfg={configuration}')
    configuration.unlink()


class Uefi(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix='winnow-uefi-')
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def boot(self, disk, disk_format):
        variables = self.folder / 'variables.fd'
        shutil.copy(OVMF_VARIABLES, variables)
        firmware = ['-drive', f'if=pflash,format=raw,readonly=on,file={OVMF_CODE}',
                    '-drive', f'if=pflash,format=raw,file={variables}']
        return run_machine(disk, disk_format, firmware=firmware, until='GRUB is done|grub>|Shell>', press_enter_at=TITLE)

    def assert_boots(self, name, qemu_name):
        tree = self.folder / 'tree'
        files = make_files(tree)
        programs = tree / 'Windows/Boot/EFI'
        programs.mkdir(parents=True)
        make_boot_manager(programs / 'bootmgfw.efi', files)
        shutil.copy(SYSTEMD_BOOT, programs)
        disk = self.folder / f'disk.{name}'
        run(firmware_disk, tree, disk, name, 'uefi', TITLE)
        said = self.boot(disk, qemu_name).said
        steps = ['GRUB is the removable path', TITLE, 'GRUB is the boot manager', 'GRUB is done']
        self.assertEqual([step for step in steps if step in said], steps, said)
        self.assertEqual(sorted(steps, key=said.index), steps)
        hashes = re.findall(r'([0-9a-f]{64})\s+' + re.escape(WINDOWS) + r'/(\S+)', said)
        self.assertEqual({path: digest for digest, path in hashes},
                         {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}, said)

    def test_vhdx(self):
        self.assert_boots('vhdx', 'vhdx')

    def test_fixed_vhd(self):
        self.assert_boots('vhd', 'vpc')


def main():
    global firmware_disk
    firmware_disk = Path(sys.argv[1])
    skip_unless('/usr/bin/qemu-system-x86_64', OVMF_CODE, OVMF_VARIABLES, SYSTEMD_BOOT, GRUB_MODULES,
                '/usr/bin/grub-mkstandalone', firmware_disk)
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)


if __name__ == '__main__':
    main()
