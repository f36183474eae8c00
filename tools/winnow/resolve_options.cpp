#include "winnow/resolve_options.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <ostream>

#include "winnow/media_options.hpp"

namespace winnow {

namespace {

std::optional<AppPin> parse_pin(const std::string& text) {
  const std::size_t equals = text.rfind('=');
  const auto version = equals == std::string::npos ? std::nullopt : parse_version(text.substr(equals + 1));
  if (!version || equals == 0) return std::nullopt;
  return AppPin{text.substr(0, equals), *version, {}};
}

std::string check_pin(const std::string& text) {
  return parse_pin(text) ? "" : text + " is not NAME=VERSION with a version of four numbers";
}

// Of feeds that are media.
void add_media_options(CLI::App& app, ResolveOptions& options) {
  const std::string group = "Feeds that are media with Windows' own packages";
  app.add_option("--base", options.base,
                 "An existing image (disk, container image, WIM): a feed, all of whose installed packages come in")
      ->type_name("PATH")
      ->group(group);
  app.add_flag("--serviceable", options.serviceable,
               "Take whole packages, and keep what servicing needs of them; without it components are taken, and DISM "
               "cannot service the image")
      ->group(group);
  app.add_option("--image", options.image,
                 "Which image of a WIM: its name, edition or index; \"<file>:<index>\" of several")
      ->group(group);
  app.add_option("--dcm-dictionary", options.dictionary,
                 "wcp.dll of a Windows (or the dictionary itself) for manifests stored as deltas")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--root", options.roots, "Certificate (PEM, DER) that chains of signers must end in; may be repeated")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->group(group);
  app.add_flag("--allow-unsigned", options.allow_unsigned, "Take packages of your own that nobody signed")
      ->group(group);
}

}  // namespace

void add_resolve_options(CLI::App& app, ResolveOptions& options) {
  app.add_option("MANIFEST", options.manifest, "App manifest (manifests/README.md)")->required();
  app.add_option(
         "--feed", options.feeds,
         "Folder of a feed, or media with Windows' own packages, instead of the manifest's; may be given several "
         "times")
      ->type_name("PATH")
      ->allow_extra_args(false);
  add_media_options(app, options);
  app.add_option("--needs", options.needs, "Which needs of binaries to follow, instead of the manifest's")
      ->check(CLI::IsMember({"imports", "app", "all"}));
  app.add_option("--without", options.without,
                 "Leave this component out even though something needs it, and all that only it needs")
      ->type_name("COMPONENT")
      ->allow_extra_args(false);
  CLI::Option* lock =
      app.add_option("--lock", options.lock, "Lock file: written, or kept to with --locked")->type_name("FILE");
  app.add_flag("--locked", options.locked, "Refuse to deviate from the lock file")->needs(lock);
  app.add_option("--minimize", options.minimize, "What is made smallest, instead of the manifest's (default allocated)")
      ->check(CLI::IsMember({"allocated", "logical", "stored-alone"}));
  app.add_option("--recommended", options.recommended,
                 "Leave out what components recommend, take it where it costs nothing, or take it (default off)")
      ->check(CLI::IsMember({"off", "if-free", "on"}));
  app.add_option("--prefer-threshold", options.prefer_threshold,
                 "Keep declared defaults unless so many bytes are saved")
      ->type_name("BYTES")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1} << 40));
  app.add_option("--pin", options.pins, "Only this version of a component; may be given several times")
      ->type_name("NAME=VERSION")
      ->check(check_pin)
      ->allow_extra_args(false);
  app.add_flag("--prove", options.prove, "Write a certificate that nothing smaller exists, as <lock file>.proof")
      ->needs(lock);
  app.add_flag("--no-cache", options.no_cache, "Neither use nor keep what earlier runs have read");
  app.add_flag("--json", options.json, "Print JSON");
}

namespace {

// $XDG_CACHE_HOME/winnow, else ~/.cache/winnow; empty when there is no home either.
std::filesystem::path cache_folder() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache == '/') return std::filesystem::path(cache) / "winnow";
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home != '/') return {};
  return std::filesystem::path(home) / ".cache" / "winnow";
}

}  // namespace

ComposeOptions to_compose_options(const ResolveOptions& options, const World& world) {
  ComposeOptions compose;
  compose.manifest = options.manifest;
  compose.feeds.assign(options.feeds.begin(), options.feeds.end());
  compose.base = options.base;
  compose.media = {options.dictionary,
                   {options.roots.begin(), options.roots.end()},
                   options.allow_unsigned,
                   media_options({{}, options.image, {}})};
  compose.serviceable = options.serviceable;
  compose.needs = parse_needs_policy(options.needs);
  compose.omissions = options.without;
  compose.lock = options.lock;
  compose.locked = options.locked;
  compose.epoch = world.epoch;
  if (!options.minimize.empty()) compose.minimize = options.minimize;
  if (!options.recommended.empty()) compose.recommended = options.recommended;
  compose.prefer_threshold = options.prefer_threshold;
  for (const std::string& text : options.pins) {
    if (auto pin = parse_pin(text)) compose.pins.push_back(std::move(*pin));
  }
  compose.prove = options.prove;
  if (!options.no_cache) compose.cache = cache_folder();
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
