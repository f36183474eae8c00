"""The module table of composer/README.md, and the same facts as the CMake files state them.

A row reads `| module | may include | wraps |`: modules by name ("-" none, "all of the above", "everything"), then the
third-party libraries whose headers appear in no module that does not name them, separated by commas.
"""

import re
from dataclasses import dataclass

HEADING = re.compile(r'^\|\s*module\s*\|\s*may include\s*\|', re.IGNORECASE)
CALL = re.compile(r'^\s*winnow_module\(\s*(\w+)([^)]*)\)', re.MULTILINE)
KEYWORDS = {'DEPENDS', 'LIBS'}


@dataclass(frozen=True)
class Module:
    name: str  # "binary", "tools/image_reader"
    may_include: frozenset  # names of modules
    wraps: tuple  # libraries as the table spells them
    line: int


class TableError(Exception):
    """The table cannot be read; holds line and reason."""

    def __init__(self, line, reason):
        super().__init__(reason)
        self.line = line


def short_name(module):
    """tools/image_reader -> image_reader: what #include lines and CMake call it."""
    return module.rpartition('/')[2]


def _rows(text):
    lines = text.split('\n')
    start = next((number for number, line in enumerate(lines) if HEADING.match(line)), None)
    if start is None:
        raise TableError(1, 'no table starts with "| module | may include |"')
    for number in range(start + 2, len(lines)):  # after the |---| line
        if not lines[number].startswith('|'):
            return
        cells = [cell.strip().strip('`') for cell in lines[number].strip().strip('|').split('|')]
        if len(cells) != 3:
            raise TableError(number + 1, f'a row has {len(cells)} cells, not 3')
        yield number + 1, cells


def parse_table(text):
    """{short name: Module} in the order of the table."""
    rows = list(_rows(text))
    every_name = [short_name(cells[0]) for _, cells in rows]
    modules = {}
    for line, (name, includes, wraps) in rows:
        if short_name(name) in modules:
            raise TableError(line, f'module {name} has two rows')
        if includes == '-':
            allowed = []
        elif includes == 'all of the above':
            allowed = list(modules)
        elif includes == 'everything':
            allowed = [each for each in every_name if each != short_name(name)]
        else:
            allowed = [short_name(each) for each in includes.replace(',', ' ').replace('`', '').split()]
        unknown = sorted(set(allowed) - set(every_name))
        if unknown:
            raise TableError(line, f'module {name} may include {unknown[0]}, which has no row')
        libraries = tuple(each.strip() for each in re.split('[,/]', re.sub(r'\([^)]*\)', '', wraps)) if each.strip(' -'))
        modules[short_name(name)] = Module(name, frozenset(allowed), libraries, line)
    return modules


def cmake_modules(text):
    """{module: (DEPENDS as a set, line)} of every winnow_module() call."""
    found = {}
    for match in CALL.finditer(text):
        words = match.group(2).split()
        depends = []
        if 'DEPENDS' in words:
            for word in words[words.index('DEPENDS') + 1:]:
                if word in KEYWORDS:
                    break
                depends.append(word)
        found[match.group(1)] = (frozenset(depends), text.count('\n', 0, match.start(1)) + 1)
    return found
