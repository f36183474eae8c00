#include <algorithm>

#include "formats/vhd.hpp"
#include "image/disk/check/container_check.hpp"

namespace winnow::check {

namespace {

constexpr std::uint64_t kMaxBlocks = 8u << 20;
constexpr std::uint64_t kGeometryLimit = 65535ull * 16 * 255;  // sectors that cylinders, heads, sectors can say

std::uint64_t read_be(ByteView bytes, std::size_t offset, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | bytes[offset + i];
  return value;
}

// Ones' complement of the sum of all bytes but the checksum's own.
std::uint32_t checksum_of(ByteView bytes, std::size_t field) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) sum += i >= field && i < field + 4 ? 0u : bytes[i];
  return ~sum;
}

// Cylinders, heads and sectors packed as in the footer, from the specification's appendix.
std::uint32_t geometry_of(std::uint64_t sectors) {
  const std::uint64_t total = std::min(sectors, kGeometryLimit);
  std::uint64_t per_track = 255;
  std::uint64_t heads = 16;
  std::uint64_t tracks = total / per_track;
  if (total < 65535ull * 16 * 63) {
    per_track = 17;
    tracks = total / per_track;
    heads = std::max<std::uint64_t>(4, (tracks + 1023) / 1024);
    if (tracks >= heads * 1024 || heads > 16) {
      per_track = 31;
      heads = 16;
      tracks = total / per_track;
    }
    if (tracks >= heads * 1024) {
      per_track = 63;
      heads = 16;
      tracks = total / per_track;
    }
  }
  return static_cast<std::uint32_t>(tracks / heads << 16 | heads << 8 | per_track);
}

class VhdCheck {
 public:
  VhdCheck(ByteView file, Findings& findings) : file_(file), findings_(findings) {}

  std::optional<DiskView> run() {
    if (file_.size() % vhd::kSectorSize != 0) {
      findings_.add("VHD", "file length " + std::to_string(file_.size()) + " is no multiple of 512");
    }
    const std::uint64_t last = file_.size() - vhd::footer::kSize;
    const ByteView footer = file_.subspan(static_cast<std::size_t>(last));
    check_footer(footer, "VHD footer");
    const auto type = read_be(footer, vhd::footer::kType, 4);
    const ByteView first = file_.first(vhd::footer::kSize);
    // A dynamic disk begins with a copy; a fixed one with the disk itself.
    const bool has_copy = as_text(first).starts_with(vhd::footer::kCookie);
    if (type == vhd::footer::kTypeDynamic || has_copy) {
      check_footer(first, "VHD footer copy");
      if (!std::equal(first.begin(), first.end(), footer.begin())) {
        findings_.add("VHD footer copy", "it differs from the footer at the end of the file");
      }
      return check_dynamic(footer);
    }
    return check_fixed(footer, last);
  }

 private:
  void expect(const std::string& subject, const char* what, std::uint64_t found, std::uint64_t expected) {
    if (found != expected) findings_.add(subject, differs_hex(what, found, expected));
  }

  void check_footer(ByteView footer, const std::string& subject) {
    if (!as_text(footer).starts_with(vhd::footer::kCookie)) {
      findings_.add(subject, "cookie is \"" + printable(as_text(footer).substr(0, 8)) + "\", expected \"conectix\"");
    }
    expect(subject, "features", read_be(footer, vhd::footer::kFeatures, 4), vhd::footer::kFeaturesReserved);
    expect(subject, "version", read_be(footer, vhd::footer::kVersion, 4), vhd::footer::kVersion1);
    expect(subject, "checksum", read_be(footer, vhd::footer::kChecksum, 4),
           checksum_of(footer, vhd::footer::kChecksum));
    const auto type = read_be(footer, vhd::footer::kType, 4);
    const bool is_fixed = type == vhd::footer::kTypeFixed;
    if (!is_fixed && type != vhd::footer::kTypeDynamic) {
      findings_.add(subject, "disk type is " + std::to_string(type) + ", expected 2 (fixed) or 3 (dynamic)");
    }
    const auto offset = read_be(footer, vhd::footer::kDataOffset, 8);
    if (is_fixed) expect(subject, "data offset", offset, vhd::footer::kNoOffset);
    const auto size = read_be(footer, vhd::footer::kCurrentSize, 8);
    const auto original = read_be(footer, vhd::footer::kOriginalSize, 8);
    if (original != size) findings_.add(subject, differs("original size", original, size) + ", the current size");
    if (size == 0 || size % vhd::kSectorSize != 0 || size > vhd::kMaxDiskSize) {
      findings_.add(subject, "current size is " + std::to_string(size) + ", expected whole sectors up to 2040 GiB");
    }
    expect(subject, "geometry (cylinders, heads, sectors)", read_be(footer, vhd::footer::kCylinders, 4),
           geometry_of(size / vhd::kSectorSize));
    if (is_zero(footer.subspan(vhd::footer::kUniqueId, 16))) findings_.add(subject, "unique id is zero");
    expect(subject, "saved state", footer[vhd::footer::kSavedState], 0);
    if (!is_zero(footer.subspan(vhd::footer::kReserved))) findings_.add(subject, "reserved bytes are not zero");
  }

  std::optional<DiskView> check_fixed(ByteView footer, std::uint64_t length) {
    const auto size = read_be(footer, vhd::footer::kCurrentSize, 8);
    if (size != length) {
      findings_.add("VHD footer", differs("current size", size, length) + ", the file without its footer");
    }
    return DiskView(file_, length);
  }

