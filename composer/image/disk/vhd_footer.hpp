// The footer of VHD files, and the checksum that their structures share.
#pragma once

#include <cstdint>
#include <span>

#include "base/bytes.hpp"
#include "image/disk/disk_writer.hpp"

namespace winnow {

// `type` and `data_offset` as in formats/vhd.hpp.
[[nodiscard]] Bytes vhd_footer(ByteCount disk_size, std::uint32_t type, std::uint64_t data_offset,
                               const DiskWriterOptions& options);
// Ones' complement of the sum of the bytes. Precondition: the checksum field is 0.
[[nodiscard]] std::uint32_t vhd_checksum(ByteView structure);

}  // namespace winnow
