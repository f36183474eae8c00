#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "base/json.hpp"
#include "winnow/resolve_options.hpp"
#include "winnow/verb.hpp"

namespace winnow {

namespace {

constexpr auto kExample = "Example:\n  winnow why manifests/node-hello.xml rpcrt4.dll\n";
constexpr std::size_t kMostOtherReasons = 10;

struct Options {
  ResolveOptions resolve;
  std::string component;
};

// By component name, or by the name of a module that a component brings.
Result<ComponentId> find_component(const Composition& composition, const std::string& name) {
  const Catalog& catalog = composition.catalog;
  std::vector<ComponentId> ids = catalog.components_named(name);
  const auto providers = catalog.providers_of(name);
  ids.insert(ids.end(), providers.begin(), providers.end());
  const Solution& solution = std::get<Solution>(composition.resolution);
  for (const ComponentId id : ids) {
    if (solution.find(id) != nullptr) return id;
  }
  if (!ids.empty()) return ids.front();
  std::string nearest = catalog.nearest_component(name);
  if (nearest.empty()) nearest = catalog.nearest_module(name);
  std::vector<std::string> notes;
  if (!nearest.empty()) notes.push_back("did you mean \"" + nearest + "\"?");
  return fail("cannot explain \"" + name + "\": no component and no module of the feeds has that name",
              std::move(notes));
}

std::string reason_text(const Reason& reason) {
  const std::string place = to_string(reason.place);
  return reason.from + " " + reason.need + (place.empty() ? "" : " (" + place + ")");
}

// Precondition: the component is in the image.
void print_text(const Composition& composition, ComponentId id, std::ostream& out) {
  const Catalog& catalog = composition.catalog;
  const Solution& solution = std::get<Solution>(composition.resolution);
  const std::string name = to_string(catalog.components()[id].identity);
  const Member* member = solution.find(id);
  out << name << " is in " << composition.app.name << " because\n";
  for (const ChainStep& step : chain_to(solution, id)) {
    out << "  " << reason_text(step.reason) << " -> " << catalog.components()[step.component].identity.name << '\n';
  }
  if (member->reasons.size() == 1) return;
  out << member->reasons.size() - 1 << " more need it:\n";
  for (std::size_t i = 1; i < member->reasons.size() && i <= kMostOtherReasons; ++i) {
    out << "  " << reason_text(member->reasons[i]) << '\n';
  }
  if (member->reasons.size() > kMostOtherReasons + 1) out << "  …\n";
}

Json reason_json(const Reason& reason) {
  return {{"kind", to_string(reason.kind)},
          {"from", reason.from},
          {"need", reason.need},
          {"place", to_string(reason.place)}};
}

void print_json(const Composition& composition, ComponentId id, std::ostream& out) {
  const Catalog& catalog = composition.catalog;
  const Solution& solution = std::get<Solution>(composition.resolution);
  const Member* member = solution.find(id);
  Json chain = Json::array();
  Json reasons = Json::array();
  if (member != nullptr) {
    for (const ChainStep& step : chain_to(solution, id)) {
      Json row = reason_json(step.reason);
      row["component"] = catalog.components()[step.component].identity.name;
      chain.push_back(std::move(row));
    }
    for (const Reason& reason : member->reasons) reasons.push_back(reason_json(reason));
  }
  const Json document = {{"schema", "winnow-why-1"},
                         {"app", composition.app.name},
                         {"component", catalog.components()[id].identity.name},
                         {"isIn", member != nullptr},
                         {"chain", chain},
                         {"reasons", reasons}};
  out << document.dump(2) << '\n';
}

Result<int> run(const Options& options, World& world) {
  const ComposeOptions compose_options = to_compose_options(options.resolve, world);
  return with_solution(compose_options, world, [&](Composition& composition) -> Result<int> {
    WINNOW_TRY(const ComponentId id, find_component(composition, options.component));
    const bool is_in = std::get<Solution>(composition.resolution).find(id) != nullptr;
    if (options.resolve.json) {
      print_json(composition, id, world.out);
      return is_in ? kExitDone : kExitInput;
    }
    if (!is_in) {
      return fail("cannot explain " + to_string(composition.catalog.components()[id].identity) + ": it is not in " +
                  composition.app.name + ", nothing there needs it");
    }
    print_text(composition, id, world.out);
    return kExitDone;
  });
}

}  // namespace

Verb add_why_verb(CLI::App& root) {
  const auto options = std::make_shared<Options>();
  CLI::App* app = root.add_subcommand("why", "Say why a component is in the image: the chain from the manifest to it");
  app->footer(kExample);
  add_resolve_options(*app, options->resolve);
  app->add_option("COMPONENT", options->component, "A component's name, or a module's: rpcrt4.dll")->required();
  return {app, [options](World& world) { return run(*options, world); }};
}

}  // namespace winnow
