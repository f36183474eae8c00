// Whose each cluster of an NTFS volume is: the run lists of all its MFT records, read once and checked against the
// volume and against one another, beside what $Bitmap says. Own code, because libfsntfs gives the runs of data streams
// only; it shares nothing with the writers but formats/ntfs.hpp. Errors are bare reasons.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "image_reader/ntfs_record.hpp"
#include "image_reader/virtual_disk.hpp"

namespace winnow {

enum class NtfsRole : std::uint8_t { unused, file, folder, system };

// What has a base record: a file, a folder, or a system file (records below 24 but the root, and all below $Extend).
struct NtfsFile {
  std::uint64_t record = 0;
  NtfsRole role = NtfsRole::file;
  bool is_wof = false;      // its content is its stream WofCompressedData, or lies in a WIM
  std::string system_name;  // of a system file: "$LogFile", "$Extend/$UsnJrnl"; of what lies in a folder below $Extend
                            // that folder's
  std::vector<NtfsAttribute> streams;  // by type, then name; all of their runs; values only of $DATA

  // The unnamed $DATA, or null.
  [[nodiscard]] const NtfsAttribute* data() const;
  [[nodiscard]] const NtfsAttribute* stream(std::u16string_view name) const;
};

// Clusters of one stream.
struct ClusterClaim {
  std::uint64_t cluster = 0;
  std::uint64_t count = 0;
  std::uint32_t file = 0;  // index into NtfsMap::files
  std::uint32_t stream = 0;
};

struct NtfsMap {
  ByteCount offset = 0;  // of the volume on the disk
  NtfsGeometry geometry;
  std::vector<NtfsFile> files;       // by record
  std::vector<NtfsRole> records;     // what each MFT record is, those that continue a file as the file
  std::vector<ClusterClaim> claims;  // by cluster; none shares one with another
  Bytes bitmap;                      // $Bitmap: bit n % 8 of byte n / 8 is set when cluster n is in use
  std::uint64_t orphan_records = 0;  // in use, continuing a file that is not there

  // Null: no such file.
  [[nodiscard]] const NtfsFile* find(std::uint64_t record) const;
  [[nodiscard]] bool is_used(std::uint64_t cluster) const { return (bitmap[cluster / 8] >> (cluster % 8) & 1) != 0; }
};

// `size`: of the partition at `offset`.
[[nodiscard]] Result<NtfsMap> read_ntfs_map(const VirtualDisk& disk, ByteCount offset, ByteCount size);

// Fills `out` from byte `at` of a stream on; all of it must lie inside. Of a compressed or encrypted stream these are
// the bytes as stored.
[[nodiscard]] Result<void> read_ntfs_stream(const VirtualDisk& disk, ByteCount volume, ByteCount cluster_size,
                                            const NtfsAttribute& stream, ByteCount at, std::span<std::uint8_t> out);

}  // namespace winnow
