// One MFT record, attribute by attribute, in the order they are to lie in.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/bytes.hpp"
#include "formats/ntfs.hpp"

namespace winnow::ntfs {

struct RecordHeader {
  std::uint32_t number = 0;
  std::uint16_t sequence = 1;
  std::uint16_t links = 0;
  std::uint16_t flags = record::kInUse;
  std::uint64_t base = 0;  // reference of the base record; 0 = this is one
};

// Where a non-resident attribute's bytes lie: one run, or one hole.
struct Extent {
  std::uint64_t cluster = 0;
  std::uint64_t clusters = 0;
  std::uint64_t size = 0;  // of the data, bytes
  bool is_hole = false;
};

// Bytes of an attribute in a record, header and padding included.
[[nodiscard]] std::size_t resident_size(std::size_t name_units, std::uint64_t value_size);
// The most a non-resident attribute takes, wherever it lies.
[[nodiscard]] std::size_t non_resident_bound(std::size_t name_units, bool is_hole);
// Room for attributes in a record.
inline constexpr std::size_t kRecordCapacity = kRecordSize - record::kAttributes - 8;

class RecordWriter {
 public:
  // `out`: kRecordSize bytes.
  RecordWriter(std::span<std::uint8_t> out, const RecordHeader& header);

  // Attributes get the ids 0, 1, 2 … unless `id` says otherwise. Returns the id.
  std::uint16_t resident(std::uint32_t type, std::u16string_view name, ByteView value,
                         std::optional<std::uint16_t> id = {});
  // Its value is to be filled in by the caller: `size` zeroed bytes, returned.
  std::span<std::uint8_t> reserve_resident(std::uint32_t type, std::u16string_view name, std::size_t size,
                                           std::optional<std::uint16_t> id = {});
  // A sparse attribute (a hole) is flagged so unless `flag_sparse` is false, as in $BadClus.
  std::uint16_t non_resident(std::uint32_t type, std::u16string_view name, const Extent& extent,
                             std::optional<std::uint16_t> id = {}, bool flag_sparse = true);
  [[nodiscard]] std::uint16_t last_id() const { return last_id_; }
  // The end marker, bytes in use, next attribute id, update sequence.
  void finish();

 private:
  std::uint16_t begin(std::uint32_t type, std::u16string_view name, std::size_t length, std::size_t name_offset,
                      std::optional<std::uint16_t> id);

  std::span<std::uint8_t> out_;
  std::size_t at_ = record::kAttributes;
  std::uint16_t next_id_ = 0;
  std::uint16_t last_id_ = 0;
};

}  // namespace winnow::ntfs
