#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "image_reader/image_layout_text.hpp"
#include "image_reader/image_plan_reader.hpp"
#include "winnow/verb.hpp"

namespace winnow {

namespace {

constexpr auto kExample =
    "Example:\n  winnow inspect node-hello.vhd | diff - <(winnow plan manifests/node-hello.xml --tree)\n"
    "  winnow inspect node-hello.vhdx --layout\n";

struct Options {
  std::string image;
  bool layout = false;
};

Result<int> run(const Options& options, World& world) {
  if (options.layout) {
    WINNOW_TRY(const std::string text, print_image_layout(options.image));
    world.out << text;
    return kExitDone;
  }
  WINNOW_TRY(const ReadPlan read, read_image_plan(options.image));
  world.out << print_image_tree(read.plan, read.extras);
  return kExitDone;
}

}  // namespace

Verb add_inspect_verb(CLI::App& root) {
  const auto options = std::make_shared<Options>();
  CLI::App* app = root.add_subcommand(
      "inspect", "Print what is on an image as text: the same of every format, and what `winnow plan --tree` prints");
  app->footer(kExample);
  app->add_option("IMAGE", options->image, "Archive, OCI layout folder, raw disk, VHD, VHDX, NTFS volume or WIM file")
      ->required();
  app->add_flag("--layout", options->layout, "Print what kind of file it is, its partitions and file systems instead");
  return {app, [options](World& world) { return run(*options, world); }};
}

}  // namespace winnow
