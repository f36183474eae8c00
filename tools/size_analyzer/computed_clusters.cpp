#include "size_analyzer/computed_clusters.hpp"

#include <algorithm>

#include "formats/ntfs.hpp"

namespace winnow {

namespace {

using namespace ntfs;

constexpr ByteCount kEndMark = 8;
constexpr ByteCount kMappingPairs = 16;     // of one run, and the end
constexpr std::size_t kIndexNameUnits = 4;  // $I30

constexpr ByteCount aligned(ByteCount size) { return (size + 7) / 8 * 8; }

constexpr ByteCount resident_attribute(std::size_t name_units, ByteCount value) {
  return aligned(aligned(attribute::kResidentHeader + 2 * name_units) + value);
}

constexpr ByteCount outside_attribute(std::size_t name_units) {
  return aligned(attribute::kNonResidentHeader + 2 * name_units) + kMappingPairs;
}

ByteCount name_attribute(std::size_t units) { return resident_attribute(0, file_name::kName + 2 * units); }
ByteCount index_entry_size(std::size_t units) { return aligned(index_entry::kKey + file_name::kName + 2 * units); }

constexpr ByteCount kFixed = record::kAttributes + kEndMark + resident_attribute(0, standard_information::kSize);

ByteCount names_size(const NameLengths& names) {
  ByteCount size = 0;
  for (const std::size_t units : names) size += name_attribute(units);
  return size;
}

}  // namespace

ByteCount record_room(const NameLengths& names) {
  const ByteCount used = kFixed + names_size(names);
  return used < kRecordSize ? kRecordSize - used : 0;
}

ByteCount content_clusters(ByteCount size, std::size_t stream_name, ByteCount& room) {
  const ByteCount inside = resident_attribute(stream_name, std::min<ByteCount>(size, kRecordSize));
  const bool is_resident = size <= kRecordSize && inside <= room;
  const ByteCount taken = is_resident ? inside : outside_attribute(stream_name);
  room -= std::min(room, taken);
  if (is_resident || size == 0) return 0;
  return (size - 1) / kComputedCluster * kComputedCluster + kComputedCluster;
}

ByteCount records_of(const NameLengths& names) {
  // What does not fit goes to further records, each with its own header and end mark.
  constexpr ByteCount kFurther = kRecordSize - record::kAttributes - kEndMark;
  const ByteCount room = kRecordSize - kFixed - outside_attribute(0);
  const ByteCount size = names_size(names);
  return size <= room ? 1 : 1 + (size - room + kFurther - 1) / kFurther;
}

ByteCount index_clusters(const NameLengths& held, const NameLengths& own) {
  constexpr ByteCount kEndEntry = index_entry::kKey;
  constexpr ByteCount kBlockHeader = 0x40;  // index block header, update sequence array, aligned
  ByteCount entries = 0;
  for (const std::size_t units : held) entries += index_entry_size(units);
  const ByteCount root = index_root::kHeader + index_header::kSize + entries + kEndEntry;
  if (resident_attribute(kIndexNameUnits, root) <= record_room(own)) return 0;
  const ByteCount room = kIndexBlockSize - kBlockHeader - kEndEntry;
  return (entries + room - 1) / room * kIndexBlockSize;
}

}  // namespace winnow
