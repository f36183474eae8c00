#include "image/hive/hive_name.hpp"

#include <algorithm>
#include <string>

#include "base/utf16.hpp"

namespace winnow {

std::optional<HiveName> make_hive_name(std::string_view name) {
  const auto units = to_utf16(name);
  if (!units) return std::nullopt;
  HiveName result;
  result.units = units->size();
  result.compressed = std::all_of(units->begin(), units->end(), [](char16_t unit) { return unit <= 0xFF; });
  ByteWriter out(result.stored);
  for (const char16_t unit : *units) {
    if (result.compressed) {
      out.u8(static_cast<std::uint8_t>(unit));
    } else {
      out.le16(unit);
    }
  }
  return result;
}

std::uint32_t name_hash(std::u16string_view upper_name) {
  std::uint32_t hash = 0;
  for (const char16_t unit : upper_name) hash = hash * 37 + unit;
  return hash;
}

}  // namespace winnow
