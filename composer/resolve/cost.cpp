#include "resolve/cost.hpp"

namespace winnow {

std::string_view to_string(CostLevel level) {
  switch (level) {
    case CostLevel::penalty:
      return "penalty";
    case CostLevel::change:
      return "change";
    case CostLevel::bytes:
      return "bytes";
    case CostLevel::wish:
      return "wish";
    case CostLevel::age:
      return "age";
    case CostLevel::count:
      return "count";
  }
  return "";
}

}  // namespace winnow
