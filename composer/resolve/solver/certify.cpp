#include "resolve/solver/certify.hpp"

#include <algorithm>

namespace winnow {

namespace {

// The set with the nodes outside it that need one of it.
LoopClause loop_clause(const Problem& problem, std::vector<Variable> unfounded) {
  std::sort(unfounded.begin(), unfounded.end());
  std::vector<bool> is_in(problem.node_count());
  for (const Variable node : unfounded) is_in[node] = true;
  LoopClause loop{std::move(unfounded), {}};
  for (const Clause& clause : problem.clauses) {
    if (clause.kind != ClauseKind::need && clause.kind != ClauseKind::request) continue;
    const auto literals = problem.literals_of(clause);
    const auto founds_one = [&](Literal literal) { return literal > 0 && is_in[variable_of(literal)]; };
    const auto needs_one = [&](Literal literal) { return literal < 0 && is_in[variable_of(literal)]; };
    if (std::none_of(literals.begin(), literals.end(), founds_one)) continue;
    if (std::any_of(literals.begin(), literals.end(), needs_one)) continue;
    const auto parent = std::find_if(literals.begin(), literals.end(), [](Literal literal) { return literal < 0; });
    if (parent != literals.end()) loop.supports.push_back(variable_of(*parent));
  }
  std::sort(loop.supports.begin(), loop.supports.end());
  loop.supports.erase(std::unique(loop.supports.begin(), loop.supports.end()), loop.supports.end());
  return loop;
}

class Certifier {
 public:
  Certifier(const Problem& problem, const Propagation& state) : problem_(problem), state_(state) {}

  Certificate run(const std::vector<OpenPart>& parts, const std::vector<PartSolution>& solutions) {
    certificate_.forced = state_.forced();
    for (const auto& set : state_.unreachable()) certificate_.loops.push_back(loop_clause(problem_, set));
    charge_decided();
    for (std::size_t i = 0; i < parts.size(); ++i) add_part(parts[i], solutions[i]);
    for (const Core& core : certificate_.cores) certificate_.bound += core.weight;
    return std::move(certificate_);
  }

 private:
  void charge(CoreLiteral::Kind kind, std::uint32_t index, const Cost& weight) {
    if (!weight.is_zero()) certificate_.cores.push_back({{{kind, index, 0}}, weight});
  }

  // What every solution costs.
  void charge_decided() {
    for (Variable variable = 0; variable < problem_.costs.size(); ++variable) {
      if (state_.is_true(variable)) charge(CoreLiteral::Kind::variable, variable, problem_.costs[variable]);
    }
    for (std::uint32_t i = 0; i < problem_.clauses.size(); ++i) {
      const Clause& clause = problem_.clauses[i];
      if (clause.soft != kHard && state_.is_violated(i))
        charge(CoreLiteral::Kind::soft_clause, i, problem_.soft_costs[clause.soft]);
    }
  }

  void add_part(const OpenPart& open, const PartSolution& solution) {
    for (const auto& set : solution.loops) {
      std::vector<Variable> unfounded;
      for (const std::uint32_t index : set) unfounded.push_back(open.founding[index]);
      certificate_.loops.push_back(loop_clause(problem_, std::move(unfounded)));
    }
    const auto offset = static_cast<std::uint32_t>(certificate_.cores.size());
    for (const PartCore& core : solution.cores) {
      Core global{core.literals, core.weight};
      for (CoreLiteral& literal : global.literals) {
        if (literal.kind == CoreLiteral::Kind::count) {
          literal.index += offset;
        } else {
          literal = open.origins[literal.index];
        }
      }
      std::sort(global.literals.begin(), global.literals.end());
      certificate_.cores.push_back(std::move(global));
    }
  }

  const Problem& problem_;
  const Propagation& state_;
  Certificate certificate_;
};

}  // namespace

Certificate certify(const Problem& problem, const Propagation& state, const std::vector<OpenPart>& parts,
                    const std::vector<PartSolution>& solutions) {
  return Certifier(problem, state).run(parts, solutions);
}

}  // namespace winnow
