// A value made on first use and kept, or the error of having made it.
#pragma once

#include <mutex>
#include <optional>
#include <utility>

#include "base/result.hpp"

namespace winnow {

// Safe to use from many threads: the first one makes the value, the others wait for it.
template <class T>
class Lazy {
 public:
  template <class Make>
  [[nodiscard]] Result<const T*> get(Make&& make) {
    std::call_once(once_, [&] { value_.emplace(std::forward<Make>(make)()); });
    if (!*value_) return fail(value_->error());
    return &**value_;
  }

 private:
  std::once_flag once_;
  std::optional<Result<T>> value_;
};

}  // namespace winnow
