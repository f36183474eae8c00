// Members of JSON documents that may be absent or of another type: then they count as null, "" or 0.
#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"

namespace winnow {

[[nodiscard]] const Json& member(const Json& object, std::string_view key);
[[nodiscard]] std::string text_of(const Json& object, std::string_view key);
[[nodiscard]] std::uint64_t number_of(const Json& object, std::string_view key);

}  // namespace winnow
