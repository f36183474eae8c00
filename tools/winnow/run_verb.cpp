#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "base/file_system.hpp"
#include "run_image/run_image.hpp"
#include "winnow/verb.hpp"

namespace winnow {

namespace {

constexpr auto kExample =
    "Example:\n  winnow run node-hello.tar -- --self-test\n  winnow run node-hello.tar --without ws2_32.dll\n";

struct Options {
  std::string image;
  std::vector<std::string> arguments;
  std::vector<std::string> environment;
  std::vector<std::string> without;
  std::vector<std::string> feeds;
  std::string program;
  std::string report;
  int timeout_seconds = 0;
};

Result<int> run(const Options& options, World& world) {
  RunOptions run_options;
  run_options.image = options.image;
  if (!options.program.empty()) run_options.command = {options.program};
  run_options.arguments = options.arguments;
  run_options.environment = options.environment;
  run_options.without = options.without;
  run_options.feeds.assign(options.feeds.begin(), options.feeds.end());
  run_options.timeout = std::chrono::seconds(options.timeout_seconds);
  WINNOW_TRY(const RunReport report, run_image(run_options));
  const std::vector<Fault> missing = print_missing(report);
  if (!missing.empty()) world.err << to_string(Error(missing)) << '\n';
  if (!options.report.empty()) {
    WINNOW_CHECK(write_file(options.report, as_bytes(to_json(report).dump(2) + "\n")));
  }
  if (report.timed_out) {
    world.err << "cannot finish " << report.program << ": it ran longer than " << options.timeout_seconds << " s\n";
  }
  return report.exit_code;
}

}  // namespace

Verb add_run_verb(CLI::App& root) {
  const auto options = std::make_shared<Options>();
  CLI::App* app = root.add_subcommand(
      "run", "Run the image's program on Linux with nothing but the image's own files; exits with the program's code");
  app->footer(kExample);
  app->add_option("IMAGE", options->image,
                  "Archive, OCI layout folder, disk, WIM file, or a folder that holds what C:\\ is to hold")
      ->required();
  app->add_option("ARGS", options->arguments, "Behind --: arguments added to the image's own command");
  app->add_option("--program", options->program, "Run this program of the image instead: C:\\app\\x.exe")
      ->type_name("PATH");
  app->add_option("--env", options->environment, "NAME=value, over the image's own")->allow_extra_args(false);
  app->add_option("--without", options->without, "Treat this file as absent (ws2_32.dll): see what needs it")
      ->type_name("MODULE")
      ->allow_extra_args(false);
  app->add_option("--feed", options->feeds, "Feed to ask which component would bring a missing module")
      ->type_name("DIR")
      ->allow_extra_args(false);
  app->add_option("--report", options->report, "Also write exit code and missing modules as JSON")->type_name("FILE");
  app->add_option("--timeout", options->timeout_seconds, "Seconds until the program is ended (exit code 124)")
      ->check(CLI::NonNegativeNumber);
  return {app, [options](World& world) { return run(*options, world); }};
}

}  // namespace winnow
