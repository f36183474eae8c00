// How one inode lies in its records: which attributes, which of them resident, which in an extension record. A pure
// function of the inode and its names, so that the layout and the writing of the record cannot disagree.
#pragma once

#include <vector>

#include "image/disk/ntfs/index_tree.hpp"
#include "image/disk/ntfs/volume_plan.hpp"

namespace winnow::ntfs {

struct InodeShape {
  std::vector<AttributeShape> attributes;  // by type, then name; the attribute list included
  std::uint32_t records = 1;
  std::vector<std::uint16_t> entry_lengths;  // of a directory's index, in its order
  IndexTree index;
};

// Precondition: `plan.names` and `plan.children` are filled in.
void describe_inode(const VolumePlan& plan, std::uint32_t inode, InodeShape& shape);

// Bytes of all extended attributes as $EA holds them, and as $EA_INFORMATION counts them packed.
[[nodiscard]] std::uint64_t ea_size(const Inode& inode);
[[nodiscard]] std::uint64_t packed_ea_size(const Inode& inode);

}  // namespace winnow::ntfs
