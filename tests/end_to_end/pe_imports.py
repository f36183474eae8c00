"""What PE files import at load time, as binutils' objdump reads it: a judge that shares no code with winnow."""

import re
import subprocess

OBJDUMP = 'x86_64-w64-mingw32-objdump'


def imports(path):
    """Module names, lower case; API-set names (contracts, not modules) left out."""
    text = subprocess.run([OBJDUMP, '-p', path], capture_output=True, text=True, check=True).stdout
    names = {name.lower() for name in re.findall(r'^\s*DLL Name: (\S+)$', text, re.MULTILINE)}
    return {name for name in names if not name.startswith(('api-ms-', 'ext-ms-'))}


def load_time_closure(programs, modules):
    """Names of the `modules` ({lower-case name: path}) that load with the `programs` (paths), and with those, and so on."""
    found = set()
    waiting = set().union(*map(imports, programs))
    while waiting:
        name = waiting.pop()
        if name in modules and name not in found:
            found.add(name)
            waiting |= imports(modules[name])
    return found
