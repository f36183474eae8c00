#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "image_reader/extract_image.hpp"
#include "winnow/verb.hpp"

namespace winnow {

namespace {

constexpr auto kExample = "Example:\n  winnow extract node-hello.vhdx --output files 'Windows\\System32'\n";

struct Options {
  std::string image;
  std::string output;
  std::vector<std::string> paths;
};

Result<int> run(const Options& options, World& world) {
  WINNOW_TRY(const ExtractReport report, extract_image(options.image, options.output, options.paths));
  for (const std::string& text : report.left_out) world.err << "left out " << text << '\n';
  world.out << "wrote " << options.output << ": " << report.files << " files, " << report.folders << " folders\n";
  return kExitDone;
}

}  // namespace

Verb add_extract_verb(CLI::App& root) {
  const auto options = std::make_shared<Options>();
  CLI::App* app = root.add_subcommand("extract", "Copy files out of an image into a new folder");
  app->footer(kExample);
  app->add_option("IMAGE", options->image, "Archive, OCI layout folder, raw disk, VHD, VHDX, NTFS volume or WIM file")
      ->required();
  app->add_option("--output,-o", options->output, "Folder to make")->type_name("DIR")->required();
  app->add_option("PATH", options->paths, "Only these files, and folders with what they hold");
  return {app, [options](World& world) { return run(*options, world); }};
}

}  // namespace winnow