  std::optional<DiskView> check_dynamic(ByteView footer) {
    const auto offset = read_be(footer, vhd::footer::kDataOffset, 8);
    const auto header = slice(file_, offset, vhd::dynamic::kSize);
    if (!header || offset < vhd::footer::kSize || offset % vhd::kSectorSize != 0) {
      findings_.add("VHD footer", "data offset " + hex(offset) + " is no place for the dynamic header, expected 0x200");
      return std::nullopt;
    }
    const auto size = std::min<std::uint64_t>(read_be(footer, vhd::footer::kCurrentSize, 8), vhd::kMaxDiskSize);
    return check_header(*header, offset, size);
  }

  std::optional<DiskView> check_header(ByteView header, std::uint64_t at, std::uint64_t size) {
    const std::string subject = "VHD dynamic header";
    if (!as_text(header).starts_with(vhd::dynamic::kCookie)) {
      findings_.add(subject, "cookie is \"" + printable(as_text(header).substr(0, 8)) + "\", expected \"cxsparse\"");
    }
    expect(subject, "data offset", read_be(header, vhd::dynamic::kDataOffset, 8), vhd::footer::kNoOffset);
    expect(subject, "version", read_be(header, vhd::dynamic::kVersion, 4), vhd::dynamic::kVersion1);
    expect(subject, "checksum", read_be(header, vhd::dynamic::kChecksum, 4),
           checksum_of(header, vhd::dynamic::kChecksum));
    if (!is_zero(header.subspan(vhd::dynamic::kParentId))) findings_.add(subject, "parent fields are not zero");
    const auto block = read_be(header, vhd::dynamic::kBlockSize, 4);
    if (block < vhd::kSectorSize * 8 || (block & (block - 1)) != 0) {
      findings_.add(subject, "block size is " + std::to_string(block) + ", expected a power of two");
      return std::nullopt;
    }
    const auto entries = read_be(header, vhd::dynamic::kMaxEntries, 4);
    const std::uint64_t blocks = (size + block - 1) / block;
    if (entries != blocks) findings_.add(subject, differs("BAT entries", entries, blocks));
    const auto table_at = read_be(header, vhd::dynamic::kTableOffset, 8);
    const auto table = blocks > kMaxBlocks ? std::nullopt : slice(file_, table_at, blocks * 4);
    if (!table || table_at % vhd::kSectorSize != 0) {
      findings_.add(subject, "BAT offset " + hex(table_at) + " with " + std::to_string(blocks) +
                                 " entries does not lie inside the file");
      return std::nullopt;
    }
    std::vector<Extent> extents = {{0, vhd::footer::kSize, "VHD footer copy"},
                                   {at, vhd::dynamic::kSize, subject},
                                   {table_at, blocks * 4, "VHD BAT"},
                                   {file_.size() - vhd::footer::kSize, vhd::footer::kSize, "VHD footer"}};
    return check_table(*table, block, size, std::move(extents));
  }

  DiskView check_table(ByteView table, std::uint64_t block, std::uint64_t size, std::vector<Extent> extents) {
    const std::uint64_t bitmap =
        (block / vhd::kSectorSize / 8 + vhd::kSectorSize - 1) / vhd::kSectorSize * vhd::kSectorSize;
    std::vector<std::uint64_t> places(table.size() / 4, kNotStored);
    std::uint64_t end = 0;
    for (const Extent& extent : extents) {
      if (extent.name != "VHD footer") end = std::max(end, extent.offset + (extent.length + 511) / 512 * 512);
    }
    for (std::size_t i = 0; i < places.size(); ++i) {
      const auto sector = read_be(table, i * 4, 4);
      if (sector == vhd::dynamic::kAbsent) continue;
      const std::string subject = "VHD BAT entry " + std::to_string(i);
      const std::uint64_t offset = sector * vhd::kSectorSize;
      if (!slice(file_, offset, bitmap + block)) {
        findings_.add(subject, file_place(offset) + " and its block of " + std::to_string(bitmap + block) +
                                   " bytes lie outside the file of " + std::to_string(file_.size()));
        continue;
      }
      extents.push_back({offset, bitmap + block, subject});
      places[i] = offset + bitmap;
      end = std::max(end, offset + bitmap + block);
      check_bitmap(file_.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(bitmap)), i, block, size,
                   places[i]);
    }
    check_overlaps(std::move(extents), findings_);
    const std::uint64_t expected = end + vhd::footer::kSize;
    if (file_.size() != expected) findings_.add("VHD", differs("file length", file_.size(), expected));
    return DiskView(file_, size, block, std::move(places));
  }

  // A sector whose bit is clear reads as zeros, so there may be nothing else in it.
  void check_bitmap(ByteView bitmap, std::size_t index, std::uint64_t block, std::uint64_t size, std::uint64_t data) {
    const std::uint64_t sectors = std::min(block, size - index * block) / vhd::kSectorSize;
    for (std::uint64_t i = 0; i < sectors; ++i) {
      if ((bitmap[static_cast<std::size_t>(i / 8)] >> (7 - i % 8) & 1) != 0) continue;
      const auto content = slice(file_, data + i * vhd::kSectorSize, vhd::kSectorSize);
      if (content && is_zero(*content)) continue;
      findings_.add("VHD block " + std::to_string(index),
                    "sector bitmap: sector " + std::to_string(i) + " is marked absent, but it holds data");
      return;
    }
  }

  ByteView file_;
  Findings& findings_;
};

}  // namespace

std::optional<DiskView> check_vhd(ByteView file, Findings& findings) { return VhdCheck(file, findings).run(); }

}  // namespace winnow::check
