#include "resolve/dump_opb.hpp"

#include <algorithm>

#include "resolve/certificate.hpp"
#include "resolve/proof/linear_program.hpp"
#include "resolve/proof/proof_remarks.hpp"
#include "resolve/proof/proof_text.hpp"

namespace winnow {

namespace {

constexpr std::size_t kTermsInALine = 12;  // readers of LP files have lines of 255 characters and less

std::string signed_number(std::int64_t number) { return (number < 0 ? "" : "+") + std::to_string(number); }

// "+3 x1 -1 x2"
std::string sum_text(const std::vector<LinearConstraint::Term>& terms) {
  std::string text;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    text += i == 0 ? "" : i % kTermsInALine == 0 ? "\n " : " ";
    text += signed_number(terms[i].coefficient) + " " + variable_name(terms[i].variable);
  }
  return text;
}

// "6827 * penalty + bytes / 4096"
std::string objective_text(const LinearProgram& program) {
  std::string text;
  for (const LinearProgram::Level& row : program.levels) {
    text += text.empty() ? "" : " + ";
    if (row.scale != 1) text += std::to_string(row.scale) + " * ";
    text += to_string(row.level);
    if (row.divisor != 1) text += " / " + std::to_string(row.divisor);
  }
  return text;
}

// What a reader of the dump should know, a line each.
std::vector<std::string> head_lines(const ProblemNames& names, const Problem& problem, const LinearProgram& program) {
  std::vector<std::string> lines;
  lines.push_back("winnow: " + names.app + ", problem sha256:" + digest_of(problem).hex());
  lines.push_back("the objective is " + objective_text(program));
  for (std::size_t i = 0; i < kCostLevels; ++i) {
    const auto level = static_cast<CostLevel>(i);
    const bool is_in = std::any_of(program.levels.begin(), program.levels.end(),
                                   [level](const LinearProgram::Level& row) { return row.level == level; });
    const auto costs = [level](const Cost& cost) { return cost[level] != 0; };
    const auto count = std::count_if(problem.costs.begin(), problem.costs.end(), costs) +
                       std::count_if(problem.soft_costs.begin(), problem.soft_costs.end(), costs);
    if (count != 0 && !is_in) {
      lines.push_back(std::string(to_string(level)) + " is not in it: " + std::to_string(count) + " amounts");
    }
  }
  return lines;
}

std::vector<std::string> variable_lines(const ProblemNames& names, const Problem& problem,
                                        const LinearProgram& program) {
  std::vector<std::string> lines;
  for (std::uint32_t variable = 0; variable < program.variables; ++variable) {
    if (variable >= problem.costs.size()) {
      lines.push_back(variable_name(variable) + " " + program.added[variable - problem.costs.size()]);
    } else if (variable < names.variables.size()) {
      lines.push_back(variable_name(variable) + " " + names.variables[variable]);
    }
  }
  return lines;
}

std::string comments(const std::vector<std::string>& lines, char mark) {
  std::string text;
  for (const std::string& line : lines) {
    const std::string remark = print_remark(line);  // " # …", control characters replaced
    text += mark + std::string(" ") + (remark.empty() ? "" : remark.substr(3)) + "\n";
  }
  return text;
}

std::string print_opb(const LinearProgram& program, const std::string& head, const std::string& names) {
  std::string text = "* #variable= " + std::to_string(program.variables) +
                     " #constraint= " + std::to_string(program.constraints.size()) + "\n" + head + names;
  text += "min: " + sum_text(program.objective) + " ;\n";
  for (const LinearConstraint& constraint : program.constraints) {
    text += sum_text(constraint.terms) + " >= " + std::to_string(constraint.at_least) + " ;\n";
  }
  return text;
}

std::string print_lp(const LinearProgram& program, const std::string& head, const std::string& names) {
  std::string text = head + names + "Minimize\n obj: " + sum_text(program.objective) + "\nSubject To\n";
  for (std::size_t i = 0; i < program.constraints.size(); ++i) {
    const LinearConstraint& constraint = program.constraints[i];
    text += " c" + std::to_string(i + 1) + ": " + sum_text(constraint.terms) +
            " >= " + std::to_string(constraint.at_least) + "\n";
  }
  text += "Binary\n";
  for (std::uint32_t variable = 0; variable < program.variables; ++variable)
    text += " " + variable_name(variable) + "\n";
  return text + "End\n";
}

}  // namespace

ProblemNames names_of(const Universe& universe, const Goal& goal, const Problem& problem) {
  const ProofRemarks remarks(universe, goal, problem);
  ProblemNames names{goal.app, {}};
  for (Variable variable = 0; variable < problem.costs.size(); ++variable) {
    names.variables.push_back(remarks.variable(variable));
  }
  return names;
}

std::string print_linear(const Problem& problem, const ProblemNames& names, CostLevel level, LinearFormat format) {
  const LinearProgram program = make_linear_program(problem, level);
  const char mark = format == LinearFormat::opb ? '*' : '\\';
  const std::string head = comments(head_lines(names, problem, program), mark);
  const std::string variables = comments(variable_lines(names, problem, program), mark);
  return format == LinearFormat::opb ? print_opb(program, head, variables) : print_lp(program, head, variables);
}

}  // namespace winnow
