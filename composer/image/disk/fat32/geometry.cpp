#include "image/disk/fat32/geometry.hpp"

#include <algorithm>
#include <string>

namespace winnow::fat32 {

namespace {

constexpr std::uint64_t kEntriesPerSector = kSectorSize / kEntrySize;
constexpr std::uint64_t kDataAlignment = 4096 / kSectorSize;  // sectors: clusters do not straddle pages

// What Windows' formatter takes for a volume of this size.
ByteCount usual_cluster_size(ByteCount size) {
  struct Row {
    ByteCount up_to_mebibytes, cluster_size;
  };
  constexpr Row kTable[] = {{64, 512}, {128, 1024}, {256, 2048}, {8192, 4096}, {16384, 8192}, {32768, 16384}};
  for (const Row& row : kTable) {
    if (size <= row.up_to_mebibytes << 20) return row.cluster_size;
  }
  return kMaxClusterSize;
}

// Nothing is checked: `clusters` may come out too small for FAT32.
Geometry divide(std::uint64_t total_sectors, ByteCount cluster_size) {
  Geometry shape;
  shape.cluster_size = cluster_size;
  shape.total_sectors = total_sectors;
  shape.reserved_sectors = kReservedSectors;
  const std::uint64_t per_cluster = cluster_size / kSectorSize;
  const std::uint64_t least = kReservedSectors + kDataAlignment;
  if (total_sectors <= least) return shape;
  // The smallest FAT with an entry for each cluster of what it leaves, and for the two that name none.
  const std::uint64_t rest = total_sectors - kReservedSectors + 2 * per_cluster;
  const std::uint64_t per_fat_sector = kEntriesPerSector * per_cluster + kFatCount;
  shape.fat_sectors = (rest + per_fat_sector - 1) / per_fat_sector;
  const std::uint64_t start = kReservedSectors + kFatCount * shape.fat_sectors;
  const std::uint64_t aligned = (start + kDataAlignment - 1) / kDataAlignment * kDataAlignment;
  shape.reserved_sectors += aligned - start;
  if (total_sectors > aligned) shape.clusters = (total_sectors - aligned) / per_cluster;
  return shape;
}

// The sectors of a volume with at least `clusters` clusters.
std::uint64_t sectors_for(std::uint64_t clusters, ByteCount cluster_size) {
  const std::uint64_t fat = (clusters + kFirstCluster + kEntriesPerSector - 1) / kEntriesPerSector;
  return kReservedSectors + kDataAlignment + kFatCount * (fat + 1) + clusters * (cluster_size / kSectorSize);
}

std::string bytes_text(std::uint64_t sectors) { return std::to_string(sectors * kSectorSize) + " bytes"; }

}  // namespace

Result<Geometry> geometry_of_size(ByteCount size) {
  const std::string cannot = "cannot make a FAT32 volume of " + std::to_string(size) + " bytes: ";
  if (size % kSectorSize != 0) return fail(cannot + "it is not whole sectors of 512 bytes");
  if (size / kSectorSize > kMaxSectors) return fail(cannot + "at most " + bytes_text(kMaxSectors) + " are possible");
  ByteCount cluster_size = usual_cluster_size(size);
  Geometry shape = divide(size / kSectorSize, cluster_size);
  while (shape.clusters < kMinClusters && cluster_size > kSectorSize) {
    cluster_size /= 2;
    shape = divide(size / kSectorSize, cluster_size);
  }
  if (shape.clusters >= kMinClusters) return shape;
  return fail(cannot + "with less than " + bytes_text(sectors_for(kMinClusters, kSectorSize)) +
              " it would not be FAT32");
}

Result<Geometry> smallest_geometry(const std::function<std::uint64_t(ByteCount)>& clusters_needed,
                                   ByteCount alignment) {
  const std::uint64_t step = std::max<std::uint64_t>(alignment / kSectorSize, 1);
  for (ByteCount cluster_size = kSectorSize; cluster_size <= kMaxClusterSize; cluster_size *= 2) {
    const std::uint64_t clusters = std::max<std::uint64_t>(clusters_needed(cluster_size), kMinClusters);
    if (clusters > kMaxClusters) continue;
    const std::uint64_t sectors = (sectors_for(clusters, cluster_size) + step - 1) / step * step;
    const bool is_usual = usual_cluster_size(sectors * kSectorSize) <= cluster_size;
    // Larger clusters would make it larger than it must be only because FAT32 wants so many of them.
    if (is_usual || clusters == kMinClusters) {
      if (sectors > kMaxSectors) break;
      return divide(sectors, cluster_size);
    }
  }
  return fail("cannot make a FAT32 volume: the tree needs more than " + bytes_text(kMaxSectors));
}

}  // namespace winnow::fat32
