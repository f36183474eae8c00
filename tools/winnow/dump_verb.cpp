#include <CLI/CLI.hpp>
#include <array>
#include <memory>
#include <ostream>

#include "base/file_system.hpp"
#include "resolve/certificate.hpp"
#include "resolve/minimize.hpp"
#include "resolve/proof/problem_text.hpp"
#include "winnow/problem_source.hpp"
#include "winnow/verb.hpp"

namespace winnow {

namespace {

constexpr auto kExample =
    "Examples:\n"
    "  winnow dump manifests/node-hello.xml --opb | clasp --opt-strategy=usc,oll --quiet=1 /dev/stdin\n"
    "  winnow dump manifests/node-hello.xml --output node-hello.problem\n"
    "  winnow dump manifests/node-hello.xml --certificate --output node-hello.proof\n"
    "  winnow check-proof node-hello.problem node-hello.proof\n";

struct Options {
  ResolveOptions resolve;
  std::string level = "bytes";
  std::string output;
  bool opb = false;
  bool lp = false;
  bool certificate = false;
};

CostLevel level_named(const std::string& name) {
  for (std::size_t level = 0; level < kCostLevels; ++level) {
    if (to_string(static_cast<CostLevel>(level)) == name) return static_cast<CostLevel>(level);
  }
  return CostLevel::bytes;
}

std::vector<std::string> level_names() {
  std::vector<std::string> names;
  for (std::size_t level = 0; level < kCostLevels; ++level) {
    names.emplace_back(to_string(static_cast<CostLevel>(level)));
  }
  return names;
}

Result<std::string> certificate_text(const Choice& choice) {
  const Optimum optimum = minimize(choice.problem, {.prove = true});
  if (optimum.certificate) {
    return print_certificate(choice.universe, choice.goal, choice.problem, *optimum.certificate);
  }
  constexpr std::array kReasons = {"it was not kept", "the limit of conflicts came before the proof",
                                   "no set of components meets the request",
                                   "the limit of conflicts came before the first solution", "interrupted"};
  return fail("cannot prove the choice for " + choice.goal.app + ": " +
              kReasons.at(static_cast<std::size_t>(optimum.verdict)));
}

Result<std::string> dump_text(const Options& options, const LoadedProblem& loaded) {
  const CostLevel level = level_named(options.level);
  if (options.opb) return print_linear(loaded.problem, loaded.names, level, LinearFormat::opb);
  if (options.lp) return print_linear(loaded.problem, loaded.names, level, LinearFormat::lp);
  if (!loaded.origin) {
    return fail("cannot dump " + options.resolve.manifest + ": it is a problem already, give --opb or --lp");
  }
  const Choice& choice = loaded.origin->choice;
  if (options.certificate) return certificate_text(choice);
  return print_problem(choice.universe, choice.goal, choice.problem);
}

Result<int> run(const Options& options, World& world) {
  WINNOW_TRY(const LoadedProblem loaded, load_problem(options.resolve, world));
  WINNOW_TRY(const std::string text, dump_text(options, loaded));
  if (options.output.empty()) {
    world.out << text;
  } else {
    WINNOW_CHECK(write_file(options.output, as_bytes(text)));
  }
  return kExitDone;
}

}  // namespace

Verb add_dump_verb(CLI::App& root) {
  const auto options = std::make_shared<Options>();
  CLI::App* app = root.add_subcommand("dump", "Print the resolver's question, for winnow check-proof or other solvers");
  app->footer(kExample);
  add_problem_options(*app, options->resolve);
  CLI::Option* opb = app->add_flag("--opb", options->opb, "As pseudo-Boolean constraints (clasp, RoundingSat)");
  CLI::Option* lp = app->add_flag("--lp", options->lp, "As an LP file (CBC, HiGHS, SCIP)")->excludes(opb);
  app->add_flag("--certificate", options->certificate, "The proof that no choice costs less")
      ->excludes(opb)
      ->excludes(lp);
  app->add_option("--level", options->level, "Which level of the cost --opb and --lp minimize; default bytes")
      ->check(CLI::IsMember(level_names()));
  app->add_option("--output", options->output, "File to write, instead of standard output")->type_name("FILE");
  return {app, [options](World& world) { return run(*options, world); }};
}

}  // namespace winnow
