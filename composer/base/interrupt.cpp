#include "base/interrupt.hpp"

#include <signal.h>

#include <atomic>

namespace winnow {

namespace {
std::atomic<bool> flag = false;
static_assert(std::atomic<bool>::is_always_lock_free, "set from a signal handler");
}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = [](int) { flag = true; };
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // a second Ctrl-C ends the process at once
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

bool interrupted() { return flag; }

}  // namespace winnow
