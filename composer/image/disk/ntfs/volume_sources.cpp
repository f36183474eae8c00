#include "image/disk/ntfs/volume_sources.hpp"

#include <algorithm>
#include <utility>

#include "formats/upcase_table.hpp"
#include "image/disk/ntfs/fields.hpp"
#include "image/disk/ntfs/inode_shape.hpp"
#include "image/disk/ntfs/inode_writer.hpp"
#include "image/disk/ntfs/system_files.hpp"

namespace winnow::ntfs {

namespace {

using Buffer = std::span<std::uint8_t>;

// Copies the part of `piece` (which begins at `piece_offset`) that lies in `out` (which begins at `offset`).
void copy_overlap(ByteView piece, ByteCount piece_offset, ByteCount offset, Buffer out) {
  const ByteCount begin = std::max(piece_offset, offset);
  const ByteCount end = std::min(piece_offset + piece.size(), offset + out.size());
  if (begin >= end) return;
  std::copy_n(piece.data() + (begin - piece_offset), end - begin, out.data() + (begin - offset));
}

// The part of `out` that `size` bytes at `piece_offset` fill, when all of them lie in it.
std::optional<Buffer> whole_place(ByteCount size, ByteCount piece_offset, ByteCount offset, Buffer out) {
  if (piece_offset < offset || piece_offset + size > offset + out.size()) return std::nullopt;
  return out.subspan(static_cast<std::size_t>(piece_offset - offset), static_cast<std::size_t>(size));
}

// The last inode whose place, by `places`, is at or before `position`; places never fall.
std::uint32_t inode_at(const auto& places, std::uint64_t position) {
  const auto above = std::upper_bound(places.begin() + 1, places.end(), position);
  return static_cast<std::uint32_t>(above - places.begin()) - 1;
}

// A record for a file to come.
void write_free_record(std::uint32_t number, Buffer out) {
  RecordHeader header;
  header.number = number;
  header.flags = 0;
  RecordWriter(out, header).finish();
}

class MftSource final : public SegmentSource {
 public:
  explicit MftSource(std::shared_ptr<const VolumePlan> plan) : plan_(std::move(plan)) {}

  Result<void> read(ByteCount offset, Buffer out) const override {
    const std::uint64_t first = offset / kRecordSize;
    const std::uint64_t last =
        std::min<std::uint64_t>((offset + out.size() - 1) / kRecordSize + 1, plan_->record_count);
    // What follows the last record of the last cluster.
    const ByteCount end = std::min<ByteCount>(std::max<ByteCount>(last * kRecordSize, offset) - offset, out.size());
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(end), out.end(), std::uint8_t{0});
    for (std::uint64_t record = first; record < last;) {
      WINNOW_TRY(record, write_from(record, offset, out));
    }
    return {};
  }

 private:
  // Writes what `record` belongs to; returns the first record after it.
  [[nodiscard]] Result<std::uint64_t> write_from(std::uint64_t record, ByteCount offset, Buffer out) const {
    if ((record < kFirstUser && record != kRoot) || record >= plan_->record_count) {
      Bytes bytes(kRecordSize);
      if (record < kFirstUser) {
        write_system_record(*plan_, static_cast<std::uint32_t>(record), bytes);
      } else {
        write_free_record(static_cast<std::uint32_t>(record), bytes);
      }
      copy_overlap(bytes, record * kRecordSize, offset, out);
      return record + 1;
    }
    const bool is_root = record == kRoot || record < first_of(1);
    const std::uint32_t inode = is_root ? 0 : inode_at(plan_->first_record, record);
    const std::uint64_t after = is_root ? first_of(1) : first_of(inode + 1);
    const std::uint64_t begin = is_root ? kFirstUser - 1 : first_of(inode);
    // The root's base record is record 5, its extension records are the first of the user's.
    const std::size_t size = static_cast<std::size_t>(after - begin) * kRecordSize;
    if (const auto place = is_root ? std::nullopt : whole_place(size, begin * kRecordSize, offset, out)) {
      WINNOW_CHECK(write_inode_records(*plan_, inode, *place));
      return after;
    }
    Bytes bytes(size);
    WINNOW_CHECK(write_inode_records(*plan_, inode, bytes));
    if (!is_root) {
      copy_overlap(bytes, begin * kRecordSize, offset, out);
      return after;
    }
    const ByteView view = bytes;
    copy_overlap(view.first(kRecordSize), kRoot * kRecordSize, offset, out);
    copy_overlap(view.subspan(kRecordSize), kFirstUser * kRecordSize, offset, out);
    return record == kRoot ? kRoot + 1 : after;
  }

