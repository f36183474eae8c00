// A file of the host that stays open while its content is used: for many reads of small parts.
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "payload/content.hpp"

namespace winnow {

// A file that shrinks meanwhile gives an error where it is read. Error "cannot read <path>: …".
[[nodiscard]] Result<Content> open_file_content(const std::filesystem::path& file);

}  // namespace winnow
