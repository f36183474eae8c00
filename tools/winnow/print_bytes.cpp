#include "winnow/print_bytes.hpp"

namespace winnow {

std::string print_megabytes(ByteCount bytes) {
  const ByteCount tenths = (bytes + 50'000) / 100'000;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MB";
}

}  // namespace winnow
