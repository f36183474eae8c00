// What a tree must be for an NTFS volume to hold it, and for Windows to open what is in it.
#pragma once

#include "base/result.hpp"
#include "image/disk/ntfs/ntfs_volume.hpp"

namespace winnow::ntfs {

inline constexpr std::size_t kMaxLinks = 1024;          // names of one file (CreateHardLink's limit)
inline constexpr std::size_t kMaxEaBytes = 65535;       // $EA, and the count of $EA_INFORMATION
inline constexpr std::size_t kMaxReparseBytes = 16384;  // with its header
inline constexpr std::size_t kMaxLabelUnits = 32;
inline constexpr std::size_t kMaxDescriptorBytes = 65536;  // the limit of Windows' own ACL size field and then some
inline constexpr std::uint32_t kMaxNodes = 0x3FFFFFFF;     // inodes, names: what the plan's indexes can count

// Every fault of the tree, each with the path it is at.
[[nodiscard]] Result<void> check_tree(const VolumeTree& tree, const NtfsOptions& options);

}  // namespace winnow::ntfs
