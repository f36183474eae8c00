#include <sys/ioctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <ostream>

#include "base/file_system.hpp"
#include "size_analyzer/facts_json.hpp"
#include "size_analyzer/html_page.hpp"
#include "size_analyzer/load_facts.hpp"
#include "size_analyzer/published_baselines.hpp"
#include "size_analyzer/retained_text.hpp"
#include "size_analyzer/size_report.hpp"
#include "size_analyzer/waste.hpp"
#include "winnow/verb.hpp"

namespace winnow {

namespace {

constexpr auto kExample =
    "Examples:\n"
    "  winnow size node-hello.tar --against build/feed/open\n"
    "  winnow size install.wim --save baseline.json\n"
    "  winnow size disk.vhdx --by kind --format markdown\n";

struct Options {
  std::string image;
  std::string against;
  std::string feed;
  std::string by = "package";
  std::string measure = "stored";
  std::string format = "text";
  std::string save;
  std::string html;
  std::size_t depth = RowLimits{}.depth;
  std::size_t top = RowLimits{}.top;
  std::vector<std::string> without;
  bool files = false;
  bool waste = false;
  bool retained = false;
  bool cuts = false;
  bool json = false;
};

template <class Enum>
Enum named(const std::string& name, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (to_string(static_cast<Enum>(i)) == name) return static_cast<Enum>(i);
  }
  return Enum{};
}

// COLUMNS, else the terminal standard output is; 0 when it is none: then nothing is cut.
std::size_t terminal_width() {
  const char* text = std::getenv("COLUMNS");
  std::size_t width = 0;
  if (text != nullptr && std::from_chars(text, text + std::strlen(text), width).ec == std::errc()) return width;
  winsize size{};
  return ::isatty(STDOUT_FILENO) == 1 && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

Result<SizeReport> measure(const Options& options) {
  MeasureOptions how;
  std::error_code code;
  how.feed = options.feed;
  if (options.feed.empty() && std::filesystem::exists(std::filesystem::path(options.against) / "index.xml", code)) {
    how.feed = options.against;
  }
  WINNOW_TRY(ImageFacts facts, load_facts(options.image, how));
  if (!options.save.empty()) WINNOW_CHECK(write_file(options.save, as_bytes(print_facts(facts))));
  WINNOW_TRY(SizeReport report,
             make_size_report(options.image, std::move(facts),
                              {named<SizeAxis>(options.by, kSizeAxisCount), named<Measure>(options.measure, 3)}));
  if (options.against.empty() || options.against.starts_with(kPublishedPrefix)) return report;
  WINNOW_TRY(const ImageFacts baseline, load_facts(options.against));
  report.comparison = compare_sizes(report.facts, baseline, options.against);
  return report;
}

int show_waste(const Waste& waste, const Options& options, World& world) {
  if (options.json || options.format == "json") {
    world.out << to_json(waste).dump(2) << '\n';
  } else {
    world.out << print_waste(waste);
  }
  return kExitDone;
}

// The image beside figures that somebody published: no percentage holds both.
Result<int> show_published(const Options& options, const ImageFacts& facts, std::ostream& out) {
  WINNOW_TRY(const PublishedBaselines all, PublishedBaselines::load(WINNOW_PACKAGES_DIR "/baselines/published.json"));
  WINNOW_TRY(const PublishedBaseline baseline, all.find(options.against.substr(kPublishedPrefix.size())));
  out << print_published(all, baseline, facts);
  return kExitDone;
}

// What leaves with whom, and what would break.
Result<int> print_what_if(const Options& options, const ImageFacts& facts, std::ostream& out) {
  const Measure measure = named<Measure>(options.measure, 3);
  const bool json = options.json || options.format == "json";
  if (options.retained) {
    const std::vector<Retained> rows = retained_sizes(facts, measure);
    const std::size_t most = options.top == 0 ? rows.size() : options.top;
    out << (json ? retained_json(facts, rows).dump(2) + "\n" : print_retained(facts, rows, measure, most));
    return kExitDone;
  }
  std::vector<Cut> cuts;
  if (options.without.empty()) {
    cuts = cheapest_cuts(facts, measure);
  } else {
    WINNOW_TRY(std::vector<OwnerIndex> removed, find_owners(facts, options.without));
    cuts.push_back(measure_cut(facts, std::move(removed)));
  }
  out << (json ? cuts_json(facts, cuts).dump(2) + "\n" : print_cuts(facts, cuts));
  return kExitDone;
}

Result<void> write_html(const Options& options, const SizeReport& report) {
  std::optional<ImageFacts> baseline;
  if (!options.against.empty() && !options.against.starts_with(kPublishedPrefix)) {
    WINNOW_TRY(baseline, load_facts(options.against));
  }
  return write_size_page(report.facts, baseline, options.html);
}

Result<int> run(const Options& options, World& world) {
  WINNOW_TRY(const SizeReport report, measure(options));
  if (!options.html.empty()) WINNOW_CHECK(write_html(options, report));
  if (options.waste) return show_waste(find_waste(report.facts), options, world);
  if (options.retained || options.cuts || !options.without.empty()) {
    return print_what_if(options, report.facts, world.out);
  }
  if (options.against.starts_with(kPublishedPrefix)) return show_published(options, report.facts, world.out);
  RowLimits limits{options.depth, options.top, terminal_width()};
  if (options.files) limits.depth = limits.top = std::numeric_limits<std::size_t>::max();
  if (options.json || options.format == "json") {
    world.out << to_json(report).dump(2) << '\n';
  } else if (options.format == "csv") {
    world.out << print_size_csv(report, limits);
  } else if (options.format == "markdown") {
    world.out << print_size_markdown(report, limits);
  } else {
    world.out << print_size_report(report, limits);
  }
  return kExitDone;
}

}  // namespace

Verb add_size_verb(CLI::App& root) {
  const auto options = std::make_shared<Options>();
  CLI::App* app = root.add_subcommand("size", "Say where every byte of an image went, and how much smaller it is");
  app->footer(kExample);
  app->add_option("IMAGE", options->image,
                  "Container image, disk, volume, WIM file, folder, feed, or a report of --save")
      ->required();
  app->add_option("--against", options->against,
                  "What to compare with: a feed's folder, another image, a report, or published:NAME for "
                  "figures of packages/baselines")
      ->type_name("FEED_OR_IMAGE");
  app->add_option("--by", options->by, "What the rows are; package by default")
      ->check(CLI::IsMember({"package", "kind", "language", "architecture", "layer", "directory", "owner"}));
  app->add_option("--measure", options->measure, "Which size rows are sorted by; stored by default")
      ->check(CLI::IsMember({"logical", "allocated", "stored"}));
  app->add_option("--depth", options->depth, "How many levels of rows to print; 3 by default");
  app->add_option("--top", options->top, "How many rows of each to print, 0 = all; 20 by default");
  app->add_option("--html", options->html, "Also write the report as one HTML page: treemap, table, changes")
      ->type_name("FILE");
  app->add_flag("--files", options->files, "Print all rows down to the files");
  app->add_flag("--waste", options->waste, "Only what is there for nothing: copies, hidden files, old versions");
  CLI::Option* retained = app->add_flag("--retained", options->retained,
                                        "What leaves the image with each component, because only it keeps it in");
  CLI::Option* cuts =
      app->add_flag("--cuts", options->cuts, "The ten components whose removal breaks least, and what each would free");
  app->add_option("--without", options->without, "What taking this component out would free, take along and break")
      ->type_name("COMPONENT")
      ->allow_extra_args(false)
      ->excludes(retained)
      ->excludes(cuts);
  retained->excludes(cuts);
  app->add_option("--feed", options->feed, "A feed that tells owners of files which the image says nothing of")
      ->type_name("DIR");
  app->add_option("--format", options->format, "How to print it; text by default")
      ->check(CLI::IsMember({"text", "json", "csv", "markdown"}));
  app->add_flag("--json", options->json, "The same as --format json");
  app->add_option("--save", options->save, "Write everything measured to this file, to compare with later")
      ->type_name("FILE");
  return {app, [options](World& world) { return run(*options, world); }};
}

}  // namespace winnow
