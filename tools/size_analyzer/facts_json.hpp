// The stored report: ImageFacts as canonical JSON, schema "winnow-facts-1" (facts.schema.json). Members that are empty,
// 0 or false are left out; sizes are [logical, allocated, stored].
#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"
#include "size_analyzer/image_facts.hpp"

namespace winnow {

inline constexpr std::string_view kFactsSchema = "winnow-facts-1";
inline constexpr ByteCount kMaxFactsBytes = 4ull << 30;

[[nodiscard]] Json to_json(const ImageFacts& facts);
// The same value as text: one line for every item of a list, so that reports can be compared line by line.
[[nodiscard]] std::string print_facts(const ImageFacts& facts);
// Whether `start`, the first bytes of a file, are those of a stored report of any version.
[[nodiscard]] bool looks_like_facts(std::string_view start);
// Error "cannot read report <name>: <reason>" for another schema version, missing, unknown or bad members, each with
// its place ("files[3].sizes …"), and facts that fail check_facts().
[[nodiscard]] Result<ImageFacts> parse_facts(std::string_view text, const std::string& name);

}  // namespace winnow
