// How a FAT32 volume of some size is divided: reserved sectors, two FATs, clusters.
#pragma once

#include <functional>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "formats/fat32.hpp"

namespace winnow::fat32 {

struct Geometry {
  ByteCount cluster_size = 0;
  std::uint64_t reserved_sectors = 0;
  std::uint64_t fat_sectors = 0;  // of one FAT
  std::uint64_t clusters = 0;
  std::uint64_t total_sectors = 0;

  [[nodiscard]] ByteCount fat_offset(unsigned fat) const {
    return (reserved_sectors + fat * fat_sectors) * kSectorSize;
  }
  [[nodiscard]] ByteCount data_offset() const { return fat_offset(kFatCount); }
  [[nodiscard]] ByteCount cluster_offset(std::uint32_t cluster) const {
    return data_offset() + (cluster - kFirstCluster) * cluster_size;
  }
};

// Of a volume of `size` bytes, with the cluster size that Windows would choose, or less where that makes too few
// clusters for FAT32. Error: "cannot make a FAT32 volume of …".
[[nodiscard]] Result<Geometry> geometry_of_size(ByteCount size);

// Of the smallest volume with whole `alignment` bytes that has room. `clusters_needed` tells how many clusters of a
// size must be there.
[[nodiscard]] Result<Geometry> smallest_geometry(const std::function<std::uint64_t(ByteCount)>& clusters_needed,
                                                 ByteCount alignment);

}  // namespace winnow::fat32
