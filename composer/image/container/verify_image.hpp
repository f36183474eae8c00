// The 15 rules a Windows base image must keep to be imported (windows-formats.md 5.1), as code of our own over the raw
// bytes, sharing nothing with the writer but the constants in formats/.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace winnow {

struct Violation {
  int rule =
      0;  // 1..15, the number in windows-formats.md 5.1; 0 for what no rule numbers (digest of a blob, JSON fields)
  std::string subject;  // the layer entry or blob
  std::string message;
};

struct VerifyReport {
  std::size_t entries = 0;            // layer entries looked at
  std::vector<Violation> violations;  // in stream order
};

// `image`: an OCI layout folder, a hybrid archive, a docker archive, or a bare layer tar (then only the layer rules
// apply). Error when it cannot be read at all.
[[nodiscard]] Result<VerifyReport> verify_image(const std::filesystem::path& image);

}  // namespace winnow
