#include "image/disk/check/ntfs_record.hpp"

#include <algorithm>
#include <set>

#include "formats/ntfs.hpp"
#include "formats/upcase_table.hpp"
#include "image/disk/check/ntfs_attribute.hpp"

namespace winnow::check {

namespace {

constexpr std::uint16_t kKnownFlags =
    ntfs::record::kInUse | ntfs::record::kDirectory | ntfs::record::kIsExtendFile | ntfs::record::kIsViewIndex;
constexpr std::size_t kEndMarkerSize = 8;

void check_header(const Record& record, const Geometry& geometry, const RecordReport& report) {
  const auto number = *read_le<std::uint32_t>(record.bytes, ntfs::record::kNumber);
  if (number != record.number) report(differs("record number in the header", number, record.number));
  const auto allocated = *read_le<std::uint32_t>(record.bytes, ntfs::record::kBytesAllocated);
  if (allocated != geometry.record_size) report(differs("bytes allocated", allocated, geometry.record_size));
  if (record.sequence == 0) report("sequence number is 0, expected at least 1");
  if ((record.flags & ~kKnownFlags) != 0) report("flags are " + hex(record.flags) + ", expected only bits 0 to 3");
}

// The order of attributes in a record: by type, then by name without case.
void check_order(const Attribute& before, const Attribute& attribute, const RecordReport& report) {
  const std::string name = attribute_name(attribute.type, attribute.name);
  if (attribute.type < before.type) {
    report(name + ": attribute order: type " + hex(attribute.type) + " comes after " + hex(before.type));
  } else if (attribute.type == before.type) {
    const int order = ntfs::upcase_name(before.name).compare(ntfs::upcase_name(attribute.name));
    if (order > 0) report(name + ": attribute order: it comes after " + attribute_name(before.type, before.name));
    const bool is_repeated = order == 0 && before.first_vcn == attribute.first_vcn;
    if (is_repeated && attribute.type != ntfs::kFileName) report(name + ": the attribute is there twice");
  }
}

void check_ids(const Record& record, const RecordReport& report) {
  std::set<std::uint16_t> ids;
  std::uint32_t above = 0;
  for (const Attribute& attribute : record.attributes) {
    if (!ids.insert(attribute.id).second) {
      report(attribute_name(attribute.type, attribute.name) + ": attribute id " + std::to_string(attribute.id) +
             " is used twice in the record");
    }
    above = std::max<std::uint32_t>(above, attribute.id + 1u);
  }
  const auto next = *read_le<std::uint16_t>(record.bytes, ntfs::record::kNextAttributeId);
  if (next < above) {
    report("next_attr_id is " + std::to_string(next) + ", expected at least " + std::to_string(above));
  }
}

// Attributes up to the end marker; the offset of the marker, or nothing when there is none to be found.
std::optional<std::size_t> parse_attributes(Record& record, std::size_t in_use, const Geometry& geometry,
                                            const RecordReport& report) {
  std::size_t offset = *read_le<std::uint16_t>(record.bytes, ntfs::record::kFirstAttribute);
  if (offset % 8 != 0 || offset < ntfs::record::kUpdateArray) {
    report("offset of the first attribute is " + std::to_string(offset) + ", expected " +
           std::to_string(ntfs::record::kAttributes));
    return std::nullopt;
  }
  const ByteView used = ByteView(record.bytes).first(in_use);
  while (true) {
    const auto type = read_le<std::uint32_t>(used, offset);
    if (!type) {
      report("bytes in use: the attributes have no end marker within " + std::to_string(in_use) + " bytes");
      return std::nullopt;
    }
    if (*type == ntfs::kEnd) return offset;
    const auto length = read_le<std::uint32_t>(used, offset + ntfs::attribute::kLength).value_or(0);
    const auto bytes = slice(used, offset, length);
    if (length < ntfs::attribute::kResidentHeader || length % 8 != 0 || !bytes) {
      report(attribute_name(*type, {}) + ": attribute length is " + std::to_string(length) + " at offset " +
             std::to_string(offset) + " of " + std::to_string(in_use) + " bytes in use");
      return std::nullopt;
    }
    auto attribute = parse_attribute(*bytes, geometry, report);
    if (attribute && !record.attributes.empty()) check_order(record.attributes.back(), *attribute, report);
    if (attribute) record.attributes.push_back(std::move(*attribute));
    offset += length;
  }
}

std::string undo_record(Record& record) {
  const std::size_t offset = *read_le<std::uint16_t>(record.bytes, ntfs::record::kUpdateOffset);
  return undo_update_sequence(record.bytes, offset, *read_le<std::uint16_t>(record.bytes, ntfs::record::kUpdateCount));
}

}  // namespace

std::u16string read_units(ByteView bytes) {
  std::u16string units;
  units.reserve(bytes.size() / 2);
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    units += static_cast<char16_t>(bytes[i] | bytes[i + 1] << 8);
  }
  return units;
}

