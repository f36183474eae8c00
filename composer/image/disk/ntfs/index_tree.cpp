#include "image/disk/ntfs/index_tree.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "formats/ntfs.hpp"
#include "image/disk/ntfs/fields.hpp"

namespace winnow::ntfs {

namespace {

constexpr std::size_t kChildSize = 8;  // the VCN behind an entry that has a child
constexpr std::size_t kFirstEntryInBlock = 0x40;
constexpr std::size_t kBlockCapacity = kIndexBlockSize - kFirstEntryInBlock;

// One level of the tree while it is built: entries that are not in a block yet, and the blocks between them.
struct Level {
  std::vector<std::uint32_t> entries;
  std::vector<std::uint32_t> children;  // none, or entries.size() + 1
};

class TreeBuilder {
 public:
  TreeBuilder(std::span<const std::uint16_t> lengths, std::size_t root_capacity)
      : lengths_(lengths), root_capacity_(root_capacity) {}

  IndexTree build() {
    Level level;
    level.entries.resize(lengths_.size());
    std::iota(level.entries.begin(), level.entries.end(), 0u);
    while (size_of(level, 0, level.entries.size()) > root_capacity_) level = fill_blocks(level);
    tree_.root = {std::move(level.entries), std::move(level.children)};
    return std::move(tree_);
  }

 private:
  [[nodiscard]] std::size_t size_of(const Level& level, std::size_t first, std::size_t count) const {
    const std::size_t child = level.children.empty() ? 0 : kChildSize;
    std::size_t size = index_entry::kKey + child;  // the end entry
    for (std::size_t i = first; i < first + count; ++i) size += lengths_[level.entries[i]] + child;
    return size;
  }

  // How many entries from `first` on fit into one block.
  [[nodiscard]] std::size_t fitting(const Level& level, std::size_t first) const {
    const std::size_t child = level.children.empty() ? 0 : kChildSize;
    std::size_t size = index_entry::kKey + child;
    std::size_t count = 0;
    while (first + count < level.entries.size()) {
      size += lengths_[level.entries[first + count]] + child;
      if (size > kBlockCapacity) break;
      ++count;
    }
    return count;
  }

  // Cuts the level into blocks; the entry between two blocks goes up.
  Level fill_blocks(const Level& level) {
    Level above;
    std::size_t first = 0;
    for (;;) {
      const std::size_t rest = level.entries.size() - first;
      std::size_t count = fitting(level, first);
      const bool is_last = count == rest;
      if (!is_last && rest - count == 1) --count;  // or the last block would be left without an entry
      add_block(level, first, count);
      above.children.push_back(static_cast<std::uint32_t>(tree_.blocks.size() - 1));
      if (is_last) return above;
      above.entries.push_back(level.entries[first + count]);
      first += count + 1;
    }
  }

  void add_block(const Level& level, std::size_t first, std::size_t count) {
    const auto at = [](const std::vector<std::uint32_t>& from, std::size_t index) {
      return from.begin() + static_cast<std::ptrdiff_t>(index);
    };
    IndexNode node;
    node.entries.assign(at(level.entries, first), at(level.entries, first + count));
    if (!level.children.empty()) {
      node.children.assign(at(level.children, first), at(level.children, first + count + 1));
    }
    tree_.blocks.push_back(std::move(node));
  }

