// JSON for every module that reads or writes it (nlohmann-json). Objects keep the order in which keys are put in, so
// what we write has one spelling.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "base/result.hpp"

namespace winnow {

using Json = nlohmann::ordered_json;

// The value of `text`, or the error "cannot parse <what>: <reason>" with the byte offset. Nesting deeper than 64 levels
// and text that is not UTF-8 are refused.
[[nodiscard]] Result<Json> parse_json(std::string_view text, const std::string& what);

}  // namespace winnow
