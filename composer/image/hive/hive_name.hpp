// The name of a key or value as a hive stores it: one byte a character where all fit, UTF-16 otherwise.
#pragma once

#include <optional>
#include <string_view>

#include "base/bytes.hpp"

namespace winnow {

struct HiveName {
  Bytes stored;
  bool compressed = true;
  std::size_t units = 0;  // UTF-16 units of the name
};

// Nothing when `name` is not UTF-8.
[[nodiscard]] std::optional<HiveName> make_hive_name(std::string_view name);
// lh's hash of an upper-cased name.
[[nodiscard]] std::uint32_t name_hash(std::u16string_view upper_name);

}  // namespace winnow
