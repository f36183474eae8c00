#include "resolve/problem.hpp"

#include <algorithm>
#include <array>

namespace winnow {

namespace {

constexpr Variable kUnreached = std::numeric_limits<Variable>::max();

// How a need of a kind is followed under a goal's policies.
enum class Following : std::uint8_t { no, hard, soft_penalty, soft_wish };

Following following(const Universe& universe, const Goal& goal, const UniverseNeed& need) {
  switch (need.kind) {
    case NeedKind::dependency:
    case NeedKind::import:
    case NeedKind::gate:
      return Following::hard;
    case NeedKind::language:
      return need.target_count != 0 && goal.languages.contains(std::string(universe.text(need.language)))
                 ? Following::hard
                 : Following::no;
    case NeedKind::delay_import:
    case NeedKind::named:
      return goal.follow_soft_needs ? Following::soft_penalty : Following::no;
    case NeedKind::recommended:
      if (goal.recommended == RecommendedPolicy::off) return Following::no;
      return goal.recommended == RecommendedPolicy::on ? Following::soft_penalty : Following::soft_wish;
  }
  return Following::no;
}

class ProblemMaker {
 public:
  ProblemMaker(const Universe& universe, const Goal& goal)
      : universe_(universe), goal_(goal), variable_(universe.nodes().size(), kUnreached) {
    for (const GoalForbidden& row : goal.forbidden) forbidden_.push_back(row.node);
    std::sort(forbidden_.begin(), forbidden_.end());
  }

  Problem make() {
    reach();
    for (std::uint32_t i = 0; i < goal_.items.size(); ++i) add_request(i);
    for (Variable variable = 0; variable < problem_.nodes.size(); ++variable) add_needs(variable);
    for (Variable variable = 0; variable < problem_.nodes.size(); ++variable) add_conflicts(variable);
    add_versions();
    for (std::uint32_t i = 0; i < goal_.forbidden.size(); ++i) add_forbidden(i);
    add_files();
    if (!goal_.keep.empty()) add_keep();
    return std::move(problem_);
  }

 private:
  [[nodiscard]] bool is_omitted(NodeId node) const { return !goal_.omitted.empty() && goal_.omitted.contains(node); }
  [[nodiscard]] bool is_forbidden(NodeId node) const {
    return !forbidden_.empty() && std::binary_search(forbidden_.begin(), forbidden_.end(), node);
  }

  // A soft need is not there at all when everything it could have is missing or forbidden.
  [[nodiscard]] bool is_hopeless(std::span<const NodeId> targets) const {
    return std::all_of(targets.begin(), targets.end(), [this](NodeId node) { return is_forbidden(node); });
  }
  [[nodiscard]] Following follow(const UniverseNeed& need) const {
    const Following way = following(universe_, goal_, need);
    const auto targets = universe_.targets_of(need);
    const bool is_soft = way == Following::soft_penalty || way == Following::soft_wish;
    if (is_soft && is_hopeless(targets)) return Following::no;
    if (way != Following::no && !goal_.omitted.empty() &&
        std::any_of(targets.begin(), targets.end(), [this](NodeId node) { return is_omitted(node); })) {
      return Following::no;
    }
    return way;
  }
  [[nodiscard]] bool is_followed(const GoalItem& item) const {
    if (item.is_soft && is_hopeless(item.any_of)) return false;
    return std::none_of(item.any_of.begin(), item.any_of.end(), [this](NodeId node) { return is_omitted(node); });
  }

  // The nodes, in canonical order, and their costs.
  void reach() {
    std::vector<NodeId> queue;
    const auto visit = [&](NodeId node) {
      if (variable_[node] != kUnreached) return;
      variable_[node] = 0;
      queue.push_back(node);
    };
    for (const GoalItem& item : goal_.items) {
      if (!is_followed(item)) continue;
      for (const NodeId node : item.any_of) visit(node);
    }
    for (std::size_t next = 0; next < queue.size(); ++next) {
      for (const UniverseNeed& need : universe_.needs_of(queue[next])) {
        if (need.kind == NeedKind::gate || follow(need) == Following::no) continue;
        for (const NodeId node : universe_.targets_of(need)) visit(node);
      }
    }
    std::sort(queue.begin(), queue.end());
    for (Variable i = 0; i < queue.size(); ++i) variable_[queue[i]] = i;
    problem_.nodes = std::move(queue);
    for (const NodeId node : problem_.nodes) problem_.costs.push_back(cost_of_node(node));
  }

  [[nodiscard]] Cost cost_of_node(NodeId id) const {
    const UniverseNode& node = universe_.nodes()[id];
    Cost cost;
    cost[CostLevel::penalty] = node.penalty;
    cost[CostLevel::bytes] = static_cast<std::int64_t>(node.bytes[static_cast<std::size_t>(goal_.measure)]);
    cost[CostLevel::age] = node.age;
    cost[CostLevel::count] = 1;
    const bool is_new = !goal_.keep.empty() && !goal_.keep.contains(id) && !goal_.free_to_change.contains(id);
    if (is_new) cost[CostLevel::change] = 1;
    return cost;
  }

