// What was chosen, at what cost and with what bound, for programs.
#pragma once

#include "base/json.hpp"
#include "resolve/choice.hpp"

namespace winnow {

[[nodiscard]] Json choice_json(const Choice& choice);

}  // namespace winnow
