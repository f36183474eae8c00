#include "image/container/byte_source.hpp"

#include <algorithm>

namespace winnow {

Result<std::size_t> MemorySource::read(std::span<std::uint8_t> out) {
  const std::size_t count = std::min(out.size(), rest_.size());
  std::copy_n(rest_.begin(), count, out.begin());
  rest_ = rest_.subspan(count);
  return count;
}

Result<std::size_t> HashingSource::read(std::span<std::uint8_t> out) {
  WINNOW_TRY(const std::size_t count, source_.read(out));
  hash_.update(out.first(count));
  return count;
}

}  // namespace winnow
