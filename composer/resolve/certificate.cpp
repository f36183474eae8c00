#include "resolve/certificate.hpp"

#include "resolve/proof/proof_remarks.hpp"
#include "resolve/proof/proof_text.hpp"

namespace winnow {

namespace {

constexpr std::size_t kMostNamesInARemark = 6;

std::string literal_remark(const ProofRemarks& remarks, const CoreLiteral& literal) {
  switch (literal.kind) {
    case CoreLiteral::Kind::variable:
      return remarks.variable(literal.index);
    case CoreLiteral::Kind::soft_clause:
      return "not: " + remarks.clause(literal.index);
    case CoreLiteral::Kind::count:
      return std::to_string(literal.at_least) + " of core " + std::to_string(literal.index + 1);
  }
  return "";
}

// "at least one of a, b, c and 4 more"; of a single one just its name.
std::string core_remark(const ProofRemarks& remarks, const Core& core) {
  std::string text = core.literals.size() == 1 ? "" : "at least one of ";
  for (std::size_t i = 0; i < core.literals.size() && i < kMostNamesInARemark; ++i) {
    text += (i == 0 ? "" : ", ") + literal_remark(remarks, core.literals[i]);
  }
  if (core.literals.size() > kMostNamesInARemark) {
    text += " and " + std::to_string(core.literals.size() - kMostNamesInARemark) + " more";
  }
  return text;
}

std::string loop_remark(const ProofRemarks& remarks, const LoopClause& loop) {
  std::string text = "nothing but gates asks for " + remarks.variable(loop.unfounded.front());
  if (loop.unfounded.size() > 1) text += " and " + std::to_string(loop.unfounded.size() - 1) + " more";
  return text + ", unless one of " + std::to_string(loop.supports.size()) + " does";
}

std::string literal_word(const CoreLiteral& literal) {
  switch (literal.kind) {
    case CoreLiteral::Kind::variable:
      return variable_name(literal.index);
    case CoreLiteral::Kind::soft_clause:
      return "s" + std::to_string(literal.index + 1);
    case CoreLiteral::Kind::count:
      return "c" + std::to_string(literal.index + 1) + ">=" + std::to_string(literal.at_least);
  }
  return "";
}

}  // namespace

std::string print_certificate(const Universe& universe, const Goal& goal, const Problem& problem,
                              const Certificate& certificate) {
  const ProofRemarks remarks(universe, goal, problem);
  std::string text = "winnow-certificate 1" + print_remark(goal.app);
  text += "\nproblem sha256:" + digest_of(problem).hex();
  text += "\ncost " + print_cost(certificate.cost) + print_remark("a lower level decides between equals only");
  text += "\nbound " + print_cost(certificate.bound) + "\n";
  for (const Variable variable : certificate.chosen) {
    text += "chosen " + variable_name(variable) + print_remark(remarks.variable(variable)) + "\n";
  }
  for (const std::uint32_t clause : certificate.forced) {
    text += "forced " + std::to_string(clause + 1) + print_remark(remarks.clause(clause)) + "\n";
  }
  for (const LoopClause& loop : certificate.loops) {
    text += "loop";
    for (const Variable variable : loop.unfounded) text += " " + variable_name(variable);
    text += " :";
    for (const Variable variable : loop.supports) text += " " + variable_name(variable);
    text += print_remark(loop_remark(remarks, loop)) + "\n";
  }
  for (const Core& core : certificate.cores) {
    text += "core " + print_cost(core.weight) + " :";
    for (const CoreLiteral& literal : core.literals) text += " " + literal_word(literal);
    text += print_remark(core_remark(remarks, core)) + "\n";
  }
  return text;
}

}  // namespace winnow