  void put(Literal literal) { problem_.literals.push_back(literal); }
  void put_targets(std::span<const NodeId> targets) {
    for (const NodeId node : targets) {
      if (variable_[node] != kUnreached) put(positive(variable_[node]));
    }
  }
  // Closes the clause whose literals start at `first`.
  void close(std::size_t first, ClauseKind kind, std::uint32_t source, Cost soft = {}) {
    Clause clause{static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(problem_.literals.size() - first), kind,
                  source, kHard};
    if (!soft.is_zero()) {
      clause.soft = static_cast<std::uint32_t>(problem_.soft_costs.size());
      problem_.soft_costs.push_back(soft);
    }
    problem_.clauses.push_back(clause);
  }

  void add_preference(Literal by, std::span<const NodeId> targets, std::uint32_t source) {
    if (goal_.prefer_threshold < 2 || targets.size() < 2) return;  // saving one byte is enough anyway
    const std::size_t first = problem_.literals.size();
    if (by != 0) put(by);
    put(positive(variable_[targets.front()]));
    close(first, ClauseKind::prefer, source,
          Cost::of(CostLevel::bytes, static_cast<std::int64_t>(goal_.prefer_threshold - 1)));
  }

  void add_request(std::uint32_t index) {
    const GoalItem& item = goal_.items[index];
    if (!is_followed(item)) return;
    const std::size_t first = problem_.literals.size();
    put_targets(item.any_of);
    close(first, ClauseKind::request, index, item.is_soft ? Cost::of(CostLevel::penalty, 1) : Cost{});
    add_preference(0, item.any_of, index);
  }

  void add_needs(Variable variable) {
    const NodeId node = problem_.nodes[variable];
    for (const UniverseNeed& need : universe_.needs_of(node)) {
      const Following way = follow(need);
      if (way == Following::no) continue;
      const auto targets = universe_.targets_of(need);
      if (std::find(targets.begin(), targets.end(), node) != targets.end()) continue;  // it meets its own need
      const std::size_t first = problem_.literals.size();
      const auto source = static_cast<std::uint32_t>(&need - universe_.needs().data());
      put(negative(variable));
      put_targets(targets);
      const bool is_gate = need.kind == NeedKind::gate;
      const Cost soft = way == Following::soft_penalty ? Cost::of(CostLevel::penalty, 1)
                        : way == Following::soft_wish  ? Cost::of(CostLevel::wish, 1)
                                                       : Cost{};
      close(first, is_gate ? ClauseKind::gate : ClauseKind::need, source, soft);
      if (!is_gate) add_preference(negative(variable), targets, source);
    }
  }

  void add_conflicts(Variable variable) {
    const NodeId node = problem_.nodes[variable];
    for (const UniverseConflict& conflict : universe_.conflicts_of(node)) {
      const Variable other = variable_[conflict.other];
      if (other == kUnreached || other == variable) continue;
      const std::size_t first = problem_.literals.size();
      put(negative(variable));
      put(negative(other));
      close(first, ClauseKind::conflict, static_cast<std::uint32_t>(&conflict - universe_.conflicts().data()));
    }
  }

  // Versions of one name, architecture and language stand side by side in canonical order.
  void add_versions() {
    const auto is_same = [this](Variable a, Variable b) {
      const UniverseNode& x = universe_.nodes()[problem_.nodes[a]];
      const UniverseNode& y = universe_.nodes()[problem_.nodes[b]];
      return x.name == y.name && x.architecture == y.architecture && x.language == y.language;
    };
    for (Variable a = 0; a < problem_.nodes.size(); ++a) {
      for (Variable b = a + 1; b < problem_.nodes.size() && is_same(a, b); ++b) {
        const std::size_t first = problem_.literals.size();
        put(negative(a));
        put(negative(b));
        close(first, ClauseKind::one_version, kNoSource);
      }
    }
  }

  void add_forbidden(std::uint32_t index) {
    const Variable variable = variable_[goal_.forbidden[index].node];
    if (variable == kUnreached) return;
    const std::size_t first = problem_.literals.size();
    put(negative(variable));
    close(first, ClauseKind::forbidden, index);
  }

