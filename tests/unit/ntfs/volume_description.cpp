#include "volume_description.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

#include "base/digest.hpp"
#include "base/utf16.hpp"
#include "volume_reading.hpp"

namespace winnow::ntfs::testing {
namespace {

constexpr std::uint64_t kSystemRecords = kFirstUser;
constexpr std::array<std::string_view, 4> kTimes{"created", "modified", "changed", "accessed"};

std::string utf8(std::u16string_view text) { return to_utf8(text).value_or("(ill-formed name)"); }
std::string two_digits(std::uint64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); }
std::string digest_of(ByteView bytes) {
  Sha256 hash;
  hash.update(bytes);
  return std::to_string(bytes.size()) + " bytes, SHA-256 " + hash.finish().hex();
}
std::string hex_number(std::uint64_t value) {
  Bytes digits;
  for (int shift = 56; shift >= 0; shift -= 8) digits.push_back(static_cast<std::uint8_t>(value >> shift));
  std::string text = to_hex(digits);
  text.erase(0, std::min(text.find_first_not_of('0'), text.size() - 1));
  return "0x" + text;
}
std::string reference_text(std::uint64_t value) {
  return "record " + std::to_string(record_of(value)) + ", sequence " + std::to_string(sequence_of(value));
}

std::string type_name(std::uint32_t type) {
  static const std::map<std::uint32_t, std::string> names{{kStandardInformation, "$STANDARD_INFORMATION"},
                                                          {kAttributeList, "$ATTRIBUTE_LIST"},
                                                          {kFileName, "$FILE_NAME"},
                                                          {kObjectIdAttribute, "$OBJECT_ID"},
                                                          {kSecurityDescriptor, "$SECURITY_DESCRIPTOR"},
                                                          {kVolumeName, "$VOLUME_NAME"},
                                                          {kVolumeInformation, "$VOLUME_INFORMATION"},
                                                          {kData, "$DATA"},
                                                          {kIndexRoot, "$INDEX_ROOT"},
                                                          {kIndexAllocation, "$INDEX_ALLOCATION"},
                                                          {kBitmapAttribute, "$BITMAP"},
                                                          {kReparsePoint, "$REPARSE_POINT"}};
  const auto found = names.find(type);
  return found != names.end() ? found->second : hex_number(type);
}

class Describer {
 public:
  explicit Describer(ByteView volume) : volume_(volume) {}

  Description run() {
    boot_sector();
    for (std::uint64_t number = 0; number < kSystemRecords; ++number) record(number);
    contents();
    security();
    clusters();
    return std::move(out_);
  }

 private:
  void say(const std::string& name, std::string value) {
    if (!out_.emplace(name, std::move(value)).second) throw std::runtime_error("two fields are called " + name);
  }
  template <class T>
  void number(const std::string& name, ByteView bytes, std::uint64_t offset) {
    say(name, hex_number(field<T>(bytes, offset)));
  }

  void boot_sector();
  void record(std::uint64_t number);
  void attribute(const std::string& place, std::uint64_t owner, const Attribute& each);
  void value(const std::string& place, const Attribute& each);
  void file_name_value(const std::string& place, ByteView value);
  void index(const std::string& place, std::uint64_t owner, const Attribute& root);
  void contents();
  void security();
  void sds_half(const std::string& place, ByteView stream, std::uint64_t start);
  void clusters();
  std::set<std::uint64_t> clusters_in_use(std::uint64_t count);
  Bytes stream(std::uint64_t record, std::u16string_view name = u"") {
    const auto found = volume_.find(record, kData, name);
    if (!found) throw std::runtime_error("record " + std::to_string(record) + " has no such stream");
    return volume_.content(*found);
  }

