#include "image/disk/ntfs/ntfs_volume.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "formats/ntfs.hpp"
#include "formats/upcase_table.hpp"
#include "image/disk/ntfs/fields.hpp"
#include "image/disk/ntfs/inode_shape.hpp"
#include "image/disk/ntfs/name_order.hpp"
#include "image/disk/ntfs/security_store.hpp"
#include "image/disk/ntfs/system_files.hpp"
#include "image/disk/ntfs/tree_check.hpp"
#include "image/disk/ntfs/volume_plan.hpp"
#include "image/disk/ntfs/volume_sources.hpp"

namespace winnow {

namespace {

using namespace ntfs;

constexpr std::uint64_t kMaxClusters = 0xFFFFFFFF;   // what Windows formats
constexpr std::uint64_t kBackupSectors = 1;          // behind the last sector NTFS counts
constexpr std::size_t kViewRootCapacity = 250;       // of $SDH and $SII in their record, when they have no blocks
constexpr std::size_t kSmallViewRootCapacity = 100;  // when they have

class VolumePlanner {
 public:
  VolumePlanner(VolumeTree tree, const NtfsOptions& options) {
    plan_.tree = std::move(tree);
    plan_.options = options;
  }

  Result<NtfsVolume> run() {
    WINNOW_CHECK(check_tree(plan_.tree, plan_.options));
    name_system_files(plan_);
    WINNOW_CHECK(order_names(plan_));
    store_descriptors(plan_);
    count_records();
    list_reparse_points();
    place_inodes();
    plan_.free_records = fits_free_records() ? plan_.options.free_records : 0;
    place_system_files();
    WINNOW_CHECK(choose_size());
    describe_system_files(plan_);
    fill_report();
    NtfsVolume volume;
    volume.report = report_;
    volume.layout.size = partition_size_;
    const std::uint64_t total_sectors = partition_size_ / kSectorSize - kBackupSectors;
    volume.layout.segments = volume_segments(std::make_shared<const VolumePlan>(std::move(plan_)), total_sectors);
    return volume;
  }

 private:
  // Records, and how many clusters each inode needs; places come when all is counted.
  void count_records() {
    const std::size_t inodes = plan_.tree.inodes.size();
    plan_.first_record.resize(inodes);
    plan_.metadata_cluster.resize(inodes);
    plan_.data_cluster.resize(inodes);
    plan_.data_is_resident.assign(inodes, 1);
    std::uint32_t next = kFirstUser;
    InodeShape shape;
    for (std::uint32_t i = 0; i < inodes; ++i) {
      describe_inode(plan_, i, shape);
      plan_.first_record[i] = next;
      next += shape.records - (i == 0 ? 1 : 0);
      for (const AttributeShape& attribute : shape.attributes) {
        (attribute.is_stream() ? plan_.data_cluster : plan_.metadata_cluster)[i] += attribute.clusters();
        if (!attribute.is_stream()) continue;
        report_.payload += attribute.size;
        if (attribute.is_resident) report_.resident += attribute.size;
        if (attribute.stream == 0) plan_.data_is_resident[i] = attribute.is_resident ? 1 : 0;
      }
    }
    plan_.record_count = next;
  }

  // $Extend\$Reparse: tag and file of every reparse point.
  void list_reparse_points() {
    std::vector<std::pair<std::uint32_t, std::uint64_t>> points;
    for (std::uint32_t i = 0; i < plan_.tree.inodes.size(); ++i) {
      const Inode& inode = plan_.tree.inodes[i];
      if (inode.extras == nullptr || !inode.extras->reparse) continue;
      points.emplace_back(inode.extras->reparse->tag, plan_.reference_of_inode(i));
    }
    // As three dwords: tag, low half, high half.
    std::sort(points.begin(), points.end(), [](const auto& a, const auto& b) {
      const auto key = [](const auto& point) {
        return std::tuple(point.first, static_cast<std::uint32_t>(point.second), point.second >> 32);
      };
      return key(a) < key(b);
    });
    ViewIndex& index = plan_.reparse_points;
    index.name = u"$R";
    index.collation = index_root::kCollateU32s;
    constexpr std::size_t kKeySize = 12;
    for (const auto& [tag, file] : points) {
      Bytes entry(round_up(index_entry::kKey + kKeySize, 8));
      put_le<std::uint16_t>(entry, 0, index_entry::kKey + kKeySize);
      put_le<std::uint16_t>(entry, index_entry::kLength, static_cast<std::uint16_t>(entry.size()));
      put_le<std::uint16_t>(entry, index_entry::kKeyLength, kKeySize);
      put_le<std::uint32_t>(entry, index_entry::kKey, tag);
      put_le<std::uint64_t>(entry, index_entry::kKey + 4, file);
      index.entries.push_back(std::move(entry));
    }
  }

  [[nodiscard]] std::uint64_t all_records() const { return std::uint64_t{plan_.record_count} + plan_.free_records; }

