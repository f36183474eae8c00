#include "size_analyzer/disk_map.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "image_reader/block_map.hpp"
#include "image_reader/ntfs_map.hpp"
#include "image_reader/partitions.hpp"
#include "image_reader/volume_image.hpp"

namespace winnow {

namespace {

constexpr ByteCount kSector = 512;
constexpr ByteCount kGptSectors = 34;  // protective MBR, header, 128 entries; the copy at the end has no MBR
constexpr const char* kSlack = "slack";

// Types of attributes, as NtfsAttribute::type has them.
constexpr std::uint32_t kAttributeList = 0x20;
constexpr std::uint32_t kData = 0x80;
constexpr std::uint32_t kIndexAllocation = 0xA0;
constexpr std::uint32_t kBitmap = 0xB0;
constexpr std::uint64_t kMftRecord = 0;
constexpr std::uint64_t kMirrorRecord = 1;
constexpr std::u16string_view kWofStream = u"WofCompressedData";

// Clusters of a stream, and what of them lies behind its end.
struct StreamRoom {
  Sizes data;
  Sizes slack;
};

class DiskMapBuilder {
 public:
  DiskMapBuilder(const PartitionedDisk& partitions, std::size_t volume, const BlockMap& blocks, const NtfsMap& ntfs)
      : partitions_(partitions), volume_(volume), blocks_(blocks), ntfs_(ntfs) {}

  Result<DiskMap> build();

 private:
  [[nodiscard]] Sizes room(ByteCount offset, ByteCount length) const {
    return {0, length, blocks_.stored(offset, length)};
  }
  void add(ByteKind kind, const std::string& name, const Sizes& sizes) { rows_[{kind, name}] += sizes; }
  [[nodiscard]] StreamRoom room_of(const NtfsAttribute& stream) const;

  Result<void> add_partitions();
  void add_outside(ByteCount from, ByteCount to);
  void add_free(ByteCount offset, ByteCount length);
  void add_file(const NtfsFile& file);
  void add_folder(const NtfsFile& file);
  void add_system_file(const NtfsFile& file);
  void add_mft(const NtfsAttribute& data);
  void add_unclaimed();
  void add_gap(std::uint64_t from, std::uint64_t to);
  [[nodiscard]] Result<void> finish();

  const PartitionedDisk& partitions_;
  std::size_t volume_;
  const BlockMap& blocks_;
  const NtfsMap& ntfs_;
  DiskMap map_;
  std::map<std::pair<ByteKind, std::string>, Sizes> rows_;
};

std::string partition_label(const Partition& partition, std::size_t index) {
  std::string label = "partition " + std::to_string(index + 1);
  if (!partition.name.empty()) label += " (" + partition.name + ")";
  return partition.file_system.empty() ? label : label + ": " + partition.file_system;
}

// What is outside all partitions: the tables at both ends, and room.
void DiskMapBuilder::add_outside(ByteCount from, ByteCount to) {
  const bool is_gpt = partitions_.table == PartitionScheme::gpt;
  const ByteCount head = std::min(blocks_.disk_size(), is_gpt ? kGptSectors * kSector : kSector);
  const ByteCount tail = blocks_.disk_size() - (is_gpt ? std::min(blocks_.disk_size(), head - kSector) : 0);
  const auto add_part = [&](ByteCount start, ByteCount end, const char* name) {
    start = std::clamp(start, from, to);
    end = std::clamp(end, from, to);
    if (end > start) add(ByteKind::partition_table, name, room(start, end - start));
  };
  add_part(0, head, is_gpt ? "GPT" : "MBR");
  add_part(head, std::max(head, tail), "room outside partitions");
  add_part(std::max(head, tail), blocks_.disk_size(), "GPT");
}

Result<void> DiskMapBuilder::add_partitions() {
  std::vector<std::size_t> order(partitions_.partitions.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto& all = partitions_.partitions;
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return all[a].offset < all[b].offset; });
  ByteCount end = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Partition& each = all[order[i]];
    if (each.offset < end) {
      return fail("its partitions " + std::to_string(order[i - 1] + 1) + " and " + std::to_string(order[i] + 1) +
                  " overlap");
    }
    add_outside(end, each.offset);
    end = each.offset + each.size;
    if (order[i] != volume_) {
      add(ByteKind::file_system, partition_label(each, order[i]), room(each.offset, each.size));
    }
  }
  add_outside(end, blocks_.disk_size());
  const Partition& volume = all[volume_];
  const ByteCount clusters = ntfs_.geometry.cluster_count * ntfs_.geometry.cluster_size;
  if (volume.size > clusters) {
    add(ByteKind::file_system, "backup boot sector and end of the volume",
        room(volume.offset + clusters, volume.size - clusters));
  }
  return {};
}

