#include "resolve/proof/problem_text.hpp"

#include <algorithm>
#include <numeric>

#include "resolve/proof/proof_remarks.hpp"
#include "resolve/proof/proof_text.hpp"

namespace winnow {

namespace {

constexpr std::uint32_t kMostVariables = 100'000'000;
constexpr std::size_t kMostLiterals = 1'000'000'000;
constexpr std::size_t kClauseKinds = 9;

std::string literal_word(Literal literal) { return (literal < 0 ? "-" : "") + variable_name(variable_of(literal)); }

std::optional<ClauseKind> kind_named(std::string_view word) {
  for (std::size_t kind = 0; kind < kClauseKinds; ++kind) {
    if (to_string(static_cast<ClauseKind>(kind)) == word) return static_cast<ClauseKind>(kind);
  }
  return std::nullopt;
}

class ProblemParser {
 public:
  ProblemParser(std::string_view text, const std::string& file) : lines_(text, file) {
    lines_.name_contents("problem");
  }

  [[nodiscard]] Result<Problem> parse() {
    WINNOW_TRY(bool more, lines_.next());
    if (!more) return lines_.fault("it is empty");
    WINNOW_CHECK(lines_.take_word("winnow-problem"));
    WINNOW_CHECK(lines_.take_word("1"));
    WINNOW_CHECK(lines_.end_line());
    WINNOW_TRY(more, lines_.next());
    for (const std::string_view word : {"node", "file"}) {
      while (more && lines_.peek() == word) {
        WINNOW_CHECK(parse_variable());
        WINNOW_TRY(more, lines_.next());
      }
      if (word == "node") nodes_ = problem_.costs.size();
    }
    while (more) {
      WINNOW_CHECK(parse_clause());
      WINNOW_TRY(more, lines_.next());
    }
    problem_.nodes.resize(nodes_);
    std::iota(problem_.nodes.begin(), problem_.nodes.end(), NodeId{0});
    return std::move(problem_);
  }

 private:
  [[nodiscard]] Result<Cost> take_cost() {
    WINNOW_TRY(const Cost cost, lines_.take_cost());
    if (cost < Cost{}) return lines_.fault(print_cost(cost) + " is less than nothing");
    return cost;
  }

  [[nodiscard]] Result<void> parse_variable() {
    lines_.take();
    WINNOW_TRY(const std::uint32_t number, lines_.take_number("x", kMostVariables, "a variable"));
    if (number != problem_.costs.size() + 1) {
      return lines_.fault("x" + std::to_string(number) + " is not the next variable, x" +
                          std::to_string(problem_.costs.size() + 1));
    }
    WINNOW_TRY(const Cost cost, take_cost());
    problem_.costs.push_back(cost);
    return lines_.end_line();
  }

  [[nodiscard]] Result<void> parse_clause() {
    const auto kind = kind_named(lines_.peek());
    if (!kind) return lines_.fault("\"" + std::string(lines_.peek()) + "\" does not start a line here");
    lines_.take();
    Clause clause;
    clause.kind = *kind;
    if (lines_.peek() == "hard") {
      lines_.take();
    } else {
      WINNOW_TRY(const Cost cost, take_cost());
      clause.soft = static_cast<std::uint32_t>(problem_.soft_costs.size());
      problem_.soft_costs.push_back(cost);
    }
    WINNOW_CHECK(lines_.take_word(":"));
    clause.first = static_cast<std::uint32_t>(problem_.literals.size());
    while (lines_.has_word()) WINNOW_CHECK(parse_literal());
    clause.count = static_cast<std::uint32_t>(problem_.literals.size()) - clause.first;
    problem_.clauses.push_back(clause);
    return check_shape(clause);
  }

  [[nodiscard]] Result<void> parse_literal() {
    const bool is_negative = lines_.peek().starts_with('-');
    const auto last = static_cast<std::uint32_t>(problem_.costs.size());
    WINNOW_TRY(const std::uint32_t number, lines_.take_number(is_negative ? "-x" : "x", last, "a literal"));
    if (number == 0) return lines_.fault("x0 is not a literal, variables count from 1");
    if (problem_.literals.size() == kMostLiterals) return lines_.fault("it has too many literals");
    problem_.literals.push_back(is_negative ? negative(number - 1) : positive(number - 1));
    return {};
  }

  // A file stands in clauses of its kind only, behind a node that brings it.
  [[nodiscard]] Result<void> check_shape(const Clause& clause) {
    const auto literals = problem_.literals_of(clause);
    const auto is_node = [this](Literal literal) { return variable_of(literal) < nodes_; };
    if (clause.kind != ClauseKind::file) {
      if (!std::all_of(literals.begin(), literals.end(), is_node)) return lines_.fault("it is not about nodes alone");
      return {};
    }
    const bool is_right = literals.size() == 2 && literals[0] < 0 && literals[1] > 0 && is_node(literals[0]) &&
                          !is_node(literals[1]) && clause.soft == kHard;
    if (!is_right) return lines_.fault("it is not \"file hard : -node file\"");
    return {};
  }

  ProofLines lines_;
  Problem problem_;
  std::size_t nodes_ = 0;
};

}  // namespace

std::string print_problem(const Universe& universe, const Goal& goal, const Problem& problem) {
  const ProofRemarks remarks(universe, goal, problem);
  std::string text = "winnow-problem 1" + print_remark(goal.app) + "\n";
  for (Variable variable = 0; variable < problem.costs.size(); ++variable) {
    text += (variable < problem.node_count() ? "node " : "file ") + variable_name(variable) + " " +
            print_cost(problem.costs[variable]) + print_remark(remarks.variable(variable)) + "\n";
  }
  for (std::size_t i = 0; i < problem.clauses.size(); ++i) {
    const Clause& clause = problem.clauses[i];
    text += std::string(to_string(clause.kind)) + " " +
            (clause.soft == kHard ? "hard" : print_cost(problem.soft_costs[clause.soft])) + " :";
    for (const Literal literal : problem.literals_of(clause)) text += " " + literal_word(literal);
    text += print_remark(remarks.clause(i)) + "\n";
  }
  return text;
}

Result<Problem> parse_problem(std::string_view text, const std::string& file) {
  return ProblemParser(text, file).parse();
}

}  // namespace winnow
