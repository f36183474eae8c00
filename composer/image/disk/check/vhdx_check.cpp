#include <algorithm>
#include <bit>
#include <map>

#include "formats/vhdx.hpp"
#include "image/disk/check/container_check.hpp"
#include "image/disk/disk_identity.hpp"

namespace winnow::check {

namespace {

constexpr std::uint64_t kMaxTableEntries = 64u << 20;
constexpr std::uint32_t kMaxItemLength = 1u << 20;

std::string guid_at(ByteView bytes, std::size_t offset) {
  Guid guid;
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset), guid.bytes.size(), guid.bytes.begin());
  return to_string(guid);
}

struct Region {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

struct ItemRule {
  std::string_view guid;
  const char* name;
  std::uint32_t length;
  std::uint32_t flags;
};

constexpr std::uint32_t kDiskItem = vhdx::metadata::kIsRequired | vhdx::metadata::kIsVirtualDisk;
constexpr ItemRule kItems[] = {
    {vhdx::metadata::kFileParameters, "file parameters", 8, vhdx::metadata::kIsRequired},
    {vhdx::metadata::kVirtualDiskSize, "virtual disk size", 8, kDiskItem},
    {vhdx::metadata::kVirtualDiskId, "virtual disk id", 16, kDiskItem},
    {vhdx::metadata::kLogicalSectorSize, "logical sector size", 4, kDiskItem},
    {vhdx::metadata::kPhysicalSectorSize, "physical sector size", 4, kDiskItem},
};

class VhdxCheck {
 public:
  VhdxCheck(ByteView file, Findings& findings) : file_(file), findings_(findings) {}

  std::optional<DiskView> run() {
    if (!as_text(file_).starts_with(vhdx::kFileIdentifier)) {
      findings_.add("VHDX file identifier",
                    "signature is \"" + printable(as_text(file_).substr(0, 8)) + "\", expected \"vhdxfile\"");
    }
    if (file_.size() % vhdx::kMebibyte != 0) {
      findings_.add("VHDX", "file length " + std::to_string(file_.size()) + " is no multiple of 1 MiB");
    }
    extents_.push_back({0, vhdx::kMebibyte, "VHDX headers"});
    check_headers();
    const auto regions = check_regions();
    if (!regions) return std::nullopt;
    const auto metadata = regions->find(std::string(vhdx::region::kMetadataGuid));
    const auto table = regions->find(std::string(vhdx::region::kBatGuid));
    if (metadata == regions->end() || table == regions->end()) {
      findings_.add("VHDX region table", "the BAT or the metadata region is not in it");
      return std::nullopt;
    }
    return check_disk(metadata->second, table->second);
  }

 private:
  // The checksum of a structure, its own field taken as zero.
  void check_checksum(ByteView bytes, std::size_t field, const std::string& subject) {
    Bytes copy(bytes.begin(), bytes.end());
    std::fill_n(copy.begin() + static_cast<std::ptrdiff_t>(field), 4, std::uint8_t{0});
    const auto found = *read_le<std::uint32_t>(bytes, field);
    if (found != crc32c(copy)) findings_.add(subject, differs_hex("checksum", found, crc32c(copy)));
  }

  void check_headers() {
    std::uint64_t sequences[2] = {};
    const ByteView* current = nullptr;
    ByteView headers[2];
    for (std::size_t i = 0; i < 2; ++i) {
      const std::string subject = "VHDX header " + std::to_string(i + 1);
      const auto header = slice(file_, i == 0 ? vhdx::header::kOffset1 : vhdx::header::kOffset2, vhdx::header::kSize);
      if (!header || !as_text(*header).starts_with(vhdx::header::kSignature)) {
        findings_.add(subject, "its signature is not \"head\"");
        continue;
      }
      headers[i] = *header;
      sequences[i] = *read_le<std::uint64_t>(*header, vhdx::header::kSequence);
      check_header(*header, subject);
      if (current == nullptr || sequences[i] > sequences[0]) current = &headers[i];
    }
    if (headers[0].empty() || headers[1].empty()) return;
    if (sequences[0] == sequences[1]) {
      findings_.add("VHDX header 2", "sequence number is " + std::to_string(sequences[1]) + ", the same as header 1's");
    }
    const ByteView same[2] = {headers[0].subspan(vhdx::header::kFileWriteGuid),
                              headers[1].subspan(vhdx::header::kFileWriteGuid)};
    if (!std::equal(same[0].begin(), same[0].end(), same[1].begin())) {
      findings_.add("VHDX header 2", "it differs from header 1 in more than the sequence number");
    }
    add_log(*current);
  }

