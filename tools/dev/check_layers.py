#!/usr/bin/env python3
"""Checks what keeps the code in its shape, and prints every fault as file:line: message.

  - an #include goes only where the module table of composer/README.md allows, and the CMake files state the same table
  - a third-party header appears only in the module that wraps its library
  - a function has at most 60 lines, a file at most 600
  - no two files that are linked together define types of one name: whose members a program then uses is left to the linker
  - no file is named after nothing (utils, helpers, common, manager, context)
  - a header's first lines say what it gives

  check_layers.py [ROOT]     exit code 0 when there is no fault, 1 when there is
"""

import re
import sys
from pathlib import Path

sys.dont_write_bytecode = True  # the source tree stays as it is
import module_table
import source_text

MAX_FUNCTION_LINES = 60
MAX_FILE_LINES = 600
TABLE = 'composer/README.md'
CMAKE_FILES = ('composer/CMakeLists.txt', 'tools/CMakeLists.txt')
LAYERED_FOLDERS = ('composer', 'tools')
MEASURED_FOLDERS = ('composer', 'tools', 'tests', 'packages')
EMPTY_NAMES = {'util', 'utils', 'helper', 'helpers', 'common', 'manager', 'context', 'misc'}
CPP_SUFFIXES = {'.cpp', '.hpp', '.c', '.h'}
MEASURED_SUFFIXES = CPP_SUFFIXES | {'.py', '.sh', '.cmake'}

# Library as the table spells it -> how its headers start.
LIBRARY_HEADERS = {
    'spdlog': ('spdlog/', 'fmt/'),
    'OpenSSL': ('openssl/',),
    'nlohmann-json': ('nlohmann/',),
    'tl-expected': ('tl/',),
    'TinyXML-2': ('tinyxml2.h',),
    'libarchive': ('archive.h', 'archive_entry.h'),
    'libdeflate': ('libdeflate.h',),
    'zlib': ('zlib.h', 'zconf.h'),
    'zstd': ('zstd.h', 'zstd_errors.h'),
    'hivex': ('hivex.h',),
    'wimlib': ('wimlib.h',),
    'libudfread': ('udfread/',),
    'libvhdi': ('libvhdi.h',),
    'libfsntfs': ('libfsntfs.h',),
    'libbfio': ('libbfio.h',),
    'SQLite': ('sqlite3.h',),
    'CLI11': ('CLI/',),
    'CaDiCaL': ('cadical.hpp',),
    'CBC': ('coin/',),
}
# Headers of C and of the operating system that any module may use.
POSIX_HEADERS = set(
    'assert complex ctype dirent dlfcn errno fcntl fenv float fnmatch ftw getopt glob grp iconv inttypes langinfo libgen '
    'limits locale math netdb poll pthread pwd regex sched semaphore setjmp signal spawn stdarg stdint stdio stdlib string '
    'strings syslog termios time unistd utime wchar wctype emmintrin immintrin x86intrin'.split())
SYSTEM_FOLDERS = ('sys/', 'linux/', 'netinet/', 'arpa/')


def is_system_header(header):
    return (re.fullmatch('[a-z_0-9]+', header) is not None or header.startswith(SYSTEM_FOLDERS)
            or header.endswith('.h') and header[:-2] in POSIX_HEADERS)



