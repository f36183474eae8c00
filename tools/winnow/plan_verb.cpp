#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "base/json.hpp"
#include "plan/provenance.hpp"
#include "plan/tree_text.hpp"
#include "winnow/resolve_options.hpp"
#include "winnow/verb.hpp"

namespace winnow {

namespace {

constexpr auto kExample = "Example:\n  winnow plan manifests/node-hello.xml | grep owner=Wine-kernel32.dll\n";

Result<int> run(const ResolveOptions& options, World& world) {
  const ComposeOptions compose_options = to_compose_options(options, world);
  return with_solution(compose_options, world, [&](Composition& composition) -> Result<int> {
    WINNOW_TRY(const ImagePlan plan, plan_app(compose_options, composition));
    world.out << (options.json ? print_provenance(plan, composition.catalog) : print_plan(plan));
    return kExitDone;
  });
}

}  // namespace

Verb add_plan_verb(CLI::App& root) {
  const auto options = std::make_shared<ResolveOptions>();
  CLI::App* app = root.add_subcommand("plan", "Print the image as text: every file and registry value with its owner");
  app->footer(kExample);
  add_resolve_options(*app, *options);
  return {app, [options](World& world) { return run(*options, world); }};
}

}  // namespace winnow
