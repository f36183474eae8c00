#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "base/json.hpp"
#include "feed/open_feed.hpp"
#include "size_analyzer/size_report.hpp"
#include "winnow/verb.hpp"

namespace winnow {

namespace {

constexpr auto kExample =
    "Example:\n  winnow feed open --output build/feed/open\n"
    "  winnow feed open --output feed --deb libwine_8.0~repack-4_amd64.deb --deb "
    "libz-mingw-w64_1.2.13+dfsg-1_all.deb\n";

struct Options {
  std::string output;
  std::vector<std::string> packages;
  std::string description = WINNOW_PACKAGES_DIR "/open";
  bool json = false;
};

Json to_json(const Options& options, const OpenFeedReport& report) {
  Json roles = Json::array();
  for (const OpenFeedRole& role : report.roles) {
    roles.push_back(
        {{"name", role.name}, {"title", role.title}, {"components", role.components}, {"bytes", role.bytes}});
  }
  return {{"schema", "winnow-open-feed-1"},
          {"output", options.output},
          {"libwine", report.version},
          {"components", report.components},
          {"packages", report.packages},
          {"modules", report.modules},
          {"files", report.files},
          {"moduleBytes", report.module_bytes},
          {"tableBytes", report.table_bytes},
          {"bytesBeforeStripping", report.bytes_before_stripping},
          {"services", report.services},
          {"registryKeys", report.registry_keys},
          {"registryValues", report.registry_values},
          {"contestedValues", report.contested_values},
          {"ignoredLines", report.ignored_lines},
          {"leftOutServices", report.left_out_services},
          {"unmatchedMembers", report.unmatched_members},
          {"roles", roles}};
}

void print_text(const Options& options, const OpenFeedReport& report, World& world) {
  world.out << "wrote " << options.output << ": the open feed, libwine " << report.version
            << " (an open-source userland, not Microsoft's Windows)\n"
            << report.components << " components in " << report.packages << " packages, " << report.services
            << " services, " << report.registry_keys << " registry keys\n"
            << report.modules << " modules, " << human_size(report.module_bytes) << " stripped ("
            << human_size(report.bytes_before_stripping) << " before); tables " << human_size(report.table_bytes)
            << '\n';
  for (const std::string& service : report.left_out_services) {
    world.err << "left out service " << service << ": libwine does not have its program\n";
  }
  for (const std::string& member : report.unmatched_members) {
    world.err << member << ": no component of this libwine answers to it\n";
  }
}

Result<int> run(const Options& options, World& world) {
  OpenFeedOptions feed;
  feed.output = options.output;
  feed.description = options.description;
  feed.packages.assign(options.packages.begin(), options.packages.end());
  WINNOW_TRY(const OpenFeedReport report, make_open_feed(feed, world.progress));
  if (options.json) {
    world.out << to_json(options, report).dump(2) << '\n';
  } else {
    print_text(options, report, world);
  }
  return kExitDone;
}

}  // namespace

Verb add_feed_verb(CLI::App& root) {
  const auto options = std::make_shared<Options>();
  CLI::App* feed = root.add_subcommand("feed", "Make a feed: a folder of packages to compose from");
  feed->require_subcommand(1);
  CLI::App* open = feed->add_subcommand("open", "The open feed, from Debian's libwine: an open-source Win32 userland");
  open->footer(kExample);
  open->add_option("--output,-o", options->output, "Folder to write; replaced when it is an earlier feed")
      ->type_name("DIR")
      ->required();
  open->add_option("--deb", options->packages, "Debian package to read instead of the installed one; give all it needs")
      ->type_name("FILE")
      ->allow_extra_args(false);
  open->add_option("--description", options->description, "Folder that says what belongs together (packages/open)")
      ->type_name("DIR");
  open->add_flag("--json", options->json, "Print JSON");
  return {feed, [options](World& world) { return run(*options, world); }};
}

}  // namespace winnow
