// The rows of a size report: every byte of an image in exactly one place. Children add up to their parent in every
// measure, the root is the image's total; what nobody claims has a row.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "size_analyzer/image_facts.hpp"

namespace winnow {

enum class RowKind {
  image,      // the root
  group,      // packages, applications, winnow's own, unclaimed, image metadata; or a value of the axis
  package,    // one role of a feed
  component,  // a component or an app
  folder,
  file,
  part,  // of a file: debug sections, streams, what an owner put into a hive
  overhead,
};
[[nodiscard]] std::string_view to_string(RowKind kind);

struct SizeRow {
  RowKind kind = RowKind::file;
  std::string name;
  Sizes sizes;
  ByteCount shared = 0;           // of `sizes.stored`: contents that other owners' files have too
  std::uint64_t files = 0;        // names
  std::vector<SizeRow> children;  // largest first
};

// What the rows below the root are.
enum class SizeAxis { package, kind, language, architecture, layer, directory, owner };
inline constexpr std::size_t kSizeAxisCount = static_cast<std::size_t>(SizeAxis::owner) + 1;
[[nodiscard]] std::string_view to_string(SizeAxis axis);

// Rows of one parent are sorted by `order`, then stored and logical bytes, then name.
[[nodiscard]] SizeRow build_size_tree(const ImageFacts& facts, SizeAxis axis, Measure order);

// The invariant, for one row and everything below it. Error names the first row that breaks it.
[[nodiscard]] Result<void> check_sums(const SizeRow& row);

}  // namespace winnow