StreamRoom DiskMapBuilder::room_of(const NtfsAttribute& stream) const {
  StreamRoom out;
  const ByteCount cluster = ntfs_.geometry.cluster_size;
  ByteCount start = 0;  // of the run, in the stream
  for (const ClusterRun& run : stream.runs) {
    const ByteCount length = run.count * cluster;
    if (run.cluster != kHole) {
      const ByteCount place = ntfs_.offset + run.cluster * cluster;
      // A compressed stream is shorter than what it unpacks to: where its bytes end is not known without unpacking.
      const ByteCount used =
          stream.is_compressed ? length : std::min(length, stream.size - std::min(start, stream.size));
      out.data += room(place, used);
      out.slack += room(place + used, length - used);
    }
    start += length;
  }
  return out;
}

void DiskMapBuilder::add_file(const NtfsFile& file) {
  DiskFile out;
  out.record = file.record;
  Sizes slack;
  for (const NtfsAttribute& stream : file.streams) {
    StreamRoom room = room_of(stream);
    if (stream.type == kAttributeList) {
      room.data += room.slack;
      add(ByteKind::file_table, "attribute lists outside records", room.data);
      continue;
    }
    const bool is_data = stream.type == kData;
    const bool is_content = is_data && (stream.name.empty() || (file.is_wof && stream.name == kWofStream));
    if (is_data && !(is_content && !stream.name.empty())) room.data.logical = stream.size;
    slack += room.slack;
    out.sizes += room.data;
    out.sizes += room.slack;
    if (is_content) continue;
    // "$DATA:Zone.Identifier" is a stream "Zone.Identifier".
    const std::string label = attribute_label(stream.type, stream.name);
    out.parts.push_back(
        {ByteKind::named_stream, kNobody, is_data ? label.substr(label.find(':') + 1) : label, room.data});
  }
  if (slack != Sizes{}) out.parts.push_back({ByteKind::slack, kNobody, kSlack, slack});
  map_.files.push_back(std::move(out));
}

void DiskMapBuilder::add_folder(const NtfsFile& file) {
  for (const NtfsAttribute& stream : file.streams) {
    StreamRoom room = room_of(stream);
    room.data += room.slack;
    if (stream.type == kAttributeList) {
      add(ByteKind::file_table, "attribute lists outside records", room.data);
    } else if (stream.type == kIndexAllocation || stream.type == kBitmap) {
      add(ByteKind::directory_index, "indexes of folders", room.data);
    } else {
      if (stream.type == kData) room.data.logical = stream.size;
      add(ByteKind::named_stream, "streams of folders", room.data);
    }
  }
}

// The $MFT record by record.
void DiskMapBuilder::add_mft(const NtfsAttribute& data) {
  const ByteCount cluster = ntfs_.geometry.cluster_size;
  const ByteCount record = ntfs_.geometry.record_size;
  constexpr std::size_t kOutside = 4;
  std::array<Sizes, 5> sizes;
  ByteCount at = 0;  // in the $MFT
  for (const ClusterRun& run : data.runs) {
    const ByteCount end = at + run.count * cluster;
    if (run.cluster == kHole) {
      at = end;
      continue;
    }
    const ByteCount place = ntfs_.offset + run.cluster * cluster - at;
    while (at < end) {
      const ByteCount number = at / record;
      const bool is_record = number < ntfs_.records.size();
      const ByteCount part = is_record ? std::min(end, (number + 1) * record) - at : end - at;
      const std::size_t use =
          is_record ? static_cast<std::size_t>(ntfs_.records[static_cast<std::size_t>(number)]) : kOutside;
      sizes[use] += room(place + at, part);
      at += part;
    }
  }
  const std::array names = {"MFT records not in use", "MFT records of files", "MFT records of folders",
                            "MFT records of system files", "room for MFT records"};
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] != Sizes{}) add(ByteKind::file_table, names[i], sizes[i]);
  }
}

void DiskMapBuilder::add_system_file(const NtfsFile& file) {
  for (const NtfsAttribute& stream : file.streams) {
    if (file.record == kMftRecord && stream.type == kData) {
      add_mft(stream);
      continue;
    }
    StreamRoom room = room_of(stream);
    room.data += room.slack;
    if (room.data == Sizes{}) continue;
    if (file.record == kMftRecord) {
      add(ByteKind::file_table, "$MFT bitmap", room.data);
    } else if (file.record == kMirrorRecord) {
      add(ByteKind::file_table, "$MFTMirr", room.data);
    } else {
      add(ByteKind::file_system, file.system_name, room.data);
    }
  }
}

void DiskMapBuilder::add_free(ByteCount offset, ByteCount length) {
  const ByteCount stored = blocks_.stored(offset, length);
  if (blocks_.is_flat()) {
    add(ByteKind::free_space, "free clusters", {0, length, stored});
    return;
  }
  if (stored != 0) add(ByteKind::free_space, "free clusters in stored blocks", {0, stored, stored});
  if (length != stored) add(ByteKind::free_space, "free clusters that are not stored", {0, length - stored, 0});
}

