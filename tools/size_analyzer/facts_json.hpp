// The stored report: ImageFacts as canonical JSON, schema "winnow-facts-1" (tools/size_analyzer/facts.schema.json).
#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"
#include "size_analyzer/image_facts.hpp"

namespace winnow {

inline constexpr std::string_view kFactsSchema = "winnow-facts-1";

[[nodiscard]] Json to_json(const ImageFacts& facts);
// Error "cannot read report <name>: <reason>" for another schema version, missing or bad fields, and facts that fail
// check_facts().
[[nodiscard]] Result<ImageFacts> parse_facts(std::string_view text, const std::string& name);

}  // namespace winnow
