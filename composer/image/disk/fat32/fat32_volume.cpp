#include "image/disk/fat32/fat32_volume.hpp"

#include <algorithm>
#include <array>
#include <mutex>
#include <span>
#include <utility>

#include "formats/fat32.hpp"
#include "image/disk/byte_fields.hpp"
#include "image/disk/fat32/directory_writer.hpp"
#include "image/disk/fat32/geometry.hpp"
#include "image/disk/fat32/tree_check.hpp"
#include "image/disk/short_name.hpp"

namespace winnow {

namespace {

using namespace fat32;

std::uint64_t clusters_for(ByteCount size, ByteCount cluster_size) { return (size + cluster_size - 1) / cluster_size; }

class FileSource final : public SegmentSource {
 public:
  FileSource(Content content, std::optional<Digest> digest) : content_(std::move(content)), digest_(digest) {}

  [[nodiscard]] Result<void> read(ByteCount offset, std::span<std::uint8_t> out) const override {
    return read_pinned(content_, digest_, offset, out);
  }

 private:
  Content content_;
  std::optional<Digest> digest_;
};

// The entries of all runs; every run is one chain of neighbours.
class FatSource final : public SegmentSource {
 public:
  explicit FatSource(std::shared_ptr<const std::vector<std::uint32_t>> ends) : ends_(std::move(ends)) {}

  [[nodiscard]] Result<void> read(ByteCount offset, std::span<std::uint8_t> out) const override {
    auto cluster = static_cast<std::uint32_t>(offset / kEntrySize);
    auto end = std::upper_bound(ends_->begin(), ends_->end(), cluster);
    std::size_t skip = offset % kEntrySize;  // a piece may begin inside an entry
    for (std::size_t at = 0; at < out.size(); ++cluster) {
      while (end != ends_->end() && *end <= cluster) ++end;
      std::array<std::uint8_t, kEntrySize> entry{};
      put_le<std::uint32_t>(entry, 0, value(cluster, end == ends_->end() ? 0 : *end));
      for (; skip < kEntrySize && at < out.size(); ++skip) out[at++] = entry[skip];
      skip = 0;
    }
    return {};
  }

 private:
  // `end`: of the run that holds the cluster; 0 behind the last run.
  static std::uint32_t value(std::uint32_t cluster, std::uint32_t end) {
    if (cluster == 0) return kMediaEntry;
    if (cluster == 1) return kEndOfChain;
    if (end == 0) return 0;
    return cluster + 1 == end ? kEndOfChain : cluster + 1;
  }

  std::shared_ptr<const std::vector<std::uint32_t>> ends_;  // first clusters behind the runs, rising
};

class Planner {
 public:
  Planner(const VolumeTree& tree, const Fat32Options& options)
      : tree_(tree), options_(options), short_names_(tree.names.size()), children_(tree.names.size()) {}

  Result<Fat32Volume> plan() {
    WINNOW_CHECK(check_tree(tree_, options_));
    name_children();
    WINNOW_CHECK(check_directories());
    WINNOW_CHECK(choose_geometry());
    place();
    Fat32Volume volume;
    volume.report = {shape_.cluster_size, shape_.clusters, used_};
    volume.layout.size = shape_.total_sectors * kSectorSize;
    add_start(volume.layout);
    add_fats(volume.layout);
    add_data(volume.layout);
    return volume;
  }

 private:
  [[nodiscard]] const Inode& inode_of(std::uint32_t name) const { return tree_.inodes[tree_.names[name].inode]; }
  [[nodiscard]] bool is_directory_name(std::uint32_t name) const { return inode_of(name).is_directory(); }

  void name_children() {
    VolumeTree names;  // only what add_short_names() looks at
    names.names = tree_.names;
    add_short_names(names);
    for (std::uint32_t i = 1; i < tree_.names.size(); ++i) {
      short_names_[i] = std::move(names.names[i].short_name);
      children_[tree_.names[i].parent].push_back(i);
    }
  }

  [[nodiscard]] ByteCount directory_size(std::uint32_t name) const {
    std::size_t entries = name == 0 ? (options_.label.empty() ? 0 : 1) : 2;
    for (const std::uint32_t child : children_[name]) {
      entries += entry_count(tree_.names[child].name, short_names_[child]);
    }
    return std::max<std::size_t>(entries, 1) * directory::kEntrySize;
  }

