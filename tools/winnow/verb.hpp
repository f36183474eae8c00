// A subcommand of the command line: its options are data, its work gets the world passed in. One file for each verb.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "base/progress.hpp"
#include "base/result.hpp"

namespace CLI {
class App;
}

namespace winnow {

// Exit codes (DESIGN.md 4).
inline constexpr int kExitDone = 0;
inline constexpr int kExitInput = 1;  // input or environment
inline constexpr int kExitUsage = 2;
inline constexpr int kExitUnsatisfiable = 3;
inline constexpr int kExitOverBudget = 4;
inline constexpr int kExitBug = 70;
inline constexpr int kExitInterrupted = 130;

// All a verb may touch besides the files it is told of.
struct World {
  std::ostream& out;
  std::ostream& err;
  Progress& progress;
  std::int64_t epoch = 0;  // SOURCE_DATE_EPOCH, 0 when unset
};

struct Verb {
  CLI::App* app = nullptr;
  std::function<Result<int>(World&)> run;  // exit code, or the error to print (exit code 1)
};

[[nodiscard]] Verb add_budget_verb(CLI::App& root);
[[nodiscard]] Verb add_check_proof_verb(CLI::App& root);
[[nodiscard]] Verb add_compose_verb(CLI::App& root);
[[nodiscard]] Verb add_convert_verb(CLI::App& root);
[[nodiscard]] Verb add_diff_verb(CLI::App& root);
[[nodiscard]] Verb add_doctor_verb(CLI::App& root);
[[nodiscard]] Verb add_dump_verb(CLI::App& root);
[[nodiscard]] Verb add_edit_verb(CLI::App& root);
[[nodiscard]] Verb add_exposure_verb(CLI::App& root);
[[nodiscard]] Verb add_extract_verb(CLI::App& root);
[[nodiscard]] Verb add_feed_verb(CLI::App& root);
[[nodiscard]] Verb add_graph_verb(CLI::App& root);
[[nodiscard]] Verb add_history_verb(CLI::App& root);
[[nodiscard]] Verb add_inspect_verb(CLI::App& root);
[[nodiscard]] Verb add_list_verb(CLI::App& root);
[[nodiscard]] Verb add_lock_verb(CLI::App& root);
[[nodiscard]] Verb add_plan_verb(CLI::App& root);
[[nodiscard]] Verb add_run_verb(CLI::App& root);
[[nodiscard]] Verb add_size_verb(CLI::App& root);
[[nodiscard]] Verb add_verify_verb(CLI::App& root);
[[nodiscard]] Verb add_what_if_verb(CLI::App& root);
[[nodiscard]] Verb add_why_not_verb(CLI::App& root);
[[nodiscard]] Verb add_why_verb(CLI::App& root);

// The whole command line: parses `arguments` (without the program's name), runs the verb, prints its error. Returns the
// exit code. This is `main` without the process around it, so tests call it in process.
[[nodiscard]] int run_command_line(const std::vector<std::string>& arguments, World& world);

}  // namespace winnow
