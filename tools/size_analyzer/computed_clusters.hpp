// What files of an image that is no volume would take on an NTFS volume with clusters of 4 KiB and records of 1,024
// bytes: contents in clusters or inside their record, records, indexes of folders. Nothing of the composer's NTFS
// writer is used.
#pragma once

#include <cstddef>
#include <vector>

#include "base/bytes.hpp"

namespace winnow {

inline constexpr ByteCount kComputedCluster = 4096;

// The names of one file, as UTF-16 lengths (hard links: one each).
using NameLengths = std::vector<std::size_t>;

// Bytes left for attributes of content in a file's record, after header, standard information, names and end mark.
// 0 when the names alone fill it.
[[nodiscard]] ByteCount record_room(const NameLengths& names);
// Clusters of a content (`stream_name`: UTF-16 length, 0 = the unnamed one); 0 when it lies in the record. `room` is
// what is left there, and what this attribute takes is taken off.
[[nodiscard]] ByteCount content_clusters(ByteCount size, std::size_t stream_name, ByteCount& room);
// Records of a file: more than one when its names do not fit.
[[nodiscard]] ByteCount records_of(const NameLengths& names);
// Index blocks of a folder that holds these names, packed full; 0 when the index lies in the record.
[[nodiscard]] ByteCount index_clusters(const NameLengths& held, const NameLengths& own);

}  // namespace winnow
