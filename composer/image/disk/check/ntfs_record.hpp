// One MFT record, taken apart: header, update sequence, attributes with their run lists. Every field that can be judged
// from the record alone is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "image/disk/check/ntfs_findings.hpp"
#include "image/disk/check/ntfs_volume.hpp"

namespace winnow::check {

inline constexpr std::size_t kMaxRunsPerAttribute = 65'536;  // a record has room for far fewer

// An attribute as it stands in a record.
struct Attribute {
  std::uint32_t type = 0;
  std::uint16_t id = 0;
  std::uint16_t flags = 0;
  std::u16string name;
  bool non_resident = false;
  bool is_indexed = false;
  ByteView value;  // resident; in the record's bytes
  std::uint64_t first_vcn = 0;
  std::uint64_t last_vcn = 0;
  std::vector<Run> runs;
  std::uint8_t compression_unit = 0;
  ByteCount allocated = 0;
  ByteCount size = 0;
  ByteCount initialized = 0;
  ByteCount total_allocated = 0;
};

struct Record {
  std::uint64_t number = 0;
  Bytes bytes;  // update sequence undone
  std::uint16_t sequence = 0;
  std::uint16_t links = 0;
  std::uint16_t flags = 0;
  std::uint64_t base = 0;  // reference; 0 = a base record
  std::vector<Attribute> attributes;
};

// Undoes the update sequence of a structure in `bytes` (a record or an index block), whose array is at `offset` with
// `count` words. What is wrong, or "". A torn sector gets its word from the array all the same.
[[nodiscard]] std::string undo_update_sequence(Bytes& bytes, std::size_t offset, std::size_t count);

// Nothing when `raw` is no record at all. Attributes behind the first broken one are not there.
[[nodiscard]] std::optional<Record> parse_record(std::uint64_t number, Bytes raw, const Geometry& geometry,
                                                 const RecordReport& report);

// "$DATA", "$DATA:stream", "attribute 0x28"
[[nodiscard]] std::string attribute_name(std::uint32_t type, std::u16string_view name);
[[nodiscard]] std::u16string read_units(ByteView bytes);  // UTF-16LE, as it is

}  // namespace winnow::check
