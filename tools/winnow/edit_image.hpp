// An image that exists, with a machine's settings, files and registry values put into it, written anew.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "compose/compose.hpp"
#include "image/image_writer.hpp"

namespace winnow {

struct EditOptions {
  std::filesystem::path manifest;        // whose <machine>, <files>, <registry> and <service> come in; empty = none
  std::vector<MachineFlagText> machine;  // they win over the manifest
  std::string format;                    // "" = by the target's name
  WriteOptions write;
  std::optional<std::uint32_t> boot_timeout;  // seconds; nothing = as it was
};

// What is set anew takes the place of what is there; what is not stays, and so does how a disk starts Windows. A file
// that is replaced leaves its hard links: the other names keep the content, so that a component store stays what its
// manifests say. Errors: an image that winnow did not make, or that holds what no plan can say; roles, packages and
// feeds, which only a compose can add.
[[nodiscard]] Result<WriteReport> edit_image(const std::filesystem::path& source, const std::filesystem::path& target,
                                             const EditOptions& options, Progress& progress);

}  // namespace winnow