  [[nodiscard]] ByteCount size_of(std::uint32_t name) const {
    return is_directory_name(name) ? directory_size(name) : inode_of(name).data_size();
  }

  [[nodiscard]] Result<void> check_directories() const {
    for (std::uint32_t i = 0; i < tree_.names.size(); ++i) {
      if (!is_directory_name(i) || directory_size(i) <= directory::kMaxEntries * directory::kEntrySize) continue;
      return fail("cannot write FAT32 volume: a directory of " + std::to_string(children_[i].size()) +
                  " names needs more than " + std::to_string(directory::kMaxEntries) + " entries");
    }
    return {};
  }

  [[nodiscard]] std::uint64_t clusters_needed(ByteCount cluster_size) const {
    std::uint64_t clusters = clusters_for(options_.free_space, cluster_size);
    for (std::uint32_t i = 0; i < tree_.names.size(); ++i) clusters += clusters_for(size_of(i), cluster_size);
    return clusters;
  }

  Result<void> choose_geometry() {
    if (options_.size == 0) {
      WINNOW_TRY(shape_,
                 smallest_geometry([this](ByteCount size) { return clusters_needed(size); }, options_.alignment));
      return {};
    }
    WINNOW_TRY(shape_, geometry_of_size(options_.size));
    const std::uint64_t needed = clusters_needed(shape_.cluster_size);
    if (needed <= shape_.clusters) return {};
    return fail("cannot fit the tree into " + std::to_string(options_.size) +
                " bytes: " + std::to_string((needed - shape_.clusters) * shape_.cluster_size) + " bytes are missing");
  }

  // Directories first, then files, each in the order of the tree.
  void place() {
    auto ends = std::make_shared<std::vector<std::uint32_t>>();
    std::uint32_t next = kFirstCluster;
    first_cluster_.resize(tree_.names.size());
    for (const bool directories : {true, false}) {
      for (std::uint32_t i = 0; i < tree_.names.size(); ++i) {
        if (is_directory_name(i) != directories) continue;
        const std::uint64_t count = clusters_for(size_of(i), shape_.cluster_size);
        if (count == 0) continue;
        first_cluster_[i] = next;
        next += static_cast<std::uint32_t>(count);
        ends->push_back(next);
      }
    }
    used_ = next - kFirstCluster;
    ends_ = std::move(ends);
  }

  void add_start(DiskLayout& layout) const {
    Bytes start((kBackupBootSector + 3) * kSectorSize);
    for (const std::size_t sector : {std::size_t{0}, std::size_t{kBackupBootSector}}) {
      const auto at = std::span(start).subspan(sector * kSectorSize, 3 * kSectorSize);
      put_boot_sector(at.first(kSectorSize));
      put_info_sector(at.subspan(kFsInfoSector * kSectorSize, kSectorSize));
      put_le<std::uint32_t>(at, 2 * kSectorSize + info::kTrailSignatureOffset, info::kTrailSignature);
    }
    layout.segments.push_back(memory_segment(0, std::move(start)));
  }

  void put_boot_sector(std::span<std::uint8_t> out) const {
    using namespace boot;
    put_bytes(out, kJump, Bytes{0xEB, kCode - 2, 0x90});
    put_text(out, kOemName, kOemNameMicrosoft);
    put_le<std::uint16_t>(out, kBytesPerSector, kSectorSize);
    out[kSectorsPerCluster] = static_cast<std::uint8_t>(shape_.cluster_size / kSectorSize);
    put_le<std::uint16_t>(out, kReserved, static_cast<std::uint16_t>(shape_.reserved_sectors));
    out[kFats] = kFatCount;
    out[kMedia] = kMediaFixed;
    put_le<std::uint16_t>(out, kSectorsPerTrack, 63);
    put_le<std::uint16_t>(out, kHeads, 255);
    put_le<std::uint32_t>(out, kHiddenSectors, options_.hidden_sectors);
    put_le<std::uint32_t>(out, kTotalSectors, static_cast<std::uint32_t>(shape_.total_sectors));
    put_le<std::uint32_t>(out, kFatSectors, static_cast<std::uint32_t>(shape_.fat_sectors));
    put_le<std::uint32_t>(out, kRootCluster, first_cluster_[0]);
    put_le<std::uint16_t>(out, kFsInfo, kFsInfoSector);
    put_le<std::uint16_t>(out, kBackupBoot, kBackupBootSector);
    out[kDrive] = 0x80;
    out[kExtendedSignature] = 0x29;
    put_le<std::uint32_t>(out, kSerial, options_.serial);
    put_text(out, kLabel, kNoLabel);
    if (!options_.label.empty()) put_text(out, kLabel, (options_.label + std::string(11, ' ')).substr(0, 11));
    put_text(out, kTypeName, kTypeNameFat32);
    put_bytes(out, kCode, Bytes{0xF4, 0xEB, 0xFD});  // hlt, for ever: nobody starts this sector
    put_le<std::uint16_t>(out, kSignature, 0xAA55);
  }

