#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "resolve/explain/why_not.hpp"
#include "winnow/explain_options.hpp"
#include "winnow/verb.hpp"

namespace winnow {

namespace {

constexpr auto kExample = "Example:\n  winnow why-not manifests/node-hello.xml shell32.dll\n";

struct Options {
  ResolveOptions resolve;
  std::string component;
};

Result<int> run(const Options& options, World& world) {
  const auto work = [&](const Settled& settled, const std::vector<NamedNodes>& named) -> Result<int> {
    ComponentCache cache;
    const WhyNot why = explain_why_not(settled, named.front(), cache);
    world.out << (options.resolve.json ? to_json(settled, why).dump(2) + "\n" : print_why_not(settled, why));
    return kExitDone;
  };
  return with_settled(options.resolve, world, {options.component}, work);
}

}  // namespace

Verb add_why_not_verb(CLI::App& root) {
  const auto options = std::make_shared<Options>();
  CLI::App* app = root.add_subcommand(
      "why-not", "Say why a component is not in the image: what prevents it, or what it would cost");
  app->footer(kExample);
  add_resolve_options(*app, options->resolve);
  app->add_option("COMPONENT", options->component, "A component's name, or a module's: shell32.dll")->required();
  return {app, [options](World& world) { return run(*options, world); }};
}

}  // namespace winnow
