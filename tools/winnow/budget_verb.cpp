#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <memory>
#include <ostream>

#include "base/file_system.hpp"
#include "size_analyzer/budget_update.hpp"
#include "size_analyzer/budget_views.hpp"
#include "size_analyzer/load_facts.hpp"
#include "size_analyzer/report_text.hpp"
#include "winnow/verb.hpp"

namespace winnow {

namespace {

namespace fs = std::filesystem;

constexpr auto kExample =
    "Example:\n"
    "  winnow budget check node-hello.tar --budget budget.xml --against last-week.json\n"
    "  winnow budget check node-hello.tar --budget budget.xml --format junit --output budget-report.xml\n"
    "  winnow budget update node-hello.tar --budget budget.xml --ratchet\n"
    "What budget.xml may say: manifests/budget.md. Exit code 4: a budget is broken.\n";

struct Options {
  std::vector<std::string> images;
  std::string budget;
  std::string against;
  std::string feed;
  std::string today;
  std::string format = "text";
  std::string output;
  bool only_breaches = false;
  bool ratchet = false;
};

std::string date_of(std::chrono::sys_days day) {
  const std::chrono::year_month_day date(day);
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text.data();
}

// A gate has to know the day; the report says from where it has it.
Result<BudgetDay> day_of_check(const Options& options, const World& world) {
  using std::chrono::floor;
  if (!options.today.empty()) {
    if (!is_date(options.today)) {
      return fail("cannot use --today " + options.today + ": it is not a day like 2026-12-31");
    }
    return BudgetDay{options.today, "--today"};
  }
  if (world.epoch != 0) {
    const std::chrono::sys_seconds time{std::chrono::seconds(world.epoch)};
    return BudgetDay{date_of(floor<std::chrono::days>(time)), "SOURCE_DATE_EPOCH"};
  }
  return BudgetDay{date_of(floor<std::chrono::days>(std::chrono::system_clock::now())), "the clock of this machine"};
}

struct Baselines {
  std::optional<std::vector<std::string>> names;  // of a folder
  fs::path path;                                  // "" = none

