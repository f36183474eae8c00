#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "size_analyzer/size_report.hpp"
#include "winnow/verb.hpp"

namespace winnow {

namespace {

constexpr auto kExample = "Example:\n  winnow size node-hello.tar --against build/feed/open\n";

struct Options {
  std::string image;
  std::string against;
  bool files = false;
  bool json = false;
};

Result<int> run(const Options& options, World& world) {
  std::optional<std::filesystem::path> against;
  if (!options.against.empty()) against = options.against;
  WINNOW_TRY(const SizeReport report, measure_image(options.image, against));
  if (options.json) {
    world.out << to_json(report).dump(2) << '\n';
  } else {
    world.out << print_size_report(report, {options.files});
  }
  return kExitDone;
}

}  // namespace

Verb add_size_verb(CLI::App& root) {
  const auto options = std::make_shared<Options>();
  CLI::App* app = root.add_subcommand("size", "Say where every byte of an image went, and how much smaller it is");
  app->footer(kExample);
  app->add_option("IMAGE", options->image, "Archive, OCI layout folder, raw disk, VHD, VHDX or WIM file")->required();
  app->add_option("--against", options->against, "What to compare with: a feed's folder, or another image")
      ->type_name("FEED_OR_IMAGE");
  app->add_flag("--files", options->files, "Also print the files of each component");
  app->add_flag("--json", options->json, "Print JSON");
  return {app, [options](World& world) { return run(*options, world); }};
}

}  // namespace winnow