class Checker:
    def __init__(self, root):
        self.root = Path(root)
        self.faults = []
        self.types = {}  # (folder of the programs that have it, '' = all; qualified name) -> where it is defined

    def report(self, path, line, message):
        self.faults.append((str(path), line, message))

    def run(self):
        modules = self.load_table()
        for path in self.files(MEASURED_FOLDERS):
            self.check_name(path)
            if path.suffix in MEASURED_SUFFIXES:
                text = (self.root / path).read_text(encoding='utf-8')
                self.check_sizes(path, text)
                if path.suffix in {'.cpp', '.hpp'}:
                    self.check_types(path, text)
                if path.suffix == '.hpp':
                    self.check_opening(path, text)
                if path.parts[0] in LAYERED_FOLDERS and path.suffix in {'.cpp', '.hpp'}:
                    self.check_includes(path, text, modules)
        return sorted(set(self.faults))

    def files(self, folders):
        for folder in folders:
            for path in sorted((self.root / folder).rglob('*')):
                if path.is_file() and '__pycache__' not in path.parts:
                    yield path.relative_to(self.root)

    def load_table(self):
        """The table, after the CMake files were compared with it; empty when it cannot be read."""
        path = self.root / TABLE
        if not path.is_file():
            self.report(TABLE, 1, 'the file that holds the module table is not there')
            return {}
        try:
            modules = module_table.parse_table(path.read_text(encoding='utf-8'))
        except module_table.TableError as error:
            self.report(TABLE, error.line, f'cannot read the module table: {error}')
            return {}
        for module in modules.values():
            for library in module.wraps:
                if library not in LIBRARY_HEADERS:
                    self.report(TABLE, module.line, f'nobody knows the headers of library {library}')
        for file in CMAKE_FILES:
            self.compare_with_cmake(file, modules)
        return modules

    def compare_with_cmake(self, file, modules):
        path = self.root / file
        targets = module_table.cmake_modules(path.read_text(encoding='utf-8')) if path.is_file() else {}
        for name, (depends, line) in targets.items():
            if name not in modules:
                self.report(file, line, f'module {name} has no row in {TABLE}')
                continue
            allowed = modules[name].may_include
            for extra in sorted(depends - allowed):
                self.report(file, line, f'module {name} depends on {extra}, which its row in {TABLE} does not allow')
            for unused in sorted(allowed - depends):
                self.report(file, line, f'module {name} does not depend on {unused}, which its row in {TABLE} names')

    def check_name(self, path):
        for part in path.with_suffix('').parts:
            empty = EMPTY_NAMES.intersection(re.split(r'[_\-.]', part.lower()))
            if empty:
                self.report(path, 1, f'the name says nothing: "{empty.pop()}"; name it after the noun it holds')

    def check_sizes(self, path, text):
        lines = text.count('\n')
        if lines > MAX_FILE_LINES:
            self.report(path, lines, f'the file has {lines} lines, at most {MAX_FILE_LINES} are allowed')
        if path.suffix in CPP_SUFFIXES:
            functions = source_text.cpp_functions(text)
        elif path.suffix == '.py':
            functions = source_text.python_functions(text)
        else:
            functions = []
        for function in functions:
            if function.lines > MAX_FUNCTION_LINES:
                self.report(path, function.first_line, f'function {function.name} has {function.lines} lines, at most '
                            f'{MAX_FUNCTION_LINES} are allowed')

    def check_types(self, path, text):
        """What tests define meets the types of the program, those of tests/support and those of its own folder."""
        is_everywhere = path.parts[0] in LAYERED_FOLDERS or path.parts[:2] == ('tests', 'support')
        own = '' if is_everywhere else path.parent.as_posix()
        for name, line in source_text.cpp_types(text):
            other = self.types.get(('', name)) or self.types.get((own, name))
            if other is None:
                self.types[own, name] = path, line
            else:
                self.report(path, line, f'{name} is also the name of a type in {other[0]}:{other[1]}: rename one, or put it into '
                            'an unnamed namespace')

    def check_opening(self, path, text):
        if not re.match(r'//[^\n]*\n(?://[^\n]*\n)*#pragma once\n', text):
            self.report(path, 1, 'a header starts with a comment that says what it gives, then #pragma once')

    def check_includes(self, path, text, modules):
        if path.parts[1] not in modules:
            if modules and len(path.parts) > 2:
                self.report(path, 1, f'module {path.parts[1]} has no row in {TABLE}')
            return
        module = modules[path.parts[1]]
        for include in source_text.includes(text):
            self.check_include(path, include, module, modules)

    def check_include(self, path, include, module, modules):
        library = next((name for name, starts in LIBRARY_HEADERS.items() if include.header.startswith(starts)), None)
        target = include.header.partition('/')[0]
        if library is not None:
            if library not in module.wraps:
                wrapping = ', '.join(each.name for each in modules.values() if library in each.wraps) or 'no module'
                self.report(path, include.line, f'{include.header} is a header of {library}, which {wrapping} wraps')
        elif not include.quoted:
            if not is_system_header(include.header):
                self.report(path, include.line, f'{include.header} is of no library that the module table names')
        elif target not in modules:
            self.report(path, include.line, f'{include.header} is in no module; write "module/file.hpp"')
        elif target != module_table.short_name(module.name) and target not in module.may_include:
            self.report(path, include.line, f'module {module.name} may not include module {target}')


def main(arguments):
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parents[2]
    faults = Checker(root).run()
    for path, line, message in faults:
        print(f'{path}:{line}: {message}')
    if not faults:
        print('layers, names and sizes are as composer/README.md says')
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
