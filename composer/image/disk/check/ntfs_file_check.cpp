#include <algorithm>

#include "base/round_up.hpp"
#include "formats/ntfs.hpp"
#include "image/disk/check/ntfs_passes.hpp"

namespace winnow::check {

namespace {

constexpr std::uint32_t kDirectoryBit = 0x10;  // FILE_ATTRIBUTE_DIRECTORY, never set in $STANDARD_INFORMATION
constexpr std::uint32_t kReparseBit = 0x400;

void claim_clusters(NtfsState& state, std::uint64_t record, const Stream& stream) {
  for (const Run& run : stream.runs) {
    if (run.lcn == kHole) continue;
    if (state.claims.size() >= kMaxClaims) {
      state.has_too_many_claims = true;
      return;
    }
    state.claims.push_back({run.lcn, run.length, record});
  }
}

std::uint64_t allocated_clusters(const Stream& stream) {
  std::uint64_t clusters = 0;
  for (const Run& run : stream.runs) clusters += run.lcn == kHole ? 0 : run.length;
  return clusters;
}

// $BadClus:$Bad is one hole as large as the volume, without saying that it is sparse; $LogFile and the bitmaps may have
// bytes that were never written.
bool is_peculiar(std::uint64_t number, const Stream& stream) {
  return number == ntfs::kBadClusters || number == ntfs::kLogFile || number == ntfs::kMft ||
         stream.type == ntfs::kBitmapAttribute;
}

void check_stream(const NtfsState& state, const Stream& stream, bool is_exempt, const RecordReport& report) {
  const std::string name = attribute_name(stream.type, stream.name);
  if (stream.resident) return;
  const ByteCount cluster = state.volume.geometry().cluster_size;
  const std::uint64_t vcns = stream.runs.empty() ? 0 : stream.runs.back().vcn + stream.runs.back().length;
  if (stream.allocated != vcns * cluster) {
    report(name + ": " + differs("allocated size", stream.allocated, vcns * cluster) + ", the size of its clusters");
  }
  const bool is_sparse = (stream.flags & (ntfs::attribute::kSparse | ntfs::attribute::kCompressed)) != 0;
  const std::uint64_t held = allocated_clusters(stream);
  if (is_sparse) {
    if (stream.total_allocated != held * cluster) {
      report(name + ": " + differs("total allocated size", stream.total_allocated, held * cluster));
    }
  } else if (!is_exempt) {
    if (held != vcns) report(name + ": its runs have holes, its flags do not say sparse");
    if (stream.initialized < stream.size) {
      report(name + ": " + differs("initialized size", stream.initialized, stream.size) +
             ", the data size: what lies behind reads as zeros");
    }
    if (stream.compression_unit != 0) report(name + ": " + differs("compression unit", stream.compression_unit, 0));
  }
}

void read_standard_information(const NtfsFile& file, FileFacts& facts, const RecordReport& report) {
  const Stream* info = file.find(ntfs::kStandardInformation);
  if (info == nullptr) {
    report("$STANDARD_INFORMATION is missing");
    return;
  }
  const ByteView value = info->value;
  if (value.size() != ntfs::standard_information::kSize && value.size() != ntfs::standard_information::kOldSize) {
    report("$STANDARD_INFORMATION: " + differs("length", value.size(), ntfs::standard_information::kSize));
    if (value.size() < ntfs::standard_information::kOldSize) return;
  }
  for (std::size_t i = 0; i < 4; ++i) facts.times[i] = *read_le<std::uint64_t>(value, i * 8);
  facts.attributes = *read_le<std::uint32_t>(value, ntfs::standard_information::kAttributes);
  facts.security_id = read_le<std::uint32_t>(value, ntfs::standard_information::kSecurityId).value_or(0);
}

void read_name(NtfsState& state, const Stream& stream, std::uint64_t record, const RecordReport& report) {
  const ByteView value = stream.value;
  const std::size_t units = value.size() > ntfs::file_name::kName ? value[ntfs::file_name::kNameLength] : 0;
  if (units == 0 || value.size() != ntfs::file_name::kName + units * 2) {
    report("$FILE_NAME: " + differs("length", value.size(), ntfs::file_name::kName + units * 2));
    return;
  }
  NameFacts name;
  name.record = record;
  name.parent = *read_le<std::uint64_t>(value, ntfs::file_name::kParent);
  name.name_space = value[ntfs::file_name::kNamespace];
  name.name = read_units(value.subspan(ntfs::file_name::kName));
  if (name.name_space > ntfs::file_name::kWin32AndDos) {
    report("$FILE_NAME: name space is " + std::to_string(name.name_space) + ", expected 0 to 3");
  }
  if (name.name.find_first_of(std::u16string_view(u"\0/", 2)) != std::u16string::npos) {
    report("$FILE_NAME: the name \"" + printable(name.name) + "\" holds a NUL or a slash");
  }
  state.names.push_back(std::move(name));
}

void read_names(NtfsState& state, const NtfsFile& file, const FileFacts& facts, const RecordReport& report) {
  const Record& base = file.records[0];
  std::size_t count = 0;
  std::size_t long_names = 0;
  for (const Stream& stream : file.streams) {
    if (stream.type != ntfs::kFileName) continue;
    ++count;
    read_name(state, stream, base.number, report);
    const bool is_short = stream.value.size() > ntfs::file_name::kNamespace &&
                          stream.value[ntfs::file_name::kNamespace] == ntfs::file_name::kDos;
    long_names += is_short ? 0 : 1;
  }
  if (base.links != count) report(differs("link count", base.links, count) + ", the number of its $FILE_NAMEs");
  const bool is_reserved = base.number >= ntfs::kFirstReserved && base.number < ntfs::kQuota;
  if (count == 0 && !is_reserved) report("$FILE_NAME is missing");
  if (facts.is_directory && long_names > 1) report("it is a directory with " + std::to_string(long_names) + " names");
}

void check_kind(const NtfsFile& file, const FileFacts& facts, const RecordReport& report) {
  const bool has_index = file.find(ntfs::kIndexRoot, u"$I30") != nullptr;
  if (facts.is_directory && !has_index) report("flags say directory, but there is no $INDEX_ROOT:$I30");
  if (!facts.is_directory && has_index) report("$INDEX_ROOT:$I30 is there, but the flags do not say directory");
  const bool has_data = file.find(ntfs::kData) != nullptr;
  const std::uint64_t number = file.records[0].number;
  const bool needs_none = facts.is_directory || number == ntfs::kSecure || facts.is_system;
  if (!has_data && !needs_none) report("$DATA is missing");
  if ((facts.attributes & kDirectoryBit) != 0) report("$STANDARD_INFORMATION: the directory attribute is set");
  const bool is_reparse = (facts.attributes & kReparseBit) != 0;
  if (is_reparse != (file.find(ntfs::kReparsePoint) != nullptr)) {
    report(std::string("$STANDARD_INFORMATION: the reparse point attribute is ") + (is_reparse ? "set" : "clear") +
           ", $REPARSE_POINT is " + (is_reparse ? "missing" : "there"));
  }
}

void read_sizes(const NtfsFile& file, FileFacts& facts) {
  const Stream* data = file.find(ntfs::kData);
  if (data == nullptr || facts.is_directory) return;
  facts.size = data->size;
  const bool is_sparse = (data->flags & (ntfs::attribute::kSparse | ntfs::attribute::kCompressed)) != 0;
  facts.allocated = data->resident ? round_up(data->size, 8) : is_sparse ? data->total_allocated : data->allocated;
}

void check_old_descriptor(const NtfsFile& file, FileFacts& facts, const NtfsVolume& volume,
                          const RecordReport& report) {
  const Stream* descriptor = file.find(ntfs::kSecurityDescriptor);
  if (descriptor == nullptr) return;
  facts.has_old_descriptor = true;
  const auto bytes = volume.read_all(*descriptor);
  const std::string fault = bytes ? find_descriptor_fault(*bytes) : "it cannot be read";
  if (!fault.empty()) report("$SECURITY_DESCRIPTOR: " + fault);
}

void remember_object_id(NtfsState& state, const NtfsFile& file, const RecordReport& report) {
  const Stream* id = file.find(ntfs::kObjectIdAttribute);
  if (id == nullptr) return;
  if (!id->resident || id->value.size() < 16) {
    report("$OBJECT_ID: it is shorter than 16 bytes");
    return;
  }
  const Record& base = file.records[0];
  const auto [old, is_new] = state.object_ids.emplace(Bytes(id->value.begin(), id->value.begin() + 16),
                                                      ntfs::reference(base.number, base.sequence));
  if (!is_new) report("$OBJECT_ID: record " + std::to_string(ntfs::record_of(old->second)) + " has the same");
}

}  // namespace

void check_file(NtfsState& state, const NtfsFile& file, const RecordReport& report) {
  const Record& base = file.records[0];
  FileFacts& facts = state.files[static_cast<std::size_t>(base.number)];
  facts.is_system = base.number < ntfs::kFirstReserved || (base.flags & ntfs::record::kIsExtendFile) != 0 ||
                    (base.flags & ntfs::record::kIsViewIndex) != 0;
  for (std::size_t i = 1; i < file.records.size(); ++i) {
    if (file.records[i].number < state.files.size()) state.files[file.records[i].number].is_listed = true;
  }
  for (const Stream& stream : file.streams) {
    check_stream(state, stream, is_peculiar(base.number, stream), report);
    claim_clusters(state, base.number, stream);
  }
  read_standard_information(file, facts, report);
  read_names(state, file, facts, report);
  read_sizes(file, facts);
  check_kind(file, facts, report);
  check_old_descriptor(file, facts, state.volume, report);
  check_reparse_point(state, file, facts, report);
  check_extended_attributes(state, file, facts, report);
  remember_object_id(state, file, report);
}

}  // namespace winnow::check