// Clusters from `from` up to `to` that no file has: free, or in use all the same.
void DiskMapBuilder::add_gap(std::uint64_t from, std::uint64_t to) {
  const ByteCount cluster = ntfs_.geometry.cluster_size;
  while (from < to) {
    const bool is_used = ntfs_.is_used(from);
    const std::uint8_t whole = is_used ? 0xFF : 0;
    std::uint64_t end = from + 1;
    while (end < to) {
      if (end % 8 == 0 && to - end >= 8 && ntfs_.bitmap[end / 8] == whole) {
        end += 8;
      } else if (ntfs_.is_used(end) == is_used) {
        ++end;
      } else {
        break;
      }
    }
    const ByteCount place = ntfs_.offset + from * cluster;
    if (is_used) {
      add(ByteKind::unclaimed, "clusters in use that no file has", room(place, (end - from) * cluster));
    } else {
      add_free(place, (end - from) * cluster);
    }
    from = end;
  }
}

void DiskMapBuilder::add_unclaimed() {
  std::uint64_t end = 0;
  std::uint64_t free = 0;
  for (const ClusterClaim& claim : ntfs_.claims) {
    add_gap(end, claim.cluster);
    end = claim.cluster + claim.count;
    for (std::uint64_t at = claim.cluster; at < end; ++at) {
      if (at % 8 == 0 && end - at >= 8 && ntfs_.bitmap[at / 8] == 0xFF) {
        at += 7;
      } else if (!ntfs_.is_used(at)) {
        ++free;
      }
    }
  }
  add_gap(end, ntfs_.geometry.cluster_count);
  if (free != 0) map_.warnings.push_back(std::to_string(free) + " clusters of files are free in $Bitmap");
  if (ntfs_.orphan_records != 0) {
    map_.warnings.push_back(std::to_string(ntfs_.orphan_records) + " MFT records continue files that are not there");
  }
}

Result<void> DiskMapBuilder::finish() {
  for (const auto& [key, sizes] : rows_) {
    map_.overheads.push_back({key.first, key.second, 0, sizes});
    map_.total += sizes;
  }
  for (const DiskFile& file : map_.files) map_.total += file.sizes;
  if (map_.total.allocated == blocks_.disk_size() && map_.total.stored == blocks_.file_size()) return {};
  return fail("its map is wrong: it has " + std::to_string(map_.total.allocated) + " of " +
              std::to_string(blocks_.disk_size()) + " bytes of the disk and " + std::to_string(map_.total.stored) +
              " of " + std::to_string(blocks_.file_size()) + " bytes of the file");
}

Result<DiskMap> DiskMapBuilder::build() {
  map_.cluster_size = ntfs_.geometry.cluster_size;
  for (const NtfsFile& file : ntfs_.files) {
    switch (file.role) {
      case NtfsRole::file:
        add_file(file);
        break;
      case NtfsRole::folder:
        add_folder(file);
        break;
      default:
        add_system_file(file);
    }
  }
  add_unclaimed();
  WINNOW_CHECK(add_partitions());
  for (const ContainerPart& part : blocks_.parts()) add(ByteKind::container_format, part.name, {0, 0, part.size});
  WINNOW_CHECK(finish());
  return std::move(map_);
}

Result<DiskMap> map_file(const std::filesystem::path& image) {
  WINNOW_TRY(const VolumeFile kind, detect_volume_file(image));
  if (kind == VolumeFile::none || kind == VolumeFile::wim) return fail("it is no disk");
  WINNOW_TRY(const std::shared_ptr<const VirtualDisk> disk, open_disk(image, kind));
  WINNOW_TRY(const PartitionedDisk partitions, read_partitions(*disk));
  const auto volume = windows_partition(partitions);
  if (!volume) return fail("it holds no NTFS volume");
  const Partition& place = partitions.partitions[*volume];
  WINNOW_TRY(const NtfsMap ntfs, read_ntfs_map(*disk, place.offset, place.size));
  return DiskMapBuilder(partitions, *volume, disk->blocks(), ntfs).build();
}

}  // namespace

const DiskFile* DiskMap::find(std::uint64_t record) const {
  const auto at = std::lower_bound(files.begin(), files.end(), record,
                                   [](const DiskFile& file, std::uint64_t number) { return file.record < number; });
  return at != files.end() && at->record == record ? &*at : nullptr;
}

Result<DiskMap> map_disk(const std::filesystem::path& image) {
  auto map = map_file(image);
  if (map) return map;
  std::string reason = map.error().faults().front().message;
  const std::string own = "cannot read " + image.string() + ": ";  // said by base about the very same file
  if (reason.starts_with(own)) reason.erase(0, own.size());
  return fail("cannot measure " + image.string() + ": " + reason);
}

}  // namespace winnow
