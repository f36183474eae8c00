// The shape of an NTFS index as a bulk-loaded B tree: which entry lies in which node. Its entries are known and sorted
// before the first is written, so every block but the last of a level is filled to the brim.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/bytes.hpp"

namespace winnow::ntfs {

struct IndexNode {
  std::vector<std::uint32_t> entries;   // by rank in the sorted order
  std::vector<std::uint32_t> children;  // blocks; none in a leaf, else one more than entries
};

struct IndexTree {
  IndexNode root;
  std::vector<IndexNode> blocks;  // block n is at VCN n
};

// `lengths`: of the entries in order, as in a leaf (multiples of 8; at most kMaxEntryLength). `root_capacity`: bytes
// the root may use for entries, its end entry included (at least kMinRootCapacity). When all entries fit there is no
// block.
inline constexpr std::size_t kMaxEntryLength = 640;
inline constexpr std::size_t kMinRootCapacity = 24;
[[nodiscard]] IndexTree build_index_tree(std::span<const std::uint16_t> lengths, std::size_t root_capacity);

// Writes entry `rank` as it lies in a leaf (flags 0, its full length) at `out`.
using EntryWriter = std::function<void(std::uint32_t rank, std::span<std::uint8_t> out)>;

// Bytes of a node's entries, the end entry included.
[[nodiscard]] std::size_t entries_size(const IndexNode& node, std::span<const std::uint16_t> lengths);
// $INDEX_ROOT's value.
[[nodiscard]] Bytes index_root_value(const IndexTree& tree, std::span<const std::uint16_t> lengths,
                                     std::uint32_t attribute_type, std::uint32_t collation, const EntryWriter& write);
// The index's $BITMAP: all blocks in use, whole 8 bytes.
[[nodiscard]] Bytes index_bitmap(const IndexTree& tree);
// One index block (4096 bytes), its update sequence applied.
void write_index_block(const IndexTree& tree, std::uint32_t block, std::span<const std::uint16_t> lengths,
                       const EntryWriter& write, std::span<std::uint8_t> out);

}  // namespace winnow::ntfs
