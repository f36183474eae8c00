// The map of a disk over hostile bytes, in one call: for the fuzzer and for the replay of its corpus. Inputs are those
// of the ntfs target: edits to a sound volume, or "RAW" and a whole disk. Whatever they are, the map adds up or there
// is one error.
#pragma once

#include <filesystem>

#include "base/file_system.hpp"
#include "fuzz/ntfs/ntfs_target.hpp"
#include "size_analyzer/disk_map.hpp"

namespace winnow::testing {

// False: the disk was refused.
inline bool map_bytes(ByteView disk) {
  static const TemporaryDirectory folder = TemporaryDirectory::create("winnow-disk-map-fuzz").value();
  const std::filesystem::path path = folder.path() / "disk";
  if (!write_file(path, disk)) return false;
  const auto map = map_disk(path);
  if (map && map->total.allocated != disk.size()) std::abort();
  if (!map && map.error().faults().size() != 1) std::abort();
  return map.has_value();
}

inline Bytes edited_volume(ByteView input) {
  constexpr std::size_t kHeader = 4;
  Bytes volume = fuzzed_volume();
  while (input.size() >= kHeader) {
    const std::size_t offset = *read_le<std::uint32_t>(input, 0) & 0xFFFFFF;
    const std::size_t count = std::min<std::size_t>(input[3], input.size() - kHeader);
    for (std::size_t i = 0; i < count && offset + i < volume.size(); ++i) volume[offset + i] = input[kHeader + i];
    input = input.subspan(kHeader + count);
  }
  return volume;
}

inline bool map_edited(ByteView input) {
  if (as_text(input).starts_with("RAW")) return map_bytes(input.subspan(3));
  return map_bytes(edited_volume(input));
}

}  // namespace winnow::testing
