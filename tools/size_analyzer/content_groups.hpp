// Files of an image by content: which names share one, what it takes, and how that is divided among the owners.
#pragma once

#include <cstdint>
#include <vector>

#include "size_analyzer/scanned_image.hpp"

namespace winnow {

// One content and all its names (hard links), indexes into ImageInfo::files; the name it was read under comes first.
struct ContentGroup {
  std::vector<std::size_t> names;
  Sizes sizes;                  // with named streams and slack
  std::vector<FilePart> parts;  // of the whole content; owners are not told here
  std::uint32_t content = kNoContent;
  ByteCount records = 0;  // bytes of MFT records it would take; 0 where a disk map counts them
};

// In the order of the names they were read under.
[[nodiscard]] std::vector<ContentGroup> group_contents(const ScannedImage& image);

// `total` in shares proportional to `weights`, which add up to it to the byte: each gets its floor, and what is left
// goes one byte each to those that lost most (ties: the first). All-zero weights leave everything with the last.
[[nodiscard]] std::vector<ByteCount> split(ByteCount total, const std::vector<ByteCount>& weights);

// The parts of a content that has `whole`, scaled down to an owner's share `own`; never larger than it.
[[nodiscard]] std::vector<FilePart> share_of_parts(const std::vector<FilePart>& parts, const Sizes& whole,
                                                   const Sizes& own);

}  // namespace winnow
