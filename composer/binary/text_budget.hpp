// A limit on how much text one reading may copy out of a hostile file, in which thousands of table entries can name the
// same long string.
#pragma once

#include <cstddef>

namespace winnow {

class TextBudget {
 public:
  explicit TextBudget(std::size_t bytes) : left_(bytes) {}
  // False when the budget is used up.
  [[nodiscard]] bool take(std::size_t bytes) {
    if (bytes > left_) return false;
    left_ -= bytes;
    return true;
  }

 private:
  std::size_t left_;
};

}  // namespace winnow
