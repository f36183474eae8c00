"""C++ and Python source as check_layers.py looks at it: the includes, and the lines that each function covers.

C++ is read as clang-format leaves it (the test suite checks the format first): the brace that ends a function stands first
in its line, as far in as the line where the function's declaration starts.
"""

import ast
import re
from dataclasses import dataclass

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)
# What holds no code: comments, raw strings, strings, characters (a quote after a digit separates digits).
BLANKED = re.compile(r'//[^\n]*|/\*.*?\*/|R"([^(\s"\\]{0,16})\(.*?\)\1"|"(?:\\.|[^"\\\n])*"'
                     r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'", re.DOTALL)
DIRECTIVE = re.compile(r'^[ \t]*#(?:[^\n]*\\\n)*[^\n]*', re.MULTILINE)
SCOPE = re.compile(r'\s*(?:typedef |static |constexpr |const )*(?:inline )?(?:namespace|class|struct|union|enum|extern)\b')
# Ends of a head that make what follows data, not a body.
DATA = re.compile(r'[=,({]\s*$|\breturn\s*$')


@dataclass(frozen=True)
class Include:
    line: int
    header: str
    quoted: bool


@dataclass(frozen=True)
class Function:
    name: str
    first_line: int
    last_line: int

    @property
    def lines(self):
        return self.last_line - self.first_line + 1


def includes(text):
    """Every #include of C++ text, in order."""
    return [Include(text.count('\n', 0, match.start(1)) + 1, match.group(2), match.group(1) == '"')
            for match in INCLUDE.finditer(text)]


def _blank(match):
    return re.sub(r'[^\n]', ' ', match.group())


def code_lines(text):
    """The lines of C++ text with comments, literals and preprocessor lines made blank."""
    return DIRECTIVE.sub(_blank, BLANKED.sub(_blank, text)).split('\n')


def _indent(line):
    return len(line) - len(line.lstrip())


def _blocks(lines):
    """(line, column) of '{' and line of '}', from 0, of every block whose '}' stands first in its line."""
    open_braces = []
    for number, line in enumerate(lines):
        for match in re.finditer(r'[{}]', line):
            if match.group() == '{':
                open_braces.append((number, match.start()))
            elif open_braces:
                opened = open_braces.pop()
                if not line[:match.start()].strip():
                    yield opened, number


def _function(lines, opened, closing_line):
    """The function whose body is this block, or None when it is a scope, data or a statement without parentheses."""
    opening_line, column = opened
    indent = _indent(lines[closing_line])
    first = opening_line
    while first > 0 and (not lines[first].strip() or _indent(lines[first]) > indent):
        first -= 1
    head = '\n'.join(lines[first:opening_line] + [lines[opening_line][:column]])
    if '(' not in head or SCOPE.match(head) or DATA.search(head):
        return None
    name = re.search(r'((?:~?\w+::)*(?:operator[^\s\w(]+|~?\w+))\(', head)
    return Function(name.group(1) if name else '?', first + 1, closing_line + 1)


def cpp_functions(text):
    """Functions of C++ text with a body of several lines, in order; a lambda counts with the function it is in."""
    lines = code_lines(text)
    candidates = [_function(lines, opened, closing_line) for opened, closing_line in _blocks(lines)]
    functions = []
    for function in sorted(filter(None, candidates), key=lambda each: (each.first_line, -each.last_line)):
        if not functions or function.first_line > functions[-1].last_line:
            functions.append(function)
    return functions


NAMESPACE = re.compile(r'\s*(?:inline )?namespace((?:\s+[\w:]+)?)\s*$|\s*extern\s*$')
TYPE = re.compile(r'(?:^|[>\s])(?:class|struct|union|enum(?:\s+class|\s+struct)?)(?:\s*\[\[[^\]]*\]\]|\s+alignas\([^)]*\))*\s+(\w+)'
                  r'(?:\s+final)?\s*(?::[^:].*)?$', re.DOTALL)


def cpp_types(text):
    """(qualified name, line) of every type that C++ text defines in a namespace for all programs to see: none in an unnamed
    namespace, in a function or in another type; no specialisation of a template."""
    code = '\n'.join(code_lines(text))
    scopes = []  # name of a namespace, or None for what hides its types
    types = []
    start = 0
    for match in re.finditer(r'[{};]', code):
        head = code[start:match.start()]
        start = match.end()
        if match.group() == '}':
            if scopes:
                scopes.pop()
            continue
        if match.group() == ';':
            continue
        namespace = NAMESPACE.match(head)
        if namespace:
            name = (namespace.group(1) or '').strip()
            scopes.append(name if name or 'extern' in head else None)
            continue
        found = TYPE.search(head)
        if found and None not in scopes:
            line = code.count('\n', 0, start - len(head) - 1 + found.start(1)) + 1
            types.append(('::'.join(filter(None, [*scopes, found.group(1)])), line))
        scopes.append(None)
    return types


def python_functions(text):
    return [Function(node.name, node.lineno, node.end_lineno)
            for node in ast.walk(ast.parse(text)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
