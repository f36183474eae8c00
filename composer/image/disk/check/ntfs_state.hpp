// What the passes over an NTFS volume know together. Everything is by record number or sorted by it; nothing grows
// faster than the volume's own metadata.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "image/disk/check/ntfs_file.hpp"
#include "image/disk/check/ntfs_findings.hpp"
#include "image/disk/check/ntfs_volume.hpp"

namespace winnow::check {

inline constexpr std::size_t kMaxClaims = 16u << 20;
inline constexpr std::size_t kMaxPathDepth = 256;

enum class RecordState : std::uint8_t { unused, base, extension, broken };

// What $STANDARD_INFORMATION and the streams say about a file; $FILE_NAME repeats it.
struct FileFacts {
  RecordState state = RecordState::unused;
  bool is_directory = false;
  bool is_system = false;  // below $Extend or a system record: kept by the file system itself
  bool has_old_descriptor = false;
  bool is_listed = false;  // an extension record that its base names
  std::uint16_t sequence = 0;
  std::uint32_t attributes = 0;
  std::uint32_t security_id = 0;
  std::uint32_t reparse_tag = 0;
  std::uint16_t ea_size = 0;
  std::array<std::uint64_t, 4> times{};
  ByteCount allocated = 0;
  ByteCount size = 0;
  std::uint64_t base = 0;  // reference of an extension's base record
};

struct NameFacts {
  std::uint64_t record = 0;
  std::uint64_t parent = 0;  // reference
  std::uint8_t name_space = 0;
  std::uint32_t times_indexed = 0;
  std::u16string name;
};

// Clusters that belong to a record.
struct Claim {
  std::uint64_t lcn = 0;
  std::uint64_t length = 0;
  std::uint64_t record = 0;
};

struct NtfsState {
  NtfsState(const NtfsVolume& v, NtfsFindings& f) : volume(v), findings(f) {}

  const NtfsVolume& volume;
  NtfsFindings& findings;
  std::vector<FileFacts> files;  // by record number
  std::vector<NameFacts> names;  // by record, once all are there
  std::vector<Claim> claims;
  bool has_too_many_claims = false;
  std::set<std::pair<std::uint32_t, std::uint64_t>> reparse_points;  // tag, reference
  std::map<Bytes, std::uint64_t> object_ids;                         // id, reference
  std::u16string_view upcase;                                        // the volume's own table; never empty

  // "\Windows\notepad.exe"; "" when the record has no name.
  [[nodiscard]] std::string path_of(std::uint64_t record) const;
  // The first name of `record`, and how many it has.
  [[nodiscard]] std::pair<std::size_t, std::size_t> names_of(std::uint64_t record) const;
};

// Order of two names in $I30: by the volume's $UpCase, then as they are.
[[nodiscard]] int compare_names(std::u16string_view upcase, std::u16string_view a, std::u16string_view b);

}  // namespace winnow::check
