// The files of an image into a folder of the host.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace winnow {

struct ExtractReport {
  std::uint64_t files = 0;  // names, hard links among them
  std::uint64_t folders = 0;
  std::vector<std::string> left_out;  // "Windows\x: its stream y": what a folder of the host has no place for
};

// `paths`: only these and what lies below them; empty = all. The folder appears whole or not at all; one that is there
// must be empty. Files get the time of their last write, hard links stay hard links; attributes and descriptors have no
// place on the host. Errors: what read_image() says; "cannot extract <path>: the image holds no such file".
[[nodiscard]] Result<ExtractReport> extract_image(const std::filesystem::path& image,
                                                  const std::filesystem::path& folder,
                                                  const std::vector<std::string>& paths);

}  // namespace winnow
