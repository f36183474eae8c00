// The lock file: every input of a compose with its digest, and the components chosen, as reviewable text. Two composes
// with the same lock text have the same inputs and the same solution.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/result.hpp"
#include "catalog/catalog.hpp"
#include "resolve/solution.hpp"

namespace winnow {

// A file or folder that a compose read. `name` is relative to the app manifest, so that a lock file can move with it.
struct LockedInput {
  std::string kind;  // "manifest", "payload"
  std::string name;
  Digest digest;

  auto operator<=>(const LockedInput&) const = default;
};

// Lines "<word> <fields…>", inputs in the order given, components sorted by identity:
//   winnow-lock 1
//   image node-hello:1.0 10.0.20348.0
//   needs app
//   manifest node-hello.xml sha256:…
//   feed open 8.0~repack-4 sha256:…
//   component Wine-ntdll.dll 8.0.0.4 amd64 sha256:…
[[nodiscard]] std::string print_lock(std::string_view image, std::string_view needs,
                                     const std::vector<LockedInput>& inputs, const Catalog& catalog,
                                     const Solution& solution);

// Error when `actual` deviates from `locked` (the text of `file`): the first lines that differ, and how to accept them.
[[nodiscard]] Result<void> check_lock(std::string_view locked, std::string_view actual, const std::string& file);

}  // namespace winnow
