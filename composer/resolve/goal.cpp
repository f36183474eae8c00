#include "resolve/goal.hpp"

namespace winnow {

std::string_view to_string(RecommendedPolicy policy) {
  switch (policy) {
    case RecommendedPolicy::off:
      return "off";
    case RecommendedPolicy::if_free:
      return "if-free";
    case RecommendedPolicy::on:
      return "on";
  }
  return "";
}

}  // namespace winnow
