// Volume trees made up from a number: every feature of VolumeTree, sizes around every limit of residency, names of
// every kind. The same recipe gives the same tree.
#pragma once

#include <cstdint>

#include "image/disk/volume_tree.hpp"

namespace winnow::ntfs::testing {

struct TreeRecipe {
  std::uint64_t seed = 0;
  std::uint32_t entries = 0;  // names below the root, hard links not counted
};

[[nodiscard]] VolumeTree make_tree(const TreeRecipe& recipe);

// A self-relative descriptor: owner and group S-1-5-21-…-`owner`, and `entries` entries that allow something.
[[nodiscard]] Bytes make_descriptor(std::uint32_t owner, std::uint32_t entries);

}  // namespace winnow::ntfs::testing
