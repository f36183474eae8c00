// A universe of a handful of nodes and a request for it, as a test writes them down:
//
//   SmallUniverse small;
//   small.node("app", 100).node("big", 60).node("small", 20).needs("app", {"big", "small"}).wants({"app"});
//   const SmallUniverse::Made made = small.make();
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "resolve/problem.hpp"
#include "resolve/universe_builder.hpp"

namespace winnow::testing {

class SmallUniverse {
 public:
  struct Made {
    Universe universe;
    Goal goal;
    Problem problem;
  };

  // A second node of a name needs another version, and is called "name version".
  SmallUniverse& node(const std::string& name, std::uint64_t bytes, const std::string& version = "") {
    NewNode node;
    node.name = name;
    node.version = version;
    node.bytes = {bytes, bytes, bytes};
    handles_[version.empty() ? name : name + " " + version] = builder_.add_node(node);
    return *this;
  }
  SmallUniverse& needs(const std::string& name, const std::vector<std::string>& any_of,
                       NeedKind kind = NeedKind::dependency) {
    NewNeed need;
    need.kind = kind;
    for (const std::string& target : any_of) {
      need.any_of.push_back(handle(target));
      need.text += (need.text.empty() ? "needs " : " or ") + target;
    }
    need.from = name;
    need.file = name + ".manifest";
    need.line = ++lines_[name];
    builder_.add_need(handle(name), need);
    return *this;
  }
  SmallUniverse& gate(const std::string& name, const std::vector<std::string>& any_of) {
    return needs(name, any_of, NeedKind::gate);
  }
  SmallUniverse& recommends(const std::string& name, const std::vector<std::string>& any_of) {
    return needs(name, any_of, NeedKind::recommended);
  }
  SmallUniverse& conflict(const std::string& name, const std::string& other) {
    builder_.add_conflict(handle(name), handle(other), "conflicts with " + other, name + ".manifest", ++lines_[name]);
    return *this;
  }
  SmallUniverse& file(const std::string& key, std::uint64_t bytes, const std::vector<std::string>& owners) {
    for (const std::string& owner : owners) builder_.add_shared_file(handle(owner), key, {bytes, bytes, bytes});
    return *this;
  }
  SmallUniverse& wants(const std::vector<std::string>& any_of, bool is_soft = false) {
    wanted_.push_back({any_of, is_soft});
    return *this;
  }
  SmallUniverse& recommended(RecommendedPolicy policy) {
    policy_ = policy;
    return *this;
  }

  // Called once.
  [[nodiscard]] Made make() {
    std::vector<NodeId> ids;
    Universe universe = std::move(builder_).build(&ids);
    Goal goal;
    goal.app = "test";
    goal.recommended = policy_;
    for (const Wanted& wanted : wanted_) {
      GoalItem item;
      for (const std::string& name : wanted.any_of) {
        item.any_of.push_back(ids[handle(name)]);
        item.text += (item.text.empty() ? "asks for " : " or ") + name;
      }
      item.from = "test";
      item.is_soft = wanted.is_soft;
      item.place = {"test.xml", static_cast<std::uint32_t>(goal.items.size() + 1), 0};
      goal.items.push_back(item);
    }
    Problem problem = make_problem(universe, goal);
    return {std::move(universe), std::move(goal), std::move(problem)};
  }

 private:
  struct Wanted {
    std::vector<std::string> any_of;
    bool is_soft;
  };

  [[nodiscard]] NodeId handle(const std::string& name) const {
    const auto found = handles_.find(name);
    if (found == handles_.end()) throw std::runtime_error("the test has no node " + name);
    return found->second;
  }

  UniverseBuilder builder_;
  std::map<std::string, NodeId> handles_;
  std::map<std::string, std::uint32_t> lines_;
  std::vector<Wanted> wanted_;
  RecommendedPolicy policy_ = RecommendedPolicy::off;
};

}  // namespace winnow::testing
