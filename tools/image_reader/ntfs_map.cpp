#include "image_reader/ntfs_map.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <tuple>
#include <utility>

#include "base/interrupt.hpp"
#include "base/parallel.hpp"
#include "base/utf16.hpp"
#include "formats/ntfs.hpp"

namespace winnow {

namespace {

// Limits against hostile volumes.
constexpr std::uint64_t kMaxRecords = std::uint64_t{1} << 26;
constexpr ByteCount kMaxBitmapBytes = 512u << 20;  // 16 TiB in clusters of 4 KiB
constexpr std::uint64_t kRecordsAtOnce = 4096;

constexpr std::uint32_t kNone = 0xFFFFFFFF;

Error at_record(std::uint64_t number, const Error& error) {
  return Error(Fault{{}, "its MFT record " + std::to_string(number) + ": " + error.faults().front().message, {}});
}

std::string owner_label(const NtfsFile& file, const NtfsAttribute& stream) {
  return "MFT record " + std::to_string(file.record) + " (" + attribute_label(stream.type, stream.name) + ")";
}

std::uint64_t clusters_of(const std::vector<ClusterRun>& runs) {
  std::uint64_t count = 0;
  for (const ClusterRun& run : runs) count += run.count;
  return count;
}

// Reads all records of the $MFT; where it lies is said by its own records, as far as they are known.
class MftReader {
 public:
  MftReader(const VirtualDisk& disk, NtfsMap& map) : disk_(disk), map_(map) {}

  // In order of their numbers; those not in use are left out.
  Result<std::vector<NtfsRecord>> read();

 private:
  Result<void> read_first();
  Result<void> read_records(std::uint64_t from, std::uint64_t to);
  [[nodiscard]] Result<std::vector<NtfsRecord>> parse_records(std::uint64_t from, std::uint64_t to) const;
  Result<void> extend();
  [[nodiscard]] std::uint64_t reachable() const;

  const VirtualDisk& disk_;
  NtfsMap& map_;
  NtfsAttribute mft_;
  std::vector<NtfsRecord> records_;
};

Result<void> MftReader::read_first() {
  const ByteCount size = map_.geometry.record_size;
  const ByteCount place = map_.geometry.mft_cluster * map_.geometry.cluster_size;
  if (place + size > map_.geometry.cluster_count * map_.geometry.cluster_size) {
    return fail("its $MFT lies outside the volume");
  }
  Bytes bytes(static_cast<std::size_t>(size));
  WINNOW_CHECK(disk_.read(map_.offset + place, bytes));
  auto first = parse_ntfs_record(0, bytes, map_.geometry);
  if (!first) return fail(at_record(0, first.error()));
  if (!*first) return fail("its $MFT does not begin with a record in use");
  for (NtfsAttribute& attribute : (*first)->attributes) {
    if (attribute.type == ntfs::kData && attribute.name.empty() && attribute.first_vcn == 0)
      mft_ = std::move(attribute);
  }
  if (mft_.is_resident || mft_.runs.empty()) return fail("its $MFT has no clusters");
  if (mft_.size / size > kMaxRecords) return fail("it has more than " + std::to_string(kMaxRecords) + " MFT records");
  map_.records.assign(static_cast<std::size_t>(mft_.size / size), NtfsRole::unused);
  return {};
}

std::uint64_t MftReader::reachable() const {
  const std::uint64_t known = clusters_of(mft_.runs) * map_.geometry.cluster_size / map_.geometry.record_size;
  return std::min<std::uint64_t>(known, map_.records.size());
}

Result<std::vector<NtfsRecord>> MftReader::parse_records(std::uint64_t from, std::uint64_t to) const {
  if (interrupted()) return fail("interrupted");
  const auto size = static_cast<std::size_t>(map_.geometry.record_size);
  Bytes bytes(static_cast<std::size_t>(to - from) * size);
  WINNOW_CHECK(read_ntfs_stream(disk_, map_.offset, map_.geometry.cluster_size, mft_, from * size, bytes));
  std::vector<NtfsRecord> records;
  for (std::uint64_t number = from; number < to; ++number) {
    const std::span part = std::span(bytes).subspan(static_cast<std::size_t>(number - from) * size, size);
    auto record = parse_ntfs_record(number, part, map_.geometry);
    if (!record) return fail(at_record(number, record.error()));
    if (*record) records.push_back(std::move(**record));
  }
  return records;
}

Result<void> MftReader::read_records(std::uint64_t from, std::uint64_t to) {
  const auto chunks = static_cast<std::size_t>((to - from + kRecordsAtOnce - 1) / kRecordsAtOnce);
  std::vector<Result<std::vector<NtfsRecord>>> parsed(chunks);
  parallel_for(chunks, [&](std::size_t i) {
    const std::uint64_t start = from + i * kRecordsAtOnce;
    parsed[i] = parse_records(start, std::min(to, start + kRecordsAtOnce));
  });
  for (auto& chunk : parsed) {
    if (!chunk) return fail(std::move(chunk).error());
    records_.insert(records_.end(), std::make_move_iterator(chunk->begin()), std::make_move_iterator(chunk->end()));
  }
  return {};
}

// Looks among the records for more of the $MFT's own run list, at least one cluster of it.
Result<void> MftReader::extend() {
  const std::uint64_t end = clusters_of(mft_.runs);
  for (const NtfsRecord& record : records_) {
    if (record.base == 0 || ntfs::record_of(record.base) != 0) continue;
    for (const NtfsAttribute& attribute : record.attributes) {
      if (attribute.type != ntfs::kData || !attribute.name.empty() || attribute.first_vcn != end ||
          attribute.runs.empty())
        continue;
      mft_.runs.insert(mft_.runs.end(), attribute.runs.begin(), attribute.runs.end());
      return {};
    }
  }
  return fail("its $MFT ends before its size: the records that continue it are missing");
}

Result<std::vector<NtfsRecord>> MftReader::read() {
  WINNOW_CHECK(read_first());
  std::uint64_t done = 0;
  while (true) {
    const std::uint64_t known = reachable();
    WINNOW_CHECK(read_records(done, known));
    done = known;
    if (done == map_.records.size()) return std::move(records_);
    WINNOW_CHECK(extend());
  }
}

// Puts the pieces of streams together and the records to their files.
class FileJoiner {
 public:
  FileJoiner(NtfsMap& map, std::vector<NtfsRecord> records) : map_(map), records_(std::move(records)) {}

