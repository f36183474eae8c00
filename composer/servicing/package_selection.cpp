#include "servicing/package_selection.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/nearest_name.hpp"
#include "base/utf16.hpp"
#include "servicing/feature_states.hpp"

namespace winnow {

namespace {

std::vector<Version> versions_of(const ServicingRepository& repository, const std::vector<PackageIndex>& ids) {
  std::vector<Version> versions;
  for (const PackageIndex id : ids) versions.push_back(repository.packages()[id].manifest.identity.version);
  return versions;
}

bool is_in(const std::vector<AssemblyIdentity>& identities, const AssemblyIdentity& wanted) {
  return std::any_of(identities.begin(), identities.end(),
                     [&](const AssemblyIdentity& identity) { return is_same_identity(identity, wanted); });
}

}  // namespace

void MissingReferences::add(PackageReference::Kind kind, const AssemblyIdentity& wanted, std::vector<Version> found,
                            Asker asker) {
  Row& row = rows_[{kind, wanted}];
  row.found = std::move(found);
  row.askers.insert(std::move(asker));
}

std::vector<MissingReference> MissingReferences::take() && {
  std::vector<MissingReference> missing;
  for (auto& [key, row] : rows_) {
    missing.push_back({key.first, key.second, std::move(row.found), {row.askers.begin(), row.askers.end()}});
  }
  return missing;
}

Result<void> PackageSelection::run() {
  WINNOW_CHECK(add_requested());
  choose_what_is_applicable();
  WINNOW_CHECK(check_requested());
  WINNOW_CHECK(check_loops());
  for (const PackageIndex package : packages()) {
    const PackageManifest& manifest = repository_.packages()[package].manifest;
    std::vector<UpdateState> states = decide_updates(manifest, request_);
    for (std::size_t i = 0; i < states.size(); ++i) {
      const PackageUpdate& update = manifest.updates[i];
      if (update.selectable) features_.push_back({update.name, package, states[i].is_on, std::move(states[i].why)});
    }
  }
  return {};
}

std::vector<PackageIndex> PackageSelection::packages() const {
  std::vector<PackageIndex> chosen;
  for (const auto& [package, state] : reached_) {
    if (state.is_chosen) chosen.push_back(package);
  }
  return chosen;
}

std::vector<InapplicablePackage> PackageSelection::inapplicable() const {
  std::vector<InapplicablePackage> rows;
  for (const auto& [package, state] : reached_) {
    if (state.is_chosen) continue;
    rows.push_back({package,
                    state.is_contained,
                    reasons_against(repository_.packages()[package].manifest),
                    {state.askers.begin(), state.askers.end()}});
  }
  return rows;
}

Result<void> PackageSelection::add_requested() {
  Diagnostics faults;
  for (const std::string& name : request_.packages) {
    bool found = false;
    const std::vector<PackageIndex> named = repository_.packages_named(name.substr(0, name.find('~')));
    for (const PackageIndex id : named) {
      const AssemblyIdentity& identity = repository_.packages()[id].manifest.identity;
      const bool is_id = name.find('~') != std::string::npos;
      if (is_id ? !ascii_iequals(package_id(identity), name) : !ascii_iequals(identity.language, "neutral")) continue;
      requested_.push_back(id);
      reach(id, {"the request", {}}, false);
      found = true;
    }
    if (found) continue;
    std::vector<std::string> notes;
    for (const PackageIndex id : named) {
      notes.push_back("found " + package_id(repository_.packages()[id].manifest.identity));
    }
    std::vector<std::string_view> names;
    for (const ServicedPackage& package : repository_.packages()) names.push_back(package.manifest.identity.name);
    if (notes.empty()) notes = did_you_mean(nearest_name(name, names));
    faults.add({}, "cannot resolve package \"" + name + "\": no folder has it", std::move(notes));
  }
  if (!faults.empty()) return fail(std::move(faults).error());
  return {};
}

void PackageSelection::reach(PackageIndex package, const Asker& asker, bool is_contained) {
  const auto [at, is_new] = reached_.try_emplace(package);
  at->second.askers.insert(asker);
  at->second.is_contained = at->second.is_contained && is_contained;
  if (is_new) waiting_.push_back(package);
}

// A package may wait for a parent that comes later; each one chosen lets the others try again.
void PackageSelection::choose_what_is_applicable() {
  for (bool has_changed = true; has_changed;) {
    has_changed = false;
    const std::vector<PackageIndex> trying = std::exchange(waiting_, {});
    for (const PackageIndex package : trying) {
      if (!is_applicable(repository_.packages()[package].manifest)) {
        waiting_.push_back(package);
        continue;
      }
      reached_.at(package).is_chosen = true;
      has_changed = true;
      expand(package);
    }
  }
}

bool PackageSelection::has_parent(const PackageParent& parent) const {
  if (std::any_of(request_.base.begin(), request_.base.end(),
                  [&](const AssemblyIdentity& identity) { return satisfies(identity, parent); })) {
    return true;
  }
  return std::any_of(reached_.begin(), reached_.end(), [&](const auto& row) {
    return row.second.is_chosen && satisfies(repository_.packages()[row.first].manifest.identity, parent);
  });
}

bool PackageSelection::is_applicable(const PackageManifest& manifest) const {
  return manifest.parents.empty() || std::any_of(manifest.parents.begin(), manifest.parents.end(),
                                                 [this](const PackageParent& parent) { return has_parent(parent); });
}

std::vector<std::string> PackageSelection::reasons_against(const PackageManifest& manifest) const {
  std::vector<std::string> reasons;
  for (const PackageParent& parent : manifest.parents) {
    const AssemblyIdentity& wanted = parent.identities.front();
    std::string there;
    const auto look = [&](const AssemblyIdentity& identity) {
      if (!ascii_iequals(identity.name, wanted.name)) return;
      there += (there.empty() ? "" : ", ") + to_string(identity.version) +
               (identity.language == wanted.language ? "" : " " + identity.language);
    };
    for (const AssemblyIdentity& identity : request_.base) look(identity);
    for (const auto& [package, state] : reached_) {
      if (state.is_chosen) look(repository_.packages()[package].manifest.identity);
    }
    const std::string other = there.empty() ? other_edition(wanted) : "";
    reasons.push_back("needs " + std::string(other.empty() ? "" : "the edition ") + wanted.name + " " +
                      accepted_versions(parent) +
                      (!there.empty()   ? ": there is " + there
                       : !other.empty() ? ": the edition here is " + other
                                        : ": it is not there"));
  }
  return reasons;
}

// The edition that was chosen while `wanted` is another one that the repository has; "" when it is no such thing.
std::string PackageSelection::other_edition(const AssemblyIdentity& wanted) const {
  const auto is_edition = [this](PackageIndex package) {
    return repository_.packages()[package].manifest.release_type == "Product";
  };
  const std::vector<PackageIndex> named = repository_.packages_named(wanted.name);
  if (!std::any_of(named.begin(), named.end(), is_edition)) return "";
  for (const auto& [package, state] : reached_) {
    if (state.is_chosen && is_edition(package)) return repository_.packages()[package].manifest.identity.name;
  }
  return "";
}

void PackageSelection::expand(PackageIndex package) {
  const PackageManifest& manifest = repository_.packages()[package].manifest;
  const std::vector<UpdateState> states = decide_updates(manifest, request_);
  for (std::size_t i = 0; i < states.size(); ++i) {
    if (!states[i].is_on) continue;
    for (const PackageReference& reference : manifest.updates[i].references) follow(package, reference);
  }
  add_languages(package);
}

// A neutral package brings its satellites in the chosen languages: the same name and version.
void PackageSelection::add_languages(PackageIndex package) {
  const AssemblyIdentity& identity = repository_.packages()[package].manifest.identity;
  if (!ascii_iequals(identity.language, "neutral")) return;
  for (const PackageIndex id : repository_.packages_named(identity.name)) {
    const AssemblyIdentity& other = repository_.packages()[id].manifest.identity;
    const bool is_chosen = request_.languages.contains(ascii_lower(other.language));
    if (is_chosen && other.version == identity.version && ascii_iequals(other.architecture, identity.architecture)) {
      reach(id, {identity.name + " in " + other.language, {}}, false);
    }
  }
}

void PackageSelection::follow(PackageIndex package, const PackageReference& reference) {
  const ServicedPackage& from = repository_.packages()[package];
  const Asker asker{from.manifest.identity.name, {from.file, reference.line, 0}};
  if (reference.kind != PackageReference::Kind::package) {
    roots_.push_back({reference, asker});
    return;
  }
  if (is_in(request_.base, reference.identity)) return;
  const std::vector<PackageIndex> versions = repository_.package_versions(reference.identity);
  const auto exact = std::find_if(versions.begin(), versions.end(), [&](PackageIndex id) {
    return is_same_identity(repository_.packages()[id].manifest.identity, reference.identity);
  });
  const bool is_other = exact == versions.end() && request_.any_version && !versions.empty();
  if (exact == versions.end() && !is_other) {
    if (!reference.contained) {
      missing_.add(reference.kind, reference.identity, versions_of(repository_, versions), asker);
    }
    return;
  }
  const PackageIndex found = is_other ? versions.back() : *exact;
  other_versions_ += is_other;
  contents_[package].insert(found);
  reach(found, asker, reference.contained);
}

Result<void> PackageSelection::check_requested() const {
  Diagnostics faults;
  for (const PackageIndex id : requested_) {
    if (reached_.at(id).is_chosen) continue;
    const ServicedPackage& package = repository_.packages()[id];
    faults.add({package.file, 0, 0},
               "cannot install " + to_string(package.manifest.identity) + ": none of its parents is there",
               reasons_against(package.manifest));
  }
  std::set<std::string> known;
  for (const PackageIndex package : packages()) {
    for (const PackageUpdate& update : repository_.packages()[package].manifest.updates) {
      if (update.selectable) known.insert(ascii_lower(update.name));
    }
  }
  for (const std::string& feature : request_.features) {
    if (known.contains(feature)) continue;
    faults.add({}, "cannot resolve feature \"" + feature + "\": no package that is installed has it",
               did_you_mean(nearest_name(feature, known)));
  }
  if (!faults.empty()) return fail(std::move(faults).error());
  return {};
}

Result<void> PackageSelection::check_loops() const {
  enum class Mark : std::uint8_t { none, open, done };
  std::map<PackageIndex, Mark> marks;
  std::vector<PackageIndex> path;
  struct Frame {
    PackageIndex package;
    std::set<PackageIndex>::const_iterator next;
  };
  static const std::set<PackageIndex> kNothing;
  const auto contents = [&](PackageIndex package) -> const std::set<PackageIndex>& {
    const auto found = contents_.find(package);
    return found == contents_.end() ? kNothing : found->second;
  };
  for (const auto& [root, unused] : contents_) {
    if (marks[root] != Mark::none) continue;
    std::vector<Frame> stack = {{root, contents(root).begin()}};
    marks[root] = Mark::open;
    while (!stack.empty()) {
      Frame& top = stack.back();
      if (top.next == contents(top.package).end()) {
        marks[top.package] = Mark::done;
        stack.pop_back();
        continue;
      }
      const PackageIndex next = *top.next++;
      if (marks[next] == Mark::open) {
        const auto first = std::find_if(stack.begin(), stack.end(), [&](const Frame& f) { return f.package == next; });
        std::string loop;
        for (auto frame = first; frame != stack.end(); ++frame) {
          loop += repository_.packages()[frame->package].manifest.identity.name + " -> ";
        }
        const ServicedPackage& package = repository_.packages()[next];
        return fail({package.file, 0, 0},
                    "cannot install " + to_string(package.manifest.identity) + ": it contains itself",
                    {loop + package.manifest.identity.name});
      }
      if (marks[next] == Mark::none) {
        marks[next] = Mark::open;
        stack.push_back({next, contents(next).begin()});
      }
    }
  }
  return {};
}

}  // namespace winnow
