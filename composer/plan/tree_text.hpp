// The plan as text, one line an entry: what `winnow plan` prints and golden tests compare. Sorted, tabs between fields:
//   d <path> attr=10 sd=0 owner=winnow
//   f <path> attr=20 sd=1 size=123 sha256=<hex> owner=Wine-ntdll.dll
//   k <hive>\<key> owner=…            v <hive>\<key>\<value> type=1 data=<hex> owner=…
#pragma once

#include <string>

#include "plan/image_plan.hpp"

namespace winnow {

[[nodiscard]] std::string print_file_tree(const ImagePlan& plan);
[[nodiscard]] std::string print_registry(const ImagePlan& plan);
// Header lines (name, os.version, command, time, descriptors), the file tree, the registry.
[[nodiscard]] std::string print_plan(const ImagePlan& plan);

}  // namespace winnow
