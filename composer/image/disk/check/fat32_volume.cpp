#include "image/disk/check/fat32_volume.hpp"

#include <algorithm>

#include "formats/fat32.hpp"

namespace winnow::check {

FatChains::FatChains(const DiskView& disk, const FatGeometry& geometry, std::string prefix, Findings& findings)
    : disk_(disk),
      geometry_(geometry),
      prefix_(std::move(prefix)),
      findings_(findings),
      table_(disk.read(geometry.reserved * fat32::kSectorSize, geometry.fat_sectors * fat32::kSectorSize)
                 .value_or(Bytes())),
      owners_(static_cast<std::size_t>(geometry.clusters) + fat32::kFirstCluster) {}

std::uint32_t FatChains::entry(std::uint64_t cluster) const {
  return read_le<std::uint32_t>(table_, cluster * fat32::kEntrySize).value_or(0) & fat32::kEntryMask;
}

void FatChains::check_tables(std::uint8_t media) {
  const auto copy = disk_.read((geometry_.reserved + geometry_.fat_sectors) * fat32::kSectorSize,
                               geometry_.fat_sectors * fat32::kSectorSize);
  if (!copy) {
    findings_.add(prefix_ + "FAT 2", "it lies outside the volume");
  } else if (*copy != table_) {
    const auto at = std::mismatch(copy->begin(), copy->end(), table_.begin()).first - copy->begin();
    findings_.add(prefix_ + "FAT 2", "it differs from FAT 1 in cluster " +
                                         std::to_string(static_cast<std::uint64_t>(at) / fat32::kEntrySize));
  }
  const std::uint32_t expected = (fat32::kEntryMask & ~0xFFu) | media;
  if (entry(0) != expected) findings_.add(prefix_ + "FAT", differs_hex("entry 0", entry(0), expected));
  // The two highest bits say "clean" and "no errors".
  if (entry(1) != fat32::kEndOfChain) {
    findings_.add(prefix_ + "FAT", differs_hex("entry 1 (clean, no errors)", entry(1), fat32::kEndOfChain));
  }
}

std::vector<std::uint32_t> FatChains::claim(std::uint32_t first, const std::string& owner) {
  std::vector<std::uint32_t> chain;
  names_.push_back(owner);
  const auto id = static_cast<std::uint32_t>(names_.size() - 1);
  for (std::uint32_t cluster = first;;) {
    if (cluster < fat32::kFirstCluster || cluster >= owners_.size()) {
      findings_.add(prefix_ + owner, "chain leads to cluster " + std::to_string(cluster) + ", outside 2 to " +
                                         std::to_string(owners_.size() - 1));
      return chain;
    }
    if (owners_[cluster] == id) {
      findings_.add(prefix_ + owner, "chain comes back to cluster " + std::to_string(cluster) + " (loop)");
      return chain;
    }
    if (owners_[cluster] != 0) {
      findings_.add(prefix_ + owner, "cluster " + std::to_string(cluster) + " belongs also to " +
                                         names_[owners_[cluster]] + " (cross link)");
      return chain;
    }
    owners_[cluster] = id;
    chain.push_back(cluster);
    const std::uint32_t next = entry(cluster);
    if (next > fat32::kBadCluster) return chain;
    if (next == 0 || next == fat32::kBadCluster) {
      findings_.add(prefix_ + owner, "chain ends in cluster " + std::to_string(cluster) + " with " + hex(next) +
                                         ", expected an end mark");
      return chain;
    }
    cluster = next;
  }
}

void FatChains::check_lost() {
  for (std::size_t cluster = fat32::kFirstCluster; cluster < owners_.size(); ++cluster) {
    const std::uint32_t value = entry(cluster);
    if (owners_[cluster] != 0 || value == 0 || value == fat32::kBadCluster) continue;
    std::size_t end = cluster + 1;
    while (end < owners_.size() && owners_[end] == 0 && entry(end) != 0) ++end;
    findings_.add(prefix_ + "FAT", "clusters " + std::to_string(cluster) + " to " + std::to_string(end - 1) +
                                       " are marked used, but no file has them (lost)");
    cluster = end;
  }
}

std::uint64_t FatChains::free_clusters() const {
  std::uint64_t count = 0;
  for (std::size_t cluster = fat32::kFirstCluster; cluster < owners_.size(); ++cluster)
    count += entry(cluster) == 0 ? 1u : 0u;
  return count;
}

std::optional<Bytes> FatChains::read(const std::vector<std::uint32_t>& chain, ByteCount size) const {
  if (size > chain.size() * geometry_.cluster_size) return std::nullopt;
  const ByteCount data = (geometry_.reserved + 2 * geometry_.fat_sectors) * fat32::kSectorSize;
  Bytes bytes(static_cast<std::size_t>(size));
  std::span<std::uint8_t> rest(bytes);
  for (const std::uint32_t cluster : chain) {
    const auto count = static_cast<std::size_t>(std::min<ByteCount>(rest.size(), geometry_.cluster_size));
    if (!disk_.read(data + (cluster - fat32::kFirstCluster) * geometry_.cluster_size, rest.first(count)))
      return std::nullopt;
    rest = rest.subspan(count);
  }
  return bytes;
}

}  // namespace winnow::check
