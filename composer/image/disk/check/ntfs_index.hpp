// Walks an index of an NTFS file ($I30 of a directory, $SII, $SDH, $O, $Q, $R) as the B+ tree it is: nodes, blocks,
// children, order and the $BITMAP of its blocks.
#pragma once

#include <functional>
#include <string>

#include "image/disk/check/ntfs_file.hpp"

namespace winnow::check {

inline constexpr std::size_t kMaxIndexDepth = 32;

struct IndexEntry {
  std::uint64_t reference = 0;  // $I30
  ByteView key;
  ByteView data;  // view indexes
};

struct IndexRules {
  std::uint32_t attribute_type = 0;  // what $INDEX_ROOT must say
  std::uint32_t collation = 0;
  // <0, 0, >0; both keys were let through by `is_key`.
  std::function<int(ByteView, ByteView)> compare;
  // Is this long enough for a key, and whole?
  std::function<bool(ByteView)> is_key;
  // How a key is called in a message.
  std::function<std::string(ByteView)> print;
};

// Calls `visit` for every entry in order. False when there is no such index.
bool walk_index(const NtfsVolume& volume, const NtfsFile& file, std::u16string_view name, const IndexRules& rules,
                const std::function<void(const IndexEntry&)>& visit, const RecordReport& report);

}  // namespace winnow::check
