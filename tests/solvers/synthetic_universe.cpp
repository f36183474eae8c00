#include "solvers/synthetic_universe.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

#include "resolve/universe_builder.hpp"

namespace winnow::testing {

namespace {

constexpr std::uint64_t kCluster = 4096;

// Only std::mt19937 and arithmetic of our own: the library's distributions differ between machines.
class Dice {
 public:
  explicit Dice(std::uint32_t seed) : random_(seed) {}

  std::uint32_t below(std::uint32_t limit) {
    return static_cast<std::uint32_t>(std::uint64_t{static_cast<std::uint32_t>(random_())} * limit >> 32);
  }
  bool percent(std::uint32_t percent) { return below(100) < percent; }
  // Small numbers most of the time: the cube of a uniform number.
  std::uint32_t popular(std::uint32_t limit) {
    const std::uint64_t u = below(1 << 16);
    return static_cast<std::uint32_t>((u * u >> 16) * u * limit >> 32);
  }
  // 2 to a sum of four uniform numbers: 8 KiB to 8 MiB, most of it around 256 KiB.
  std::uint64_t size() {
    std::uint32_t exponent = 13 * 256;
    for (int i = 0; i < 4; ++i) exponent += below(10 * 64);
    const std::uint64_t bytes = (std::uint64_t{256 + exponent % 256} << (exponent / 256)) >> 8;
    return (bytes + kCluster - 1) / kCluster * kCluster;
  }

 private:
  std::mt19937 random_;
};

NewNode node_of(std::string name, std::string version, std::uint64_t bytes) {
  NewNode node;
  node.name = std::move(name);
  node.version = std::move(version);
  node.bytes = {bytes, bytes, bytes};
  return node;
}

class SyntheticMaker {
 public:
  explicit SyntheticMaker(const SyntheticShape& shape) : shape_(shape), dice_(shape.seed) {}

  SyntheticUniverse make() {
    add_nodes();
    add_capabilities();
    for (std::uint32_t i = 0; i < names_.size(); ++i) {
      for (const NodeId version : names_[i].versions) add_needs(i, version);
    }
    std::vector<NodeId> roots;
    const std::uint32_t features = layer_end_[3] - layer_end_[2];
    for (std::uint32_t i = 0; i < shape_.roots; ++i) {
      roots.push_back(names_[layer_end_[2] + dice_.below(features)].versions.front());
    }
    std::vector<NodeId> ids;
    SyntheticUniverse made;
    made.universe = std::move(builder_).build(&ids);
    made.goal.app = "synthetic";
    for (const NodeId root : roots) {
      GoalItem item;
      item.any_of = {ids[root]};
      item.from = "the request";
      item.what = made.universe.text(made.universe.nodes()[ids[root]].name);
      item.text = "asks for " + item.what;
      made.goal.items.push_back(std::move(item));
    }
    return made;
  }

 private:
  struct Name {
    std::string text;
    std::vector<NodeId> versions;  // handles, the newest first
    std::uint32_t layer = 0;
  };

  void add_nodes() {
    const std::uint32_t count = shape_.components;
    layer_end_ = {std::max(count / 50, 4U), std::max(count / 5, 8U), count / 2, count};
    std::uint32_t layer = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      while (i >= layer_end_[layer]) ++layer;
      constexpr std::array kWords = {"base", "library", "service", "feature"};
      const std::string number = std::to_string(i);
      Name name;
      name.text = std::string(kWords[layer]) + "-" + std::string(6 - number.size(), '0') + number;
      name.layer = layer;
      const std::uint64_t bytes = dice_.size();
      name.versions.push_back(builder_.add_node(node_of(name.text, "2.0", bytes)));
      if (dice_.percent(5)) {
        const std::uint64_t older = std::max(kCluster, bytes / 100 * (80 + dice_.below(30)) / kCluster * kCluster);
        name.versions.push_back(builder_.add_node(node_of(name.text, "1.0", older)));
      }
      names_.push_back(std::move(name));
    }
  }

