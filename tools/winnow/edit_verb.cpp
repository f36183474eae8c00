#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "base/log.hpp"
#include "size_analyzer/size_report.hpp"
#include "winnow/disk_options.hpp"
#include "winnow/edit_image.hpp"
#include "winnow/machine_options.hpp"
#include "winnow/verb.hpp"

namespace winnow {

namespace {

constexpr auto kExample =
    "Example:\n  winnow edit node.vhdx --output web-2.vhdx --computer-name web-2 --copy tools=C:\\tools\n";

struct Options {
  std::string source;
  std::string manifest;
  std::string output;
  std::string format;
  DiskCommandOptions disk;
  MachineOptions machine;
};

Result<int> run(const Options& options, World& world) {
  EditOptions edit;
  edit.manifest = options.manifest;
  edit.format = options.format;
  edit.machine = options.machine.texts();
  WINNOW_CHECK(set_disk_options(options.disk, edit.write));
  if (options.disk.boot_timeout) edit.boot_timeout = edit.write.disk.boot.timeout_seconds;
  WINNOW_TRY(const WriteReport report, edit_image(options.source, options.output, edit, world.progress));
  world.out << "wrote " << options.output << ": " << human_size(report.stored) << " stored\n";
  for (const std::string& note : report.notes) world.out << options.output << ": " << note << '\n';
  for (const StepTime& step : report.steps) log_info(step.step + ": " + std::to_string(step.seconds) + " s");
  return kExitDone;
}

}  // namespace

Verb add_edit_verb(CLI::App& root) {
  const auto options = std::make_shared<Options>();
  CLI::App* app = root.add_subcommand(
      "edit", "Put a machine's settings, files and registry values into an image that winnow made, written anew");
  app->footer(kExample);
  app->add_option("IMAGE", options->source, "An image that winnow made")->required();
  app->add_option("--output,-o", options->output,
                  "NAME.tar, NAME.vhd, NAME.vhdx, NAME.raw, NAME.wim, or a folder; may be the image itself")
      ->type_name("PATH")
      ->required();
  app->add_option("--manifest", options->manifest, "Take <machine>, <files>, <registry> and <service> of this manifest")
      ->type_name("FILE");
  app->add_option("--format", options->format,
                  "oci-archive, oci-layout, vhd, vhdx, raw or wim, whatever the output is called");
  add_disk_options(*app, options->disk);
  add_setting_options(*app, options->machine);
  return {app, [options](World& world) { return run(*options, world); }};
}

}  // namespace winnow
