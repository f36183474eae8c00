// Is this a self-relative SECURITY_DESCRIPTOR whose parts lie inside it? (windows-formats.md 1.5, MS-DTYP 2.4.6)
#pragma once

#include <optional>
#include <string>

#include "base/bytes.hpp"

namespace winnow {

// What is wrong with `descriptor`, as the end of a sentence ("its owner lies outside it"); nothing when it is sound.
[[nodiscard]] std::optional<std::string> find_security_fault(ByteView descriptor);

}  // namespace winnow