  void check_header(ByteView header, const std::string& subject) {
    check_checksum(header, vhdx::header::kChecksum, subject);
    const auto version = *read_le<std::uint16_t>(header, vhdx::header::kVersion);
    if (version != vhdx::header::kVersion1)
      findings_.add(subject, differs("version", version, vhdx::header::kVersion1));
    const auto log_version = *read_le<std::uint16_t>(header, vhdx::header::kLogVersion);
    if (log_version != 0) findings_.add(subject, differs("log version", log_version, 0));
    if (!is_zero(header.subspan(vhdx::header::kLogGuid, 16))) {
      findings_.add(subject, "log GUID is " + guid_at(header, vhdx::header::kLogGuid) +
                                 ", expected zero: the log is not empty, it must be replayed");
    }
    for (const std::size_t field : {vhdx::header::kFileWriteGuid, vhdx::header::kDataWriteGuid}) {
      if (is_zero(header.subspan(field, 16))) {
        findings_.add(subject,
                      field == vhdx::header::kFileWriteGuid ? "file write GUID is zero" : "data write GUID is zero");
      }
    }
  }

  void add_log(ByteView header) {
    const auto length = *read_le<std::uint32_t>(header, vhdx::header::kLogLength);
    const auto offset = *read_le<std::uint64_t>(header, vhdx::header::kLogOffset);
    add_extent(offset, length, "VHDX log");
  }

  // True when it lies inside the file.
  bool add_extent(std::uint64_t offset, std::uint64_t length, const std::string& name) {
    if (offset % vhdx::kMebibyte != 0 || length % vhdx::kMebibyte != 0 || length == 0) {
      findings_.add(name, file_place(offset) + ", length " + std::to_string(length) + ": not whole MiB");
    }
    if (!slice(file_, offset, length)) {
      findings_.add(name, file_place(offset) + ", length " + std::to_string(length) + ": outside the file of " +
                              std::to_string(file_.size()) + " bytes");
      return false;
    }
    extents_.push_back({offset, length, name});
    return true;
  }

  std::optional<std::map<std::string, Region>> check_regions() {
    const auto first = slice(file_, vhdx::region::kOffset1, vhdx::region::kSize);
    const auto second = slice(file_, vhdx::region::kOffset2, vhdx::region::kSize);
    if (!first || !second) {
      findings_.add("VHDX", "the file ends before its region tables");
      return std::nullopt;
    }
    for (const ByteView table : {*first, *second}) {
      const std::string subject = table.data() == first->data() ? "VHDX region table 1" : "VHDX region table 2";
      if (!as_text(table).starts_with(vhdx::region::kSignature))
        findings_.add(subject, "its signature is not \"regi\"");
      check_checksum(table, vhdx::region::kChecksum, subject);
    }
    if (!std::equal(first->begin(), first->end(), second->begin())) {
      findings_.add("VHDX region table 2", "it differs from region table 1");
    }
    return read_regions(as_text(*first).starts_with(vhdx::region::kSignature) ? *first : *second);
  }

  std::map<std::string, Region> read_regions(ByteView table) {
    std::map<std::string, Region> regions;
    const auto count = *read_le<std::uint32_t>(table, vhdx::region::kCount);
    if (count > vhdx::region::kMaxEntries) {
      findings_.add("VHDX region table", "it has " + std::to_string(count) + " entries, expected at most 2047");
      return regions;
    }
    for (std::size_t i = 0; i < count; ++i) {
      const ByteView entry =
          table.subspan(vhdx::region::kEntries + i * vhdx::region::kEntrySize, vhdx::region::kEntrySize);
      const std::string guid = guid_at(entry, vhdx::region::kEntryGuid);
      const Region region{*read_le<std::uint64_t>(entry, vhdx::region::kEntryOffset),
                          *read_le<std::uint32_t>(entry, vhdx::region::kEntryLength)};
      const bool is_known = guid == vhdx::region::kBatGuid || guid == vhdx::region::kMetadataGuid;
      const std::string name = guid == vhdx::region::kBatGuid        ? "VHDX BAT region"
                               : guid == vhdx::region::kMetadataGuid ? "VHDX metadata region"
                                                                     : "VHDX region " + guid;
      const auto required = *read_le<std::uint32_t>(entry, vhdx::region::kEntryRequired);
      if (is_known && required != 1) findings_.add(name, differs("required flag", required, 1));
      if (!is_known && required == 1) findings_.add(name, "it is required, but nobody knows it");
      if (!add_extent(region.offset, region.length, name)) continue;
      if (!regions.emplace(guid, region).second) findings_.add(name, "it is there twice");
    }
    return regions;
  }

