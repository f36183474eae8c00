// One MFT record as libfsntfs does not show it: its attributes with their run lists. Every offset is checked against
// the record, every run against the volume. Errors are bare reasons without the record's number.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace winnow {

// From the boot sector.
struct NtfsGeometry {
  ByteCount cluster_size = 0;
  ByteCount record_size = 0;
  std::uint64_t cluster_count = 0;  // whole clusters; the volume may be a few sectors longer
  std::uint64_t mft_cluster = 0;
};
// `size`: of the stretch of disk the volume lies in.
[[nodiscard]] Result<NtfsGeometry> parse_ntfs_boot(ByteView sector, ByteCount size);

inline constexpr std::uint64_t kHole = ~std::uint64_t{0};

// Clusters that follow one another on the volume, or a hole.
struct ClusterRun {
  std::uint64_t cluster = kHole;
  std::uint64_t count = 0;

  friend bool operator==(const ClusterRun&, const ClusterRun&) = default;
};

// An attribute, or one piece of it: a long run list goes over several records.
struct NtfsAttribute {
  std::uint32_t type = 0;  // ntfs::kData and so on
  std::u16string name;
  bool is_resident = true;
  bool is_compressed = false;  // these: of the first piece
  bool is_encrypted = false;
  ByteCount size = 0;
  ByteCount initialized = 0;     // bytes behind it read as zeros
  std::uint64_t first_vcn = 0;   // of this piece
  std::vector<ClusterRun> runs;  // of this piece, from first_vcn on
  Bytes value;                   // resident; kept of $DATA, $FILE_NAME and $REPARSE_POINT only
};

struct NtfsRecord {
  std::uint64_t number = 0;
  std::uint16_t sequence = 0;
  bool is_directory = false;
  std::uint64_t base = 0;  // reference; 0: this is a file's first record
  std::vector<NtfsAttribute> attributes;
};

// The record in `bytes`, which are changed (update sequence undone); nothing when it is not in use. Resident attributes
// that say nothing about clusters, names or contents are left out.
[[nodiscard]] Result<std::optional<NtfsRecord>> parse_ntfs_record(std::uint64_t number, std::span<std::uint8_t> bytes,
                                                                  const NtfsGeometry& geometry);

// "$DATA", "$DATA:Zone.Identifier", "attribute 0x1230"
[[nodiscard]] std::string attribute_label(std::uint32_t type, const std::u16string& name);

}  // namespace winnow