  void add_capabilities() {
    for (std::uint32_t i = 0; i < shape_.capabilities; ++i) {
      std::vector<std::uint32_t>& providers = capabilities_.emplace_back();
      const std::uint32_t count = 2 + dice_.below(3);
      while (providers.size() < count) {
        const std::uint32_t name = layer_end_[0] + dice_.below(layer_end_[3] - layer_end_[0]);
        if (std::find(providers.begin(), providers.end(), name) == providers.end()) providers.push_back(name);
      }
    }
  }

  void add_need(NodeId node, std::uint32_t name, const std::vector<std::uint32_t>& targets, const std::string& what,
                NeedKind kind) {
    NewNeed need;
    need.kind = kind;
    for (const std::uint32_t target : targets) {
      need.any_of.insert(need.any_of.end(), names_[target].versions.begin(), names_[target].versions.end());
    }
    need.what = what;
    need.from = names_[name].text;
    need.text = (kind == NeedKind::import ? "imports " : "depends on ") + what;
    need.file = names_[name].text + ".manifest";
    need.line = ++line_;
    builder_.add_need(node, need);
  }

  void add_needs(std::uint32_t name, NodeId node) {
    line_ = 0;
    const std::uint32_t layer = names_[name].layer;
    std::vector<std::uint32_t> targets;
    const auto import = [&](std::uint32_t target) {
      if (target != name && std::find(targets.begin(), targets.end(), target) == targets.end())
        targets.push_back(target);
    };
    for (std::uint32_t i = dice_.below(4); i > 0; --i) import(dice_.popular(layer_end_[0]));
    if (layer >= 1) {
      for (std::uint32_t i = dice_.below(5); i > 0; --i) import(dice_.popular(layer_end_[1]));
    }
    if (layer >= 2) {
      for (std::uint32_t i = dice_.below(3); i > 0; --i) import(dice_.popular(layer_end_[2]));
    }
    const std::uint32_t first = layer == 0 ? 0 : layer_end_[layer - 1];
    if (dice_.percent(3)) import(first + dice_.below(layer_end_[layer] - first));  // sideways
    for (const std::uint32_t target : targets) {
      add_need(node, name, {target}, names_[target].text + ".dll", NeedKind::import);
    }
    if (layer >= 2 && !capabilities_.empty() && dice_.percent(25)) {
      const std::uint32_t capability = dice_.below(shape_.capabilities);
      add_need(node, name, capabilities_[capability], "capability " + std::to_string(capability), NeedKind::dependency);
    }
  }

  SyntheticShape shape_;
  Dice dice_;
  UniverseBuilder builder_;
  std::array<std::uint32_t, 4> layer_end_{};
  std::vector<Name> names_;
  std::vector<std::vector<std::uint32_t>> capabilities_;  // names that provide it
  std::uint32_t line_ = 0;
};

}  // namespace

SyntheticUniverse make_synthetic_universe(const SyntheticShape& shape) { return SyntheticMaker(shape).make(); }

SyntheticUniverse make_cover(std::uint32_t requests, std::uint32_t providers, std::uint32_t seed) {
  Dice dice(seed);
  UniverseBuilder builder;
  for (std::uint32_t i = 0; i < providers; ++i) {
    const std::string number = std::to_string(i);
    const std::uint64_t bytes = (100 + dice.below(200)) * kCluster;
    (void)builder.add_node(node_of("provider-" + std::string(4 - number.size(), '0') + number, "", bytes));
  }
  SyntheticUniverse made;
  std::vector<NodeId> ids;
  made.universe = std::move(builder).build(&ids);
  made.goal.app = "cover";
  for (std::uint32_t i = 0; i < requests; ++i) {
    GoalItem item;
    while (item.any_of.size() < 3) {
      const NodeId node = ids[dice.below(providers)];
      if (std::find(item.any_of.begin(), item.any_of.end(), node) == item.any_of.end()) item.any_of.push_back(node);
    }
    item.from = "the request";
    item.what = "capability " + std::to_string(i);
    item.text = "asks for " + item.what;
    made.goal.items.push_back(std::move(item));
  }
  return made;
}

}  // namespace winnow::testing
