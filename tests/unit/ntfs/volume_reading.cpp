#include "volume_reading.hpp"

#include <algorithm>
#include <stdexcept>

namespace winnow::ntfs::testing {
namespace {

ByteView part(ByteView bytes, std::uint64_t offset, std::uint64_t size) {
  const auto found = slice(bytes, offset, size);
  if (!found) throw std::runtime_error("a field ends beyond its structure");
  return *found;
}

std::u16string units(ByteView bytes) {
  std::u16string text;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2)
    text.push_back(static_cast<char16_t>(bytes[i] | bytes[i + 1] << 8));
  return text;
}

std::int64_t run_number(ByteView bytes, bool is_signed) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | bytes[i];
  if (is_signed && !bytes.empty() && bytes.size() < 8 && (bytes.back() & 0x80) != 0)
    value |= ~0ull << (8 * bytes.size());
  return static_cast<std::int64_t>(value);
}

std::vector<Run> parse_runs(ByteView bytes) {
  std::vector<Run> runs;
  std::int64_t cluster = 0;
  std::size_t at = 0;
  while (part(bytes, at, 1)[0] != 0) {
    const std::size_t length_size = bytes[at] & 15u;
    const std::size_t offset_size = bytes[at] >> 4;
    const auto length = run_number(part(bytes, at + 1, length_size), false);
    Run run{.cluster = std::nullopt, .length = static_cast<std::uint64_t>(length)};
    if (offset_size != 0) {
      cluster += run_number(part(bytes, at + 1 + length_size, offset_size), true);
      run.cluster = static_cast<std::uint64_t>(cluster);
    }
    runs.push_back(run);
    at += 1 + length_size + offset_size;
  }
  return runs;
}

Attribute parse_attribute(ByteView bytes) {
  Attribute result;
  result.type = field<std::uint32_t>(bytes, attribute::kType);
  result.length = field<std::uint32_t>(bytes, attribute::kLength);
  result.is_resident = field<std::uint8_t>(bytes, attribute::kNonResident) == 0;
  result.flags = field<std::uint16_t>(bytes, attribute::kFlags);
  result.id = field<std::uint16_t>(bytes, attribute::kId);
  result.name = units(part(bytes, field<std::uint16_t>(bytes, attribute::kNameOffset),
                           2u * field<std::uint8_t>(bytes, attribute::kNameLength)));
  if (result.is_resident) {
    result.indexed = field<std::uint8_t>(bytes, attribute::kIndexedFlag);
    const ByteView value = part(bytes, field<std::uint16_t>(bytes, attribute::kValueOffset),
                                field<std::uint32_t>(bytes, attribute::kValueLength));
    result.value.assign(value.begin(), value.end());
    return result;
  }
  result.first_vcn = field<std::uint64_t>(bytes, attribute::kFirstVcn);
  result.last_vcn = field<std::uint64_t>(bytes, attribute::kLastVcn);
  result.compression_unit = field<std::uint8_t>(bytes, attribute::kCompressionUnit);
  result.allocated_size = field<std::uint64_t>(bytes, attribute::kAllocatedSize);
  result.data_size = field<std::uint64_t>(bytes, attribute::kDataSize);
  result.initialized_size = field<std::uint64_t>(bytes, attribute::kInitializedSize);
  const auto runs = field<std::uint16_t>(bytes, attribute::kRunsOffset);
  result.runs = parse_runs(bytes.subspan(std::min<std::size_t>(runs, bytes.size())));
  return result;
}

// Entries from an index header's first entry on, the end entry included only for its child.
void append_entries(ByteView header, bool is_view, std::vector<IndexEntry>& out) {
  std::uint64_t at = field<std::uint32_t>(header, index_header::kFirstEntry);
  while (true) {
    const ByteView fixed = part(header, at, index_entry::kKey);
    const auto length = field<std::uint16_t>(fixed, index_entry::kLength);
    const ByteView entry = part(header, at, length);
    IndexEntry result;
    result.reference = field<std::uint64_t>(entry, 0);
    result.flags = field<std::uint16_t>(entry, index_entry::kFlags);
    if ((result.flags & index_entry::kHasChild) != 0) result.child = field<std::uint64_t>(entry, length - 8u);
    if ((result.flags & index_entry::kLast) != 0) return;
    const ByteView key = part(entry, index_entry::kKey, field<std::uint16_t>(entry, index_entry::kKeyLength));
    result.key.assign(key.begin(), key.end());
    if (is_view) {
      const ByteView data = part(entry, field<std::uint16_t>(entry, 0), field<std::uint16_t>(entry, 2));
      result.data.assign(data.begin(), data.end());
    }
    out.push_back(std::move(result));
    at += length;
  }
}

}  // namespace

template <class T>
T field(ByteView bytes, std::uint64_t offset) {
  const auto value = read_le<T>(bytes, offset);
  if (!value) throw std::runtime_error("a field ends beyond its structure");
  return *value;
}
template std::uint8_t field(ByteView, std::uint64_t);
template std::uint16_t field(ByteView, std::uint64_t);
template std::uint32_t field(ByteView, std::uint64_t);
template std::uint64_t field(ByteView, std::uint64_t);

