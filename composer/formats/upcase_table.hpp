// $UpCase of an NTFS volume: the 65,536 upper-case units by which its names are compared. Windows since Vista and
// mkntfs (ntfs-3g 2022.10.3) write the same table, simple case mapping of Unicode 5.0 with exceptions; chkdsk has it
// built in. Expressed as rules; a test compares it with what mkntfs writes.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace winnow::ntfs {

inline constexpr std::size_t kUpcaseUnits = 0x10000;
using UpcaseTable = std::array<char16_t, kUpcaseUnits>;

[[nodiscard]] const UpcaseTable& upcase_table();
// The content of $UpCase: the table as 131,072 bytes, little-endian.
[[nodiscard]] Bytes upcase_bytes();
// `name` as $I30 compares it.
[[nodiscard]] std::u16string upcase_name(std::u16string_view name);

}  // namespace winnow::ntfs