  // The data of the items that a disk must have, by GUID.
  std::map<std::string, Bytes> read_items(ByteView region) {
    std::map<std::string, Bytes> items;
    if (!as_text(region).starts_with(vhdx::metadata::kSignature)) {
      findings_.add("VHDX metadata table", "its signature is not \"metadata\"");
      return items;
    }
    const auto count = *read_le<std::uint16_t>(region, vhdx::metadata::kCount);
    std::vector<Extent> places;
    for (std::size_t i = 0; i < std::min<std::size_t>(count, vhdx::metadata::kMaxEntries); ++i) {
      const auto entry =
          slice(region, vhdx::metadata::kEntries + i * vhdx::metadata::kEntrySize, vhdx::metadata::kEntrySize);
      if (!entry) break;
      read_item(region, *entry, items, places);
    }
    check_overlaps(std::move(places), findings_);
    return items;
  }

  void read_item(ByteView region, ByteView entry, std::map<std::string, Bytes>& items, std::vector<Extent>& places) {
    const std::string guid = guid_at(entry, vhdx::metadata::kEntryGuid);
    const auto offset = *read_le<std::uint32_t>(entry, vhdx::metadata::kEntryOffset);
    const auto length = *read_le<std::uint32_t>(entry, vhdx::metadata::kEntryLength);
    const auto flags = *read_le<std::uint32_t>(entry, vhdx::metadata::kEntryFlags);
    const auto rule =
        std::find_if(std::begin(kItems), std::end(kItems), [&](const ItemRule& r) { return r.guid == guid; });
    const bool is_known = rule != std::end(kItems);
    const std::string name = "VHDX metadata item " + (is_known ? std::string(rule->name) : guid);
    const auto data = slice(region, offset, length);
    if (!data || offset < vhdx::metadata::kFirstItem || length > kMaxItemLength) {
      findings_.add(name, "offset " + hex(offset) + ", length " + std::to_string(length) + ": outside the region");
      return;
    }
    places.push_back({offset, length, name});
    if (is_known && length != rule->length) {
      findings_.add(name, differs("length", length, rule->length));
      return;
    }
    if (is_known && flags != rule->flags) findings_.add(name, differs_hex("flags", flags, rule->flags));
    if (!is_known && (flags & vhdx::metadata::kIsRequired) != 0)
      findings_.add(name, "it is required, but nobody knows it");
    if (!items.emplace(guid, Bytes(data->begin(), data->end())).second) findings_.add(name, "it is there twice");
  }

  std::optional<DiskView> check_disk(const Region& metadata, const Region& table) {
    const auto items =
        read_items(file_.subspan(static_cast<std::size_t>(metadata.offset), static_cast<std::size_t>(metadata.length)));
    bool is_complete = true;
    for (const ItemRule& rule : kItems) {
      if (items.contains(std::string(rule.guid))) continue;
      findings_.add("VHDX metadata table", std::string("item ") + rule.name + " is missing");
      is_complete = false;
    }
    if (!is_complete) return std::nullopt;
    const auto number = [&](std::string_view guid) { return *read_le<std::uint32_t>(items.at(std::string(guid)), 0); };
    const std::uint32_t block = number(vhdx::metadata::kFileParameters);
    const auto size = *read_le<std::uint64_t>(items.at(std::string(vhdx::metadata::kVirtualDiskSize)), 0);
    const std::uint32_t sector = number(vhdx::metadata::kLogicalSectorSize);
    const std::uint32_t physical = number(vhdx::metadata::kPhysicalSectorSize);
    for (const std::uint32_t bytes : {sector, physical}) {
      if (bytes != 512 && bytes != 4096)
        findings_.add("VHDX metadata", "a sector size is " + std::to_string(bytes) + ", expected 512 or 4096");
    }
    if (is_zero(items.at(std::string(vhdx::metadata::kVirtualDiskId))))
      findings_.add("VHDX metadata", "virtual disk id is zero");
    const auto bits = *read_le<std::uint32_t>(items.at(std::string(vhdx::metadata::kFileParameters)), 4);
    if ((bits & vhdx::metadata::kHasParent) != 0)
      findings_.add("VHDX metadata", "the disk has a parent, expected none");
    if ((bits & ~3u) != 0) findings_.add("VHDX metadata", differs_hex("file parameter bits", bits, bits & 3u));
    if (!std::has_single_bit(block) || block < vhdx::kMinBlockSize || block > vhdx::kMaxBlockSize) {
      findings_.add("VHDX metadata",
                    "block size is " + std::to_string(block) + ", expected a power of two from 1 to 256 MiB");
      return std::nullopt;
    }
    if (size == 0 || sector == 0 || size % std::max(sector, 1u) != 0 || size > vhdx::kMaxDiskSize) {
      findings_.add("VHDX metadata",
                    "virtual disk size is " + std::to_string(size) + ", expected whole sectors up to 64 TiB");
      return std::nullopt;
    }
    return check_table(table, block, size, sector);
  }

