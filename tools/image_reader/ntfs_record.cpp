#include "image_reader/ntfs_record.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/utf16.hpp"
#include "formats/ntfs.hpp"

namespace winnow {

namespace {

constexpr ByteCount kMaxClusterSize = 2u << 20;
constexpr ByteCount kMaxRecordSize = 65'536;
constexpr std::uint64_t kMaxClusters = std::uint64_t{1} << 40;  // of a stream, holes included

template <class T>
T field(ByteView bytes, std::size_t offset) {
  return read_le<T>(bytes, offset).value_or(0);
}

// A count of clusters, or, above 127, the negative logarithm of a count of bytes.
ByteCount size_of_field(std::uint8_t value, ByteCount unit) {
  if (value < 0x80) return value * unit;
  const unsigned shift = 256u - value;
  return shift < 32 ? ByteCount{1} << shift : 0;
}

bool is_power_of_two(ByteCount size) { return size != 0 && (size & (size - 1)) == 0; }

std::u16string units_of(ByteView bytes) {
  std::u16string units;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) units += static_cast<char16_t>(bytes[i] | bytes[i + 1] << 8);
  return units;
}

// Puts the ends of the sectors back where the update sequence has them.
Result<void> undo_update_sequence(std::span<std::uint8_t> bytes) {
  const auto offset = field<std::uint16_t>(bytes, ntfs::record::kUpdateOffset);
  const auto count = field<std::uint16_t>(bytes, ntfs::record::kUpdateCount);
  const std::size_t sectors = bytes.size() / ntfs::kSectorSize;
  if (count != sectors + 1 || offset % 2 != 0 || offset + count * 2u > ntfs::kSectorSize - 2) {
    return fail("its update sequence is damaged");
  }
  for (std::size_t sector = 1; sector <= sectors; ++sector) {
    std::uint8_t* const tail = &bytes[sector * ntfs::kSectorSize - 2];
    if (tail[0] != bytes[offset] || tail[1] != bytes[offset + 1u]) return fail("it was written only in part");
    tail[0] = bytes[offset + 2 * sector];
    tail[1] = bytes[offset + 2 * sector + 1];
  }
  return {};
}

// A number of `count` bytes; the last one has the sign.
std::optional<std::uint64_t> read_number(ByteView bytes, std::size_t offset, std::size_t count, bool is_signed) {
  const auto part = slice(bytes, offset, count);
  if (!part || count > 8) return std::nullopt;
  std::uint64_t value = is_signed && count != 0 && ((*part)[count - 1] & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  for (std::size_t i = count; i-- > 0;) value = value << 8 | (*part)[i];
  return value;
}

// The run list of a piece; it covers the VCNs from `first` up to `last`.
Result<std::vector<ClusterRun>> parse_runs(ByteView list, std::uint64_t first, std::uint64_t last,
                                           const NtfsGeometry& geometry) {
  std::vector<ClusterRun> runs;
  std::uint64_t left = last + 1 - first;
  std::uint64_t cluster = 0;
  std::size_t at = 0;
  while (at < list.size() && list[at] != 0) {
    const std::size_t count_bytes = list[at] & 15u;
    const std::size_t move_bytes = list[at] >> 4u;
    const auto count = read_number(list, at + 1, count_bytes, false);
    const auto move = read_number(list, at + 1 + count_bytes, move_bytes, true);
    if (!count || !move || *count == 0 || *count > left) return fail("its run list is damaged");
    cluster += *move;
    const bool is_hole = move_bytes == 0;
    if (!is_hole && (cluster >= geometry.cluster_count || *count > geometry.cluster_count - cluster)) {
      return fail("its run list leads outside the volume");
    }
    runs.push_back({is_hole ? kHole : cluster, *count});
    left -= *count;
    at += 1 + count_bytes + move_bytes;
  }
  if (left != 0) return fail("its run list ends early");
  return runs;
}

Result<void> parse_non_resident(ByteView bytes, const NtfsGeometry& geometry, NtfsAttribute& attribute) {
  namespace head = ntfs::attribute;
  if (bytes.size() < head::kNonResidentHeader) return fail("its header is damaged");
  attribute.is_resident = false;
  attribute.first_vcn = field<std::uint64_t>(bytes, head::kFirstVcn);
  const auto last = field<std::uint64_t>(bytes, head::kLastVcn);
  const auto runs = field<std::uint16_t>(bytes, head::kRunsOffset);
  // An attribute without clusters ends at VCN -1.
  const bool is_ordered = attribute.first_vcn <= last + 1 && last + 1 <= kMaxClusters;
  if (!is_ordered || runs < head::kRunsOffset || runs > bytes.size()) return fail("its header is damaged");
  if (attribute.first_vcn == 0) {
    attribute.size = field<std::uint64_t>(bytes, head::kDataSize);
    attribute.initialized = std::min(field<std::uint64_t>(bytes, head::kInitializedSize), attribute.size);
    const bool has_units = bytes[head::kCompressionUnit] != 0;
    attribute.is_compressed = has_units && (field<std::uint16_t>(bytes, head::kFlags) & head::kCompressed) != 0;
  }
  WINNOW_TRY(attribute.runs, parse_runs(bytes.subspan(runs), attribute.first_vcn, last, geometry));
  return {};
}

Result<void> parse_resident(ByteView bytes, NtfsAttribute& attribute) {
  const auto value = slice(bytes, field<std::uint16_t>(bytes, ntfs::attribute::kValueOffset),
                           field<std::uint32_t>(bytes, ntfs::attribute::kValueLength));
  if (!value) return fail("its value goes beyond it");
  attribute.size = attribute.initialized = value->size();
  attribute.value.assign(value->begin(), value->end());
  return {};
}

bool says_something(std::uint32_t type, ByteView attribute) {
  return attribute[ntfs::attribute::kNonResident] != 0 || type == ntfs::kData || type == ntfs::kFileName ||
         type == ntfs::kReparsePoint;
}

Result<NtfsAttribute> parse_attribute(ByteView bytes, const NtfsGeometry& geometry) {
  namespace head = ntfs::attribute;
  NtfsAttribute attribute;
  attribute.type = field<std::uint32_t>(bytes, head::kType);
  const auto name = slice(bytes, field<std::uint16_t>(bytes, head::kNameOffset), bytes[head::kNameLength] * 2u);
  if (!name) return fail(attribute_label(attribute.type, {}) + ": its name goes beyond it");
  attribute.name = units_of(*name);
  attribute.is_encrypted = (field<std::uint16_t>(bytes, head::kFlags) & head::kEncrypted) != 0;
  const bool is_resident = bytes[head::kNonResident] == 0;
  const auto parsed = is_resident ? parse_resident(bytes, attribute) : parse_non_resident(bytes, geometry, attribute);
  if (!parsed) {
    return fail(attribute_label(attribute.type, attribute.name) + ": " + parsed.error().faults().front().message);
  }
  return attribute;
}

Result<void> parse_attributes(ByteView bytes, const NtfsGeometry& geometry, NtfsRecord& record) {
  std::size_t at = field<std::uint16_t>(bytes, ntfs::record::kFirstAttribute);
  while (true) {
    const auto type = read_le<std::uint32_t>(bytes, at);
    if (!type) return fail("its attributes have no end");
    if (*type == ntfs::kEnd) return {};
    const auto length = read_le<std::uint32_t>(bytes, at + ntfs::attribute::kLength).value_or(0);
    const auto part = slice(bytes, at, length);
    if (length < ntfs::attribute::kResidentHeader || !part) return fail("the length of an attribute is damaged");
    at += length;
    if (!says_something(*type, *part)) continue;
    WINNOW_TRY(NtfsAttribute attribute, parse_attribute(*part, geometry));
    record.attributes.push_back(std::move(attribute));
  }
}

}  // namespace

std::string attribute_label(std::uint32_t type, const std::u16string& name) {
  constexpr std::array kNames = {"$STANDARD_INFORMATION",
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
                                 "$EA",
                                 "$PROPERTY_SET",
                                 "$LOGGED_UTILITY_STREAM"};
  const bool is_known = type % 0x10 == 0 && type != 0 && type <= 0x10 * kNames.size();
  std::string label =
      is_known ? kNames[type / 0x10 - 1]
               : "attribute 0x" +
                     to_hex(std::array{static_cast<std::uint8_t>(type >> 24), static_cast<std::uint8_t>(type >> 16),
                                       static_cast<std::uint8_t>(type >> 8), static_cast<std::uint8_t>(type)});
  if (!name.empty()) label += ":" + to_utf8(name).value_or("?");
  return label;
}

Result<NtfsGeometry> parse_ntfs_boot(ByteView sector, ByteCount size) {
  namespace boot = ntfs::boot;
  const ByteCount bytes_per_sector = field<std::uint16_t>(sector, boot::kBytesPerSector);
  NtfsGeometry geometry;
  if (!is_power_of_two(bytes_per_sector) || bytes_per_sector < ntfs::kSectorSize || sector.size() < ntfs::kSectorSize) {
    return fail("its NTFS boot sector is damaged");
  }
  geometry.cluster_size = size_of_field(sector[boot::kSectorsPerCluster], 1) * bytes_per_sector;
  // A shift of sectors here, not of bytes.
  geometry.record_size = size_of_field(sector[boot::kClustersPerRecord], geometry.cluster_size);
  const auto sectors = field<std::uint64_t>(sector, boot::kTotalSectors);
  if (!is_power_of_two(geometry.cluster_size) || geometry.cluster_size > kMaxClusterSize ||
      !is_power_of_two(geometry.record_size) || geometry.record_size < ntfs::kSectorSize * 2 ||
      geometry.record_size > kMaxRecordSize) {
    return fail("its NTFS boot sector is damaged");
  }
  if (sectors > size / bytes_per_sector) return fail("its NTFS volume is larger than the room it lies in");
  geometry.cluster_count = sectors * bytes_per_sector / geometry.cluster_size;
  geometry.mft_cluster = field<std::uint64_t>(sector, boot::kMftCluster);
  if (geometry.mft_cluster >= geometry.cluster_count) return fail("its $MFT lies outside the volume");
  return geometry;
}

Result<std::optional<NtfsRecord>> parse_ntfs_record(std::uint64_t number, std::span<std::uint8_t> bytes,
                                                    const NtfsGeometry& geometry) {
  if (!as_text(bytes).starts_with(ntfs::record::kMagic)) return std::optional<NtfsRecord>();
  NtfsRecord record;
  record.number = number;
  const auto flags = field<std::uint16_t>(bytes, ntfs::record::kFlags);
  if ((flags & ntfs::record::kInUse) == 0) return std::optional<NtfsRecord>();
  WINNOW_CHECK(undo_update_sequence(bytes));
  record.sequence = field<std::uint16_t>(bytes, ntfs::record::kSequence);
  record.is_directory = (flags & ntfs::record::kDirectory) != 0;
  record.base = field<std::uint64_t>(bytes, ntfs::record::kBaseRecord);
  const auto in_use = std::min<std::size_t>(field<std::uint32_t>(bytes, ntfs::record::kBytesInUse), bytes.size());
  WINNOW_CHECK(parse_attributes(ByteView(bytes).first(in_use), geometry, record));
  return std::optional(std::move(record));
}

}  // namespace winnow
