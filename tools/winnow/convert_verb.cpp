#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "base/log.hpp"
#include "compose/machine_run.hpp"
#include "size_analyzer/size_report.hpp"
#include "winnow/convert_image.hpp"
#include "winnow/disk_options.hpp"
#include "winnow/machine_options.hpp"
#include "winnow/verb.hpp"

namespace winnow {

namespace {

constexpr auto kExample =
    "Example:\n  winnow convert node-hello.vhdx node-hello.vhd --fixed\n  winnow convert folder folder.wim\n";

struct Options {
  std::string source;
  std::string target;
  std::string format;
  DiskCommandOptions disk;
  MachineOptions boot;
  std::vector<CLI::Option*> new_disk;  // those that a copy of a disk cannot follow
};

Result<int> run(const Options& options, World& world) {
  ConvertOptions convert;
  convert.format = options.format;
  convert.epoch = world.epoch;
  WINNOW_CHECK(set_disk_options(options.disk, convert.write));
  MachineSettings machine;
  WINNOW_CHECK(set_machine_flags(options.boot.texts(), machine));
  set_boot_options(machine, convert.write.disk.boot);
  for (const CLI::Option* option : options.new_disk) {
    if (option->count() > 0) convert.copies_disk = false;
  }
  WINNOW_TRY(const WriteReport report, convert_image(options.source, options.target, convert, world.progress));
  world.out << "wrote " << options.target << ": " << human_size(report.stored) << " stored\n";
  for (const std::string& note : report.notes) world.out << options.target << ": " << note << '\n';
  for (const StepTime& step : report.steps) log_info(step.step + ": " + std::to_string(step.seconds) + " s");
  return kExitDone;
}

}  // namespace

Verb add_convert_verb(CLI::App& root) {
  const auto options = std::make_shared<Options>();
  CLI::App* app = root.add_subcommand(
      "convert", "Write an image in another format; a disk becomes a disk byte for byte unless it is to be a new one");
  app->footer(kExample);
  app->add_option("IMAGE", options->source, "Any image that winnow reads, or a folder of files")->required();
  app->add_option("OUT", options->target, "NAME.tar, NAME.vhd, NAME.vhdx, NAME.raw, NAME.wim, or a folder")->required();
  app->add_option("--format", options->format,
                  "oci-archive, oci-layout, vhd, vhdx, raw or wim, whatever the output is called");
  add_disk_options(*app, options->disk);
  for (const char* name : {"--gen", "--size", "--free-space", "--compact", "--short-names", "--label", "--test-signing",
                           "--boot-timeout"}) {
    options->new_disk.push_back(app->get_option(name));
  }
  for (CLI::Option* option : add_boot_options(*app, options->boot)) options->new_disk.push_back(option);
  return {app, [options](World& world) { return run(*options, world); }};
}

}  // namespace winnow