  // A file with one owner among the nodes reached is that node's own; others become variables, in the order of files.
  void add_files() {
    std::vector<std::pair<std::uint32_t, Variable>> owners;
    for (Variable variable = 0; variable < problem_.nodes.size(); ++variable) {
      for (const std::uint32_t file : universe_.shared_files_of(problem_.nodes[variable]))
        owners.emplace_back(file, variable);
    }
    std::sort(owners.begin(), owners.end());
    const auto bytes_of = [this](std::uint32_t file) {
      const auto bytes = universe_.shared_files()[file][static_cast<std::size_t>(goal_.measure)];
      return Cost::of(CostLevel::bytes, static_cast<std::int64_t>(bytes));
    };
    for (std::size_t i = 0, next = 0; i < owners.size(); i = next) {
      const std::uint32_t file = owners[i].first;
      for (next = i; next < owners.size() && owners[next].first == file;) ++next;
      if (next - i == 1) {
        problem_.costs[owners[i].second] += bytes_of(file);
        continue;
      }
      const auto variable = static_cast<Variable>(problem_.costs.size());
      problem_.costs.push_back(bytes_of(file));
      for (std::size_t k = i; k < next; ++k) {
        const std::size_t first = problem_.literals.size();
        put(negative(owners[k].second));
        put(positive(variable));
        close(first, ClauseKind::file, file);
      }
    }
  }

  void add_keep() {
    for (Variable variable = 0; variable < problem_.nodes.size(); ++variable) {
      const NodeId node = problem_.nodes[variable];
      if (!goal_.keep.contains(node) || goal_.free_to_change.contains(node)) continue;
      const std::size_t first = problem_.literals.size();
      put(positive(variable));
      close(first, ClauseKind::keep, kNoSource, Cost::of(CostLevel::change, 1));
    }
  }

  const Universe& universe_;
  const Goal& goal_;
  std::vector<NodeId> forbidden_;   // sorted
  std::vector<Variable> variable_;  // by NodeId
  Problem problem_;
};

}  // namespace

std::string_view to_string(ClauseKind kind) {
  constexpr std::array<std::string_view, 9> kNames = {"request",   "need", "gate",   "conflict", "one-version",
                                                      "forbidden", "file", "prefer", "keep"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::optional<Variable> Problem::variable_of_node(NodeId node) const {
  const auto found = std::lower_bound(nodes.begin(), nodes.end(), node);
  if (found == nodes.end() || *found != node) return std::nullopt;
  return static_cast<Variable>(found - nodes.begin());
}

Problem make_problem(const Universe& universe, const Goal& goal) { return ProblemMaker(universe, goal).make(); }

Cost cost_of(const Problem& problem, std::span<const Variable> chosen) {
  std::vector<bool> is_true(problem.costs.size());
  for (const Variable variable : chosen) is_true[variable] = true;
  for (const Clause& clause : problem.clauses) {
    if (clause.kind != ClauseKind::file) continue;
    const auto literals = problem.literals_of(clause);
    if (is_true[variable_of(literals[0])]) is_true[variable_of(literals[1])] = true;
  }
  Cost cost;
  for (Variable variable = 0; variable < is_true.size(); ++variable) {
    if (is_true[variable]) cost += problem.costs[variable];
  }
  for (const Clause& clause : problem.clauses) {
    if (clause.soft == kHard) continue;
    const auto literals = problem.literals_of(clause);
    const bool is_met = std::any_of(literals.begin(), literals.end(),
                                    [&](Literal literal) { return is_true[variable_of(literal)] == (literal > 0); });
    if (!is_met) cost += problem.soft_costs[clause.soft];
  }
  return cost;
}

ClauseText describe(const Universe& universe, const Goal& goal, const Problem& problem, const Clause& clause) {
  const auto node_of = [&](std::size_t literal) {
    return problem.nodes[variable_of(problem.literals_of(clause)[literal])];
  };
  const auto place = [&](TextId file, std::uint32_t line) { return Place{std::string(universe.text(file)), line, 0}; };
  switch (clause.kind) {
    case ClauseKind::prefer:
      if (problem.literals_of(clause).size() != 1) break;
      [[fallthrough]];
    case ClauseKind::request: {
      const GoalItem& item = goal.items[clause.source];
      return {item.from, item.text, item.place};
    }
    case ClauseKind::need:
    case ClauseKind::gate:
      break;
    case ClauseKind::conflict: {
      const UniverseConflict& conflict = universe.conflicts()[clause.source];
      return {universe.name_of(node_of(0)), std::string(universe.text(conflict.text)),
              place(conflict.file, conflict.line)};
    }
    case ClauseKind::one_version:
      return {universe.name_of(node_of(0)), "cannot stand beside " + universe.name_of(node_of(1)), {}};
    case ClauseKind::forbidden: {
      const GoalForbidden& row = goal.forbidden[clause.source];
      return {universe.name_of(row.node), row.text, row.place};
    }
    case ClauseKind::file:
      return {universe.name_of(node_of(0)), "brings a file that others bring too", {}};
    case ClauseKind::keep:
      return {universe.name_of(node_of(0)), "is in the lock file", {}};
  }
  const UniverseNeed& need = universe.needs()[clause.source];
  return {std::string(universe.text(need.from)), std::string(universe.text(need.text)), place(need.file, need.line)};
}

}  // namespace winnow
