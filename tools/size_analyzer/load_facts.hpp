// Measures whatever a path names.
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "size_analyzer/image_facts.hpp"

namespace winnow {

struct MeasureOptions {
  // A feed whose index tells owners of files that the image itself says nothing of; "" = none.
  std::filesystem::path feed;
  unsigned threads = 0;  // 0 = as many as there are processors
};

// `path`: a container image, disk, volume or WIM file, a folder, a feed's folder (index.xml), or a stored report.
// Errors: "cannot measure <path>: <reason>", and those of parse_facts().
[[nodiscard]] Result<ImageFacts> load_facts(const std::filesystem::path& path, const MeasureOptions& options = {});

}  // namespace winnow
