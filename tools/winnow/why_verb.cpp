#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <ostream>

#include "resolve/explain/why.hpp"
#include "winnow/explain_options.hpp"
#include "winnow/verb.hpp"

namespace winnow {

namespace {

constexpr auto kExample = "Example:\n  winnow why manifests/node-hello.xml rpcrt4.dll\n";

struct Options {
  ResolveOptions resolve;
  std::string component;
};

std::optional<Variable> chosen_of(const Settled& settled, const NamedNodes& named) {
  const auto& chosen = settled.optimum.chosen;
  for (const NodeId node : named.nodes) {
    const auto variable = settled.problem.variable_of_node(node);
    if (variable && std::binary_search(chosen.begin(), chosen.end(), *variable)) return variable;
  }
  return std::nullopt;
}

Result<int> run(const Options& options, World& world) {
  const auto work = [&](const Settled& settled, const std::vector<NamedNodes>& named) -> Result<int> {
    const std::optional<Variable> variable = chosen_of(settled, named.front());
    const std::string name = settled.universe.name_of(named.front().nodes.front());
    if (!variable && options.resolve.json) {
      const Json none = {{"schema", "winnow-why-2"}, {"app", settled.goal.app}, {"component", name}, {"isIn", false}};
      world.out << none.dump(2) << '\n';
      return kExitInput;
    }
    if (!variable) {
      return fail("cannot explain " + name + ": it is not in " + settled.goal.app + ", nothing there needs it",
                  {"winnow why-not says what prevents it, or what it would cost"});
    }
    ComponentCache cache;
    const Why why = explain_why(settled, *variable, cache);
    world.out << (options.resolve.json ? to_json(settled, why).dump(2) + "\n" : print_why(settled, why));
    return kExitDone;
  };
  return with_settled(options.resolve, world, {options.component}, work);
}

}  // namespace

Verb add_why_verb(CLI::App& root) {
  const auto options = std::make_shared<Options>();
  CLI::App* app = root.add_subcommand(
      "why", "Say why a component is in the image: the chain to it, and what each other choice would cost");
  app->footer(kExample);
  add_resolve_options(*app, options->resolve);
  app->add_option("COMPONENT", options->component, "A component's name, or a module's: rpcrt4.dll")->required();
  return {app, [options](World& world) { return run(*options, world); }};
}

}  // namespace winnow
