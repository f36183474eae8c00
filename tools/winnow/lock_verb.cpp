#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <ostream>
#include <set>

#include "base/file_system.hpp"
#include "base/nearest_name.hpp"
#include "base/utf16.hpp"
#include "resolve/closing_line.hpp"
#include "resolve/lock_file.hpp"
#include "winnow/choice_json.hpp"
#include "winnow/resolve_options.hpp"
#include "winnow/verb.hpp"

namespace winnow {

namespace {

constexpr auto kExample =
    "Examples:\n"
    "  winnow lock manifests/node-hello.xml\n"
    "  winnow lock manifests/node-hello.xml --update rpcrt4.dll\n";
constexpr ByteCount kMaxLockBytes = 64u << 20;

struct Options {
  ResolveOptions resolve;
  std::vector<std::string> update;
  bool is_update = false;
};

using Names = std::set<std::string>;  // to_string() of identities

Names chosen_names(const Composition& composition) {
  Names names;
  for (const Member& member : std::get<Solution>(composition.resolution).members) {
    names.insert(to_string(composition.catalog.components()[member.id].identity));
  }
  return names;
}

std::string name_of(const std::string& identity) { return identity.substr(0, identity.find(' ')); }

std::string reason_text(const Composition& composition, ComponentId id) {
  const Member* member = std::get<Solution>(composition.resolution).find(id);
  const Reason& reason = member->reasons.front();
  const std::string place = to_string(reason.place);
  return reason.from + " " + reason.need + (place.empty() ? "" : " (" + place + ")");
}

// Why a component of the old lock file is gone.
std::string loss_text(const Composition& composition, const std::string& identity, const Names& now) {
  const auto components = composition.catalog.components();
  const bool is_known = std::any_of(components.begin(), components.end(), [&](const CatalogComponent& component) {
    return to_string(component.identity) == identity;
  });
  if (!is_known) return "no feed has it any more";
  const auto same_name = [&](const std::string& other) { return name_of(other) == name_of(identity); };
  if (std::any_of(now.begin(), now.end(), same_name)) return "another version takes its place";
  return "nothing needs it, or something smaller meets the need";
}

struct Change {
  bool is_new = false;
  std::string identity;
  std::string why;  // "a.dll imports b.dll"
};

std::vector<Change> changes_since(const Composition& composition, const Names& before) {
  const Names now = chosen_names(composition);
  std::vector<Change> changes;
  for (const std::string& identity : before) {
    if (!now.contains(identity)) changes.push_back({false, identity, loss_text(composition, identity, now)});
  }
  for (const Member& member : std::get<Solution>(composition.resolution).members) {
    const std::string identity = to_string(composition.catalog.components()[member.id].identity);
    if (!before.contains(identity)) changes.push_back({true, identity, reason_text(composition, member.id)});
  }
  return changes;
}

void print_text(const Options& options, const Composition& composition, const Names& before, std::ostream& out) {
  out << "wrote " << options.resolve.lock << ": " << closing_line(composition.choice) << '\n';
  if (before.empty()) return;
  const std::vector<Change> changes = changes_since(composition, before);
  for (const Change& change : changes) {
    out << (change.is_new ? "+ " : "- ") << change.identity << ": " << change.why << '\n';
  }
  if (changes.empty()) out << "no component changed\n";
}

void print_json(const Options& options, const Composition& composition, const Names& before, std::ostream& out) {
  Json came = Json::array(), left = Json::array();
  for (const Change& change : before.empty() ? std::vector<Change>{} : changes_since(composition, before)) {
    (change.is_new ? came : left).push_back({{"component", change.identity}, {"why", change.why}});
  }
  const Json document = {{"schema", "winnow-lock-verb-1"},
                         {"lock", options.resolve.lock},
                         {"summary", closing_line(composition.choice)},
                         {"choice", choice_json(composition.choice)},
                         {"came", came},
                         {"left", left}};
  out << document.dump(2) << '\n';
}

// The names behind --update, each of a component or of a module that one brings, as the lock file knows them.
Result<std::set<std::string>> released(const Options& options, const ParsedLock& lock) {
  std::set<std::string> names;
  std::vector<std::string> known;
  for (const std::string& identity : lock.components) known.push_back(name_of(identity));
  for (const std::string& wanted : options.update) {
    const auto is_wanted = [&](const std::string& name) {
      return ascii_iequals(name, wanted) || ascii_lower(name).ends_with("-" + ascii_lower(wanted));
    };
    const auto before = names.size();
    for (const std::string& name : known) {
      if (is_wanted(name)) names.insert(ascii_lower(name));
    }
    if (names.size() > before) continue;
    return fail({options.resolve.lock, 0, 0}, "cannot update \"" + wanted + "\": it is not in the lock file",
                did_you_mean(nearest_name(wanted, std::vector<std::string_view>(known.begin(), known.end()))));
  }
  return names;
}

Result<int> run(Options options, World& world) {
  if (options.resolve.lock.empty()) {
    options.resolve.lock = std::filesystem::path(options.resolve.manifest).replace_extension(".lock").string();
  }
  ComposeOptions compose_options = to_compose_options(options.resolve, world);
  ParsedLock before;
  if (std::filesystem::exists(compose_options.lock)) {
    WINNOW_TRY(const Bytes text, read_file(compose_options.lock, kMaxLockBytes));
    auto parsed = parse_lock(as_text(text), options.resolve.lock);
    if (parsed) before = std::move(*parsed);
    if (!parsed && options.is_update) return fail(std::move(parsed).error());
  } else if (options.is_update) {
    return fail({options.resolve.lock, 0, 0}, "cannot update the lock file: it is not there",
                {"make it with: winnow lock " + options.resolve.manifest});
  }
  compose_options.update = options.is_update && !before.components.empty();
  WINNOW_TRY(compose_options.release, released(options, before));
  return with_solution(compose_options, world, [&](Composition& composition) -> Result<int> {
    WINNOW_CHECK(write_lock(compose_options, composition));
    const auto print = options.resolve.json ? print_json : print_text;
    print(options, composition, {before.components.begin(), before.components.end()}, world.out);
    return kExitDone;
  });
}

}  // namespace

Verb add_lock_verb(CLI::App& root) {
  const auto options = std::make_shared<Options>();
  CLI::App* app = root.add_subcommand("lock",
                                      "Write the lock file: what is chosen, from which inputs, and that it is "
                                      "minimal");
  app->footer(kExample);
  add_resolve_options(*app, options->resolve);
  CLI::Option* update = app->add_option("--update", options->update,
                                        "Change as little of the lock file as possible; NAME may change all the same")
                            ->type_name("[NAME]")
                            ->expected(0, 1)
                            ->allow_extra_args(false);
  return {app, [options, update](World& world) {
            Options given = *options;
            given.is_update = update->count() > 0;
            std::erase(given.update, "");
            return run(std::move(given), world);
          }};
}

}  // namespace winnow
