// A registry hive as lines of text, read by hivex: "path" for every key, "path name = TYPE value" for every value.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace winnow::test {

// Keys and values in hivex' order, the root's own name first. Text values as they are, all others in hexadecimal.
// Throws std::runtime_error when hivex cannot read the hive.
[[nodiscard]] std::vector<std::string> hive_lines(ByteView hive);

}  // namespace winnow::test
