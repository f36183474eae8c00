#include "base/json.hpp"

namespace winnow {

namespace {
constexpr int kMaxDepth = 64;
}

Result<Json> parse_json(std::string_view text, const std::string& what) {
  bool too_deep = false;
  try {
    Json value = Json::parse(text, [&too_deep](int depth, Json::parse_event_t, Json&) {
      too_deep = too_deep || depth > kMaxDepth;
      return !too_deep;
    });
    if (!too_deep) return value;
  } catch (const Json::parse_error& error) {
    return fail("cannot parse " + what + ": it is no JSON at byte " + std::to_string(error.byte));
  }
  return fail("cannot parse " + what + ": it is nested deeper than " + std::to_string(kMaxDepth) + " levels");
}

}  // namespace winnow
