#include "image/disk/check/ntfs_file.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "formats/ntfs.hpp"

namespace winnow::check {

namespace {

// What an attribute list and the records have in common.
struct ListKey {
  std::uint32_t type;
  std::u16string name;
  std::uint64_t first_vcn;
  std::uint64_t record;
  std::uint16_t id;

  auto operator<=>(const ListKey&) const = default;
};

struct ListEntry {
  ListKey key;
  std::uint16_t sequence;
};

std::vector<ListEntry> parse_list(ByteView list, const RecordReport& report) {
  std::vector<ListEntry> entries;
  for (std::size_t offset = 0; offset < list.size();) {
    const auto length = read_le<std::uint16_t>(list, offset + ntfs::list_entry::kLength).value_or(0);
    const auto bytes = slice(list, offset, length);
    const auto name =
        !bytes || length < ntfs::list_entry::kSize
            ? std::nullopt
            : slice(*bytes, (*bytes)[ntfs::list_entry::kNameOffset], (*bytes)[ntfs::list_entry::kNameLength] * 2u);
    if (!name || length % 8 != 0) {
      report("$ATTRIBUTE_LIST: the entry at offset " + std::to_string(offset) + " has length " +
             std::to_string(length));
      return entries;
    }
    const auto reference = *read_le<std::uint64_t>(*bytes, ntfs::list_entry::kRecord);
    const ListKey key{*read_le<std::uint32_t>(*bytes, 0), read_units(*name),
                      *read_le<std::uint64_t>(*bytes, ntfs::list_entry::kFirstVcn), ntfs::record_of(reference),
                      *read_le<std::uint16_t>(*bytes, ntfs::list_entry::kId)};
    entries.push_back({key, ntfs::sequence_of(reference)});
    offset += length;
  }
  return entries;
}

void add_to_stream(NtfsFile& file, const Attribute& attribute, const RecordReport& report) {
  const std::string text = attribute_name(attribute.type, attribute.name);
  Stream* stream = nullptr;
  if (attribute.non_resident && attribute.first_vcn != 0) {
    const auto found = std::find_if(file.streams.rbegin(), file.streams.rend(), [&](const Stream& s) {
      return s.type == attribute.type && s.name == attribute.name;
    });
    const std::uint64_t next =
        found == file.streams.rend() || found->runs.empty() ? 0 : found->runs.back().vcn + found->runs.back().length;
    if (found == file.streams.rend() || found->resident || next != attribute.first_vcn) {
      report(text + ": " + differs("the extent's first VCN", attribute.first_vcn, next));
      return;
    }
    stream = &*found;
  } else {
    file.streams.push_back({attribute.type,
                            attribute.name,
                            attribute.flags,
                            !attribute.non_resident,
                            Bytes(attribute.value.begin(), attribute.value.end()),
                            {},
                            attribute.allocated,
                            attribute.size,
                            attribute.initialized,
                            attribute.total_allocated,
                            attribute.compression_unit});
    stream = &file.streams.back();
  }
  stream->runs.insert(stream->runs.end(), attribute.runs.begin(), attribute.runs.end());
}

// All attributes of all records by type, name and VCN, as readers look for them.
std::vector<const Attribute*> sorted_attributes(const NtfsFile& file) {
  std::vector<const Attribute*> all;
  for (const Record& record : file.records) {
    for (const Attribute& attribute : record.attributes) all.push_back(&attribute);
  }
  std::stable_sort(all.begin(), all.end(), [](const Attribute* a, const Attribute* b) {
    return std::tie(a->type, a->name, a->first_vcn) < std::tie(b->type, b->name, b->first_vcn);
  });
  return all;
}

// Loads the extension records that `entries` name.
void load_extensions(const NtfsVolume& volume, NtfsFile& file, const std::vector<ListEntry>& entries,
                     const RecordReport& report) {
  const std::uint64_t base = ntfs::reference(file.records[0].number, file.records[0].sequence);
  std::set<std::uint64_t> seen{file.records[0].number};
  for (const ListEntry& entry : entries) {
    if (!seen.insert(entry.key.record).second) continue;
    if (seen.size() > kMaxExtensionRecords) {
      report("$ATTRIBUTE_LIST: it names more than " + std::to_string(kMaxExtensionRecords) + " records");
      return;
    }
    auto record = fetch_record(volume, entry.key.record);
    const std::string number = std::to_string(entry.key.record);
    if (!record || (record->flags & ntfs::record::kInUse) == 0) {
      report("$ATTRIBUTE_LIST: it names record " + number + ", which is not in use");
    } else if (record->base != base) {
      report("$ATTRIBUTE_LIST: it names record " + number + ", which is an extension of record " +
             std::to_string(ntfs::record_of(record->base)));
    } else {
      file.records.push_back(std::move(*record));
    }
  }
}

void compare_list(const NtfsFile& file, const std::vector<ListEntry>& entries, const RecordReport& report) {
  std::map<ListKey, bool> listed;
  std::map<std::uint64_t, std::uint16_t> sequences;
  for (const Record& record : file.records) sequences[record.number] = record.sequence;
  const ListKey* before = nullptr;
  for (const ListEntry& entry : entries) {
    const std::string text = "$ATTRIBUTE_LIST: entry for " + attribute_name(entry.key.type, entry.key.name);
    if (!listed.emplace(entry.key, false).second) report(text + ": it is there twice");
    const auto sequence = sequences.find(entry.key.record);
    if (sequence != sequences.end() && sequence->second != entry.sequence) {
      report(text + ": " + differs("sequence number", entry.sequence, sequence->second));
    }
    if (before != nullptr && entry.key.type < before->type) report(text + ": it is out of order");
    before = &entry.key;
  }
  for (const Record& record : file.records) {
    for (const Attribute& a : record.attributes) {
      if (a.type == ntfs::kAttributeList) continue;
      const auto found = listed.find(ListKey{a.type, a.name, a.first_vcn, record.number, a.id});
      if (found != listed.end()) {
        found->second = true;
      } else {
        report("$ATTRIBUTE_LIST: it lacks " + attribute_name(a.type, a.name) + " of record " +
               std::to_string(record.number));
      }
    }
  }
  for (const auto& [key, is_there] : listed) {
    if (!is_there && sequences.contains(key.record)) {
      report("$ATTRIBUTE_LIST: it names " + attribute_name(key.type, key.name) + " with id " + std::to_string(key.id) +
             " in record " + std::to_string(key.record) + ", where there is none");
    }
  }
}

void read_list(const NtfsVolume& volume, NtfsFile& file, const RecordReport& report) {
  const auto& own = file.records[0].attributes;
  const auto list =
      std::find_if(own.begin(), own.end(), [](const Attribute& a) { return a.type == ntfs::kAttributeList; });
  if (list == own.end()) return;
  NtfsFile only;
  add_to_stream(only, *list, report);
  const auto bytes = only.streams.empty() || only.streams[0].size > kMaxAttributeList
                         ? std::nullopt
                         : volume.read_all(only.streams[0]);
  if (!bytes) {
    report("$ATTRIBUTE_LIST: it cannot be read");
    return;
  }
  const std::vector<ListEntry> entries = parse_list(*bytes, report);
  load_extensions(volume, file, entries, report);
  compare_list(file, entries, report);
}

}  // namespace

const Stream* NtfsFile::find(std::uint32_t type, std::u16string_view name) const {
  for (const Stream& stream : streams) {
    if (stream.type == type && stream.name == name) return &stream;
  }
  return nullptr;
}

std::optional<Record> fetch_record(const NtfsVolume& volume, std::uint64_t number) {
  auto raw = volume.raw_record(number);
  if (!raw) return std::nullopt;
  return parse_record(number, std::move(*raw), volume.geometry(), RecordReport());
}

NtfsFile gather_file(const NtfsVolume& volume, Record base, const RecordReport& report) {
  NtfsFile file;
  file.records.push_back(std::move(base));
  read_list(volume, file, report);
  for (const Attribute* attribute : sorted_attributes(file)) add_to_stream(file, *attribute, report);
  return file;
}

std::optional<NtfsFile> load_file(const NtfsVolume& volume, std::uint64_t number) {
  auto record = fetch_record(volume, number);
  if (!record || (record->flags & ntfs::record::kInUse) == 0 || record->base != 0) return std::nullopt;
  return gather_file(volume, std::move(*record), RecordReport());
}

}  // namespace winnow::check
