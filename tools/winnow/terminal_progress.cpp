#include "winnow/terminal_progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <ostream>

namespace winnow {

namespace {
constexpr std::chrono::milliseconds kQuietAtFirst(1000);
constexpr std::chrono::milliseconds kBetweenDraws(100);
}  // namespace

TerminalProgress::TerminalProgress(std::ostream& err) : err_(err), is_terminal_(::isatty(STDERR_FILENO) == 1) {}

void TerminalProgress::begin_step(std::string_view name, std::uint64_t total) {
  const std::lock_guard lock(mutex_);
  step_ = name;
  total_ = total;
  draw(0);
}

void TerminalProgress::advance(std::uint64_t done) {
  if (!is_terminal_) return;
  const std::lock_guard lock(mutex_);
  draw(done);
}

void TerminalProgress::draw(std::uint64_t done) {
  const Clock::time_point now = Clock::now();
  if (!is_terminal_ || now - start_ < kQuietAtFirst || now - drawn_ < kBetweenDraws) return;
  drawn_ = now;
  line_is_there_ = true;
  err_ << "\r\033[K" << step_;
  if (total_ != 0) err_ << ' ' << std::min<std::uint64_t>(100, 100 * done / total_) << " %";
  err_.flush();
}

void TerminalProgress::clear() {
  const std::lock_guard lock(mutex_);
  if (line_is_there_) err_ << "\r\033[K" << std::flush;
  line_is_there_ = false;
}

}  // namespace winnow
