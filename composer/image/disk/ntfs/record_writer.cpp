#include "image/disk/ntfs/record_writer.hpp"

#include <algorithm>

#include "image/disk/ntfs/fields.hpp"

namespace winnow::ntfs {

namespace {

// length and offset of a run: 1 byte of sizes, then each as a signed number in as few bytes as hold it; 8 + 8 and a
// terminator would be the most, volumes end long before.
constexpr std::size_t kRunsBound = 16;

std::size_t signed_size(std::uint64_t value) {
  std::size_t size = 1;
  while (size < 8 && value >> (8 * size - 1) != 0) ++size;
  return size;
}

std::size_t put_run(std::span<std::uint8_t> out, std::size_t at, const Extent& extent) {
  const std::size_t start = at;
  const std::size_t length_size = signed_size(extent.clusters);
  const std::size_t offset_size = extent.is_hole ? 0 : signed_size(extent.cluster);
  out[at++] = static_cast<std::uint8_t>(length_size | offset_size << 4);
  for (std::size_t i = 0; i < length_size; ++i) out[at++] = static_cast<std::uint8_t>(extent.clusters >> (8 * i));
  for (std::size_t i = 0; i < offset_size; ++i) out[at++] = static_cast<std::uint8_t>(extent.cluster >> (8 * i));
  return at + 1 - start;  // and the terminator, a zero
}

std::size_t run_size(const Extent& extent) {
  return 2 + signed_size(extent.clusters) + (extent.is_hole ? 0 : signed_size(extent.cluster));
}

}  // namespace

std::size_t resident_size(std::size_t name_units, std::uint64_t value_size) {
  return round_up(round_up(attribute::kResidentHeader + 2 * name_units, 8) + value_size, 8);
}

std::size_t non_resident_bound(std::size_t name_units, bool is_hole) {
  const std::size_t header = is_hole ? attribute::kSparseHeader : attribute::kNonResidentHeader;
  return round_up(header + 2 * name_units, 8) + kRunsBound;
}

RecordWriter::RecordWriter(std::span<std::uint8_t> out, const RecordHeader& header) : out_(out) {
  std::fill(out_.begin(), out_.end(), std::uint8_t{0});
  put_text(out_, 0, record::kMagic);
  put_le<std::uint16_t>(out_, record::kSequence, header.sequence);
  put_le<std::uint16_t>(out_, record::kLinkCount, header.links);
  put_le<std::uint16_t>(out_, record::kFirstAttribute, record::kAttributes);
  put_le<std::uint16_t>(out_, record::kFlags, header.flags);
  put_le<std::uint32_t>(out_, record::kBytesAllocated, kRecordSize);
  put_le<std::uint64_t>(out_, record::kBaseRecord, header.base);
  put_le<std::uint32_t>(out_, record::kNumber, header.number);
}

std::uint16_t RecordWriter::begin(std::uint32_t type, std::u16string_view name, std::size_t length,
                                  std::size_t name_offset, std::optional<std::uint16_t> id) {
  last_id_ = id.value_or(next_id_);
  next_id_ = std::max<std::uint16_t>(next_id_, static_cast<std::uint16_t>(last_id_ + 1));
  put_le<std::uint32_t>(out_, at_ + attribute::kType, type);
  put_le<std::uint32_t>(out_, at_ + attribute::kLength, static_cast<std::uint32_t>(length));
  out_[at_ + attribute::kNameLength] = static_cast<std::uint8_t>(name.size());
  put_le<std::uint16_t>(out_, at_ + attribute::kNameOffset, static_cast<std::uint16_t>(name_offset));
  put_le<std::uint16_t>(out_, at_ + attribute::kId, last_id_);
  put_units(out_, at_ + name_offset, name);
  return last_id_;
}

std::span<std::uint8_t> RecordWriter::reserve_resident(std::uint32_t type, std::u16string_view name, std::size_t size,
                                                       std::optional<std::uint16_t> id) {
  const std::size_t length = resident_size(name.size(), size);
  const std::size_t value = round_up(attribute::kResidentHeader + 2 * name.size(), 8);
  begin(type, name, length, attribute::kResidentHeader, id);
  put_le<std::uint32_t>(out_, at_ + attribute::kValueLength, static_cast<std::uint32_t>(size));
  put_le<std::uint16_t>(out_, at_ + attribute::kValueOffset, static_cast<std::uint16_t>(value));
  out_[at_ + attribute::kIndexedFlag] = type == kFileName ? 1 : 0;
  at_ += length;
  return out_.subspan(at_ - length + value, size);
}

std::uint16_t RecordWriter::resident(std::uint32_t type, std::u16string_view name, ByteView value,
                                     std::optional<std::uint16_t> id) {
  const std::span<std::uint8_t> place = reserve_resident(type, name, value.size(), id);
  std::copy(value.begin(), value.end(), place.begin());
  return last_id_;
}

std::uint16_t RecordWriter::non_resident(std::uint32_t type, std::u16string_view name, const Extent& extent,
                                         std::optional<std::uint16_t> id, bool flag_sparse) {
  const bool sparse = extent.is_hole && flag_sparse;
  const std::size_t header = sparse ? attribute::kSparseHeader : attribute::kNonResidentHeader;
  const std::size_t runs = round_up(header + 2 * name.size(), 8);
  const std::size_t length = round_up(runs + run_size(extent), 8);
  const std::uint16_t given = begin(type, name, length, header, id);
  out_[at_ + attribute::kNonResident] = 1;
  put_le<std::uint16_t>(out_, at_ + attribute::kFlags, sparse ? attribute::kSparse : 0);
  put_le<std::uint64_t>(out_, at_ + attribute::kLastVcn, extent.clusters - 1);
  put_le<std::uint16_t>(out_, at_ + attribute::kRunsOffset, static_cast<std::uint16_t>(runs));
  put_le<std::uint64_t>(out_, at_ + attribute::kAllocatedSize, extent.clusters * kClusterSize);
  put_le<std::uint64_t>(out_, at_ + attribute::kDataSize, extent.size);
  // A hole that is meant to be read (WOF's) is initialised; $BadClus's is not.
  put_le<std::uint64_t>(out_, at_ + attribute::kInitializedSize, extent.is_hole && !flag_sparse ? 0 : extent.size);
  put_run(out_, at_ + runs, extent);
  at_ += length;
  return given;
}

void RecordWriter::finish() {
  put_le<std::uint32_t>(out_, at_, kEnd);
  put_le<std::uint32_t>(out_, record::kBytesInUse, static_cast<std::uint32_t>(at_ + 8));
  put_le<std::uint16_t>(out_, record::kNextAttributeId, next_id_);
  apply_update_sequence(out_, record::kUpdateArray);
}

}  // namespace winnow::ntfs
