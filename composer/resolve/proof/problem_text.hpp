// A Problem as lines of text, so that whoever has a certificate can check it without the feeds:
//   winnow-problem 1
//   node x1 bytes 4096 count 1
//   file x3 bytes 100
//   request hard : x1 x2
//   need wish 1 : -x1 x2
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "resolve/problem.hpp"

namespace winnow {

inline constexpr std::string_view kProblemTextStart = "winnow-problem ";

[[nodiscard]] std::string print_problem(const Universe& universe, const Goal& goal, const Problem& problem);
// The problem without its sources: the same digest, but nothing of it can be described. Error with the line of `file`.
[[nodiscard]] Result<Problem> parse_problem(std::string_view text, const std::string& file);

}  // namespace winnow
