// Byte counts for people: MB are 10^6 bytes, as in every report of winnow.
#pragma once

#include <string>

#include "base/bytes.hpp"

namespace winnow {

[[nodiscard]] std::string print_megabytes(ByteCount bytes);  // "23.6 MB"

}  // namespace winnow
