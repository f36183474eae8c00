// The tables of a Universe while they are vectors, and the layout of the file that holds them.
//
// Universe file, little-endian, all numbers as they are in memory so that it can be mapped:
//   0   "winnow-universe 1\n" and zeros up to 24
//   24  checksum of all that follows (64 bits), against damage
//   32  SHA-256 over the tables
//   64  8 x { offset, size in bytes } (64 bits each): nodes, needs, targets, conflicts, shared file ids, shared files,
//   text
//       ends, text bytes; each table begins at a multiple of 8
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "resolve/universe.hpp"

namespace winnow {

struct UniverseTables {
  std::vector<UniverseNode> nodes;
  std::vector<UniverseNeed> needs;
  std::vector<NodeId> targets;
  std::vector<UniverseConflict> conflicts;
  std::vector<std::uint32_t> shared_file_ids;
  std::vector<MeasuredBytes> shared_files;
  std::vector<std::uint32_t> text_ends;
  std::string text_bytes;
};

[[nodiscard]] Universe universe_of(std::shared_ptr<const UniverseTables> tables);

}  // namespace winnow
