// The lock file: every input of a compose with its digest, what was made smallest and how far that is proven, and the
// components chosen, as reviewable text. Two composes with the same lock text have the same inputs and the same
// solution.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/result.hpp"
#include "catalog/catalog.hpp"
#include "resolve/choice.hpp"
#include "resolve/solution.hpp"

namespace winnow {

// A file or folder that a compose read. `name` is relative to the app manifest, so that a lock file can move with it.
struct LockedInput {
  std::string kind;  // "manifest", "payload"
  std::string name;
  Digest digest;

  auto operator<=>(const LockedInput&) const = default;
};

// What a lock file says of the choice. Always about the question without a lock file: changes of one count nothing.
struct LockedChoice {
  SizeMeasure measure = SizeMeasure::allocated;
  RecommendedPolicy recommended = RecommendedPolicy::off;
  std::uint64_t prefer_threshold = 0;
  Digest problem;  // of the clauses and costs: the same wherever the feeds lie
  std::string
      verdict;  // "optimal", "feasible", or "kept": the fewest changes of an earlier lock file, not the fewest bytes
  Cost cost;
  Cost bound;
};
// Solves the question without a lock file when `choice` was made with one. Precondition: there is a solution.
[[nodiscard]] LockedChoice locked_choice(const Choice& choice);

// Lines "<word> <fields…>", inputs in the order given, components sorted by identity:
//   winnow-lock 2
//   image node-hello:1.0 10.0.20348.0
//   needs app
//   objective penalties, allocated bytes, recommended, newer versions, components, names
//   recommended off
//   prefer-threshold 0
//   manifest node-hello.xml sha256:…
//   feed open 8.0~repack-4 sha256:…
//   problem sha256:…
//   cost penalty=0 bytes=52125696 wish=0 age=0 count=42
//   bound penalty=0 bytes=52125696 wish=0 age=0 count=42
//   verdict optimal
//   component Wine-ntdll.dll 8.0.0.4 amd64 sha256:…
[[nodiscard]] std::string print_lock(std::string_view image, std::string_view needs,
                                     const std::vector<LockedInput>& inputs, const Catalog& catalog,
                                     const Solution& solution, const LockedChoice& choice);

// What of a lock file decides a later choice. Error when `text` (of `file`) is no lock file.
struct ParsedLock {
  bool is_kept = false;              // its verdict
  std::set<std::string> components;  // to_string() of their identities
};
[[nodiscard]] Result<ParsedLock> parse_lock(std::string_view text, const std::string& file);

// Error when `actual` deviates from `locked` (the text of `file`): the first lines that differ, and how to accept them.
[[nodiscard]] Result<void> check_lock(std::string_view locked, std::string_view actual, const std::string& file);

}  // namespace winnow
