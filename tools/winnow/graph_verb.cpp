#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "resolve/explain/choice_graph.hpp"
#include "winnow/explain_options.hpp"
#include "winnow/verb.hpp"

namespace winnow {

namespace {

constexpr auto kExample = "Example:\n  winnow graph manifests/node-hello.xml | dot -Tsvg > graph.svg\n";

struct Options {
  ResolveOptions resolve;
  std::string format = "dot";
};

Result<int> run(const Options& options, World& world) {
  const bool is_json = options.resolve.json || options.format == "json";
  const auto work = [&](const Settled& settled, const std::vector<NamedNodes>&) -> Result<int> {
    const ChoiceGraph graph = make_choice_graph(settled);
    world.out << (is_json ? to_json(settled, graph).dump(2) + "\n" : print_dot(settled, graph));
    return kExitDone;
  };
  return with_settled(options.resolve, world, {}, work);
}

}  // namespace

Verb add_graph_verb(CLI::App& root) {
  const auto options = std::make_shared<Options>();
  CLI::App* app = root.add_subcommand(
      "graph", "Print the chosen components as a graph: who needs whom and where that is said, bytes, retained bytes");
  app->footer(kExample);
  add_resolve_options(*app, options->resolve);
  app->add_option("--format", options->format, "For Graphviz, or for programs")->check(CLI::IsMember({"dot", "json"}));
  return {app, [options](World& world) { return run(*options, world); }};
}

}  // namespace winnow
