// An NTFS volume taken apart without libraries: records with their update sequences undone, attributes, runs, streams.
// For tests that look at fields no library shows. What is not as it must be is a std::runtime_error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "formats/ntfs.hpp"

namespace winnow::ntfs::testing {

struct Run {
  std::optional<std::uint64_t> cluster;  // none = a hole
  std::uint64_t length = 0;              // clusters
};

struct Attribute {
  std::uint32_t type = 0;
  std::u16string name;
  std::uint16_t flags = 0;
  std::uint16_t id = 0;
  std::uint32_t length = 0;
  bool is_resident = true;
  std::uint8_t indexed = 0;  // resident
  Bytes value;               // resident
  std::uint64_t first_vcn = 0;
  std::uint64_t last_vcn = 0;
  std::uint8_t compression_unit = 0;
  std::uint64_t allocated_size = 0;
  std::uint64_t data_size = 0;
  std::uint64_t initialized_size = 0;
  std::vector<Run> runs;
};

struct IndexEntry {
  std::uint64_t reference = 0;  // of a view index: data offset, data length
  std::uint16_t flags = 0;
  Bytes key;
  Bytes data;                          // of a view index
  std::optional<std::uint64_t> child;  // VCN
};

class VolumeReading {
 public:
  // `volume` must outlive the object.
  explicit VolumeReading(ByteView volume);

  [[nodiscard]] ByteView bytes() const { return volume_; }
  // Without the update sequence; "" of an unused record is possible.
  [[nodiscard]] Bytes record(std::uint64_t number) const;
  [[nodiscard]] std::vector<Attribute> attributes(ByteView record) const;
  [[nodiscard]] std::optional<Attribute> find(std::uint64_t record, std::uint32_t type, std::u16string_view name) const;
  // The value or the clusters' bytes, holes as zeros, up to the data size.
  [[nodiscard]] Bytes content(const Attribute& attribute) const;
  [[nodiscard]] std::uint64_t record_count() const { return mft_.data_size / kRecordSize; }
  // Entries of an index, root first, then block by block; without the end entries.
  [[nodiscard]] std::vector<IndexEntry> index_entries(std::uint64_t record, std::u16string_view name) const;
  // A multi-sector structure with its update sequence undone.
  [[nodiscard]] static Bytes without_update_sequence(ByteView stored, std::string_view magic);

 private:
  [[nodiscard]] Bytes at(std::uint64_t offset, std::uint64_t size) const;

  ByteView volume_;
  Attribute mft_;
};

// A field that must be there.
template <class T>
[[nodiscard]] T field(ByteView bytes, std::uint64_t offset);

}  // namespace winnow::ntfs::testing
