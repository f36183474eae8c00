#include "image/disk/check/ntfs_attribute.hpp"

#include "formats/ntfs.hpp"

namespace winnow::check {

namespace {

constexpr std::uint16_t kKnownFlags =
    ntfs::attribute::kCompressed | ntfs::attribute::kEncrypted | ntfs::attribute::kSparse;
constexpr std::uint8_t kMaxCompressionUnit = 16;  // log2 of clusters
constexpr std::uint32_t kLastType = 0x1000;       // user-defined types may follow

// A number of `count` bytes, little-endian; nothing when it is not inside `bytes`.
std::optional<std::uint64_t> read_number(ByteView bytes, std::size_t offset, std::size_t count, bool is_signed) {
  const auto field = slice(bytes, offset, count);
  if (!field || count > 8) return std::nullopt;
  const bool is_negative = is_signed && count > 0 && ((*field)[count - 1] & 0x80) != 0;
  std::uint64_t value = is_negative ? ~std::uint64_t{0} : 0;
  for (std::size_t i = count; i-- > 0;) value = value << 8 | (*field)[i];
  return value;
}

// Decodes the run list in `list`; "" or what is wrong. `expected` clusters in all.
std::string decode_runs(ByteView list, std::uint64_t expected, const Geometry& geometry, Attribute& attribute) {
  std::uint64_t vcn = attribute.first_vcn;
  std::uint64_t lcn = 0;
  std::size_t offset = 0;
  while (offset < list.size() && list[offset] != 0) {
    const std::size_t length_bytes = list[offset] & 15u;
    const std::size_t place_bytes = list[offset] >> 4u;
    const auto length = read_number(list, offset + 1, length_bytes, false);
    const auto move = read_number(list, offset + 1 + length_bytes, place_bytes, true);
    if (!length || !move || *length == 0) return "the run at VCN " + std::to_string(vcn) + " cannot be decoded";
    if (*length > geometry.cluster_count && place_bytes != 0) {
      return "the run at VCN " + std::to_string(vcn) + " has " + std::to_string(*length) + " clusters, the volume " +
             std::to_string(geometry.cluster_count);
    }
    if (*length > expected || vcn - attribute.first_vcn > expected - *length) {
      return "its runs have more clusters than the " + std::to_string(expected) + " up to last_vcn";
    }
    if (place_bytes != 0) {
      lcn += *move;
      if (lcn >= geometry.cluster_count || *length > geometry.cluster_count - lcn) {
        return "the run at VCN " + std::to_string(vcn) + " has clusters " + std::to_string(lcn) + " to " +
               std::to_string(lcn + *length - 1) + ", outside the volume's " + std::to_string(geometry.cluster_count);
      }
    }
    if (attribute.runs.size() >= kMaxRunsPerAttribute) return "it has too many runs";
    attribute.runs.push_back({vcn, place_bytes == 0 ? kHole : lcn, *length});
    vcn += *length;
    offset += 1 + length_bytes + place_bytes;
  }
  if (offset >= list.size()) return "its run list has no end inside the attribute";
  const std::uint64_t found = vcn - attribute.first_vcn;
  if (found != expected) {
    return "its runs have " + std::to_string(found) + " clusters, expected " + std::to_string(expected) +
           " up to last_vcn " + std::to_string(attribute.last_vcn);
  }
  return "";
}

bool parse_resident(ByteView bytes, Attribute& attribute, const std::string& name, const RecordReport& report) {
  const auto length = *read_le<std::uint32_t>(bytes, ntfs::attribute::kValueLength);
  const auto offset = *read_le<std::uint16_t>(bytes, ntfs::attribute::kValueOffset);
  const auto value = slice(bytes, offset, length);
  if (!value || offset < ntfs::attribute::kResidentHeader) {
    report(name + ": value length " + std::to_string(length) + " at offset " + std::to_string(offset) +
           " goes beyond the attribute's " + std::to_string(bytes.size()) + " bytes");
    return false;
  }
  if (offset % 8 != 0) report(name + ": value offset is " + std::to_string(offset) + ", expected a multiple of 8");
  if (bytes.size() >= offset + length + 8) {
    report(name + ": " + differs("attribute length", bytes.size(), (offset + length + 7u) / 8 * 8));
  }
  attribute.value = *value;
  attribute.size = attribute.initialized = length;
  attribute.is_indexed = bytes[ntfs::attribute::kIndexedFlag] != 0;
  const bool should = attribute.type == ntfs::kFileName;
  if (bytes[ntfs::attribute::kIndexedFlag] != (should ? 1 : 0)) {
    report(name + ": " + differs("indexed flag", bytes[ntfs::attribute::kIndexedFlag], should ? 1 : 0));
  }
  if (attribute.flags != 0 && attribute.type != ntfs::kData && attribute.type != ntfs::kIndexRoot) {
    report(name + ": " + differs_hex("flags", attribute.flags, 0));
  }
  return true;
}

void read_sizes(ByteView bytes, Attribute& attribute, const std::string& name, const RecordReport& report) {
  attribute.allocated = *read_le<std::uint64_t>(bytes, ntfs::attribute::kAllocatedSize);
  attribute.size = *read_le<std::uint64_t>(bytes, ntfs::attribute::kDataSize);
  attribute.initialized = *read_le<std::uint64_t>(bytes, ntfs::attribute::kInitializedSize);
  if ((attribute.flags & (ntfs::attribute::kCompressed | ntfs::attribute::kSparse)) != 0) {
    attribute.total_allocated = read_le<std::uint64_t>(bytes, ntfs::attribute::kTotalAllocated).value_or(0);
  }
  if (attribute.size > attribute.allocated) {
    report(name + ": data size is " + std::to_string(attribute.size) + ", expected at most the allocated size " +
           std::to_string(attribute.allocated));
  }
  if (attribute.initialized > attribute.size) {
    report(name + ": initialized size is " + std::to_string(attribute.initialized) +
           ", expected at most the data size " + std::to_string(attribute.size));
  }
}

bool parse_non_resident(ByteView bytes, Attribute& attribute, const Geometry& geometry, const std::string& name,
                        const RecordReport& report) {
  if (bytes.size() < ntfs::attribute::kNonResidentHeader) {
    report(name + ": its header has no room in " + std::to_string(bytes.size()) + " bytes");
    return false;
  }
  attribute.first_vcn = *read_le<std::uint64_t>(bytes, ntfs::attribute::kFirstVcn);
  attribute.last_vcn = *read_le<std::uint64_t>(bytes, ntfs::attribute::kLastVcn);
  attribute.compression_unit = bytes[ntfs::attribute::kCompressionUnit];
  const auto offset = *read_le<std::uint16_t>(bytes, ntfs::attribute::kRunsOffset);
  const auto list = offset < ntfs::attribute::kNonResidentHeader ? std::nullopt
                    : offset > bytes.size()                      ? std::nullopt
                                                                 : slice(bytes, offset, bytes.size() - offset);
  const std::uint64_t clusters = attribute.last_vcn + 1 - attribute.first_vcn;
  if (!list || attribute.compression_unit > kMaxCompressionUnit || attribute.last_vcn + 1 < attribute.first_vcn) {
    report(name + ": header: run list at " + std::to_string(offset) + ", VCNs " + std::to_string(attribute.first_vcn) +
           " to " + std::to_string(attribute.last_vcn) + ", compression unit " +
           std::to_string(attribute.compression_unit));
    return false;
  }
  if (attribute.first_vcn == 0) read_sizes(bytes, attribute, name, report);
  const std::string fault = decode_runs(*list, clusters, geometry, attribute);
  if (!fault.empty()) report(name + ": run list: " + fault);
  return true;
}

}  // namespace

std::optional<Attribute> parse_attribute(ByteView bytes, const Geometry& geometry, const RecordReport& report) {
  Attribute attribute;
  attribute.type = *read_le<std::uint32_t>(bytes, ntfs::attribute::kType);
  attribute.id = *read_le<std::uint16_t>(bytes, ntfs::attribute::kId);
  attribute.flags = *read_le<std::uint16_t>(bytes, ntfs::attribute::kFlags);
  attribute.non_resident = bytes[ntfs::attribute::kNonResident] != 0;
  const auto name_offset = *read_le<std::uint16_t>(bytes, ntfs::attribute::kNameOffset);
  const auto name = slice(bytes, name_offset, bytes[ntfs::attribute::kNameLength] * 2u);
  if (!name) {
    report(attribute_name(attribute.type, {}) + ": its name lies outside the attribute");
    return std::nullopt;
  }
  attribute.name = read_units(*name);
  const std::string text = attribute_name(attribute.type, attribute.name);
  if (attribute.type == 0 || attribute.type % 0x10 != 0 || attribute.type > kLastType) {
    report(text + ": attribute type " + hex(attribute.type) + " does not exist");
  }
  if (bytes[ntfs::attribute::kNonResident] > 1) {
    report(text + ": " + differs("non-resident flag", bytes[ntfs::attribute::kNonResident], 1));
  }
  if ((attribute.flags & ~kKnownFlags) != 0) report(text + ": flags are " + hex(attribute.flags));
  const bool is_sound = attribute.non_resident ? parse_non_resident(bytes, attribute, geometry, text, report)
                                               : parse_resident(bytes, attribute, text, report);
  if (!is_sound) return std::nullopt;
  return attribute;
}

}  // namespace winnow::check
