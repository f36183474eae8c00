// Where bytes go as they are made, in order; and the pieces in which finished bytes are passed on without copying.
#pragma once

#include <memory>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace winnow {

class ByteSink {
 public:
  virtual ~ByteSink() = default;
  [[nodiscard]] virtual Result<void> write(ByteView bytes) = 0;
};

// A piece of a stream, shared by those who hash, compress and store it.
using Chunk = std::shared_ptr<const Bytes>;

}  // namespace winnow