VolumeReading::VolumeReading(ByteView volume) : volume_(volume) {
  const auto cluster = field<std::uint64_t>(volume, boot::kMftCluster);
  const Bytes first = without_update_sequence(part(volume, cluster * kClusterSize, kRecordSize), record::kMagic);
  for (Attribute& each : attributes(first)) {
    if (each.type == kData && each.name.empty()) mft_ = std::move(each);
  }
  if (mft_.is_resident) throw std::runtime_error("$MFT has no non-resident $DATA");
}

Bytes VolumeReading::without_update_sequence(ByteView stored, std::string_view magic) {
  if (as_text(part(stored, 0, 4)) != magic) throw std::runtime_error("a structure does not start with its magic");
  Bytes result(stored.begin(), stored.end());
  const auto offset = field<std::uint16_t>(stored, 4);
  const auto count = field<std::uint16_t>(stored, 6);
  if (count != stored.size() / kSectorSize + 1) throw std::runtime_error("an update sequence has the wrong length");
  for (std::size_t i = 1; i < count; ++i) {
    const std::size_t end = i * kSectorSize - 2;
    if (field<std::uint16_t>(stored, end) != field<std::uint16_t>(stored, offset))
      throw std::runtime_error("torn sector");
    const ByteView value = part(stored, offset + 2 * i, 2);
    std::copy(value.begin(), value.end(), result.begin() + static_cast<std::ptrdiff_t>(end));
  }
  return result;
}

Bytes VolumeReading::at(std::uint64_t offset, std::uint64_t size) const {
  const ByteView bytes = part(volume_, offset, size);
  return {bytes.begin(), bytes.end()};
}

Bytes VolumeReading::record(std::uint64_t number) const {
  std::uint64_t offset = number * kRecordSize;
  for (const Run& run : mft_.runs) {
    if (offset < run.length * kClusterSize) {
      return without_update_sequence(at(*run.cluster * kClusterSize + offset, kRecordSize), record::kMagic);
    }
    offset -= run.length * kClusterSize;
  }
  throw std::runtime_error("$MFT has no record " + std::to_string(number));
}

std::vector<Attribute> VolumeReading::attributes(ByteView record) const {
  std::vector<Attribute> found;
  std::uint64_t offset = field<std::uint16_t>(record, record::kFirstAttribute);
  while (field<std::uint32_t>(record, offset) != kEnd) {
    const auto length = field<std::uint32_t>(record, offset + attribute::kLength);
    if (length < attribute::kResidentHeader) throw std::runtime_error("an attribute is too short");
    found.push_back(parse_attribute(part(record, offset, length)));
    offset += length;
  }
  return found;
}

std::optional<Attribute> VolumeReading::find(std::uint64_t record, std::uint32_t type, std::u16string_view name) const {
  for (Attribute& each : attributes(this->record(record))) {
    if (each.type == type && each.name == name) return std::move(each);
  }
  return std::nullopt;
}

Bytes VolumeReading::content(const Attribute& attribute) const {
  if (attribute.is_resident) return attribute.value;
  Bytes result;
  for (const Run& run : attribute.runs) {
    const std::uint64_t size = run.length * kClusterSize;
    if (run.cluster) {
      const ByteView bytes = part(volume_, *run.cluster * kClusterSize, size);
      result.insert(result.end(), bytes.begin(), bytes.end());
    } else {
      result.resize(result.size() + size);
    }
  }
  if (result.size() < attribute.data_size) throw std::runtime_error("the runs end before the data");
  result.resize(attribute.data_size);
  return result;
}

std::vector<IndexEntry> VolumeReading::index_entries(std::uint64_t record, std::u16string_view name) const {
  std::vector<IndexEntry> entries;
  const auto root = find(record, kIndexRoot, name);
  if (!root) throw std::runtime_error("record " + std::to_string(record) + " has no such index");
  const bool is_view = field<std::uint32_t>(root->value, index_root::kAttributeType) != kFileName;
  append_entries(part(root->value, index_root::kHeader, root->value.size() - index_root::kHeader), is_view, entries);
  const auto allocation = find(record, kIndexAllocation, name);
  if (!allocation) return entries;
  const Bytes blocks = content(*allocation);
  const Bytes in_use = content(find(record, kBitmapAttribute, name).value());
  for (std::size_t i = 0; (i + 1) * kIndexBlockSize <= blocks.size(); ++i) {
    if ((in_use.at(i / 8) >> i % 8 & 1) == 0) continue;
    const Bytes block =
        without_update_sequence(part(blocks, i * kIndexBlockSize, kIndexBlockSize), index_block::kMagic);
    append_entries(ByteView(block).subspan(index_block::kHeader), is_view, entries);
  }
  return entries;
}

}  // namespace winnow::ntfs::testing
