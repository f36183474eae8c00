#include "resolve/proof/linear_program.hpp"

#include <algorithm>
#include <map>
#include <numeric>

#include "resolve/proof/proof_text.hpp"

namespace winnow {

namespace {

bool is_founding(const Clause& clause) { return clause.kind == ClauseKind::request || clause.kind == ClauseKind::need; }

class LinearProgramMaker {
 public:
  LinearProgramMaker(const Problem& problem, CostLevel level) : problem_(problem), level_(level) {
    program_.variables = static_cast<std::uint32_t>(problem.costs.size());
  }

  LinearProgram make() {
    find_levels();
    for (Variable variable = 0; variable < problem_.costs.size(); ++variable) {
      add_objective(variable, problem_.costs[variable]);
    }
    for (std::size_t i = 0; i < problem_.clauses.size(); ++i) add_clause(i);
    find_cone();
    find_cycles();
    for (const Variable node : cone_) add_founding(node);
    return std::move(program_);
  }

 private:
  std::uint32_t add_variable(std::string what) {
    program_.added.push_back(std::move(what));
    return program_.variables++;
  }
  void find_levels() {
    std::int64_t scale = 1;
    for (std::size_t i = static_cast<std::size_t>(level_) + 1; i-- > 0;) {
      const auto level = static_cast<CostLevel>(i);
      std::int64_t divisor = 0, total = 1;
      bool is_too_much = false;
      const auto add = [&](const Cost& cost) {
        divisor = std::gcd(divisor, cost[level]);
        is_too_much = is_too_much || __builtin_add_overflow(total, cost[level], &total);
      };
      std::for_each(problem_.costs.begin(), problem_.costs.end(), add);
      std::for_each(problem_.soft_costs.begin(), problem_.soft_costs.end(), add);
      if (divisor == 0 && level != level_) continue;  // nothing costs anything there
      std::int64_t next_scale = 0;
      divisor = std::max<std::int64_t>(divisor, 1);
      total = (total - 1) / divisor + 1;
      if (is_too_much || __builtin_mul_overflow(scale, total, &next_scale)) return;
      program_.levels.insert(program_.levels.begin(), {level, divisor, scale});
      scale = next_scale;
    }
  }
  void add_objective(std::uint32_t variable, const Cost& cost) {
    std::int64_t amount = 0;
    for (const LinearProgram::Level& row : program_.levels) amount += cost[row.level] / row.divisor * row.scale;
    if (amount != 0) program_.objective.push_back({amount, variable});
  }

  void add_clause(std::size_t index) {
    const Clause& clause = problem_.clauses[index];
    LinearConstraint constraint;
    constraint.at_least = 1;
    for (const Literal literal : problem_.literals_of(clause)) {
      constraint.terms.push_back({literal > 0 ? 1 : -1, variable_of(literal)});
      if (literal < 0) --constraint.at_least;
    }
    if (clause.soft != kHard) {
      const std::uint32_t relaxed = add_variable("clause " + std::to_string(index + 1) + " is not satisfied");
      constraint.terms.push_back({1, relaxed});
      add_objective(relaxed, problem_.soft_costs[clause.soft]);
    }
    program_.constraints.push_back(std::move(constraint));
  }

  // Nodes that a clause asks for without leading to them, and all that could lead to those.
  void find_cone() {
    is_source_.assign(problem_.node_count(), false);
    parents_.resize(problem_.node_count());
    is_in_cone_.assign(problem_.node_count(), false);
    for (const Clause& clause : problem_.clauses) {
      const auto literals = problem_.literals_of(clause);
      const auto by = std::find_if(literals.begin(), literals.end(), [](Literal literal) { return literal < 0; });
      for (const Literal literal : literals) {
        if (literal < 0 || variable_of(literal) >= problem_.node_count()) continue;
        if (!is_founding(clause)) {
          enter_cone(variable_of(literal));
        } else if (by == literals.end()) {
          is_source_[variable_of(literal)] = true;
        } else {
          parents_[variable_of(literal)].push_back(variable_of(*by));
        }
      }
    }
    for (std::size_t next = 0; next < cone_.size(); ++next) {
      if (is_source_[cone_[next]]) continue;
      for (const Variable parent : parents_[cone_[next]]) enter_cone(parent);
    }
    std::erase_if(cone_, [this](Variable node) { return is_source_[node]; });
    std::sort(cone_.begin(), cone_.end());
    for (std::vector<Variable>& parents : parents_) {
      std::sort(parents.begin(), parents.end());
      parents.erase(std::unique(parents.begin(), parents.end()), parents.end());
    }
  }
  void enter_cone(Variable node) {
    if (is_in_cone_[node]) return;
    is_in_cone_[node] = true;
    cone_.push_back(node);
  }

