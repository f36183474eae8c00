// The plan as text, one line an entry: what `winnow plan` prints and golden tests compare. Sorted, tabs between fields:
//   d <path> attr=10 sd=0 owner=winnow
//   f <path> attr=20 sd=1 size=123 sha256=<hex> owner=Wine-ntdll.dll
//   k <hive>\<key> owner=…            v <hive>\<key>\<value> type=1 data=<hex> owner=…
//   b <element> <file> <attribute>=<value> owner=…      (what is left to the first boot)
// A key that has a descriptor of its own names it: sd=k0.
#pragma once

#include <map>
#include <string>

#include "plan/image_plan.hpp"

namespace winnow {

[[nodiscard]] std::string print_file_tree(const ImagePlan& plan);
[[nodiscard]] std::string print_registry(const ImagePlan& plan);
// Header lines (name, os.version, command, time, descriptors), the file tree, the registry, the first boot's work.
[[nodiscard]] std::string print_plan(const ImagePlan& plan);

// What few files of an image have beyond the plan's words.
struct TreeTextExtra {
  std::string fields;  // behind the line's own, each with a tab before it
  std::string lines;   // after the line
};
using TreeTextExtras = std::map<WindowsPath, TreeTextExtra>;

// print_plan() as far as a finished image can tell it, whatever its format: registry items have no owners, descriptors
// are numbered by first use, a file's time stands behind it where it is not the image's, and every hive of an image is
// there. `winnow plan --tree` prints it of a plan, `winnow inspect` of an image: the two are equal. An owner without a
// name is left out.
[[nodiscard]] std::string print_image_tree(const ImagePlan& plan, const TreeTextExtras& extras = {});

}  // namespace winnow
