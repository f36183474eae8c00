// The lines that certificates and problems are written in: words with one space between them, then, for people only,
// " # " and a remark. Numbers and costs have one spelling each.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "resolve/cost.hpp"
#include "resolve/problem.hpp"

namespace winnow {

// "bytes 4096 count 1": the levels that are not zero, from the highest to the lowest; "nothing" when all are.
[[nodiscard]] std::string print_cost(const Cost& cost);

// " # text" with control characters replaced, so that a name cannot start a line; "" when there is nothing to say.
[[nodiscard]] std::string print_remark(std::string_view text);

[[nodiscard]] inline std::string variable_name(Variable variable) {
  return "x" + std::to_string(std::uint64_t{variable} + 1);
}

// One line after another, and in a line one word after another. What is wrong becomes an error at the line.
class ProofLines {
 public:
  ProofLines(std::string_view text, std::string file) : rest_(text), file_(std::move(file)) {}

  // The next line becomes the current one; false at the end. A last line without its end is an error: it was cut.
  [[nodiscard]] Result<bool> next();
  [[nodiscard]] bool has_word() const { return word_ < words_.size(); }
  [[nodiscard]] std::string_view peek() const { return has_word() ? words_[word_] : std::string_view(); }
  std::string_view take() { return has_word() ? words_[word_++] : std::string_view(); }

  // Decimal digits without leading zeros, at most `limit`. `what` is for the message: "a clause".
  [[nodiscard]] Result<std::uint32_t> take_number(std::string_view prefix, std::uint32_t limit, std::string_view what);
  [[nodiscard]] Result<Cost> take_cost();
  [[nodiscard]] Result<void> take_word(std::string_view word);
  [[nodiscard]] Result<void> end_line() const;

  // "file:line: cannot read the `what`: reason".
  [[nodiscard]] tl::unexpected<Error> fault(const std::string& reason) const;
  void name_contents(std::string what) { what_ = std::move(what); }

 private:
  std::string_view rest_;
  std::string file_;
  std::string what_ = "text";
  std::uint32_t line_ = 0;
  std::vector<std::string_view> words_;
  std::size_t word_ = 0;
};

// Decimal digits without sign or leading zeros, or nothing.
[[nodiscard]] std::optional<std::uint64_t> parse_plain_number(std::string_view digits);

}  // namespace winnow
