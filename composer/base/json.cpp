#include "base/json.hpp"

#include <algorithm>

namespace winnow {

namespace {

constexpr int kMaxDepth = 64;

// Deepest nesting of brackets outside strings. Looked at before parsing, because the parser recurses when it destroys.
int nesting(std::string_view text) {
  int depth = 0;
  int deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (in_string && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      in_string = !in_string;
    } else if (!in_string && (text[i] == '[' || text[i] == '{')) {
      deepest = std::max(deepest, ++depth);
    } else if (!in_string && (text[i] == ']' || text[i] == '}')) {
      --depth;
    }
  }
  return deepest;
}

}  // namespace

Result<Json> parse_json(std::string_view text, const std::string& what) {
  if (nesting(text) > kMaxDepth) {
    return fail("cannot parse " + what + ": it is nested deeper than " + std::to_string(kMaxDepth) + " levels");
  }
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    return fail("cannot parse " + what + ": it is no JSON at byte " + std::to_string(error.byte));
  }
}

}  // namespace winnow