  void put_info_sector(std::span<std::uint8_t> out) const {
    const std::uint64_t free_clusters = shape_.clusters - used_;
    put_le<std::uint32_t>(out, 0, info::kLeadSignature);
    put_le<std::uint32_t>(out, info::kStructSignatureOffset, info::kStructSignature);
    put_le<std::uint32_t>(out, info::kFreeClusters, static_cast<std::uint32_t>(free_clusters));
    put_le<std::uint32_t>(out, info::kNextFree,
                          free_clusters == 0 ? 0xFFFFFFFF : static_cast<std::uint32_t>(kFirstCluster + used_));
    put_le<std::uint32_t>(out, info::kTrailSignatureOffset, info::kTrailSignature);
  }

  void add_fats(DiskLayout& layout) const {
    const auto source = std::make_shared<FatSource>(ends_);
    for (unsigned fat = 0; fat < kFatCount; ++fat) {
      layout.segments.push_back({shape_.fat_offset(fat), (kFirstCluster + used_) * kEntrySize, source});
    }
  }

  void add_data(DiskLayout& layout) const {
    for (const bool directories : {true, false}) {
      for (std::uint32_t i = 0; i < tree_.names.size(); ++i) {
        if (is_directory_name(i) != directories || first_cluster_[i] == 0) continue;
        const ByteCount offset = shape_.cluster_offset(first_cluster_[i]);
        if (directories) {
          Bytes entries = directory_bytes(i);
          if (!entries.empty()) layout.segments.push_back(memory_segment(offset, std::move(entries)));
        } else {
          const Inode& inode = inode_of(i);
          layout.segments.push_back(
              {offset, inode.data_size(), std::make_shared<FileSource>(*inode.content, inode.digest)});
        }
      }
    }
  }

  [[nodiscard]] EntryTarget target_of(std::uint32_t name) const {
    const Inode& inode = inode_of(name);
    return {&inode, first_cluster_[name], inode.is_directory() ? 0 : static_cast<std::uint32_t>(inode.data_size())};
  }

  [[nodiscard]] Bytes directory_bytes(std::uint32_t name) const {
    Bytes out;
    out.reserve(directory_size(name));
    if (name == 0) {
      if (!options_.label.empty()) append_label(out, options_.label, inode_of(0).times.modified);
    } else {
      append_dot_entry(out, ".", target_of(name));
      EntryTarget parent = target_of(tree_.names[name].parent);
      if (tree_.names[name].parent == 0) parent.cluster = 0;  // the root, whatever its cluster
      append_dot_entry(out, "..", parent);
    }
    for (const std::uint32_t child : children_[name]) {
      append_entries(out, tree_.names[child].name, short_names_[child], target_of(child));
    }
    return out;
  }

  const VolumeTree& tree_;
  const Fat32Options& options_;
  std::vector<std::u16string> short_names_;           // by name
  std::vector<std::vector<std::uint32_t>> children_;  // by name, in the order of the tree
  Geometry shape_;
  std::vector<std::uint32_t> first_cluster_;  // by name; 0 = it has none
  std::uint64_t used_ = 0;
  std::shared_ptr<const std::vector<std::uint32_t>> ends_;
};

}  // namespace

Result<Fat32Volume> plan_fat32_volume(const VolumeTree& tree, const Fat32Options& options) {
  return Planner(tree, options).plan();
}

}  // namespace winnow
