#include "winnow/resolve_options.hpp"

#include <CLI/CLI.hpp>
#include <ostream>

namespace winnow {

void add_resolve_options(CLI::App& app, ResolveOptions& options) {
  app.add_option("MANIFEST", options.manifest, "App manifest (manifests/README.md)")->required();
  app.add_option("--feed", options.feeds, "Folder of a feed, instead of the manifest's; may be given several times")
      ->type_name("DIR")
      ->allow_extra_args(false);
  app.add_option("--needs", options.needs, "Which needs of binaries to follow, instead of the manifest's")
      ->check(CLI::IsMember({"imports", "app", "all"}));
  app.add_option("--without", options.without,
                 "Leave this component out even though something needs it, and all that only it needs")
      ->type_name("COMPONENT")
      ->allow_extra_args(false);
  CLI::Option* lock =
      app.add_option("--lock", options.lock, "Lock file: written, or kept to with --locked")->type_name("FILE");
  app.add_flag("--locked", options.locked, "Refuse to deviate from the lock file")->needs(lock);
  app.add_flag("--json", options.json, "Print JSON");
}

ComposeOptions to_compose_options(const ResolveOptions& options, const World& world) {
  ComposeOptions compose;
  compose.manifest = options.manifest;
  compose.feeds.assign(options.feeds.begin(), options.feeds.end());
  compose.needs = parse_needs_policy(options.needs);
  compose.omissions = options.without;
  compose.lock = options.lock;
  compose.locked = options.locked;
  compose.epoch = world.epoch;
  return compose;
}

Result<int> with_solution(const ComposeOptions& options, World& world,
                          const std::function<Result<int>(Composition&)>& use) {
  WINNOW_TRY(Composition composition, resolve_app(options, world.progress));
  if (const auto* none = std::get_if<Unsatisfiable>(&composition.resolution)) {
    world.err << to_string(Error(none->faults)) << '\n';
    return kExitUnsatisfiable;
  }
  return use(composition);
}

}  // namespace winnow
