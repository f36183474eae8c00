"""An app for the media, and which of their modules it cannot do without (servicing.md 12), computed from what the modules were
made of: imports, forwarders of the functions in use, API sets as the importing module sees them."""

from windows_media.core_windows import API_SETS, LIBRARIES, exports_of
from windows_media.pe_image import build_pe

NAME = 'hello.exe'
IMPORTS = {'kernel32.dll': ['WriteFile', 'LoadLibraryW', 'GetConsoleWindow'], 'ws2_32.dll': ['socket'],
           'api-ms-win-core-synch-l1-2-0.dll': ['Sleep'], 'api-ms-win-crt-stdio-l1-1-0.dll': ['puts']}


def build_app():
    return build_pe(NAME, IMPORTS)


def host_of(module, importer):
    """The module that stands for a name; "" for a set that nobody hosts."""
    name = module.lower().removesuffix('.dll')
    if not name.startswith(('api-', 'ext-')):
        return module.lower() if '.' in module else f'{name}.dll'
    hosts = next(rows for set_name, rows in API_SETS.items() if set_name.rsplit('-', 1)[0] == name.rsplit('-', 1)[0])
    return dict(hosts).get(importer) or dict(hosts).get('', '')


def needed_modules(imports=None, importer=NAME):
    """Names of modules, sorted."""
    needed = set()
    queue = [(module, function, importer) for module, functions in (imports or IMPORTS).items() for function in functions]
    seen = set()
    while queue:
        want = queue.pop()
        if want in seen:
            continue
        seen.add(want)
        module, function, by = want
        host = host_of(module, by)
        if not host:
            continue
        exports, host_imports, _ = LIBRARIES[host]
        if host not in needed:
            needed.add(host)
            queue += [(other, name, host) for other, names in host_imports.items() for name in names]
        there = exports_of(exports).get(function, '')
        if there:
            set_name, _, name = there.rpartition('.')
            queue.append((set_name, name, host))
    return sorted(needed)


def owners(sets, modules):
    """Module to the key form of the component that brings it; of several versions the first that was made."""
    found = {}
    for media_set in sets:
        for component in media_set.components:
            for file in component.files:
                if file.name in modules and component.identity.architecture == 'amd64':
                    found.setdefault(file.name, component.identity.key_form)
    return found
