#include <CLI/CLI.hpp>
#include <array>
#include <exception>
#include <ostream>

#include "base/interrupt.hpp"
#include "base/log.hpp"
#include "winnow/verb.hpp"

namespace winnow {

namespace {

constexpr auto kExample =
    "Example:\n"
    "  winnow feed open --output build/feed/open\n"
    "  winnow compose manifests/node-hello.xml --output node-hello.tar\n"
    "  winnow run node-hello.tar\n";

int run_verb(const Verb& verb, World& world) {
  log_info("winnow " WINNOW_VERSION " " + verb.app->get_name());
  const Result<int> done = verb.run(world);
  if (done) {
    log_info("done: exit code " + std::to_string(*done));
    return *done;
  }
  world.err << to_string(done.error()) << '\n';
  log_info(to_string(done.error()));
  return interrupted() ? kExitInterrupted : kExitInput;
}

}  // namespace

int run_command_line(const std::vector<std::string>& arguments, World& world) {
  CLI::App root("winnow composes minimal Windows images: just the components an app needs, nothing else", "winnow");
  root.footer(kExample);
  root.set_version_flag("--version", "winnow " WINNOW_VERSION);
  int verbosity = 0;
  root.add_flag("-v", verbosity, "Say more on stderr");
  std::string log;
  root.add_option("--log", log, "Write what is done and what is wrong to this file")->type_name("FILE");
  root.require_subcommand(1);
  root.fallthrough();
  const std::array verbs = {
      add_budget_verb(root),   add_check_proof_verb(root), add_compose_verb(root), add_convert_verb(root),
      add_diff_verb(root),     add_doctor_verb(root),      add_dump_verb(root),    add_edit_verb(root),
      add_exposure_verb(root), add_extract_verb(root),     add_feed_verb(root),    add_graph_verb(root),
      add_history_verb(root),  add_inspect_verb(root),     add_list_verb(root),    add_lock_verb(root),
      add_plan_verb(root),     add_run_verb(root),         add_size_verb(root),    add_verify_verb(root),
      add_what_if_verb(root),  add_why_verb(root),         add_why_not_verb(root)};
  try {
    root.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));  // CLI11 takes them last first
  } catch (const CLI::ParseError& error) {
    return root.exit(error, world.out, world.err) == 0 ? kExitDone : kExitUsage;
  }
  if (verbosity > 0) show_log();
  if (!log.empty()) {
    if (const auto opened = log_to_file(log); !opened) {
      world.err << to_string(opened.error()) << '\n';
      return kExitInput;
    }
  }
  for (const Verb& verb : verbs) {
    if (!verb.app->parsed()) continue;
    const int code = run_verb(verb, world);
    close_log_file();
    return code;
  }
  return kExitUsage;
}

}  // namespace winnow
