// Edits the bytes of an NTFS volume in place, as a fault would: one field of a record or index block, the update
// sequence kept right. For volumes of this project's writer: clusters of 4096, $MFT in one run.
#pragma once

#include <algorithm>
#include <cstring>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "formats/ntfs.hpp"

namespace winnow::test {

using ByteSpan = std::span<std::uint8_t>;

inline std::uint64_t get_le(ByteView bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;) value = value << 8 | bytes[at + i];
  return value;
}
inline void put_le(ByteSpan bytes, std::size_t at, std::size_t size, std::uint64_t value) {
  for (std::size_t i = 0; i < size; ++i) bytes[at + i] = static_cast<std::uint8_t>(i < 8 ? value >> (8 * i) : 0);
}

// Exchanges the ends of the sectors with the words of the update sequence array; `sealing` puts the number back.
inline void swap_update_sequence(ByteSpan bytes, bool sealing) {
  const std::size_t array = get_le(bytes, 4, 2);
  for (std::size_t sector = 1; sector <= bytes.size() / 512; ++sector) {
    std::uint8_t* tail = &bytes[sector * 512 - 2];
    std::uint8_t* word = &bytes[array + 2 * sector];
    if (sealing) std::memcpy(word, tail, 2);
    std::memcpy(tail, sealing ? &bytes[array] : word, 2);
  }
}

// Where an attribute, an entry or a run lies in the bytes it was looked for in.
struct Spot {
  std::size_t at = 0;
  std::size_t length = 0;
};

class NtfsEditor {
 public:
  explicit NtfsEditor(ByteSpan volume) : volume_(volume) {
    mft_ = get_le(volume, ntfs::boot::kMftCluster, 8) * ntfs::kClusterSize;
  }

  [[nodiscard]] ByteSpan volume() const { return volume_; }
  [[nodiscard]] ByteSpan raw_record(std::size_t number) const {
    return volume_.subspan(mft_ + number * ntfs::kRecordSize, ntfs::kRecordSize);
  }
  void edit_record(std::size_t number, const std::function<void(ByteSpan)>& edit) const {
    edit_block(raw_record(number), edit);
  }
  static void edit_block(ByteSpan block, const std::function<void(ByteSpan)>& edit) {
    swap_update_sequence(block, false);
    edit(block);
    swap_update_sequence(block, true);
  }
  [[nodiscard]] Bytes plain_record(std::size_t number) const {
    const ByteSpan raw = raw_record(number);
    Bytes copy(raw.begin(), raw.end());
    swap_update_sequence(copy, false);
    return copy;
  }

  // The record whose first $FILE_NAME is `name`.
  [[nodiscard]] std::size_t find(std::u16string_view name) const {
    const std::size_t count = record_count();
    for (std::size_t number = 0; number < count; ++number) {
      const Bytes record = plain_record(number);
      if (std::memcmp(record.data(), "FILE", 4) != 0 || get_le(record, ntfs::record::kBaseRecord, 8) != 0) continue;
      for (const Spot& spot : attributes(record, ntfs::kFileName)) {
        const std::size_t value = spot.at + get_le(record, spot.at + ntfs::attribute::kValueOffset, 2);
        std::u16string found;
        for (std::size_t i = 0; i < record[value + ntfs::file_name::kNameLength]; ++i) {
          found += static_cast<char16_t>(get_le(record, value + ntfs::file_name::kName + 2 * i, 2));
        }
        if (found == name) return number;
      }
    }
    throw std::runtime_error("no such file in the volume");
  }
  [[nodiscard]] std::size_t record_count() const {
    const Bytes record = plain_record(0);
    const Spot data = attribute(record, ntfs::kData);
    return get_le(record, data.at + ntfs::attribute::kDataSize, 8) / ntfs::kRecordSize;
  }

