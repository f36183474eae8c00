// Progress on a terminal: one line on stderr that says the step and how far it is, from the second second on. Draws
// nothing when stderr is no terminal.
#pragma once

#include <atomic>
#include <chrono>
#include <iosfwd>
#include <mutex>
#include <string>

#include "base/progress.hpp"

namespace winnow {

class TerminalProgress final : public Progress {
 public:
  explicit TerminalProgress(std::ostream& err);

  void begin_step(std::string_view name, std::uint64_t total) override;
  void advance(std::uint64_t done) override;
  // Takes the line away; called before anything else is printed.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  void draw(std::uint64_t done);

  std::ostream& err_;
  const bool is_terminal_;
  const Clock::time_point start_ = Clock::now();
  std::mutex mutex_;  // guards all below
  std::string step_;
  std::uint64_t total_ = 0;
  Clock::time_point drawn_ = start_;
  bool line_is_there_ = false;
};

}  // namespace winnow
