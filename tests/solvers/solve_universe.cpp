// A look at one real or synthetic question: what it is, how long each step takes, and what the answer costs.
//   solve_universe debian NAME…          each package and all of Priority: required
//   solve_universe synthetic N CAPABILITIES ROOTS [SEED]
//   solve_universe cover REQUESTS PROVIDERS [SEED]
#include <array>
#include <chrono>
#include <iostream>
#include <string>
#include <vector>

#include "resolve/check_proof.hpp"
#include "resolve/minimize.hpp"
#include "solvers/debian_universe.hpp"
#include "solvers/synthetic_universe.hpp"

namespace {

using namespace winnow;

class Stopwatch {
 public:
  explicit Stopwatch(std::string what) : what_(std::move(what)) {}
  ~Stopwatch() {
    const std::chrono::duration<double, std::milli> spent = std::chrono::steady_clock::now() - start_;
    std::cout << what_ << ": " << spent.count() << " ms\n";
  }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  std::string what_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

std::string cost_text(const Cost& cost) {
  std::string text;
  for (std::size_t level = 0; level < kCostLevels; ++level) {
    text += (level == 0 ? "" : ", ") + std::string(to_string(static_cast<CostLevel>(level))) + " " +
            std::to_string(cost.levels[level]);
  }
  return text;
}

void print(const std::string& what, const Optimum& optimum) {
  constexpr std::array kVerdicts = {"optimal", "feasible", "unsatisfiable", "unknown", "interrupted"};
  const MinimizeStats& stats = optimum.stats;
  std::cout << what << ": " << kVerdicts.at(static_cast<std::size_t>(optimum.verdict)) << ", " << optimum.chosen.size()
            << " nodes, " << cost_text(optimum.cost) << "\n  bound " << cost_text(optimum.bound) << "\n  variables "
            << stats.variables << " -> " << stats.live_variables << ", clauses " << stats.clauses << " -> "
            << stats.live_clauses << ", parts " << stats.parts << " (largest " << stats.largest_part << "), cores "
            << stats.cores << ", conflicts " << stats.conflicts << ", engine " << stats.engine << '\n';
}

void solve(const Universe& universe, const Goal& goal) {
  Problem problem;
  {
    const Stopwatch watch("make_problem");
    problem = make_problem(universe, goal);
  }
  for (const bool prove : {false, true}) {
    Optimum optimum;
    {
      const Stopwatch watch(prove ? "minimize with proof" : "minimize");
      optimum = minimize(problem, {.prove = prove});
    }
    print(prove ? "proof" : "fast", optimum);
    if (!optimum.certificate) continue;
    ProofCheck check;
    {
      const Stopwatch watch("check_proof");
      check = check_proof(problem, *optimum.certificate);
    }
    std::cout << "checked: " << check.faults.size() << " faults, " << check.cores_proved << " cores, "
              << check.variables_enumerated << " variables enumerated\n";
    if (!check.faults.empty()) std::cout << to_string(Error(check.faults)) << '\n';
  }
}

int run(const std::vector<std::string>& arguments) {
  const auto number = [&](std::size_t i, std::uint32_t otherwise) {
    return i < arguments.size() ? static_cast<std::uint32_t>(std::stoul(arguments[i])) : otherwise;
  };
  const std::string kind = arguments.empty() ? "" : arguments[0];
  if (kind == "debian") {
    const auto text = testing::read_debian_index();
    if (!text) {
      std::cerr << "this machine has no Debian package index\n";
      return 1;
    }
    testing::DebianUniverse debian;
    {
      const Stopwatch watch("universe");
      debian = testing::make_debian_universe(*text);
    }
    std::vector<std::string> names(arguments.begin() + 1, arguments.end());
    names.insert(names.end(), debian.required.begin(), debian.required.end());
    solve(debian.universe, testing::make_debian_goal(debian.universe, names));
  } else if (kind == "synthetic") {
    const auto made = testing::make_synthetic_universe({number(1, 1000), number(2, 100), number(3, 60), number(4, 1)});
    solve(made.universe, made.goal);
  } else if (kind == "cover") {
    const auto made = testing::make_cover(number(1, 100), number(2, 100), number(3, 1));
    solve(made.universe, made.goal);
  } else {
    std::cerr << "usage: solve_universe debian NAME… | synthetic N CAPABILITIES ROOTS [SEED] | cover N M [SEED]\n";
    return 2;
  }
  return 0;
}

}  // namespace

int main(int count, char** arguments) { return run({arguments + 1, arguments + count}); }