  [[nodiscard]] std::uint64_t first_of(std::uint32_t inode) const {
    return inode < plan_->first_record.size() ? plan_->first_record[inode] : plan_->record_count;
  }

  std::shared_ptr<const VolumePlan> plan_;
};

class MetadataSource final : public SegmentSource {
 public:
  explicit MetadataSource(std::shared_ptr<const VolumePlan> plan) : plan_(std::move(plan)) {}

  Result<void> read(ByteCount offset, Buffer out) const override {
    const std::uint64_t first = plan_->metadata_start + offset / kClusterSize;
    const std::uint64_t end = plan_->metadata_start + clusters_for(offset + out.size());
    const auto& places = plan_->metadata_cluster;
    // Of several inodes at one place only the last has clusters there.
    for (std::uint32_t inode = inode_at(places, first); inode < places.size() && places[inode] < end; ++inode) {
      const std::uint64_t after = inode + 1 < places.size() ? places[inode + 1] : plan_->metadata_end;
      if (after == places[inode]) continue;
      const ByteCount at = (places[inode] - plan_->metadata_start) * kClusterSize;
      const std::size_t size = static_cast<std::size_t>(after - places[inode]) * kClusterSize;
      if (const auto place = whole_place(size, at, offset, out)) {
        write_inode_metadata(*plan_, inode, *place);
        continue;
      }
      Bytes bytes(size);
      write_inode_metadata(*plan_, inode, bytes);
      copy_overlap(bytes, at, offset, out);
    }
    return {};
  }

 private:
  std::shared_ptr<const VolumePlan> plan_;
};

class PayloadSource final : public SegmentSource {
 public:
  explicit PayloadSource(std::shared_ptr<const VolumePlan> plan) : plan_(std::move(plan)) {}

  Result<void> read(ByteCount offset, Buffer out) const override {
    const std::uint64_t first = plan_->data_start + offset / kClusterSize;
    const std::uint64_t end = plan_->data_start + clusters_for(offset + out.size());
    const auto& places = plan_->data_cluster;
    InodeShape shape;
    for (std::uint32_t inode = inode_at(places, first); inode < places.size() && places[inode] < end; ++inode) {
      const std::uint64_t after = inode + 1 < places.size() ? places[inode + 1] : plan_->data_end;
      if (after == places[inode]) continue;
      WINNOW_CHECK(read_inode(inode, shape, offset, out));
    }
    return {};
  }

 private:
  // Every stream of the inode that lies in `out`, and the zeros to the end of its last cluster.
  Result<void> read_inode(std::uint32_t inode, InodeShape& shape, ByteCount offset, Buffer out) const {
    ByteCount at = (plan_->data_cluster[inode] - plan_->data_start) * kClusterSize;
    const Inode& file = plan_->tree.inodes[inode];
    if (file.extras == nullptr) return read_part(inode, 0, at, file.data_size(), offset, out);
    describe_inode(*plan_, inode, shape);
    for (const AttributeShape& attribute : shape.attributes) {
      if (!attribute.is_stream() || attribute.clusters() == 0) continue;
      WINNOW_CHECK(read_part(inode, attribute.stream, at, attribute.size, offset, out));
      at += attribute.clusters() * kClusterSize;
    }
    return {};
  }

  Result<void> read_part(std::uint32_t inode, std::uint32_t stream, ByteCount at, ByteCount size, ByteCount offset,
                         Buffer out) const {
    const ByteCount begin = std::max(at, offset);
    const ByteCount end = std::min(at + size, offset + out.size());
    const ByteCount padded = std::min(at + round_up(size, kClusterSize), offset + out.size());
    if (begin < end) {
      WINNOW_CHECK(
          read_stream(*plan_, inode, stream, begin - at,
                      out.subspan(static_cast<std::size_t>(begin - offset), static_cast<std::size_t>(end - begin))));
    }
    const ByteCount zeros = std::max(end, begin);
    if (zeros < padded) {
      std::fill(out.begin() + static_cast<std::ptrdiff_t>(zeros - offset),
                out.begin() + static_cast<std::ptrdiff_t>(padded - offset), std::uint8_t{0});
    }
    return {};
  }

  std::shared_ptr<const VolumePlan> plan_;
};

// The same byte everywhere.
class FillSource final : public SegmentSource {
 public:
  explicit FillSource(std::uint8_t value) : value_(value) {}
  Result<void> read(ByteCount /*offset*/, Buffer out) const override {
    std::fill(out.begin(), out.end(), value_);
    return {};
  }