std::string attribute_name(std::uint32_t type, std::u16string_view name) {
  constexpr const char* kNames[] = {"$STANDARD_INFORMATION",
                                    "$ATTRIBUTE_LIST",
                                    "$FILE_NAME",
                                    "$OBJECT_ID",
                                    "$SECURITY_DESCRIPTOR",
                                    "$VOLUME_NAME",
                                    "$VOLUME_INFORMATION",
                                    "$DATA",
                                    "$INDEX_ROOT",
                                    "$INDEX_ALLOCATION",
                                    "$BITMAP",
                                    "$REPARSE_POINT",
                                    "$EA_INFORMATION",
                                    "$EA"};
  const bool is_known = type >= 0x10 && type <= ntfs::kEa && type % 0x10 == 0;
  const std::string text = is_known ? kNames[type / 0x10 - 1] : "attribute " + hex(type);
  return name.empty() ? text : text + ":" + printable(name);
}

std::string undo_update_sequence(Bytes& bytes, std::size_t offset, std::size_t count) {
  const std::size_t sectors = bytes.size() / ntfs::kSectorSize;
  if (count != sectors + 1) return differs("update sequence count", count, sectors + 1);
  if (offset % 2 != 0 || offset < ntfs::index_block::kUpdateArray || offset + count * 2 > ntfs::kSectorSize - 2) {
    return "update sequence offset is " + std::to_string(offset) + ", outside the header";
  }
  std::string fault;
  const auto number = *read_le<std::uint16_t>(bytes, offset);
  for (std::size_t sector = 0; sector < sectors; ++sector) {
    const std::size_t tail = (sector + 1) * ntfs::kSectorSize - 2;
    const auto found = *read_le<std::uint16_t>(bytes, tail);
    if (found != number && fault.empty()) {
      fault = differs_hex("update sequence: the end of sector " + std::to_string(sector + 1), found, number) +
              " (torn write)";
    }
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset + 2 + sector * 2), 2,
                bytes.begin() + static_cast<std::ptrdiff_t>(tail));
  }
  return fault;
}

std::optional<Record> parse_record(std::uint64_t number, Bytes raw, const Geometry& geometry,
                                   const RecordReport& report) {
  if (!as_text(raw).starts_with(ntfs::record::kMagic)) return std::nullopt;
  Record record;
  record.number = number;
  record.bytes = std::move(raw);
  if (const std::string fault = undo_record(record); !fault.empty()) report(fault);
  record.sequence = *read_le<std::uint16_t>(record.bytes, ntfs::record::kSequence);
  record.links = *read_le<std::uint16_t>(record.bytes, ntfs::record::kLinkCount);
  record.flags = *read_le<std::uint16_t>(record.bytes, ntfs::record::kFlags);
  record.base = *read_le<std::uint64_t>(record.bytes, ntfs::record::kBaseRecord);
  if ((record.flags & ntfs::record::kInUse) == 0) return record;
  check_header(record, geometry, report);
  const auto in_use = *read_le<std::uint32_t>(record.bytes, ntfs::record::kBytesInUse);
  if (in_use > geometry.record_size) {
    report("bytes in use is " + std::to_string(in_use) + ", expected at most " + std::to_string(geometry.record_size));
    return record;
  }
  const auto end = parse_attributes(record, in_use, geometry, report);
  if (end && in_use != *end + kEndMarkerSize) report(differs("bytes in use", in_use, *end + kEndMarkerSize));
  if (end) check_ids(record, report);
  return record;
}

}  // namespace winnow::check
