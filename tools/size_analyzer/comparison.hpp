// The numbers of an image beside those of a baseline: a feed, another image, or a stored report.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "size_analyzer/image_facts.hpp"

namespace winnow {

// One number of the image beside the same number of the baseline.
struct ComparedMeasure {
  std::string name;  // "PE files"
  bool is_bytes = false;
  std::uint64_t image = 0;
  std::uint64_t baseline = 0;
};

// What is only in the one, in both, only in the other.
struct ComparedSet {
  std::string name;  // "files", "services", "components"
  std::uint64_t only_image = 0;
  std::uint64_t both = 0;
  std::uint64_t only_baseline = 0;
};

// App bytes are in no measure: they are counted under `outside` with all else the baseline cannot have.
struct SizeComparison {
  std::string baseline;  // "feed open 8.0~repack-4: 694 PE files, 158.5 MB"
  std::vector<ComparedMeasure> measures;
  std::vector<ComparedSet> sets;  // by path, name of the service, name of the component
  std::uint64_t outside_files = 0;
  ByteCount outside_bytes = 0;  // logical
};

// Against a feed only files the feed itself has (same path, same content) count on the image's side; against all else
// every file but the apps' own. `name` is the baseline as the user named it. Counts that either side does not know are
// left out, as are sizes on disk of things that are not both images.
[[nodiscard]] SizeComparison compare_sizes(const ImageFacts& image, const ImageFacts& baseline,
                                           const std::string& name);

}  // namespace winnow
