// Fields of documents that others write as JSON: what is absent or of another type reads as empty.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace winnow {

// The member of that name; null when there is none, or `object` is no object.
[[nodiscard]] const Json& json_member(const Json& object, std::string_view name);
// A string, or that of {"Value": …} as the JSON spelling of CVRF wraps it; numbers in digits; else "".
[[nodiscard]] std::string json_text(const Json& value);
[[nodiscard]] std::string json_text(const Json& object, std::string_view name);
// The elements of an array member; one that is no array is its own only element, null has none.
[[nodiscard]] std::vector<const Json*> json_items(const Json& object, std::string_view name);
[[nodiscard]] std::vector<std::string> json_texts(const Json& object, std::string_view name);

}  // namespace winnow
