#include "solvers/debian_universe.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <set>
#include <stdexcept>
#include <unordered_map>

#include "resolve/universe_builder.hpp"
#include "solvers/debian_packages.hpp"
#include "solvers/debian_version.hpp"

namespace winnow::testing {

namespace {

std::string output_of(const std::string& command) {
  const auto close = [](std::FILE* stream) { (void)pclose(stream); };
  const std::unique_ptr<std::FILE, decltype(close)> stream(popen(command.c_str(), "r"), close);
  std::string text;
  std::array<char, 1 << 16> buffer{};
  while (stream != nullptr) {
    const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), stream.get());
    if (count == 0) break;
    text.append(buffer.data(), count);
  }
  return text;
}

class DebianUniverseMaker {
 public:
  explicit DebianUniverseMaker(std::string_view text) : packages_(read_debian_packages(text)) {}

  // Leaves out what is not needed for `names`.
  void keep_reachable(const std::vector<std::string>& names) {
    has_recommends_ = false;
    std::unordered_map<std::string_view, std::vector<std::uint32_t>> offers;  // by name, provided ones too
    for (std::uint32_t i = 0; i < packages_.size(); ++i) {
      offers[packages_[i].name].push_back(i);
      for (const auto& group : parse_debian_relations(packages_[i].provides)) {
        for (const DebianRelation& provided : group) offers[provided.name].push_back(i);
      }
    }
    std::set<std::string_view> seen(names.begin(), names.end());
    for (const DebianPackage& package : packages_) {
      if (package.priority == "required") seen.insert(package.name);
    }
    std::vector<std::string_view> queue(seen.begin(), seen.end());
    std::vector<bool> is_kept(packages_.size());
    for (std::size_t next = 0; next < queue.size(); ++next) {
      for (const std::uint32_t i : offers[queue[next]]) {
        is_kept[i] = true;
        if (seen.insert(packages_[i].name).second) queue.push_back(packages_[i].name);  // its other versions
        for (const std::string_view field : {packages_[i].pre_depends, packages_[i].depends}) {
          for (const auto& group : parse_debian_relations(field)) {
            for (const DebianRelation& relation : group) {
              if (seen.insert(relation.name).second) queue.push_back(relation.name);
            }
          }
        }
      }
    }
    std::vector<DebianPackage> kept;
    for (std::uint32_t i = 0; i < packages_.size(); ++i) {
      if (is_kept[i]) kept.push_back(packages_[i]);
    }
    packages_ = std::move(kept);
  }

  DebianUniverse make() {
    builder_.set_version_order(is_older_debian_version);
    drop_copies();
    for (std::uint32_t i = 0; i < packages_.size(); ++i) add_package(i);
    for (auto& [name, list] : by_name_) {
      std::stable_sort(list.begin(), list.end(), [this](std::uint32_t a, std::uint32_t b) {
        return compare_debian_versions(packages_[a].version, packages_[b].version) > 0;
      });
    }
    for (std::uint32_t i = 0; i < packages_.size(); ++i) add_relations(i);
    DebianUniverse made;
    made.required.assign(required_.begin(), required_.end());
    made.universe = std::move(builder_).build();
    return made;
  }

 private:
  struct Provider {
    std::uint32_t package;
    DebianRelation provided;
  };

  // The same version of a package may be in several archives.
  void drop_copies() {
    const auto key = [](const DebianPackage& package) { return std::pair(package.name, package.version); };
    std::stable_sort(packages_.begin(), packages_.end(),
                     [&key](const DebianPackage& a, const DebianPackage& b) { return key(a) < key(b); });
    packages_.erase(std::unique(packages_.begin(), packages_.end(),
                                [&key](const DebianPackage& a, const DebianPackage& b) { return key(a) == key(b); }),
                    packages_.end());
  }

  void add_package(std::uint32_t index) {
    const DebianPackage& package = packages_[index];
    NewNode node;
    node.name = package.name;
    node.version = package.version;
    const std::uint64_t bytes = package.installed_size * 1024;
    node.bytes = {bytes, bytes, bytes};
    (void)builder_.add_node(node);  // handles count from 0, as packages do
    by_name_[package.name].push_back(index);
    if (package.priority == "required") required_.insert(std::string(package.name));
    for (const auto& group : parse_debian_relations(package.provides)) {
      for (const DebianRelation& provided : group) providers_[provided.name].push_back({index, provided});
    }
  }

