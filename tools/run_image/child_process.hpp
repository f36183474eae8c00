// One program, started, watched and ended: with a time limit, an eye on interrupts, and what it writes passing through
// our hands.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace winnow {

struct ChildCommand {
  std::filesystem::path program;
  std::vector<std::string> arguments;    // without the program itself
  std::vector<std::string> environment;  // the whole of it: nothing of ours is passed on
  std::filesystem::path directory;
  std::optional<int> input;            // file descriptor; none: /dev/null
  std::filesystem::path spool_folder;  // where its output lies until it is passed on; needed by the sinks
  std::function<void(std::string_view)> output_sink;  // what it writes to stdout; none: /dev/null
  std::function<void(std::string_view)> error_sink;   // what it writes to stderr; none: /dev/null
  std::chrono::seconds timeout{0};                    // 0: none
  bool heeds_interrupts = true;                       // false for what cleans up after one
};

struct ChildResult {
  int exit_code = 0;  // 128 + signal when one ended it
  bool timed_out = false;
  bool interrupted = false;  // the flag of base/interrupt.hpp was seen
};

// Returns when the program is gone. One that ran too long or was interrupted is killed, with its process group when it
// has one of its own (that is, unless it may read from our terminal).
[[nodiscard]] Result<ChildResult> run_child(const ChildCommand& command);

}  // namespace winnow