  VolumeReading volume_;
  Description out_;
};

void Describer::boot_sector() {
  const ByteView sector = volume_.bytes().first(kSectorSize);
  const std::string place = "boot sector / ";
  say(place + "jump", to_hex(sector.first(3)));
  say(place + "name", std::string(as_text(sector.subspan(boot::kOemIdOffset, 8))));
  say(place + "geometry", to_hex(sector.subspan(boot::kBytesPerSector, boot::kHiddenSectors - boot::kBytesPerSector)));
  number<std::uint32_t>(place + "hidden sectors", sector, boot::kHiddenSectors);
  say(place + "after the hidden sectors", to_hex(sector.subspan(0x20, 8)));
  number<std::uint64_t>(place + "total sectors", sector, boot::kTotalSectors);
  number<std::uint64_t>(place + "$MFT cluster", sector, boot::kMftCluster);
  number<std::uint64_t>(place + "$MFTMirr cluster", sector, boot::kMftMirrorCluster);
  say(place + "sizes of records and index blocks", to_hex(sector.subspan(boot::kClustersPerRecord, 8)));
  number<std::uint64_t>(place + "serial", sector, boot::kSerial);
  number<std::uint32_t>(place + "checksum", sector, 0x50);
  number<std::uint16_t>(place + "signature", sector, boot::kSignature);
  const ByteView backup = volume_.bytes().last(kSectorSize);
  say(place + "the volume's last sector", std::ranges::equal(sector, backup) ? "is the same" : "is another");
}

void Describer::record(std::uint64_t number) {
  const Bytes bytes = volume_.record(number);
  const auto attributes = volume_.attributes(bytes);
  std::string name = "(no name)";
  for (const Attribute& each : attributes) {
    if (each.type != kFileName) continue;
    name.clear();
    for (std::size_t i = file_name::kName; i < each.value.size(); i += 2) name += static_cast<char>(each.value[i]);
  }
  const std::string place = two_digits(number) + " " + name + " / ";
  this->number<std::uint16_t>(place + "update sequence offset", bytes, record::kUpdateOffset);
  this->number<std::uint16_t>(place + "update sequence number", bytes, record::kUpdateArray);
  this->number<std::uint64_t>(place + "log sequence number", bytes, record::kLogSequence);
  this->number<std::uint16_t>(place + "sequence number", bytes, record::kSequence);
  this->number<std::uint16_t>(place + "links", bytes, record::kLinkCount);
  this->number<std::uint16_t>(place + "first attribute", bytes, record::kFirstAttribute);
  this->number<std::uint16_t>(place + "flags", bytes, record::kFlags);
  this->number<std::uint32_t>(place + "bytes in use", bytes, record::kBytesInUse);
  this->number<std::uint32_t>(place + "bytes allocated", bytes, record::kBytesAllocated);
  this->number<std::uint64_t>(place + "base record", bytes, record::kBaseRecord);
  this->number<std::uint16_t>(place + "next attribute id", bytes, record::kNextAttributeId);
  this->number<std::uint16_t>(place + "padding", bytes, 0x2A);
  this->number<std::uint32_t>(place + "own number", bytes, record::kNumber);
  std::string order;
  for (const Attribute& each : attributes) {
    const std::string called = type_name(each.type) + (each.name.empty() ? "" : " " + utf8(each.name));
    order += (order.empty() ? "" : ", ") + called;
    attribute(place + called + " / ", number, each);
  }
  say(place + "attributes", order);
}

void Describer::attribute(const std::string& place, std::uint64_t owner, const Attribute& each) {
  say(place + "id", std::to_string(each.id));
  say(place + "flags", hex_number(each.flags));
  say(place + "length", std::to_string(each.length));
  if (each.is_resident) {
    say(place + "form", "resident");
    say(place + "indexed", std::to_string(each.indexed));
    value(place, each);
  } else {
    say(place + "form", "non-resident");
    say(place + "VCNs", std::to_string(each.first_vcn) + " to " + std::to_string(each.last_vcn));
    say(place + "compression unit", std::to_string(each.compression_unit));
    say(place + "allocated size", std::to_string(each.allocated_size));
    say(place + "data size", std::to_string(each.data_size));
    say(place + "initialized size", std::to_string(each.initialized_size));
    std::string runs;
    for (const Run& run : each.runs) {
      runs += (runs.empty() ? "" : ", ") + std::to_string(run.length) + (run.cluster ? "" : " (hole)");
    }
    say(place + "clusters in its runs", runs);
  }
  if (each.type == kIndexRoot) index(place, owner, each);
}

void Describer::value(const std::string& place, const Attribute& each) {
  const ByteView bytes = each.value;
  if (each.type == kStandardInformation) {
    for (std::size_t i = 0; i < kTimes.size(); ++i) {
      number<std::uint64_t>(place + std::string(kTimes[i]), bytes, standard_information::kCreated + 8 * i);
    }
    number<std::uint32_t>(place + "attributes", bytes, standard_information::kAttributes);
    say(place + "the rest", to_hex(bytes.subspan(standard_information::kAttributes + 4)));
  } else if (each.type == kFileName) {
    file_name_value(place, bytes);
  } else if (each.type == kIndexRoot) {
    say(place + "header", to_hex(bytes.first(index_root::kHeader)));
    say(place + "has blocks", std::to_string(bytes[index_root::kHeader + index_header::kFlags] & 1));
  } else {
    say(place + "value", to_hex(bytes));
  }
}

void Describer::file_name_value(const std::string& place, ByteView bytes) {
  say(place + "parent", reference_text(field<std::uint64_t>(bytes, file_name::kParent)));
  for (std::size_t i = 0; i < kTimes.size(); ++i) {
    number<std::uint64_t>(place + std::string(kTimes[i]), bytes, file_name::kCreated + 8 * i);
  }
  number<std::uint64_t>(place + "allocated size", bytes, file_name::kAllocatedSize);
  number<std::uint64_t>(place + "data size", bytes, file_name::kDataSize);
  number<std::uint32_t>(place + "attributes", bytes, file_name::kAttributes);
  number<std::uint32_t>(place + "reparse tag", bytes, file_name::kReparseTag);
  number<std::uint8_t>(place + "name space", bytes, file_name::kNamespace);
  say(place + "name", to_hex(bytes.subspan(file_name::kName)));
}

void Describer::index(const std::string& place, std::uint64_t owner, const Attribute& root) {
  const bool is_view = field<std::uint32_t>(root.value, index_root::kAttributeType) != kFileName;
  std::size_t position = 0;
  for (const IndexEntry& entry : volume_.index_entries(owner, root.name)) {
    const std::string at = place + "entry " + two_digits(position++) + " / ";
    say(at + "flags", hex_number(entry.flags));
    if (is_view) {
      say(at + "key", to_hex(entry.key));
      say(at + "data", to_hex(entry.data));
    } else {
      say(at + "file", reference_text(entry.reference));
      file_name_value(at, entry.key);
    }
  }
}

void Describer::contents() {
  say("$AttrDef / content", digest_of(stream(kAttrDef)));
  say("$UpCase / content", digest_of(stream(kUpCase)));
  const Bytes log = stream(kLogFile);
  say("$LogFile / content",
      std::ranges::all_of(log, [](std::uint8_t byte) { return byte == 0xFF; }) ? "all FF" : "not all FF");
  const Bytes mirror = stream(kMftMirror);
  Bytes first = volume_.content(volume_.find(kMft, kData, u"").value());
  first.resize(std::min(first.size(), mirror.size()));
  say("$MFTMirr / content", mirror == first ? "is the start of $MFT" : "is not the start of $MFT");
  const Bytes boot_file = stream(kBoot);
  say("$Boot / content", std::ranges::equal(boot_file, volume_.bytes().first(boot_file.size()))
                             ? "is the volume's start"
                             : "is something else");
  const Bytes records = volume_.content(volume_.find(kMft, kBitmapAttribute, u"").value());
  say("$MFT / records in use", to_hex(ByteView(records).first(4)));
  say("$MFT / bits above record 31",
      std::ranges::all_of(ByteView(records).subspan(4), [](std::uint8_t byte) { return byte == 0; }) ? "0" : "not 0");
}

void Describer::sds_half(const std::string& place, ByteView stream, std::uint64_t start) {
  std::size_t position = 0;
  std::uint64_t at = start;
  while (at + sds::kHeader <= stream.size() && at < start + sds::kBlock) {
    const auto length = field<std::uint32_t>(stream, at + sds::kLength);
    if (length == 0) break;
    if (length < sds::kHeader) throw std::runtime_error("a $SDS entry is too short");
    const std::string entry = place + "entry " + two_digits(position++) + " / ";
    number<std::uint32_t>(entry + "hash", stream, at + sds::kHash);
    number<std::uint32_t>(entry + "id", stream, at + sds::kId);
    number<std::uint64_t>(entry + "offset", stream, at + sds::kOffset);
    say(entry + "descriptor", to_hex(stream.subspan(at + sds::kHeader, length - sds::kHeader)));
    at += (length + 15) / 16 * 16;
  }
}

void Describer::security() {
  const Bytes bytes = stream(kSecure, u"$SDS");
  sds_half("$Secure:$SDS / ", bytes, 0);
  sds_half("$Secure:$SDS, mirror / ", bytes, sds::kBlock);
}

std::set<std::uint64_t> Describer::clusters_in_use(std::uint64_t count) {
  std::set<std::uint64_t> used;
  for (std::uint64_t number = 0; number < volume_.record_count(); ++number) {
    const Bytes bytes = volume_.record(number);
    if ((field<std::uint16_t>(bytes, record::kFlags) & record::kInUse) == 0) continue;
    for (const Attribute& each : volume_.attributes(bytes)) {
      for (const Run& run : each.runs) {
        for (std::uint64_t i = 0; run.cluster && i < run.length; ++i) {
          if (*run.cluster + i >= count) throw std::runtime_error("a run ends beyond the volume");
          if (!used.insert(*run.cluster + i).second) throw std::runtime_error("a cluster is used twice");
        }
      }
    }
  }
  return used;
}

void Describer::clusters() {
  const Bytes bitmap = stream(kBitmap);
  const std::uint64_t count = field<std::uint64_t>(volume_.bytes(), boot::kTotalSectors) / (kClusterSize / kSectorSize);
  const auto used = clusters_in_use(count);
  std::uint64_t lost = 0;
  std::uint64_t unmarked = 0;
  std::uint64_t beyond = 0;
  for (std::uint64_t i = 0; i < 8 * bitmap.size(); ++i) {
    const bool marked = (bitmap[i / 8] >> i % 8 & 1) != 0;
    if (i >= count) {
      beyond += marked ? 0 : 1;
    } else if (marked != used.contains(i)) {
      ++(marked ? lost : unmarked);
    }
  }
  say("$Bitmap / size", std::to_string(bitmap.size()));
  say("$Bitmap / clusters marked that nobody uses", std::to_string(lost));
  say("$Bitmap / clusters in use that are not marked", std::to_string(unmarked));
  say("$Bitmap / bits above the last cluster that are clear", std::to_string(beyond));
}

}  // namespace

Description describe_volume(ByteView volume) { return Describer(volume).run(); }

std::vector<Difference> differences(const Description& theirs, const Description& ours) {
  std::vector<Difference> found;
  for (const auto& [name, value] : theirs) {
    const auto other = ours.find(name);
    const std::string there = other == ours.end() ? "" : other->second;
    if (there != value) found.push_back({name, value, there});
  }
  for (const auto& [name, value] : ours) {
    if (!theirs.contains(name)) found.push_back({name, "", value});
  }
  return found;
}

}  // namespace winnow::ntfs::testing