  // Real packages first, the newest first, then those that provide the name.
  void add_matches(const DebianRelation& relation, std::vector<NodeId>& matches) const {
    const auto add = [&matches](std::uint32_t package) {
      if (std::find(matches.begin(), matches.end(), package) == matches.end()) matches.push_back(package);
    };
    if (const auto real = by_name_.find(relation.name); real != by_name_.end()) {
      for (const std::uint32_t package : real->second) {
        if (relation.takes(packages_[package].version)) add(package);
      }
    }
    const auto providers = providers_.find(relation.name);
    if (providers == providers_.end()) return;
    for (const Provider& provider : providers->second) {
      const bool is_versioned = !provider.provided.version.empty();
      if (relation.comparison.empty() || (is_versioned && relation.takes(provider.provided.version))) {
        add(provider.package);
      }
    }
  }

  void add_needs(std::uint32_t index, std::string_view field, NeedKind kind, const std::string& verb) {
    const auto texts = split_debian_groups(field);
    const auto groups = parse_debian_relations(field);
    for (std::size_t i = 0; i < groups.size(); ++i) {
      NewNeed need;
      need.kind = kind;
      for (const DebianRelation& alternative : groups[i]) add_matches(alternative, need.any_of);
      need.what = groups[i].front().name;
      need.from = packages_[index].name;
      need.text = verb + std::string(texts[i]);
      builder_.add_need(index, need);
    }
  }

  void add_conflicts(std::uint32_t index, std::string_view field, const std::string& verb) {
    const auto texts = split_debian_groups(field);
    const auto groups = parse_debian_relations(field);
    for (std::size_t i = 0; i < groups.size(); ++i) {
      std::vector<NodeId> others;
      for (const DebianRelation& relation : groups[i]) add_matches(relation, others);
      for (const NodeId other : others) {
        if (packages_[other].name == packages_[index].name) continue;
        builder_.add_conflict(index, other, verb + std::string(texts[i]));
      }
    }
  }

  void add_relations(std::uint32_t index) {
    const DebianPackage& package = packages_[index];
    add_needs(index, package.pre_depends, NeedKind::dependency, "depends on ");
    add_needs(index, package.depends, NeedKind::dependency, "depends on ");
    if (has_recommends_) add_needs(index, package.recommends, NeedKind::recommended, "recommends ");
    add_conflicts(index, package.conflicts, "conflicts with ");
    add_conflicts(index, package.breaks, "breaks ");
  }

  std::vector<DebianPackage> packages_;
  std::unordered_map<std::string_view, std::vector<std::uint32_t>> by_name_;
  std::unordered_map<std::string_view, std::vector<Provider>> providers_;
  std::set<std::string> required_;
  UniverseBuilder builder_;
  bool has_recommends_ = true;
};

}  // namespace

std::optional<std::string> read_debian_index() {
  std::string text = output_of(
      "files=$(apt-get indextargets --format '$(FILENAME)' 'Created-By: Packages' 2>/dev/null) && "
      "[ -n \"$files\" ] && /usr/lib/apt/apt-helper cat-file $files 2>/dev/null");
  if (text.empty()) return std::nullopt;
  return text;
}

DebianUniverse make_debian_universe(std::string_view packages) { return DebianUniverseMaker(packages).make(); }

DebianUniverse make_debian_universe_for(std::string_view packages, const std::vector<std::string>& names) {
  DebianUniverseMaker maker(packages);
  maker.keep_reachable(names);
  return maker.make();
}

Goal make_debian_goal(const Universe& universe, const std::vector<std::string>& names) {
  Goal goal;
  goal.app = "debian";
  for (const std::string& name : names) {
    const auto nodes = universe.nodes_named(name);
    if (nodes.empty()) throw std::runtime_error("the index has no package " + name);
    GoalItem item;
    for (const UniverseNode& node : nodes) item.any_of.push_back(universe.id_of(node));
    std::reverse(item.any_of.begin(), item.any_of.end());
    item.from = "the request";
    item.text = "asks for " + name;
    item.what = name;
    goal.items.push_back(std::move(item));
  }
  return goal;
}

}  // namespace winnow::testing
