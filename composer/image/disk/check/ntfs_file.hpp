// One file of an NTFS volume: its base record, the extension records that its attribute list names, and the streams
// that they make together.
#pragma once

#include <optional>
#include <vector>

#include "image/disk/check/ntfs_record.hpp"

namespace winnow::check {

inline constexpr std::size_t kMaxExtensionRecords = 4096;
inline constexpr ByteCount kMaxAttributeList = 256u << 10;  // as Windows limits it

struct NtfsFile {
  std::vector<Record> records;  // [0] is the base record
  std::vector<Stream> streams;  // one for each type and name; $FILE_NAMEs are values of their own

  // The first with this type and name, or nullptr.
  [[nodiscard]] const Stream* find(std::uint32_t type, std::u16string_view name = {}) const;
};

// Fetches a record, silently.
[[nodiscard]] std::optional<Record> fetch_record(const NtfsVolume& volume, std::uint64_t number);
// What `base` and its extension records hold. Reports what is wrong between the records: the list, extents that do not
// join.
[[nodiscard]] NtfsFile gather_file(const NtfsVolume& volume, Record base, const RecordReport& report);
// The same for a record that was reported on before; nothing when it is no base record in use.
[[nodiscard]] std::optional<NtfsFile> load_file(const NtfsVolume& volume, std::uint64_t number);

}  // namespace winnow::check