  std::optional<DiskView> check_table(const Region& region, std::uint64_t block, std::uint64_t size,
                                      std::uint64_t sector) {
    const std::uint64_t chunk = std::max<std::uint64_t>(1, vhdx::bat::kChunkSectors * sector / block);
    const std::uint64_t blocks = (size + block - 1) / block;
    const std::uint64_t entries = blocks + (blocks - 1) / chunk;
    if (entries > kMaxTableEntries || entries * vhdx::bat::kEntrySize > region.length) {
      findings_.add("VHDX BAT region", "length " + std::to_string(region.length) + " has no room for " +
                                           std::to_string(entries) + " entries");
      return std::nullopt;
    }
    std::vector<std::uint64_t> places(static_cast<std::size_t>(blocks), kNotStored);
    for (std::uint64_t i = 0; i < entries; ++i) {
      const auto entry = *read_le<std::uint64_t>(file_, region.offset + i * vhdx::bat::kEntrySize);
      const std::string subject = "VHDX BAT entry " + std::to_string(i);
      if (i % (chunk + 1) == chunk) {
        if (entry != 0) findings_.add(subject, differs_hex("sector bitmap entry", entry, 0) + " without a parent disk");
      } else {
        read_entry(entry, subject, block, places[static_cast<std::size_t>(i - i / (chunk + 1))]);
      }
    }
    check_unused(region, entries);
    check_end();
    check_overlaps(std::move(extents_), findings_);
    return DiskView(file_, size, block, std::move(places));
  }

  void read_entry(std::uint64_t entry, const std::string& subject, std::uint64_t block, std::uint64_t& place) {
    const std::uint64_t state = entry & vhdx::bat::kStateMask;
    const std::uint64_t offset = entry >> vhdx::bat::kOffsetShift << vhdx::bat::kOffsetShift;
    if ((entry & ~vhdx::bat::kStateMask & ((1u << vhdx::bat::kOffsetShift) - 1)) != 0) {
      findings_.add(subject, differs_hex("reserved bits", entry & 0xFFFF8, 0));
    }
    if (state == vhdx::bat::kFullyPresent) {
      if (add_extent(offset, block, subject)) place = offset;
    } else if (state > vhdx::bat::kUnmapped) {
      findings_.add(subject, "state is " + std::to_string(state) + ", expected 0 to 3 or 6");
    } else if (offset != 0 && state != vhdx::bat::kUnmapped) {
      findings_.add(subject, "state " + std::to_string(state) + " (nothing stored) with " + file_place(offset));
    }
  }

  void check_unused(const Region& region, std::uint64_t entries) {
    const auto rest =
        slice(file_, region.offset + entries * vhdx::bat::kEntrySize, region.length - entries * vhdx::bat::kEntrySize);
    if (rest && !is_zero(*rest))
      findings_.add("VHDX BAT region", "behind its " + std::to_string(entries) + " entries it is not zero");
  }

  void check_end() {
    std::uint64_t end = 0;
    for (const Extent& extent : extents_) end = std::max(end, extent.offset + extent.length);
    if (file_.size() > end)
      findings_.add("VHDX", differs("file length", file_.size(), end) + ", the end of its last part");
  }

  ByteView file_;
  Findings& findings_;
  std::vector<Extent> extents_;
};

}  // namespace

std::optional<DiskView> check_vhdx(ByteView file, Findings& findings) { return VhdxCheck(file, findings).run(); }

}  // namespace winnow::check