  // In a volume of a given size the tree comes first; the estimate of everything else is generous.
  [[nodiscard]] bool fits_free_records() const {
    const NtfsOptions& options = plan_.options;
    if (options.size == 0) return true;
    const std::uint64_t records = (std::uint64_t{plan_.record_count} + options.free_records) * kRecordSize;
    const std::uint64_t system_files = 2 * kLogSize + plan_.descriptor_stream.size() + options.size / 32768;
    return metadata_clusters_ + data_clusters_ + clusters_for(records + system_files) <= options.size / kClusterSize;
  }

  Region take(std::uint64_t size) {
    const Region region{next_, clusters_for(size), size};
    next_ += region.clusters;
    return region;
  }

  void place_view_index(ViewIndex& index) {
    index.lengths.clear();
    for (const Bytes& entry : index.entries) index.lengths.push_back(static_cast<std::uint16_t>(entry.size()));
    index.tree = build_index_tree(index.lengths, kViewRootCapacity);
    if (index.tree.blocks.empty()) return;
    index.tree = build_index_tree(index.lengths, kSmallViewRootCapacity);
    index.allocation = take(index.tree.blocks.size() * kIndexBlockSize);
    const std::size_t bitmap = index_bitmap(index.tree).size();
    if (bitmap > kMaxResidentViewBitmap) index.bitmap = take(bitmap);
  }

  // All but $Bitmap, whose size depends on the volume's and which comes behind everything that does not, and $MFT,
  // which comes last.
  void place_system_files() {
    next_ = kBootSize / kClusterSize;
    plan_.mirror = take(kClusterSize);
    plan_.mft_bitmap = take(round_up((all_records() + 7) / 8, 8));
    plan_.log = take(kLogSize);
    plan_.definitions = take(attribute_definitions().size());
    plan_.upcase = take(kUpcaseUnits * 2);
    plan_.descriptors = take(plan_.descriptor_stream.size());
    for (ViewIndex* index : {&plan_.by_hash, &plan_.by_id, &plan_.reparse_points}) place_view_index(*index);
  }

  // Counts become places, relative until $Bitmap's size is known.
  static std::uint64_t to_places(std::vector<std::uint64_t>& counts) {
    std::uint64_t total = 0;
    for (std::uint64_t& count : counts) total += std::exchange(count, total);
    return total;
  }

  void place_inodes() {
    metadata_clusters_ = to_places(plan_.metadata_cluster);
    data_clusters_ = to_places(plan_.data_cluster);
  }

  [[nodiscard]] static std::uint64_t bitmap_bytes(std::uint64_t clusters) { return round_up((clusters + 7) / 8, 8); }
  // Clusters of a partition: the backup boot sector needs one sector of its own.
  [[nodiscard]] static std::uint64_t clusters_in(ByteCount size) {
    return (size / kSectorSize - kBackupSectors) * kSectorSize / kClusterSize;
  }

  Result<void> choose_size() {
    const NtfsOptions& options = plan_.options;
    const std::uint64_t mft_bytes = all_records() * kRecordSize;
    const std::uint64_t fixed = next_ + metadata_clusters_ + data_clusters_ + clusters_for(mft_bytes);
    if (options.size != 0) {
      partition_size_ = options.size;
    } else {
      // The bitmap grows with the volume it is in: 1 cluster for every 32,768.
      const std::uint64_t content = fixed + clusters_for(options.free_space);
      const std::uint64_t needed = content + clusters_for(bitmap_bytes(content + content / 32768 + 2)) + 1;
      partition_size_ = round_up(needed * kClusterSize + kBackupSectors * kSectorSize, options.alignment);
    }
    plan_.clusters = partition_size_ < kClusterSize ? 0 : clusters_in(partition_size_);
    const std::uint64_t needed = fixed + clusters_for(bitmap_bytes(plan_.clusters));
    if (needed > plan_.clusters) {
      return fail("cannot fit the tree into " + std::to_string(partition_size_) +
                  " bytes: " + std::to_string((needed - plan_.clusters) * kClusterSize) + " bytes are missing");
    }
    if (plan_.clusters > kMaxClusters) return fail("cannot write NTFS volume: it would have more than 2^32 clusters");
    plan_.bitmap = take(bitmap_bytes(plan_.clusters));
    plan_.metadata_start = next_;
    plan_.metadata_end = plan_.data_start = next_ + metadata_clusters_;
    plan_.data_end = plan_.data_start + data_clusters_;
    next_ = plan_.data_end;
    plan_.mft = take(mft_bytes);
    for (std::uint64_t& place : plan_.metadata_cluster) place += plan_.metadata_start;
    for (std::uint64_t& place : plan_.data_cluster) place += plan_.data_start;
    return {};
  }

  void fill_report() {
    report_.records = plan_.record_count;
    report_.inodes = plan_.tree.inodes.size();
    report_.allocated = plan_.mft.end() * kClusterSize;
    report_.payload_clusters = data_clusters_ * kClusterSize;
  }

  VolumePlan plan_;
  NtfsReport report_;
  std::uint64_t next_ = 0;  // the first cluster that is not taken
  std::uint64_t metadata_clusters_ = 0;
  std::uint64_t data_clusters_ = 0;
  ByteCount partition_size_ = 0;
};

}  // namespace

Result<NtfsVolume> plan_ntfs_volume(VolumeTree tree, const NtfsOptions& options) {
  return VolumePlanner(std::move(tree), options).run();
}

}  // namespace winnow
