#!/usr/bin/env python3
"""Tests check_layers.py on small trees that break one rule each."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True  # the source tree stays as it is
import check_layers
import source_text

README = '''# architecture

| module | may include | wraps (no other module includes it) |
|---|---|---|
| base | - | spdlog, OpenSSL, tl-expected |
| manifest | base | TinyXML-2 |
| plan | all of the above | - |
| tools/reader | base plan | libarchive (read), hivex |

More text.
'''
CMAKE = '''winnow_module(base ${root}/base ${root} LIBS OpenSSL::Crypto)
winnow_module(manifest ${root}/manifest ${root} DEPENDS base LIBS PkgConfig::TINYXML2)
winnow_module(plan ${root}/plan ${root} DEPENDS base manifest)
'''
TOOLS_CMAKE = '''winnow_module(reader ${root}/reader ${root} DEPENDS base plan
              LIBS PkgConfig::HIVEX)
'''
HEADER = '// What a plan is.\n#pragma once\n'


def faults(changes):
    """What check_layers finds in a good tree after `changes` ({path: text}), as lines."""
    tree = {'composer/README.md': README, 'composer/CMakeLists.txt': CMAKE, 'tools/CMakeLists.txt': TOOLS_CMAKE,
            'composer/base/result.hpp': HEADER + '#include <sys/stat.h>\n#include <tl/expected.hpp>\n#include <vector>\n',
            'composer/plan/plan.hpp': HEADER + '#include "base/result.hpp"\n#include "manifest/name.hpp"\n',
            'tools/reader/reader.cpp': '#include <archive.h>\n#include "plan/plan.hpp"\n', **changes}
    with tempfile.TemporaryDirectory() as root:
        for path, text in tree.items():
            file = Path(root, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding='utf-8')
        return [f'{path}:{line}: {message}' for path, line, message in check_layers.Checker(root).run()]


class Layers(unittest.TestCase):
    maxDiff = None

    def test_a_good_tree_has_no_fault(self):
        self.assertEqual(faults({}), [])

    def test_a_step_does_not_include_a_later_step(self):
        self.assertEqual(faults({'composer/manifest/name.cpp': '#include <string>\n#include "plan/plan.hpp"\n'}),
                         ['composer/manifest/name.cpp:2: module manifest may not include module plan'])

    def test_two_types_of_one_name(self):
        first = HEADER + 'namespace winnow {\n\nstruct Key {\n  int a = 0;\n};\n\n}  // namespace winnow\n'
        message = 'winnow::Key is also the name of a type in composer/base/key.hpp:5: rename one, or put it into an unnamed namespace'
        for other in ('class Key final : public Base {\n};\n', 'template <class T>\nstruct Key {};\n',
                      'enum class Key : std::uint8_t { a };\n', 'class [[nodiscard]] Key {\n};\n'):
            text = 'namespace winnow {\nnamespace {\nint x = 0;\n}\n' + other + '}\n'
            line = 6 if other.startswith('template') else 5
            for path in ('composer/plan/key.cpp', 'tools/reader/key.hpp', 'tests/unit/plan/key_test.cpp'):
                opened = HEADER + text if path.endswith('.hpp') else text
                self.assertEqual(faults({'composer/base/key.hpp': first, path: opened}),
                                 [f'{path}:{line + (2 if path.endswith(".hpp") else 0)}: {message}'])

    def test_types_that_do_not_meet(self):
        first = HEADER + 'namespace winnow {\nstruct Key {\n  struct Part {};\n};\n}\n'
        others = ('namespace winnow {\nnamespace {\nstruct Key {};\n}\n}\n', 'namespace winnow::check {\nstruct Key {};\n}\n',
                  'namespace winnow {\nvoid f() {\n  struct Key {};\n}\n}\n', 'namespace winnow {\nstruct Key;\nclass Key* f();\n}\n',
                  'namespace winnow {\nstruct Lock {\n  struct Key {};\n};\n}\n', 'namespace winnow {\n// struct Key {\n}\n',
                  'namespace winnow {\nusing Key = int;\nstruct Key key{};\n}\n')
        for other in others:
            self.assertEqual(faults({'composer/base/key.hpp': first, 'composer/plan/key.cpp': other}), [], other)
        # Programs of different folders of tests are not linked together; those of one folder are.
        test = 'namespace winnow {\nstruct Fixture {};\n}\n'
        self.assertEqual(faults({'tests/unit/plan/a_test.cpp': test, 'tests/unit/base/a_test.cpp': test}), [])
        self.assertEqual(faults({'tests/unit/plan/a_test.cpp': test, 'tests/unit/plan/b_test.cpp': test}),
                         ['tests/unit/plan/b_test.cpp:2: winnow::Fixture is also the name of a type in '
                          'tests/unit/plan/a_test.cpp:2: rename one, or put it into an unnamed namespace'])

    def test_the_composer_does_not_include_a_tool(self):
        self.assertEqual(faults({'composer/plan/plan.cpp': '#include "reader/reader.hpp"\n'}),
                         ['composer/plan/plan.cpp:1: module plan may not include module reader'])

    def test_a_library_stays_in_the_module_that_wraps_it(self):
        self.assertEqual(faults({'composer/plan/plan.cpp': '// x\n#include <tinyxml2.h>\n#include <archive_entry.h>\n'}),
                         ['composer/plan/plan.cpp:2: tinyxml2.h is a header of TinyXML-2, which manifest wraps',
                          'composer/plan/plan.cpp:3: archive_entry.h is a header of libarchive, which tools/reader wraps'])

    def test_quotes_do_not_hide_a_library(self):
        self.assertEqual(faults({'composer/plan/plan.cpp': '#include "zlib.h"\n'}),
                         ['composer/plan/plan.cpp:1: zlib.h is a header of zlib, which no module wraps'])

    def test_a_library_nobody_named_is_a_fault(self):
        self.assertEqual(faults({'composer/plan/plan.cpp': '#include <boost/graph.hpp>\n'}),
                         ['composer/plan/plan.cpp:1: boost/graph.hpp is of no library that the module table names'])

    def test_includes_name_their_module(self):
        self.assertEqual(faults({'composer/plan/plan.cpp': '#include "plan.hpp"\n'}),
                         ['composer/plan/plan.cpp:1: plan.hpp is in no module; write "module/file.hpp"'])

    def test_a_module_without_a_row(self):
        self.assertEqual(faults({'composer/extra/extra.cpp': '\n'}),
                         ['composer/extra/extra.cpp:1: module extra has no row in composer/README.md'])


class Table(unittest.TestCase):
    def test_cmake_that_differs_from_the_table(self):
        cmake = CMAKE.replace('plan ${root}/plan ${root} DEPENDS base manifest', 'plan ${root}/plan ${root} DEPENDS base')
        cmake = cmake.replace('DEPENDS base LIBS', 'DEPENDS base plan LIBS') + 'winnow_module(image a b DEPENDS base)\n'
        self.assertEqual(faults({'composer/CMakeLists.txt': cmake}), [
            'composer/CMakeLists.txt:2: module manifest depends on plan, which its row in composer/README.md does not allow',
            'composer/CMakeLists.txt:3: module plan does not depend on manifest, which its row in composer/README.md names',
            'composer/CMakeLists.txt:4: module image has no row in composer/README.md'])

    def test_a_missing_table(self):
        self.assertEqual(faults({'composer/README.md': '# nothing\n'}), [
            'composer/README.md:1: cannot read the module table: no table starts with "| module | may include |"'])

    def test_a_row_that_names_no_module(self):
        self.assertEqual(faults({'composer/README.md': README.replace('| manifest | base |', '| manifest | bse |')}), [
            'composer/README.md:6: cannot read the module table: module manifest may include bse, which has no row'])

    def test_a_library_without_known_headers(self):
        self.assertEqual(faults({'composer/README.md': README.replace('hivex', 'hivex, libfoo')}),
                         ['composer/README.md:8: nobody knows the headers of library libfoo'])


class NamesAndSizes(unittest.TestCase):
    def test_names_that_say_nothing(self):
        self.assertEqual(faults({'composer/plan/string_utils.cpp': '\n'}), [
            'composer/plan/string_utils.cpp:1: the name says nothing: "utils"; name it after the noun it holds'])

    def test_files_have_at_most_600_lines(self):
        self.assertEqual(faults({'composer/plan/a.cpp': 'int a;\n' * 600}), [])
        self.assertEqual(faults({'composer/plan/a.cpp': 'int a;\n' * 601}),
                         ['composer/plan/a.cpp:601: the file has 601 lines, at most 600 are allowed'])

    def test_functions_have_at_most_60_lines(self):
        self.assertEqual(faults({'composer/plan/a.cpp': 'int f() {\n' + '  g();\n' * 58 + '}\n'}), [])
        self.assertEqual(faults({'composer/plan/a.cpp': '\nint N::f() {\n' + '  g();\n' * 59 + '}\n'}),
                         ['composer/plan/a.cpp:2: function N::f has 61 lines, at most 60 are allowed'])
        self.assertEqual(faults({'tests/end_to_end/a.py': 'def f():\n' + '  g()\n' * 60}),
                         ['tests/end_to_end/a.py:1: function f has 61 lines, at most 60 are allowed'])

    def test_a_header_says_what_it_gives(self):
        self.assertEqual(faults({'composer/plan/a.hpp': '#pragma once\n'}), [
            'composer/plan/a.hpp:1: a header starts with a comment that says what it gives, then #pragma once'])


CPP = r'''// void comment() {
namespace winnow {
namespace {

constexpr std::array<int, 2> kTable = {
    f(1),
};

template <class T>
  requires std::integral<T>
auto templated(T value) -> Result<T> {
  if (value) {
    return value;
  }
  return {};
}

}  // namespace

class Reader {
 public:
  Reader() : value_{1}, text_("}") {
    run();
  }
  [[nodiscard]] bool operator==(const Reader& other) const {
    return value_ == other.value_;
  }
  int one_line() const { return 1; }

 private:
  struct State {
    char brace = '{';
    int million = 1'000'000;
  };
};

Result<int> Reader::read(const std::string& a,
                         int b) const noexcept {
  const char* raw = R"x(
}
)x";
  auto lambda = [&](int c) {
    return c;
  };
  return lambda(b);
}

}  // namespace winnow
'''


class SourceText(unittest.TestCase):
    def test_functions_are_found_where_they_start_and_end(self):
        self.assertEqual([(function.name, function.first_line, function.last_line)
                          for function in source_text.cpp_functions(CPP)],
                         [('templated', 11, 16), ('Reader', 22, 24), ('operator==', 25, 27), ('Reader::read', 37, 46)])

    def test_includes_carry_their_lines(self):
        self.assertEqual(source_text.includes('\n#include <a>\n  # include "b/c.hpp"\n'),
                         [source_text.Include(2, 'a', False), source_text.Include(3, 'b/c.hpp', True)])


if __name__ == '__main__':
    unittest.main()