  [[nodiscard]] std::optional<fs::path> file_for(const std::string& name) const {
    if (path.empty()) return std::nullopt;
    if (!names) return path;
    if (!std::binary_search(names->begin(), names->end(), name)) return std::nullopt;
    return path / (name + ".json");
  }
};

Result<Baselines> find_baselines(const Options& options) {
  Baselines baselines;
  baselines.path = options.against;
  std::error_code code;
  const fs::path& path = baselines.path;
  const bool is_image = fs::exists(path / "index.json", code) || fs::exists(path / "index.xml", code);
  if (path.empty() || !fs::is_directory(path, code) || is_image) {
    if (!path.empty() && options.images.size() > 1) {
      return fail("cannot compare " + std::to_string(options.images.size()) + " images with " + path.string() +
                  ": it is one baseline; give a folder of them");
    }
    return baselines;
  }
  baselines.names.emplace();
  for (const auto& entry : fs::directory_iterator(path, code)) {
    if (entry.path().extension() == ".json") baselines.names->push_back(entry.path().stem().string());
  }
  if (code) return fail("cannot read " + path.string() + ": " + code.message());
  std::sort(baselines.names->begin(), baselines.names->end());
  return baselines;
}

Result<BudgetReport> check_images(const Options& options, const BudgetFile& budget, const World& world) {
  WINNOW_TRY(const BudgetDay today, day_of_check(options, world));
  WINNOW_TRY(const Baselines baselines, find_baselines(options));
  MeasureOptions measure;
  measure.feed = options.feed;
  std::vector<BudgetImage> images;
  for (const std::string& path : options.images) {
    BudgetImage image;
    WINNOW_TRY(image.facts, load_facts(path, measure));
    if (const auto file = baselines.file_for(short_name(image.facts.name))) {
      WINNOW_TRY(image.baseline, load_facts(*file, measure));
    }
    images.push_back(std::move(image));
  }
  return check_budget(budget, images, today, baselines.names);
}

std::string print(const BudgetReport& report, const std::string& format) {
  if (format == "json") return print_json(to_json(report));
  if (format == "csv") return print_budget_csv(report);
  if (format == "markdown") return print_budget_markdown(report);
  if (format == "junit") return print_budget_junit(report);
  if (format == "sarif") return print_json(budget_sarif(report));
  if (format == "github") return print_budget_github(report);
  if (format == "azure") return print_budget_azure(report);
  return print_budget(report);
}

Result<int> check(const Options& options, World& world) {
  WINNOW_TRY(const BudgetFile budget, load_budget_file(options.budget));
  WINNOW_TRY(const BudgetReport report, check_images(options, budget, world));
  const std::string text = print(report, options.format);
  if (options.output.empty()) {
    world.out << text;
  } else {
    WINNOW_CHECK(write_file(options.output, as_bytes(text)));
    if (report.is_over_budget()) world.err << print_budget(report);
  }
  return report.is_over_budget() ? kExitOverBudget : kExitDone;
}

Result<int> update(const Options& options, World& world) {
  WINNOW_TRY(const BudgetFile budget, load_budget_file(options.budget));
  WINNOW_TRY(const BudgetReport report, check_images(options, budget, world));
  const std::vector<LimitChange> changes = limit_changes(report, options.ratchet);
  if (changes.empty()) {
    world.out << "no limit of " << options.budget << " changes\n";
    return kExitDone;
  }
  WINNOW_TRY(const Bytes old, read_file(options.budget, kMaxBudgetFile));
  std::vector<std::pair<Place, ByteCount>> limits;
  for (const LimitChange& change : changes) limits.emplace_back(change.place, change.after);
  WINNOW_TRY(const std::string text, replace_limits(as_text(old), options.budget, limits));
  WINNOW_CHECK(write_file(options.budget, as_bytes(text)));
  world.out << print_limit_changes(changes);
  return kExitDone;
}

void add_image_options(CLI::App& app, Options& options) {
  app.add_option("IMAGE", options.images, "Any image, or a report of `winnow size --save`; several may be given")
      ->required();
  app.add_option("--budget", options.budget, "The budgets (manifests/budget.md)")->required()->type_name("FILE");
  app.add_option("--against", options.against, "What it was before: a report or an image, or a folder of NAME.json")
      ->type_name("OLD");
  app.add_option("--feed", options.feed, "A feed that tells owners of files which the images say nothing of")
      ->type_name("DIR");
  app.add_option("--today", options.today,
                 "The day waivers are compared with; SOURCE_DATE_EPOCH's by default, else this machine's")
      ->type_name("YYYY-MM-DD");
}

}  // namespace

Verb add_budget_verb(CLI::App& root) {
  const auto options = std::make_shared<Options>();
  CLI::App* app = root.add_subcommand("budget", "Fail when an image is larger than it may be, and say who made it so");
  app->footer(kExample);
  app->require_subcommand(1);
  CLI::App* checking = app->add_subcommand("check", "Compare images with their budgets");
  add_image_options(*checking, *options);
  checking->add_option("--format", options->format, "How to print the report; text by default")
      ->check(CLI::IsMember({"text", "json", "csv", "markdown", "junit", "sarif", "github", "azure"}));
  checking->add_option("--output", options->output, "Write the report to this file instead of standard output")
      ->type_name("FILE");
  CLI::App* updating = app->add_subcommand("update", "Change the limits of the budgets to what the images have");
  add_image_options(*updating, *options);
  CLI::Option_group* how = updating->add_option_group("how");
  how->add_flag("--only-breaches", options->only_breaches, "Raise the limits that are broken");
  how->add_flag("--ratchet", options->ratchet, "Lower the limits that could be lower");
  how->require_option(1);
  return {app, [options, checking](World& world) {
            return checking->parsed() ? check(*options, world) : update(*options, world);
          }};
}

}  // namespace winnow
