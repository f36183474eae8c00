#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "base/json.hpp"
#include "plan/provenance.hpp"
#include "plan/tree_text.hpp"
#include "resolve/closing_line.hpp"
#include "winnow/machine_options.hpp"
#include "winnow/resolve_options.hpp"
#include "winnow/verb.hpp"

namespace winnow {

namespace {

constexpr auto kExample = "Example:\n  winnow plan manifests/node-hello.xml | grep owner=Wine-kernel32.dll\n";

struct Options {
  ResolveOptions resolve;
  MachineOptions machine;
  bool tree = false;
};

// Every image has the hives of the machine, whether the plan puts something into them or not.
std::string print_tree(ImagePlan plan) {
  for (const HiveId hive : kAllHives) {
    if (!is_optional(hive)) plan.registry.hives.try_emplace(hive);
  }
  return print_image_tree(plan);
}

// What was chosen, and what of it the plan lacks.
std::string closing_lines(const Composition& composition) {
  std::string lines = "# " + closing_line(composition.choice) + "\n";
  for (const std::string& line : {first_boot_line(composition.first_boot), unapplied_line(composition.unapplied)}) {
    if (!line.empty()) lines += "# " + line + "\n";
  }
  return lines;
}

Result<int> run(const Options& options, World& world) {
  ComposeOptions compose_options = to_compose_options(options.resolve, world);
  set_machine_options(options.machine, compose_options);
  return with_solution(compose_options, world, [&](Composition& composition) -> Result<int> {
    WINNOW_TRY(ImagePlan plan, plan_app(compose_options, composition));
    if (options.tree) {
      world.out << print_tree(std::move(plan));
    } else {
      world.out << (options.resolve.json ? print_provenance(plan, composition.catalog)
                                         : print_plan(plan) + closing_lines(composition));
    }
    return kExitDone;
  });
}

}  // namespace

Verb add_plan_verb(CLI::App& root) {
  const auto options = std::make_shared<Options>();
  CLI::App* app = root.add_subcommand("plan", "Print the image as text: every file and registry value with its owner");
  app->footer(kExample);
  add_resolve_options(*app, options->resolve);
  app->add_flag("--tree", options->tree, "Print it as `winnow inspect` reads it back from any finished image");
  add_machine_options(*app, options->machine);
  return {app, [options](World& world) { return run(*options, world); }};
}

}  // namespace winnow
