#include <poll.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "base/interrupt.hpp"
#include "winnow/terminal_progress.hpp"
#include "winnow/verb.hpp"

namespace {

// SOURCE_DATE_EPOCH: seconds since 1970; 0 when unset, nothing when it is no number.
std::optional<std::int64_t> source_date_epoch() {
  const char* text = std::getenv("SOURCE_DATE_EPOCH");
  if (text == nullptr || *text == '\0') return 0;
  std::int64_t value = 0;
  const char* end = text + std::strlen(text);
  const auto parsed = std::from_chars(text, end, value);
  constexpr std::int64_t kLastSecond = 253402300799;  // 9999-12-31, the last that RFC 3339 can say
  if (parsed.ec != std::errc() || parsed.ptr != end || value < 0 || value > kLastSecond) return std::nullopt;
  return value;
}

// `winnow plan … | head`: whoever read has seen enough, which is nothing to complain about.
bool reader_has_left() {
  pollfd out{STDOUT_FILENO, 0, 0};
  return ::poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

}  // namespace

// The one place where an exception ends: it can only be a bug or a machine out of memory.
int main(int argc, char** argv) {
  try {
    winnow::catch_interrupts();
    const auto epoch = source_date_epoch();
    if (!epoch) {
      std::cerr << "cannot use SOURCE_DATE_EPOCH: it is no number of seconds since 1970\n";
      return winnow::kExitInput;
    }
    winnow::TerminalProgress progress(std::cerr);
    winnow::World world{std::cout, std::cerr, progress, *epoch};
    const int code = winnow::run_command_line(std::vector<std::string>(argv + 1, argv + argc), world);
    progress.clear();
    std::cout.flush();
    if (!std::cout) {
      if (!reader_has_left()) std::cerr << "cannot write to standard output\n";
      return winnow::kExitInput;
    }
    return code;
  } catch (const std::exception& error) {
    std::cerr << "winnow: bug: " << error.what() << '\n';
    return winnow::kExitBug;
  }
}
