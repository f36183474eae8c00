// What differs between two images, row by row: owners, files, overheads, kinds, counts. The rows hold both sides, so
// that tables, budgets and causes (blame.hpp) need nothing else.
//
// Invariant (checked after every comparison): in each of the three measures the pieces, the owners with the overheads,
// and the files with the overheads each add up to the difference of the two totals, to the byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "size_analyzer/image_facts.hpp"
#include "size_analyzer/match_facts.hpp"

namespace winnow {

// Bytes more (or fewer, when negative) in each measure.
struct SizeChange {
  std::int64_t logical = 0;
  std::int64_t allocated = 0;
  std::int64_t stored = 0;

  SizeChange& operator+=(const SizeChange& other);
  friend bool operator==(const SizeChange&, const SizeChange&) = default;
};
[[nodiscard]] SizeChange change_of(const Sizes& before, const Sizes& after);
[[nodiscard]] std::int64_t value_of(const SizeChange& change, Measure measure);

enum class Change { same, grew, shrank, appeared, vanished, moved };
[[nodiscard]] std::string_view to_string(Change change);

// Both sides of anything.
struct BeforeAfter {
  Sizes before;
  Sizes after;

  [[nodiscard]] SizeChange change() const { return change_of(before, after); }
};

// An owner of either image; all of them, also those that did not change.
struct OwnerDiff : BeforeAfter {
  MatchedPair index;  // into the owners of the two images
  OwnerType kind = OwnerType::nobody;
  std::string name;  // as the newer image has it, where it is in both; the same holds for the package
  std::string package;
  std::string before_version;
  std::string after_version;
  bool is_moved = false;  // counted under another package
  std::uint64_t before_files = 0;
  std::uint64_t after_files = 0;
  std::uint64_t files_appeared = 0;
  std::uint64_t files_vanished = 0;
};

// A file that is not the same in both: path, content, owner or any size.
struct FileDiff : BeforeAfter {
  MatchedFiles index;  // into the files of the two images
  std::string before_path;
  std::string after_path;
  std::size_t before_owner = 0;  // into FactsDiff::owners; of a file in one image both are its owner there
  std::size_t after_owner = 0;
  ByteKind kind = ByteKind::data;
  std::string language;
  bool is_same_content = false;  // known to be: both digests were read and are equal

  [[nodiscard]] const std::string& path() const { return after_path.empty() ? before_path : after_path; }
};

// Bytes of no file, by kind and name, all layers together; all of them.
struct OverheadDiff : BeforeAfter {
  ByteKind kind = ByteKind::unclaimed;
  std::string name;
  bool is_before = false;
  bool is_after = false;
};

struct KindDiff : BeforeAfter {
  ByteKind kind = ByteKind::unclaimed;
};

// Absent: not counted in that image.
struct CountDiff {
  std::string name;
  std::optional<std::uint64_t> before;
  std::optional<std::uint64_t> after;
};

inline constexpr std::size_t kNoRow = kNoMatch;

// The smallest thing a byte of the difference can be of: a file's own bytes, a part of it, or an overhead. Only those
// whose sizes differ.
struct DiffPiece : BeforeAfter {
  std::size_t owner = kNoRow;     // into FactsDiff::owners; kNoRow: an overhead
  std::size_t file = kNoRow;      // into FactsDiff::files; kNoRow: an overhead
  std::size_t overhead = kNoRow;  // into FactsDiff::overheads
  ByteKind kind = ByteKind::data;
  std::string part;            // "" = the file's own bytes
  bool is_normalised = false;  // counts in the normalised measure (normalised_size.hpp)
};

struct FactsDiff {
  std::string before_name;
  std::string after_name;
  Sizes before;
  Sizes after;
  ByteCount before_normalised = 0;
  ByteCount after_normalised = 0;
  std::vector<OwnerDiff> owners;  // [0] is nobody
  std::vector<FileDiff> files;
  std::vector<OverheadDiff> overheads;  // sorted by kind, name
  std::vector<KindDiff> kinds;          // sorted by kind; those either image has
  std::vector<CountDiff> counts;
  std::vector<DiffPiece> pieces;
  std::uint64_t same_files = 0;
};

// Precondition: check_facts() holds of both. Error "cannot compare <before> with <after>: <reason>", for images beyond
// 2^62 bytes and for a broken invariant, which is a bug.
[[nodiscard]] Result<FactsDiff> diff_facts(const ImageFacts& before, const ImageFacts& after);

// The invariant, by itself.
[[nodiscard]] Result<void> check_diff(const FactsDiff& diff);

// What happened to a row by one measure: a row that is in both and has the same size is `moved` or `same`.
[[nodiscard]] Change change_of(const OwnerDiff& owner, Measure measure);
[[nodiscard]] Change change_of(const FileDiff& file, Measure measure);
[[nodiscard]] Change change_of(const OverheadDiff& overhead, Measure measure);

}  // namespace winnow
