#include "solvers/foreign_solvers.hpp"

#include <cmath>
#include <cstdlib>
#include <numeric>
#include <stdexcept>

#include "base/file_system.hpp"
#include "resolve/dump_opb.hpp"

namespace winnow::testing {

namespace {

constexpr ByteCount kMostOutput = ByteCount{1} << 30;

// Standard output of `program arguments`, run in a folder that holds `input` as the file "input".
std::string run(const std::string& command, const std::string& input, const std::string& extension) {
  const auto folder = TemporaryDirectory::create("winnow-solver");
  if (!folder) throw std::runtime_error(to_string(folder.error()));
  const auto file = folder->path() / ("input." + extension);
  if (const auto written = write_file(file, as_bytes(input)); !written) {
    throw std::runtime_error(to_string(written.error()));
  }
  const std::string line = "cd '" + folder->path().string() + "' && { " + command + "; } > output 2>/dev/null";
  (void)std::system(line.c_str());  // clasp's exit code says what it found
  const auto output = read_file(folder->path() / "output", kMostOutput);
  if (!output) throw std::runtime_error(to_string(output.error()));
  return std::string(as_text(*output));
}

// What stands behind the last `mark` in `text`, to the end of its line.
std::optional<std::string> behind(const std::string& text, const std::string& mark) {
  const std::size_t at = text.rfind(mark);
  if (at == std::string::npos) return std::nullopt;
  const std::size_t start = at + mark.size();
  return text.substr(start, text.find('\n', start) - start);
}

std::int64_t divisor_of(const Problem& problem) {
  std::int64_t divisor = 0;
  for (const Cost& cost : problem.costs) divisor = std::gcd(divisor, cost[CostLevel::bytes]);
  for (const Clause& clause : problem.clauses) {
    if (clause.soft != kHard) divisor = std::gcd(divisor, problem.soft_costs[clause.soft][CostLevel::bytes]);
  }
  return divisor == 0 ? 1 : divisor;
}

std::optional<ForeignAnswer> solve_with_clasp(const Problem& problem, int seconds) {
  const std::string input = print_linear(problem, {}, CostLevel::bytes, LinearFormat::opb);
  const std::string output =
      run("clasp --opt-strategy=usc,oll --time-limit=" + std::to_string(seconds) + " input.opb", input, "opb");
  if (output.find("s UNSATISFIABLE") != std::string::npos) return ForeignAnswer{};
  if (output.find("s OPTIMUM FOUND") == std::string::npos) return std::nullopt;
  const auto value = behind(output, "\no ");
  return ForeignAnswer{true, value ? std::stoll(*value) * divisor_of(problem) : 0};
}

std::optional<ForeignAnswer> solve_with_cbc(const Problem& problem, int seconds) {
  const std::string input = print_linear(problem, {}, CostLevel::bytes, LinearFormat::lp);
  const std::string output =
      run("cbc input.lp sec " + std::to_string(seconds) + " ratio 0 allow 0 solve solution answer && cat answer", input,
          "lp");
  if (output.find("Infeasible - objective value") != std::string::npos ||
      output.find("Integer infeasible - objective value") != std::string::npos) {
    return ForeignAnswer{};
  }
  const auto value = behind(output, "Optimal - objective value ");
  if (!value) return std::nullopt;
  return ForeignAnswer{true, std::llround(std::stod(*value)) * divisor_of(problem)};
}

std::optional<ForeignAnswer> solve_with_mccs(const Problem& problem, int) {
  const auto input = print_cudf(problem);
  if (!input) return std::nullopt;
  const std::string output = run("mccs -i input.cudf '-lexicographic[-count[size:,false]]'", *input, "cudf");
  if (output.find("FAIL") != std::string::npos) return ForeignAnswer{};
  ForeignAnswer answer{true, 0};
  const std::string mark = "package: x";
  for (std::size_t at = output.find(mark); at != std::string::npos; at = output.find(mark, at + 1)) {
    const auto variable = static_cast<Variable>(std::stoul(output.substr(at + mark.size())) - 1);
    const std::size_t end = std::min(output.find("\n\n", at), output.size());
    const bool is_installed = output.substr(at, end - at).find("installed: true") != std::string::npos;
    if (is_installed) answer.bytes += problem.costs.at(variable)[CostLevel::bytes];
  }
  return answer;
}

}  // namespace

bool ForeignSolver::is_installed() const {
  return std::system(("command -v " + program + " > /dev/null 2>&1").c_str()) == 0;
}

const std::vector<ForeignSolver>& foreign_solvers() {
  static const std::vector<ForeignSolver> solvers = {
      {"clasp usc,oll", "clasp", solve_with_clasp}, {"CBC", "cbc", solve_with_cbc}, {"mccs", "mccs", solve_with_mccs}};
  return solvers;
}

std::optional<std::string> print_cudf(const Problem& problem) {
  const std::int64_t divisor = divisor_of(problem);
  const auto name = [](Variable variable) { return "x" + std::to_string(variable + 1); };
  std::vector<std::string> depends(problem.node_count()), conflicts(problem.node_count());
  std::string request;
  for (const Clause& clause : problem.clauses) {
    if (clause.soft != kHard) return std::nullopt;
    std::string any_of;
    const auto literals = problem.literals_of(clause);
    for (const Literal literal : literals) {
      if (literal > 0) any_of += (any_of.empty() ? "" : " | ") + name(variable_of(literal));
    }
    if (any_of.empty()) any_of = "false!";
    const bool is_need = clause.kind == ClauseKind::need && literals.front() < 0;
    if (clause.kind == ClauseKind::request) {
      request += (request.empty() ? "" : ", ") + any_of;
    } else if (is_need) {
      std::string& of = depends[variable_of(literals.front())];
      of += (of.empty() ? "" : ", ") + any_of;
    } else if (clause.kind == ClauseKind::conflict || clause.kind == ClauseKind::one_version) {
      std::string& of = conflicts[variable_of(literals[0])];
      of += (of.empty() ? "" : ", ") + name(variable_of(literals[1]));
    } else {
      return std::nullopt;
    }
  }
  std::string text = "preamble: \nproperty: size: int = [0]\n\n";
  for (Variable variable = 0; variable < problem.node_count(); ++variable) {
    text += "package: " + name(variable) + "\nversion: 1\n";
    if (!depends[variable].empty()) text += "depends: " + depends[variable] + "\n";
    if (!conflicts[variable].empty()) text += "conflicts: " + conflicts[variable] + "\n";
    text += "size: " + std::to_string(problem.costs[variable][CostLevel::bytes] / divisor) + "\n\n";
  }
  text += "package: the-request\nversion: 1\n";
  if (!request.empty()) text += "depends: " + request + "\n";
  return text + "\nrequest: \ninstall: the-request\n";
}

}  // namespace winnow::testing
