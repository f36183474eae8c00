// What a disk check has found so far, and the words its lines are made of.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "image/container/verify_image.hpp"

namespace winnow::check {

// A damaged disk can break a rule a million times; beyond this the rest is only counted.
inline constexpr std::size_t kMaxFindings = 1000;

class Findings {
 public:
  void add(std::string subject, std::string message);
  [[nodiscard]] std::size_t size() const { return count_; }
  // In the order found; a last line tells how many were left out.
  [[nodiscard]] std::vector<Violation> take() &&;

 private:
  std::vector<Violation> violations_;
  std::size_t count_ = 0;
};

// "<what> is 5, expected 7"
[[nodiscard]] std::string differs(std::string_view what, std::uint64_t found, std::uint64_t expected);
// The same in hexadecimal.
[[nodiscard]] std::string differs_hex(std::string_view what, std::uint64_t found, std::uint64_t expected);
// "0x1f"
[[nodiscard]] std::string hex(std::uint64_t number);
// A name of the disk as text for a terminal: what is no text or could steer one becomes '?'.
[[nodiscard]] std::string printable(std::u16string_view name);
[[nodiscard]] std::string printable(std::string_view name);

}  // namespace winnow::check
