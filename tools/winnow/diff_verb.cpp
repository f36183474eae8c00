#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "base/file_system.hpp"
#include "size_analyzer/diff_views.hpp"
#include "size_analyzer/html_page.hpp"
#include "size_analyzer/load_facts.hpp"
#include "size_analyzer/report_text.hpp"
#include "winnow/verb.hpp"

namespace winnow {

namespace {

constexpr auto kExample =
    "Example:\n"
    "  winnow diff node-hello-16.tar node-hello.tar\n"
    "  winnow diff last-week.json node-hello.tar --format markdown --output comment.md\n";

struct Options {
  std::string before;
  std::string after;
  std::string feed;
  std::string output;
  std::string html;
  std::string format = "text";
  std::string measure = "stored";
  std::size_t top = DiffViewOptions{}.top;
};

Measure measure_named(const std::string& name) {
  return name == to_string(Measure::logical)     ? Measure::logical
         : name == to_string(Measure::allocated) ? Measure::allocated
                                                 : Measure::stored;
}

std::string print(const ExplainedDiff& diff, const Options& options) {
  const DiffViewOptions view{measure_named(options.measure), options.top};
  if (options.format == "json") return print_json(to_json(diff));
  if (options.format == "csv") return print_diff_csv(diff);
  if (options.format == "markdown") return print_diff_markdown(diff, view);
  return print_diff(diff, view);
}

Result<int> run(const Options& options, World& world) {
  MeasureOptions measure;
  measure.feed = options.feed;
  WINNOW_TRY(const ImageFacts before, load_facts(options.before, measure));
  WINNOW_TRY(const ImageFacts after, load_facts(options.after, measure));
  if (!options.html.empty()) WINNOW_CHECK(write_size_page(after, before, options.html));
  ExplainedDiff explained;
  WINNOW_TRY(explained.diff, diff_facts(before, after));
  explained.causes = sum_causes(explained.diff, blame(before, after, explained.diff));
  const std::string text = print(explained, options);
  if (options.output.empty()) {
    world.out << text;
  } else {
    WINNOW_CHECK(write_file(options.output, as_bytes(text)));
  }
  return kExitDone;
}

}  // namespace

Verb add_diff_verb(CLI::App& root) {
  const auto options = std::make_shared<Options>();
  CLI::App* app = root.add_subcommand("diff", "Say what differs between two images, byte by byte, and who caused it");
  app->footer(kExample);
  app->add_option("OLD", options->before, "Any image, or a report of `winnow size --save`")->required();
  app->add_option("NEW", options->after, "The same, newer")->required();
  app->add_option("--format", options->format, "How to print it; text by default")
      ->check(CLI::IsMember({"text", "json", "csv", "markdown"}));
  app->add_option("--measure", options->measure, "By which size rows are compared and sorted; stored by default")
      ->check(CLI::IsMember({"logical", "allocated", "stored"}));
  app->add_option("--top", options->top, "Rows of each table at most, 0 = all; 20 by default");
  app->add_option("--feed", options->feed, "A feed that tells owners of files which the images say nothing of")
      ->type_name("DIR");
  app->add_option("--output", options->output, "Write to this file instead of standard output")->type_name("FILE");
  app->add_option("--html", options->html, "Also write the changes as one HTML page: treemap, table")
      ->type_name("FILE");
  return {app, [options](World& world) { return run(*options, world); }};
}

}  // namespace winnow
