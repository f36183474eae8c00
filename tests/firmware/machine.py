"""A PC in QEMU without acceleration (a /dev/kvm that is there may still hang): what it says on its serial line, and how it ended."""

import os
import re
import select
import subprocess
import sys
import time
from dataclasses import dataclass

SKIPPED = 77  # what ctest counts as skipped
BOOT_SECONDS = 150  # a machine on a busy host; alone it takes two seconds with SeaBIOS and eleven with OVMF


def skip_unless(*paths):
    """Ends the program as skipped, or as failed when prerequisites are required, unless every path is there."""
    for path in paths:
        if not os.path.exists(path):
            print(f'skipped: {path} is not there (tools/dev/install_deps.sh and the build make it)')
            sys.exit(1 if os.environ.get('WINNOW_TEST_PREREQUISITES') == 'required' else SKIPPED)


@dataclass
class Ended:
    """How a machine ended: all it said, and QEMU's exit code (None: stopped because it had said enough, or too late)."""
    said: str
    code: int | None


def run_machine(disk, disk_format, *, firmware=(), until=None, press_enter_at=None, seconds=BOOT_SECONDS):
    """Boots `disk` until QEMU ends or what was said on the serial line matches `until`; presses Enter once, when it
    matches `press_enter_at`."""
    command = ['qemu-system-x86_64', '-machine', 'q35,accel=tcg,graphics=off', '-m', '512', '-display', 'none', '-nic', 'none',
               '-monitor', 'none', '-serial', 'stdio', '-no-reboot', '-device', 'isa-debug-exit,iobase=0xf4,iosize=1',
               '-drive', f'file={disk},format={disk_format},if=none,id=disk,snapshot=on',
               '-device', 'ide-hd,drive=disk,bus=ide.0', *firmware]
    machine = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = b''
    end = time.monotonic() + seconds
    try:
        while not (until and re.search(until.encode(), said)):
            ready, _, _ = select.select([machine.stdout], [], [], max(0.0, end - time.monotonic()))
            read = os.read(machine.stdout.fileno(), 65536) if ready else b''
            if not read:
                break
            said += read
            if press_enter_at and re.search(press_enter_at.encode(), said):
                os.write(machine.stdin.fileno(), b'\r')
                press_enter_at = None
        else:
            return Ended(said.decode('utf-8', 'replace'), None)
        if ready:
            return Ended(said.decode('utf-8', 'replace'), machine.wait(timeout=30))
        return Ended(said.decode('utf-8', 'replace') + f'\n[nothing more for {seconds} seconds]', None)
    finally:
        machine.kill()
        machine.wait()
        machine.stdin.close()
        machine.stdout.close()
