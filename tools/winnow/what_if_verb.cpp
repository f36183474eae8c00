#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "resolve/explain/what_if.hpp"
#include "winnow/explain_options.hpp"
#include "winnow/verb.hpp"

namespace winnow {

namespace {

constexpr auto kExample =
    "Examples:\n"
    "  winnow what-if manifests/node-hello.xml\n"
    "  winnow what-if manifests/node-hello.xml --forbid ws2_32.dll --add Wine-shell32.dll\n";

struct Options {
  ResolveOptions resolve;
  std::vector<std::string> forbid;
  std::vector<std::string> drop;
  std::vector<std::string> add;
};

Result<int> run(const Options& options, World& world) {
  std::vector<std::string> names = options.forbid;
  names.insert(names.end(), options.add.begin(), options.add.end());
  const auto work = [&](const Settled& settled, const std::vector<NamedNodes>& named) -> Result<int> {
    ComponentCache cache;
    if (named.empty() && options.drop.empty()) {
      const ForbidTable table = forbid_each(settled, cache);
      world.out << (options.resolve.json ? to_json(settled, table).dump(2) + "\n" : print_forbid_table(settled, table));
      return kExitDone;
    }
    const auto first_added = named.begin() + static_cast<std::ptrdiff_t>(options.forbid.size());
    const WhatIf what{{named.begin(), first_added}, options.drop, {first_added, named.end()}};
    WINNOW_TRY(const Goal goal, changed_goal(settled.goal, what));
    const Outcome outcome = try_goal(settled, goal, hypothesis_of(what), cache);
    world.out << (options.resolve.json ? to_json(settled, what, outcome).dump(2) + "\n"
                                       : print_what_if(settled, what, outcome));
    return outcome.clash ? kExitUnsatisfiable : kExitDone;
  };
  return with_settled(options.resolve, world, names, work);
}

}  // namespace

Verb add_what_if_verb(CLI::App& root) {
  const auto options = std::make_shared<Options>();
  CLI::App* app = root.add_subcommand(
      "what-if",
      "Solve a changed request: what it would cost, what leaves and comes; without a change, the price of "
      "forbidding each component");
  app->footer(kExample);
  add_resolve_options(*app, options->resolve);
  const auto add = [app](const char* name, std::vector<std::string>& values, const char* type, const char* help) {
    app->add_option(name, values, help)->type_name(type)->allow_extra_args(false);
  };
  add("--forbid", options->forbid, "COMPONENT", "This component, or who brings this module, must not be there");
  add("--drop", options->drop, "REQUEST", "Without this role, feature, component or module that the app asks for");
  add("--add", options->add, "COMPONENT", "This component, or one that brings this module, must be there");
  return {app, [options](World& world) { return run(*options, world); }};
}

}  // namespace winnow
