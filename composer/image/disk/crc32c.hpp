// CRC-32C (Castagnoli), the checksum of VHDX: reflected polynomial 0x82F63B78, all ones before and after.
#pragma once

#include <cstdint>

#include "base/bytes.hpp"

namespace winnow {

[[nodiscard]] std::uint32_t crc32c(ByteView bytes);

}  // namespace winnow
