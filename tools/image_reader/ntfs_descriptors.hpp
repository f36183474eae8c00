// The security descriptors of an NTFS volume by the number that files name them by, read from $Secure's own stream.
// libfsntfs 20200921 finds them through an index that it cannot descend: on a volume with more than a handful of
// descriptors, as every Windows has, it goes round in circles.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "image_reader/fsntfs_handles.hpp"

namespace winnow {

inline constexpr ByteCount kMaxDescriptorStream = ByteCount{256} << 20;

using NtfsDescriptors = std::map<std::uint32_t, Bytes>;

// Empty when the volume has no such stream.
[[nodiscard]] Result<NtfsDescriptors> read_ntfs_descriptors(const FsntfsVolume& volume);
// The number of a file's descriptor; nothing when it has one of its own, or none.
[[nodiscard]] std::optional<std::uint32_t> descriptor_number(libfsntfs_file_entry_t* entry);

}  // namespace winnow