 private:
  std::uint8_t value_;
};

// A bitmap whose first `set` bits are ones, then zeros to `count`, then ones: what is past the end is taken.
class UsedBitmapSource final : public SegmentSource {
 public:
  UsedBitmapSource(std::uint64_t set, std::uint64_t count, ByteCount size) : set_(set), count_(count), size_(size) {}

  Result<void> read(ByteCount offset, Buffer out) const override {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = at(offset + i);
    return {};
  }

 private:
  [[nodiscard]] std::uint8_t at(ByteCount byte) const {
    if (byte >= size_) return 0;  // the rest of the last cluster
    const std::uint64_t first = byte * 8;
    if (first + 8 <= set_) return 0xFF;
    if (first >= set_ && first + 8 <= count_) return 0;
    std::uint8_t bits = 0;
    for (unsigned i = 0; i < 8; ++i) {
      if (first + i < set_ || first + i >= count_) bits |= static_cast<std::uint8_t>(1u << i);
    }
    return bits;
  }

  std::uint64_t set_, count_;
  ByteCount size_;
};

Bytes mirror_bytes(const VolumePlan& plan) {
  Bytes bytes(kClusterSize);
  for (std::uint32_t i = 0; i < kClusterSize / kRecordSize; ++i) {
    write_system_record(plan, i, std::span(bytes).subspan(i * kRecordSize, kRecordSize));
  }
  return bytes;
}

// Records 0 to 15 and 24 on are in use.
Bytes record_bitmap(const VolumePlan& plan) {
  Bytes bits(static_cast<std::size_t>(plan.mft_bitmap.clusters * kClusterSize));
  for (std::uint32_t i = 0; i < plan.record_count; ++i) {
    if (i < 16 || i >= kQuota) bits[i / 8] |= static_cast<std::uint8_t>(1u << i % 8);
  }
  return bits;
}

Bytes view_index_blocks(const ViewIndex& index) {
  Bytes bytes(static_cast<std::size_t>(index.allocation.clusters * kClusterSize));
  write_view_blocks(index, bytes);
  return bytes;
}

class SegmentList {
 public:
  void add(const Region& region, Bytes bytes) {
    if (region.clusters == 0) return;
    bytes.resize(static_cast<std::size_t>(region.clusters * kClusterSize));
    segments_.push_back(memory_segment(region.cluster * kClusterSize, std::move(bytes)));
  }
  void add(std::uint64_t cluster, std::uint64_t end, std::shared_ptr<const SegmentSource> source) {
    if (cluster == end) return;
    segments_.push_back({cluster * kClusterSize, (end - cluster) * kClusterSize, std::move(source)});
  }
  void add(Segment segment) { segments_.push_back(std::move(segment)); }
  std::vector<Segment> sorted() && {
    std::sort(segments_.begin(), segments_.end(),
              [](const Segment& a, const Segment& b) { return a.offset < b.offset; });
    return std::move(segments_);
  }

 private:
  std::vector<Segment> segments_;
};

}  // namespace

std::vector<Segment> volume_segments(const std::shared_ptr<const VolumePlan>& plan, std::uint64_t total_sectors) {
  SegmentList list;
  Bytes boot = boot_record(*plan, total_sectors);
  Bytes backup(boot.begin(), boot.begin() + kSectorSize);
  list.add(memory_segment(0, std::move(boot)));
  list.add(plan->mirror, mirror_bytes(*plan));
  list.add(plan->mft_bitmap, record_bitmap(*plan));
  list.add(plan->mft.cluster, plan->mft.end(), std::make_shared<MftSource>(plan));
  list.add(plan->log.cluster, plan->log.end(), std::make_shared<FillSource>(std::uint8_t{0xFF}));
  list.add(plan->definitions, attribute_definitions());
  list.add(plan->bitmap.cluster, plan->bitmap.end(),
           std::make_shared<UsedBitmapSource>(plan->mft.end(), plan->clusters, plan->bitmap.size));
  list.add(plan->upcase, upcase_bytes());
  list.add(plan->descriptors, plan->descriptor_stream);
  for (const ViewIndex* index : {&plan->by_hash, &plan->by_id, &plan->reparse_points}) {
    list.add(index->allocation, view_index_blocks(*index));
    if (index->bitmap.clusters != 0) list.add(index->bitmap, index_bitmap(index->tree));
  }
  list.add(plan->metadata_start, plan->metadata_end, std::make_shared<MetadataSource>(plan));
  list.add(plan->data_start, plan->data_end, std::make_shared<PayloadSource>(plan));
  list.add(memory_segment(total_sectors * kSectorSize, std::move(backup)));
  return std::move(list).sorted();
}

}  // namespace winnow::ntfs
