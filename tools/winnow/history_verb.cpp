#include <sys/ioctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>
#include <ostream>

#include "base/file_system.hpp"
#include "base/nearest_name.hpp"
#include "size_analyzer/history/growth.hpp"
#include "size_analyzer/history/history_csv.hpp"
#include "size_analyzer/history/history_page.hpp"
#include "size_analyzer/history/history_report.hpp"
#include "size_analyzer/history/history_time.hpp"
#include "size_analyzer/load_facts.hpp"
#include "size_analyzer/size_report.hpp"
#include "winnow/verb.hpp"

namespace winnow {

namespace {

constexpr auto kExample =
    "Builds are kept in the order in which they are added. A build's time is --time, else SOURCE_DATE_EPOCH, else the\n"
    "image's own, else none: nothing here reads a clock.\n"
    "Example:\n"
    "  winnow history add node-hello.tar --label 1042\n"
    "  winnow history check --label 1042\n"
    "  winnow history show node-hello\n"
    "  winnow history blame Wine-user32.dll\n";
constexpr auto kCheckExample =
    "Exit code 4 when a series grew by more than is allowed. Where most images on one base move alike, that part is "
    "the\n"
    "base's: it is reported, and only the rest counts.\n"
    "Example:\n  winnow history check --label 1042 --growth-percent 1\n";
constexpr auto kImportExample =
    "The first line names the columns, in any order: date, commit, repo, image, bytes, and base where it is known.\n"
    "Example:\n  date,commit,repo,image,bytes\n"
    "  2023-02-21,7ef0b70714,dotnet/nightly/sdk,src/sdk/8.0/windowsservercore-ltsc2022/amd64,3886171968\n";

struct Options {
  std::string database = "winnow-history.db";
  std::string image;
  std::string label;
  std::string time;
  std::string series;
  std::string base;
  std::string feed;
  std::string file;
  std::string output;
  std::string component;
  std::string format = "text";
  std::string measure = "logical";
  double percentile = 0;
  HistoryView view;
};

int terminal_width() {
  winsize size{};
  if (isatty(STDOUT_FILENO) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 120;
  return size.ws_col;
}

Result<void> check_name(const std::string& what, const std::string& text) {
  if (text.empty() || is_printable_name(text)) return {};
  return fail("cannot add build: its " + what + " is longer than 1,024 bytes or has control characters");
}

Result<std::optional<std::int64_t>> build_time(const Options& options, const World& world) {
  if (options.time.empty()) return world.epoch > 0 ? std::optional(world.epoch) : std::nullopt;
  const auto time = parse_build_time(options.time);
  if (!time) {
    return fail("cannot add build: \"" + options.time + "\" is no time",
                {"write 2026-11-22, 2026-11-22T07:30:00Z or seconds since 1970"});
  }
  return time;
}

Result<int> add(const Options& options, World& world) {
  WINNOW_CHECK(check_name("label", options.label));
  WINNOW_CHECK(check_name("series", options.series));
  WINNOW_CHECK(check_name("base", options.base));
  if (options.label.empty()) return fail("cannot add build: its label is empty");
  WINNOW_TRY(const auto time, build_time(options, world));
  MeasureOptions measuring;
  measuring.feed = options.feed;
  WINNOW_TRY(const ImageFacts facts, load_facts(options.image, measuring));
  WINNOW_TRY(const BuildRecord record, record_build(facts, {options.series, options.label, options.base, time}));
  WINNOW_TRY(HistoryDatabase history, HistoryDatabase::open_to_write(options.database));
  WINNOW_TRY(const AddedBuilds done, history.add({&record, 1}));
  world.out << options.database << (done.added == 1 ? ": added " : ": already has ") << record.series << " build "
            << record.label << ", " << grouped_digits(record.total.logical) << " logical bytes, "
            << grouped_digits(record.total.stored) << " stored\n";
  return kExitDone;
}

Result<int> import(const Options& options, World& world) {
  WINNOW_TRY(const Bytes text, read_file(options.file, kMaxHistoryCsv));
  WINNOW_TRY(const std::vector<BuildRecord> records, parse_history_csv(as_text(text), options.file));
  if (records.empty()) return fail("cannot import " + options.file + ": it has no rows");
  WINNOW_TRY(HistoryDatabase history, HistoryDatabase::open_to_write(options.database));
  WINNOW_TRY(const AddedBuilds done, history.add(records));
  world.out << options.database << ": added " << grouped_digits(done.added) << " builds";
  if (done.present > 0) world.out << ", already has " << grouped_digits(done.present);
  world.out << '\n';
  return kExitDone;
}

// Of the whole history, or of one series of it. The whole is needed for causes; the choice comes after.
struct Loaded {
  std::vector<HistorySeriesBuilds> series;
  std::vector<SeriesGrowth> growths;
};

Result<Loaded> load(const HistoryDatabase& history, const Options& options, const HistoryView& view) {
  Loaded loaded;
  WINNOW_TRY(loaded.series, history.series());
  if (!options.series.empty()) {
    std::vector<std::string> names;
    for (const HistorySeriesBuilds& series : loaded.series) names.push_back(series.name);
    if (std::find(names.begin(), names.end(), options.series) == names.end()) {
      return fail("cannot show " + options.series + ": " + options.database + " has no series of that name",
                  did_you_mean(nearest_name(options.series, names)));
    }
  }
  WINNOW_TRY(loaded.growths, measure_growth(loaded.series, view.measure, view.threshold));
  if (options.series.empty()) return loaded;
  std::erase_if(loaded.growths, [&](const SeriesGrowth& growth) { return growth.series->name != options.series; });
  return loaded;
}

HistoryView view_of(const Options& options) {
  HistoryView view = options.view;
  view.history = options.database;
  const std::map<std::string, HistoryFormat> formats = {{"text", HistoryFormat::text},
                                                        {"json", HistoryFormat::json},
                                                        {"csv", HistoryFormat::csv},
                                                        {"markdown", HistoryFormat::markdown}};
  view.format = formats.at(options.format);
  for (const Measure measure : {Measure::logical, Measure::allocated, Measure::stored}) {
    if (to_string(measure) == options.measure) view.measure = measure;
  }
  if (options.percentile > 0) view.threshold.percentile = options.percentile;
  if (view.width == 0) view.width = static_cast<std::size_t>(terminal_width());
  return view;
}

Result<int> show(const Options& options, World& world) {
  const HistoryView view = view_of(options);
  WINNOW_TRY(const HistoryDatabase history, HistoryDatabase::open_to_read(options.database));
  WINNOW_TRY(const Loaded loaded, load(history, options, view));
  if (loaded.growths.size() > 1) {
    world.out << print_overview(loaded.growths, view);
    return kExitDone;
  }
  const SeriesGrowth& growth = loaded.growths.front();
  WINNOW_TRY(const std::vector<std::string> notes, step_notes(history, growth, view.measure));
  world.out << print_builds(growth, notes, view);
  return kExitDone;
}

Result<int> html(const Options& options, World& world) {
  const HistoryView view = view_of(options);
  WINNOW_TRY(const HistoryDatabase history, HistoryDatabase::open_to_read(options.database));
  WINNOW_TRY(const Loaded loaded, load(history, options, view));
  const std::string title = options.series.empty() ? options.database : options.series;
  WINNOW_CHECK(write_history_page(plan_history_page(loaded.growths, title, view.measure), options.output));
  world.out << "wrote " << options.output << '\n';
  return kExitDone;
}

Result<int> blame(const Options& options, World& world) {
  const HistoryView view = view_of(options);
  WINNOW_TRY(const HistoryDatabase history, HistoryDatabase::open_to_read(options.database));
  WINNOW_TRY(const auto blames, blame_component(history, options.component, options.series, view.measure));
  world.out << print_blames(blames, view);
  return kExitDone;
}

Result<int> check(const Options& options, World& world) {
  const HistoryView view = view_of(options);
  WINNOW_TRY(const HistoryDatabase history, HistoryDatabase::open_to_read(options.database));
  WINNOW_TRY(const Loaded loaded, load(history, options, view));
  WINNOW_TRY(const std::vector<CheckedBuild> builds, find_builds(history, loaded.growths, options.label, view.measure));
  world.out << print_check(builds, view);
  const bool is_over = std::any_of(builds.begin(), builds.end(), [](const CheckedBuild& build) {
    return build.growth->steps[build.build].is_regression;
  });
  return is_over ? kExitOverBudget : kExitDone;
}

void add_database_option(CLI::App& app, Options& options) {
  app.add_option("--database", options.database, "The history (winnow-history.db)")->type_name("FILE");
}

void add_view_options(CLI::App& app, Options& options) {
  app.add_option("--format", options.format, "text (default), json, csv or markdown")
      ->check(CLI::IsMember({"text", "json", "csv", "markdown"}).description(""))
      ->type_name("FORMAT");
  app.add_option("--width", options.view.width, "Columns of the text (the terminal's; 120 where there is none)")
      ->check(CLI::Range(40, 10000).description(""))
      ->type_name("N");
}

void add_measure_option(CLI::App& app, Options& options) {
  app.add_option("--measure", options.measure, "logical (default), allocated or stored bytes")
      ->check(CLI::IsMember({"logical", "allocated", "stored"}).description(""))
      ->type_name("MEASURE");
}

void add_threshold_options(CLI::App& app, Options& options) {
  GrowthThreshold& threshold = options.view.threshold;
  app.add_option("--growth-percent", threshold.percent, "Growth that is allowed, in percent of the build before (2)")
      ->check(CLI::Range(0.0, 1e6).description(""))
      ->type_name("P");
  app.add_option("--growth-bytes", threshold.bytes, "Growth that is allowed in any case, in bytes (100000)")
      ->type_name("N");
  app.add_option("--growth-percentile", options.percentile,
                 "Also allow what is no larger than this percentile of the series' own growths, from 20 builds on")
      ->check(CLI::Range(1.0, 100.0).description(""))
      ->type_name("P");
  app.add_flag("--with-base", threshold.with_base, "Count what the base brought as well");
}

void add_making_verbs(CLI::App& history, Options& options) {
  CLI::App* add = history.add_subcommand("add", "Keep what a build of an image is made of");
  add->add_option("IMAGE", options.image, "Image, disk, WIM file, folder, or stored report")->required();
  add->add_option("--label", options.label, "Which build it is: a number, a commit")->required();
  add->add_option("--series", options.series, "What is built (the image's tag without its version)")->type_name("NAME");
  add->add_option("--base", options.base, "What it stands on, the same for all images on it (names of its feeds)")
      ->type_name("NAME");
  add->add_option("--time", options.time, "When it was built: ISO 8601 (UTC) or seconds since 1970")->type_name("TIME");
  add->add_option("--feed", options.feed, "Feed that tells owners of files the image says nothing of")
      ->type_name("DIR");
  CLI::App* import = history.add_subcommand("import", "Take sizes that somebody else recorded, as CSV");
  import->footer(kImportExample);
  import->add_option("FILE", options.file, "Comma-separated values")->required();
  for (CLI::App* app : {add, import}) add_database_option(*app, options);
}

void add_reading_verbs(CLI::App& history, Options& options) {
  CLI::App* show = history.add_subcommand("show", "The trend of every series, or one series build by build");
  show->add_option("SERIES", options.series, "The one to show");
  CLI::App* html = history.add_subcommand("html", "Write one self-contained page with charts");
  html->add_option("SERIES", options.series, "Only this one");
  html->add_option("--output,-o", options.output, "File to write")->type_name("FILE")->required();
  CLI::App* blame = history.add_subcommand("blame", "Which build brought a component or made it grow, and why");
  blame->add_option("COMPONENT", options.component, "Component, app or package")->required();
  blame->add_option("--series", options.series, "Only in this one")->type_name("NAME");
  CLI::App* check = history.add_subcommand("check", "Fail when a build grew by more than is allowed");
  check->footer(kCheckExample);
  check->add_option("--label", options.label, "The build (the newest of each series)")->type_name("BUILD");
  check->add_option("--series", options.series, "Only this one")->type_name("NAME");
  for (CLI::App* app : {show, html, blame, check}) {
    add_database_option(*app, options);
    add_measure_option(*app, options);
  }
  for (CLI::App* app : {show, blame, check}) add_view_options(*app, options);
  for (CLI::App* app : {show, html, check}) add_threshold_options(*app, options);
}

Result<int> run(const CLI::App& history, const Options& options, World& world) {
  const std::map<std::string, Result<int> (*)(const Options&, World&)> verbs = {
      {"add", add}, {"import", import}, {"show", show}, {"html", html}, {"blame", blame}, {"check", check}};
  return verbs.at(history.get_subcommands().front()->get_name())(options, world);
}

}  // namespace

Verb add_history_verb(CLI::App& root) {
  const auto options = std::make_shared<Options>();
  options->view.width = 0;
  CLI::App* history =
      root.add_subcommand("history", "The sizes of an image's builds, which grew, and who made them grow");
  history->footer(kExample);
  history->require_subcommand(1);
  add_making_verbs(*history, *options);
  add_reading_verbs(*history, *options);
  return {history, [options, history](World& world) { return run(*history, *options, world); }};
}

}  // namespace winnow