  [[nodiscard]] static std::vector<Spot> attributes(ByteView record, std::uint32_t type) {
    std::vector<Spot> spots;
    std::size_t at = get_le(record, ntfs::record::kFirstAttribute, 2);
    while (at + 8 <= record.size() && get_le(record, at, 4) != ntfs::kEnd) {
      const std::size_t length = get_le(record, at + ntfs::attribute::kLength, 4);
      if (get_le(record, at, 4) == type) spots.push_back({at, length});
      if (length == 0) break;
      at += length;
    }
    return spots;
  }
  // The `index`th attribute of a type.
  [[nodiscard]] static Spot attribute(ByteView record, std::uint32_t type, std::size_t index = 0) {
    const auto spots = attributes(record, type);
    if (index >= spots.size()) throw std::runtime_error("the record has no such attribute");
    return spots[index];
  }
  [[nodiscard]] static std::size_t value_at(ByteView record, const Spot& spot) {
    return spot.at + get_le(record, spot.at + ntfs::attribute::kValueOffset, 2);
  }
  void edit_attribute(std::size_t number, std::uint32_t type, const std::function<void(ByteSpan)>& edit,
                      std::size_t index = 0) const {
    edit_record(number, [&](ByteSpan record) {
      const Spot spot = attribute(record, type, index);
      edit(record.subspan(spot.at, spot.length));
    });
  }
  void edit_value(std::size_t number, std::uint32_t type, const std::function<void(ByteSpan)>& edit,
                  std::size_t index = 0) const {
    edit_attribute(
        number, type, [&](ByteSpan a) { edit(a.subspan(get_le(a, ntfs::attribute::kValueOffset, 2))); }, index);
  }
  // The first run of a non-resident attribute, as bytes of the volume.
  [[nodiscard]] ByteSpan content(std::size_t number, std::uint32_t type, std::size_t index = 0) const {
    const Bytes record = plain_record(number);
    const Spot spot = attribute(record, type, index);
    if (record[spot.at + ntfs::attribute::kNonResident] == 0) throw std::runtime_error("the attribute is resident");
    const std::size_t runs = spot.at + get_le(record, spot.at + ntfs::attribute::kRunsOffset, 2);
    const std::size_t length_bytes = record[runs] & 15u;
    const std::size_t place_bytes = record[runs] >> 4u;
    const std::uint64_t length = get_le(record, runs + 1, length_bytes);
    const std::uint64_t lcn = get_le(record, runs + 1 + length_bytes, place_bytes);
    return volume_.subspan(lcn * ntfs::kClusterSize, length * ntfs::kClusterSize);
  }

  // Block `block` of a directory's index, its update sequence undone meanwhile.
  void edit_index_block(std::size_t directory, std::size_t block, const std::function<void(ByteSpan)>& edit) const {
    edit_block(content(directory, ntfs::kIndexAllocation).subspan(block * ntfs::kIndexBlockSize, ntfs::kIndexBlockSize),
               edit);
  }
  // Entries of an index block that stand for a file.
  [[nodiscard]] static std::vector<Spot> entries(ByteView block) {
    std::vector<Spot> spots;
    std::size_t at = ntfs::index_block::kHeader + get_le(block, ntfs::index_block::kHeader, 4);
    while ((get_le(block, at + ntfs::index_entry::kFlags, 2) & ntfs::index_entry::kLast) == 0) {
      spots.push_back({at, get_le(block, at + ntfs::index_entry::kLength, 2)});
      at += spots.back().length;
    }
    return spots;
  }
  // The first leaf of the index of `directory`.
  [[nodiscard]] std::size_t leaf(std::size_t directory) const {
    const ByteSpan blocks = content(directory, ntfs::kIndexAllocation);
    for (std::size_t i = 0; i < blocks.size() / ntfs::kIndexBlockSize; ++i) {
      if (blocks[i * ntfs::kIndexBlockSize + ntfs::index_block::kHeader + ntfs::index_header::kFlags] == 0) return i;
    }
    throw std::runtime_error("the index has no leaf");
  }

 private:
  ByteSpan volume_;
  std::size_t mft_ = 0;
};

}  // namespace winnow::test
