// The header of a cabinet file ("Microsoft Cabinet Format", MS-CAB 2.1), as far as winnow looks at it itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace winnow::cabinet {

inline constexpr std::string_view kMagic = "MSCF";
inline constexpr std::size_t kSizeAt = 8;      // u32: of header, folders, files and data; a signature may follow
inline constexpr std::size_t kVersionAt = 24;  // u8 minor, u8 major
inline constexpr std::uint16_t kVersion = 0x0103;
inline constexpr std::size_t kFlagsAt = 30;       // u16
inline constexpr std::uint16_t kHasPrevious = 1;  // files go on from or into another cabinet of a set
inline constexpr std::uint16_t kHasNext = 2;
inline constexpr std::size_t kHeaderSize = 36;

}  // namespace winnow::cabinet