  Result<void> join();

 private:
  struct Name {
    std::uint64_t parent = 0;
    std::u16string text;
  };
  enum class Place : std::uint8_t { unknown, visiting, volume, extend };

  void attach_records();
  void take_names(NtfsFile& file, Name& name) const;
  [[nodiscard]] static Result<void> join_streams(NtfsFile& file, ByteCount cluster_size);
  void place_files();
  void place_from(std::uint32_t file);
  [[nodiscard]] std::uint32_t index_of(std::uint64_t record) const {
    return record < files_.size() ? files_[static_cast<std::size_t>(record)] : kNone;
  }

  NtfsMap& map_;
  std::vector<NtfsRecord> records_;
  std::vector<std::uint32_t> files_;  // record to index into map_.files
  std::vector<Name> names_;           // as map_.files
  std::vector<Place> places_;
};

// A base record begins a file; the others go where their reference says, when that file still is the same.
void FileJoiner::attach_records() {
  files_.assign(map_.records.size(), kNone);
  std::vector<std::uint16_t> sequences;
  for (NtfsRecord& record : records_) {
    if (record.base != 0) continue;
    files_[static_cast<std::size_t>(record.number)] = static_cast<std::uint32_t>(map_.files.size());
    NtfsFile file;
    file.record = record.number;
    file.role = record.is_directory ? NtfsRole::folder : NtfsRole::file;
    file.streams = std::move(record.attributes);
    map_.files.push_back(std::move(file));
    sequences.push_back(record.sequence);
  }
  for (NtfsRecord& record : records_) {
    if (record.base == 0) continue;
    const std::uint32_t file = index_of(ntfs::record_of(record.base));
    if (file == kNone || sequences[file] != ntfs::sequence_of(record.base)) {
      ++map_.orphan_records;
      continue;
    }
    files_[static_cast<std::size_t>(record.number)] = file;
    std::vector<NtfsAttribute>& streams = map_.files[file].streams;
    streams.insert(streams.end(), std::make_move_iterator(record.attributes.begin()),
                   std::make_move_iterator(record.attributes.end()));
  }
  records_.clear();
}

// Names and reparse points have said what they had to say: nothing of them but that stays.
void FileJoiner::take_names(NtfsFile& file, Name& name) const {
  bool is_named = false;
  for (const NtfsAttribute& attribute : file.streams) {
    if (!attribute.is_resident) continue;
    const ByteView value = attribute.value;
    if (attribute.type == ntfs::kReparsePoint) {
      file.is_wof = read_le<std::uint32_t>(value, 0) == ntfs::kTagWof && file.role == NtfsRole::file;
    }
    if (attribute.type != ntfs::kFileName || value.size() < ntfs::file_name::kName || is_named) continue;
    is_named = true;
    name.parent = ntfs::record_of(read_le<std::uint64_t>(value, ntfs::file_name::kParent).value_or(0));
    const auto text = slice(value, ntfs::file_name::kName, value[ntfs::file_name::kNameLength] * 2u);
    for (std::size_t i = 0; text && i + 1 < text->size(); i += 2) {
      name.text += static_cast<char16_t>((*text)[i] | (*text)[i + 1] << 8);
    }
  }
  std::erase_if(file.streams,
                [](const NtfsAttribute& attribute) { return attribute.is_resident && attribute.type != ntfs::kData; });
}

Result<void> FileJoiner::join_streams(NtfsFile& file, ByteCount cluster_size) {
  const auto key = [](const NtfsAttribute& a) { return std::tie(a.type, a.name, a.first_vcn); };
  std::stable_sort(file.streams.begin(), file.streams.end(),
                   [&](const NtfsAttribute& a, const NtfsAttribute& b) { return key(a) < key(b); });
  std::vector<NtfsAttribute> joined;
  for (NtfsAttribute& piece : file.streams) {
    const bool is_next = !joined.empty() && joined.back().type == piece.type && joined.back().name == piece.name;
    const std::uint64_t end = is_next ? clusters_of(joined.back().runs) : 0;
    const char* fault = nullptr;
    if (is_next && (piece.is_resident || joined.back().is_resident)) fault = "it is there twice";
    if (fault == nullptr && piece.first_vcn > end) fault = "a part of its run list is missing";
    if (fault == nullptr && piece.first_vcn < end) fault = "a part of its run list is there twice";
    if (fault != nullptr) return fail(attribute_label(piece.type, piece.name) + ": " + fault);
    if (is_next) {
      joined.back().runs.insert(joined.back().runs.end(), piece.runs.begin(), piece.runs.end());
    } else {
      joined.push_back(std::move(piece));
    }
  }
  for (const NtfsAttribute& stream : joined) {
    if (!stream.is_resident && stream.size > clusters_of(stream.runs) * cluster_size) {
      return fail(attribute_label(stream.type, stream.name) + ": it is longer than its run list");
    }
  }
  file.streams = std::move(joined);
  return {};
}

// Follows the folders from one file upwards, up to one whose place is known.
void FileJoiner::place_from(std::uint32_t file) {
  std::vector<std::uint32_t> path;
  Place place = Place::unknown;
  std::string system_name;
  for (std::uint32_t at = file; place == Place::unknown;) {
    path.push_back(at);
    places_[at] = Place::visiting;
    const std::uint64_t parent = names_[at].parent;
    const std::uint32_t above = index_of(parent);
    if (parent == ntfs::kExtend) {
      place = Place::extend;
      system_name = "$Extend/" + to_utf8(names_[at].text).value_or("?");
    } else if (above == kNone || map_.files[above].record < ntfs::kQuota || places_[above] == Place::visiting) {
      place = Place::volume;
    } else if (places_[above] != Place::unknown) {
      place = places_[above];
      system_name = map_.files[above].system_name;
    }
    at = above;
  }
  for (const std::uint32_t each : path) {
    places_[each] = place;
    if (place != Place::extend) continue;
    map_.files[each].role = NtfsRole::system;
    map_.files[each].system_name = system_name;
  }
}

void FileJoiner::place_files() {
  places_.assign(map_.files.size(), Place::unknown);
  for (std::uint32_t i = 0; i < map_.files.size(); ++i) {
    NtfsFile& file = map_.files[i];
    if (file.record == ntfs::kRoot) {
      file.role = NtfsRole::folder;
    } else if (file.record < ntfs::kQuota) {
      file.role = NtfsRole::system;
      file.system_name = to_utf8(names_[i].text).value_or("");
      if (file.system_name.empty()) file.system_name = "reserved records";
    } else if (places_[i] == Place::unknown) {
      place_from(i);
    }
  }
}

Result<void> FileJoiner::join() {
  attach_records();
  names_.resize(map_.files.size());
  for (std::size_t i = 0; i < map_.files.size(); ++i) {
    take_names(map_.files[i], names_[i]);
    if (const auto joined = join_streams(map_.files[i], map_.geometry.cluster_size); !joined) {
      return fail(at_record(map_.files[i].record, joined.error()));
    }
  }
  place_files();
  for (std::size_t i = 0; i < files_.size(); ++i) {
    if (files_[i] != kNone) map_.records[i] = map_.files[files_[i]].role;
  }
  return {};
}

Result<void> collect_claims(NtfsMap& map) {
  for (std::uint32_t i = 0; i < map.files.size(); ++i) {
    for (std::uint32_t k = 0; k < map.files[i].streams.size(); ++k) {
      for (const ClusterRun& run : map.files[i].streams[k].runs) {
        if (run.cluster != kHole) map.claims.push_back({run.cluster, run.count, i, k});
      }
    }
  }
  const auto by_place = [](const ClusterClaim& claim) { return std::tie(claim.cluster, claim.file, claim.stream); };
  std::sort(map.claims.begin(), map.claims.end(),
            [&](const ClusterClaim& a, const ClusterClaim& b) { return by_place(a) < by_place(b); });
  for (std::size_t i = 1; i < map.claims.size(); ++i) {
    const ClusterClaim& one = map.claims[i - 1];
    const ClusterClaim& other = map.claims[i];
    if (other.cluster >= one.cluster + one.count) continue;
    const auto label = [&](const ClusterClaim& claim) {
      return owner_label(map.files[claim.file], map.files[claim.file].streams[claim.stream]);
    };
    return fail("its cluster " + std::to_string(other.cluster) + " belongs to " + label(one) + " and to " +
                label(other));
  }
  return {};
}

Result<void> read_bitmap(const VirtualDisk& disk, NtfsMap& map) {
  const NtfsFile* const file = map.find(ntfs::kBitmap);
  const NtfsAttribute* const stream = file != nullptr ? file->data() : nullptr;
  if (stream == nullptr) return fail("it has no $Bitmap");
  if (stream->size > kMaxBitmapBytes) return fail("its $Bitmap is larger than that of any volume");
  if (stream->size < (map.geometry.cluster_count + 7) / 8) return fail("its $Bitmap is too small for its clusters");
  map.bitmap.resize(static_cast<std::size_t>(stream->size));
  return read_ntfs_stream(disk, map.offset, map.geometry.cluster_size, *stream, 0, map.bitmap);
}

}  // namespace

const NtfsAttribute* NtfsFile::stream(std::u16string_view name) const {
  for (const NtfsAttribute& each : streams) {
    if (each.type == ntfs::kData && each.name == name) return &each;
  }
  return nullptr;
}

const NtfsAttribute* NtfsFile::data() const { return stream({}); }

const NtfsFile* NtfsMap::find(std::uint64_t record) const {
  const auto at = std::lower_bound(files.begin(), files.end(), record,
                                   [](const NtfsFile& file, std::uint64_t number) { return file.record < number; });
  return at != files.end() && at->record == record ? &*at : nullptr;
}

Result<NtfsMap> read_ntfs_map(const VirtualDisk& disk, ByteCount offset, ByteCount size) {
  NtfsMap map;
  map.offset = offset;
  Bytes sector(ntfs::kSectorSize);
  if (size < sector.size()) return fail("it is too small for an NTFS volume");
  WINNOW_CHECK(disk.read(offset, sector));
  WINNOW_TRY(map.geometry, parse_ntfs_boot(sector, size));
  WINNOW_TRY(std::vector<NtfsRecord> records, MftReader(disk, map).read());
  WINNOW_CHECK(FileJoiner(map, std::move(records)).join());
  WINNOW_CHECK(collect_claims(map));
  WINNOW_CHECK(read_bitmap(disk, map));
  return map;
}

Result<void> read_ntfs_stream(const VirtualDisk& disk, ByteCount volume, ByteCount cluster_size,
                              const NtfsAttribute& stream, ByteCount at, std::span<std::uint8_t> out) {
  if (at > stream.size || out.size() > stream.size - at) return fail("a read goes beyond the end of a stream");
  if (stream.is_resident) {
    if (stream.value.size() != stream.size) return fail("the value of a stream was not kept");
    std::copy_n(stream.value.begin() + static_cast<std::ptrdiff_t>(at), out.size(), out.begin());
    return {};
  }
  ByteCount start = 0;  // of the run, in the stream
  for (const ClusterRun& run : stream.runs) {
    if (out.empty()) return {};
    const ByteCount length = run.count * cluster_size;
    if (at - start < length) {
      const auto count = static_cast<std::size_t>(std::min<ByteCount>(out.size(), length - (at - start)));
      const ByteCount written = at < stream.initialized ? std::min<ByteCount>(count, stream.initialized - at) : 0;
      const auto head = out.first(run.cluster == kHole ? 0 : static_cast<std::size_t>(written));
      if (!head.empty()) WINNOW_CHECK(disk.read(volume + run.cluster * cluster_size + (at - start), head));
      std::fill(out.begin() + static_cast<std::ptrdiff_t>(head.size()),
                out.begin() + static_cast<std::ptrdiff_t>(count), std::uint8_t{0});
      out = out.subspan(count);
      at += count;
    }
    start += length;
  }
  return out.empty() ? Result<void>() : fail("a stream ends before its size");
}

}  // namespace winnow