  // Tarjan's strongly connected components of the cone, sources left out; without recursion.
  void find_cycles() {
    component_.assign(problem_.node_count(), kNone);
    std::vector<std::uint32_t> number(problem_.node_count(), kNone), low(problem_.node_count(), kNone);
    std::vector<Variable> stack;
    struct Frame {
      Variable node;
      std::size_t next;
    };
    std::uint32_t count = 0;
    for (const Variable root : cone_) {
      if (number[root] != kNone) continue;
      std::vector<Frame> frames{{root, 0}};
      while (!frames.empty()) {
        auto& [node, next] = frames.back();
        if (next == 0) {
          number[node] = low[node] = count++;
          stack.push_back(node);
        }
        Variable child = kNone;
        while (next < parents_[node].size() && child == kNone) {
          const Variable parent = parents_[node][next++];
          if (is_source_[parent]) continue;
          if (number[parent] == kNone) {
            child = parent;
          } else if (component_[parent] == kNone) {
            low[node] = std::min(low[node], number[parent]);
          }
        }
        if (next == 0) next = 1;  // a node without parents is not numbered again
        if (child != kNone) {
          frames.push_back({child, 0});
          continue;
        }
        close(node, number, low, stack);
        const Variable done = node;
        frames.pop_back();
        if (!frames.empty()) low[frames.back().node] = std::min(low[frames.back().node], low[done]);
      }
    }
  }
  void close(Variable node, const std::vector<std::uint32_t>& number, const std::vector<std::uint32_t>& low,
             std::vector<Variable>& stack) {
    if (low[node] != number[node]) return;
    for (bool is_last = false; !is_last;) {
      is_last = stack.back() == node;
      component_[stack.back()] = node;
      ++sizes_[node];
      stack.pop_back();
    }
  }

  // A node of the cone needs a parent; inside a cycle one that stands before it in an order.
  void add_founding(Variable node) {
    LinearConstraint constraint;
    constraint.terms.push_back({-1, node});
    for (const Variable parent : parents_[node]) {
      const bool is_cyclic = !is_source_[parent] && component_[parent] == component_[node];
      if (parent == node) continue;
      constraint.terms.push_back({1, is_cyclic ? edge(parent, node) : parent});
    }
    program_.constraints.push_back(std::move(constraint));
  }

  std::uint32_t edge(Variable parent, Variable node) {
    const std::uint32_t leads = add_variable(variable_name(parent) + " leads to " + variable_name(node));
    program_.constraints.push_back({{{1, parent}, {-1, leads}}, 0});
    LinearConstraint order;
    const std::vector<std::uint32_t> later = position_of(node), earlier = position_of(parent);
    const std::int64_t most = std::int64_t{1} << later.size();
    for (std::size_t bit = 0; bit < later.size(); ++bit) {
      order.terms.push_back({std::int64_t{1} << bit, later[bit]});
      order.terms.push_back({-(std::int64_t{1} << bit), earlier[bit]});
    }
    order.terms.push_back({-most, leads});
    order.at_least = 1 - most;
    program_.constraints.push_back(std::move(order));
    return leads;
  }

  // The bits of a node's place in the order of its cycle, the lowest first.
  std::vector<std::uint32_t> position_of(Variable node) {
    std::vector<std::uint32_t>& bits = positions_[node];
    const std::uint32_t size = sizes_[component_[node]];
    for (std::uint32_t bit = 0; bits.empty() || (std::uint32_t{1} << bit) < size; ++bit) {
      if (bit < bits.size()) continue;
      bits.push_back(add_variable("bit " + std::to_string(bit) + " of the place of " + variable_name(node)));
    }
    return bits;
  }

  static constexpr std::uint32_t kNone = UINT32_MAX;
  const Problem& problem_;
  CostLevel level_;
  LinearProgram program_;
  std::vector<bool> is_source_, is_in_cone_;    // by node: a request asks for it
  std::vector<std::vector<Variable>> parents_;  // by node: which lead to it
  std::vector<Variable> cone_;
  std::vector<std::uint32_t> component_;     // by node, of the cone: a node of the same cycle
  std::map<Variable, std::uint32_t> sizes_;  // of components
  std::map<Variable, std::vector<std::uint32_t>> positions_;
};

}  // namespace

LinearProgram make_linear_program(const Problem& problem, CostLevel level) {
  return LinearProgramMaker(problem, level).make();
}

}  // namespace winnow