  std::span<const std::uint16_t> lengths_;
  std::size_t root_capacity_;
  IndexTree tree_;
};

// The node's entries from `out` on, and the end entry.
void write_entries(const IndexNode& node, std::span<const std::uint16_t> lengths, const EntryWriter& write,
                   std::span<std::uint8_t> out) {
  const std::size_t child = node.children.empty() ? 0 : kChildSize;
  std::size_t at = 0;
  const auto close = [&](std::size_t rank, std::size_t length, std::uint16_t flags) {
    const std::uint16_t child_flag = child == 0 ? 0 : index_entry::kHasChild;
    put_le<std::uint16_t>(out, at + index_entry::kLength, static_cast<std::uint16_t>(length));
    put_le<std::uint16_t>(out, at + index_entry::kFlags, static_cast<std::uint16_t>(flags | child_flag));
    if (child != 0) put_le<std::uint64_t>(out, at + length - kChildSize, node.children[rank]);
    at += length;
  };
  for (std::size_t i = 0; i < node.entries.size(); ++i) {
    const std::size_t length = lengths[node.entries[i]];
    write(node.entries[i], out.subspan(at, length));
    close(i, length + child, 0);
  }
  close(node.entries.size(), index_entry::kKey + child, index_entry::kLast);
}

void write_index_header(std::span<std::uint8_t> out, std::size_t first_entry, std::size_t entries,
                        std::size_t allocated, bool has_children) {
  put_le<std::uint32_t>(out, index_header::kFirstEntry, static_cast<std::uint32_t>(first_entry));
  put_le<std::uint32_t>(out, index_header::kBytesInUse, static_cast<std::uint32_t>(first_entry + entries));
  put_le<std::uint32_t>(out, index_header::kAllocated, static_cast<std::uint32_t>(allocated));
  out[index_header::kFlags] = has_children ? 1 : 0;
}

}  // namespace

IndexTree build_index_tree(std::span<const std::uint16_t> lengths, std::size_t root_capacity) {
  return TreeBuilder(lengths, root_capacity).build();
}

std::size_t entries_size(const IndexNode& node, std::span<const std::uint16_t> lengths) {
  const std::size_t child = node.children.empty() ? 0 : kChildSize;
  std::size_t size = index_entry::kKey + child;
  for (const std::uint32_t entry : node.entries) size += lengths[entry] + child;
  return size;
}

Bytes index_root_value(const IndexTree& tree, std::span<const std::uint16_t> lengths, std::uint32_t attribute_type,
                       std::uint32_t collation, const EntryWriter& write) {
  const std::size_t entries = entries_size(tree.root, lengths);
  Bytes value(index_root::kHeader + index_header::kSize + entries);
  put_le<std::uint32_t>(value, index_root::kAttributeType, attribute_type);
  put_le<std::uint32_t>(value, index_root::kCollation, collation);
  put_le<std::uint32_t>(value, index_root::kBlockSize, kIndexBlockSize);
  value[index_root::kClustersPerBlock] = kIndexBlockSize / kClusterSize;
  const std::span<std::uint8_t> header = std::span(value).subspan(index_root::kHeader);
  write_index_header(header, index_header::kSize, entries, index_header::kSize + entries, !tree.blocks.empty());
  write_entries(tree.root, lengths, write, header.subspan(index_header::kSize));
  return value;
}

Bytes index_bitmap(const IndexTree& tree) {
  Bytes bits(round_up((tree.blocks.size() + 7) / 8, 8));
  for (std::size_t i = 0; i < tree.blocks.size(); ++i) bits[i / 8] |= static_cast<std::uint8_t>(1u << i % 8);
  return bits;
}

void write_index_block(const IndexTree& tree, std::uint32_t block, std::span<const std::uint16_t> lengths,
                       const EntryWriter& write, std::span<std::uint8_t> out) {
  const IndexNode& node = tree.blocks[block];
  std::fill(out.begin(), out.end(), std::uint8_t{0});
  put_text(out, 0, index_block::kMagic);
  put_le<std::uint64_t>(out, index_block::kVcn, block);
  write_index_header(out.subspan(index_block::kHeader), kFirstEntryInBlock - index_block::kHeader,
                     entries_size(node, lengths), kIndexBlockSize - index_block::kHeader, !node.children.empty());
  write_entries(node, lengths, write, out.subspan(kFirstEntryInBlock));
  apply_update_sequence(out, index_block::kUpdateArray);
}

}  // namespace winnow::ntfs
