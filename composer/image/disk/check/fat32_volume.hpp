// The FAT of a FAT32 volume, and the chains in it; each cluster belongs to one chain at most.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "image/disk/check/disk_view.hpp"
#include "image/disk/check/findings.hpp"

namespace winnow::check {

struct FatGeometry {
  ByteCount cluster_size = 0;
  std::uint64_t reserved = 0;  // sectors before the first FAT
  std::uint64_t fat_sectors = 0;
  std::uint64_t clusters = 0;  // numbered from 2 on
  std::uint32_t root = 0;
  std::uint32_t info_sector = 0;
};

class FatChains {
 public:
  FatChains(const DiskView& disk, const FatGeometry& geometry, std::string prefix, Findings& findings);

  // Both copies, the first two entries.
  void check_tables(std::uint8_t media);
  // The clusters of the chain from `first` on, taken by `owner`; it ends where it is broken, with a finding.
  [[nodiscard]] std::vector<std::uint32_t> claim(std::uint32_t first, const std::string& owner);
  // Used clusters that no chain has; FSInfo.
  void check_lost();
  [[nodiscard]] std::uint64_t free_clusters() const;
  // The first `size` bytes of a chain; nothing when they are not there.
  [[nodiscard]] std::optional<Bytes> read(const std::vector<std::uint32_t>& chain, ByteCount size) const;

 private:
  [[nodiscard]] std::uint32_t entry(std::uint64_t cluster) const;

  const DiskView& disk_;
  FatGeometry geometry_;
  std::string prefix_;
  Findings& findings_;
  Bytes table_;
  std::vector<std::uint32_t> owners_;  // index into names_, 0 = nobody
  std::vector<std::string> names_{""};
};

}  // namespace winnow::check
