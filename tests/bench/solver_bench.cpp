// How fast minimize() is and what it saves, against libsolv, clasp, CBC and taking the first alternative of every need;
// one run, on this machine's Debian index and on synthetic universes. Build type release:
//   ninja -C build/release solver_bench && build/release/tests/solvers/solver_bench [QUICK]
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <random>
#include <set>

#define requires requires_  // a member's name in libsolv, a word of the language in C++20
#include <solv/pool.h>
#include <solv/poolarch.h>
#include <solv/repo.h>
#include <solv/solver.h>
extern "C" {
#include <solv/repo_deb.h>
}
#undef requires

#include "base/file_system.hpp"
#include "resolve/check_proof.hpp"
#include "resolve/minimize.hpp"
#include "resolve/universe_builder.hpp"
#include "solvers/debian_universe.hpp"
#include "solvers/foreign_solvers.hpp"
#include "solvers/synthetic_universe.hpp"

namespace {

using namespace winnow;
using namespace winnow::testing;

constexpr int kSeconds = 60;  // for the programs of others
constexpr int kRuns = 5;      // of what takes milliseconds; the median counts

template <typename Work>
double milliseconds(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

template <typename Work>
double median_of_runs(const Work& work) {
  std::vector<double> times;
  for (int i = 0; i < kRuns; ++i) times.push_back(milliseconds(work));
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

long peak_kib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

// What a tool without a choice does: the first alternative of every need that is not met yet. Conflicts are ignored.
std::int64_t bytes_of_first_alternatives(const Problem& problem) {
  std::vector<std::vector<std::uint32_t>> needs(problem.node_count());
  std::vector<std::uint32_t> queue;
  for (std::uint32_t i = 0; i < problem.clauses.size(); ++i) {
    const Clause& clause = problem.clauses[i];
    if (clause.kind == ClauseKind::request) queue.push_back(i);
    if (clause.kind == ClauseKind::need) needs[variable_of(problem.literals_of(clause).front())].push_back(i);
  }
  std::vector<bool> is_chosen(problem.costs.size());
  std::int64_t bytes = 0;
  for (std::size_t next = 0; next < queue.size(); ++next) {
    Variable first = UINT32_MAX;
    bool is_met = false;
    for (const Literal literal : problem.literals_of(problem.clauses[queue[next]])) {
      if (literal < 0) continue;
      if (first == UINT32_MAX) first = variable_of(literal);
      is_met = is_met || is_chosen[variable_of(literal)];
    }
    if (is_met || first == UINT32_MAX) continue;
    is_chosen[first] = true;
    bytes += problem.costs[first][CostLevel::bytes];
    queue.insert(queue.end(), needs[first].begin(), needs[first].end());
  }
  return bytes;
}

// libsolv with the same Packages text; it knows no weights.
class Libsolv {
 public:
  explicit Libsolv(const std::string& packages) : pool_(pool_create()) {
    pool_setdisttype(pool_, DISTTYPE_DEB);
    pool_setarch(pool_, "amd64");
    Repo* repo = repo_create(pool_, "debian");
    std::string text = packages;
    load_ = milliseconds([&] {
      std::FILE* stream = fmemopen(text.data(), text.size(), "r");
      repo_add_debpackages(repo, stream, 0);
      (void)std::fclose(stream);
      pool_createwhatprovides(pool_);
    });
  }
  ~Libsolv() { pool_free(pool_); }
  Libsolv(const Libsolv&) = delete;
  Libsolv& operator=(const Libsolv&) = delete;

  [[nodiscard]] double load() const { return load_; }

  struct Answer {
    double time = 0;
    std::int64_t bytes = 0;
  };
  Answer solve(const std::vector<std::string>& names) {
    Queue job;
    queue_init(&job);
    for (const std::string& name : names) {
      queue_push2(&job, SOLVER_INSTALL | SOLVER_SOLVABLE_NAME, pool_str2id(pool_, name.c_str(), 1));
    }
    Solver* solver = solver_create(pool_);
    solver_set_flag(solver, SOLVER_FLAG_IGNORE_RECOMMENDED, 1);
    Answer answer;
    int problems = 0;
    answer.time = milliseconds([&] { problems = solver_solve(solver, &job); });
    Queue decisions;
    queue_init(&decisions);
    solver_get_decisionqueue(solver, &decisions);
    for (int i = 0; i < decisions.count && problems == 0; ++i) {
      if (decisions.elements[i] <= SYSTEMSOLVABLE) continue;
      Solvable* chosen = pool_id2solvable(pool_, decisions.elements[i]);
      answer.bytes += static_cast<std::int64_t>(solvable_lookup_sizek(chosen, SOLVABLE_INSTALLSIZE, 0)) * 1024;
    }
    queue_free(&decisions);
    solver_free(solver);
    queue_free(&job);
    return answer;
  }

 private:
  Pool* pool_;
  double load_ = 0;
};

double percent(std::int64_t theirs, std::int64_t ours) {
  return ours == 0 ? 0 : 100.0 * static_cast<double>(theirs - ours) / static_cast<double>(ours);
}

void measure(const std::string& question, const Universe& universe, const Goal& goal, Libsolv* libsolv,
             const std::vector<std::string>& names) {
  Problem problem;
  Optimum fast, proof;
  ProofCheck check;
  const double make = median_of_runs([&] { problem = make_problem(universe, goal); });
  const double minimum = median_of_runs([&] { fast = minimize(problem); });
  const double prove = milliseconds([&] { proof = minimize(problem, {.prove = true}); });
  const double checked = milliseconds([&] {
    if (proof.certificate) check = check_proof(problem, *proof.certificate);
  });
  const std::int64_t bytes = fast.cost[CostLevel::bytes];
  std::printf("%s: %zu of %u nodes, %lld bytes%s\n", question.c_str(), fast.chosen.size(), fast.stats.variables,
              static_cast<long long>(bytes), fast.verdict == Verdict::optimal ? ", proven" : ", NOT proven");
  std::printf("  winnow            %9.2f ms  (problem %.2f, minimum %.2f)\n", make + minimum, make, minimum);
  const char* verdict = proof.certificate && check.faults.empty() ? "accepted" : "none accepted";
  std::printf("  with certificate  %9.2f ms  checked in %.2f ms: %s\n", prove, checked, verdict);
  if (libsolv != nullptr) {
    const Libsolv::Answer answer = libsolv->solve(names);
    std::printf("  libsolv           %9.2f ms  %+.2f %% bytes\n", answer.time, percent(answer.bytes, bytes));
  }
  for (const ForeignSolver& solver : foreign_solvers()) {
    if (!solver.is_installed() || solver.program == "mccs") continue;
    std::optional<ForeignAnswer> answer;
    const double time = milliseconds([&] { answer = solver.solve(problem, kSeconds); });
    const char* found = !answer ? "not proven" : answer->bytes == bytes ? "the same bytes" : "OTHER BYTES";
    std::printf("  %-17s %9.2f ms  %s (with writing its input)\n", solver.name.c_str(), time, found);
  }
  std::printf("  first alternative              %+.2f %% bytes\n",
              percent(bytes_of_first_alternatives(problem), bytes));
  (void)std::fflush(stdout);
}

void measure_random_roots(const DebianUniverse& debian, int count) {
  std::mt19937 random(1);
  std::vector<double> times;
  for (int i = 0; i < count; ++i) {
    const auto& nodes = debian.universe.nodes();
    const UniverseNode& root = nodes[random() % nodes.size()];
    std::vector<std::string> names = debian.required;
    names.emplace_back(debian.universe.text(root.name));
    const Goal goal = make_debian_goal(debian.universe, names);
    times.push_back(milliseconds([&] { (void)minimize(make_problem(debian.universe, goal)); }));
  }
  std::sort(times.begin(), times.end());
  std::printf("%d random packages + required: median %.2f ms, p99 %.2f ms, longest %.2f ms\n", count,
              times[times.size() / 2], times[times.size() * 99 / 100], times.back());
}

void measure_debian(bool is_quick) {
  const auto index = read_debian_index();
  if (!index) {
    std::printf("skipped: this machine has no Debian package index\n");
    return;
  }
  DebianUniverse debian;
  const double from_text = milliseconds([&] { debian = make_debian_universe(*index); });
  const auto folder = TemporaryDirectory::create("winnow-solver-bench");
  if (!folder) return;
  const auto path = folder->path() / "universe";
  if (!UniverseFile::write(debian.universe, path)) return;
  const double mapped = median_of_runs([&] { (void)UniverseFile::open(path); });
  Libsolv libsolv(*index);
  std::printf("Debian: %zu packages; from text %.0f ms (libsolv %.0f ms), from the index %.2f ms\n",
              debian.universe.nodes().size(), from_text, libsolv.load(), mapped);
  for (const std::string name : {"nginx", "libreoffice", "gnome"}) {
    std::vector<std::string> names = {name};
    names.insert(names.end(), debian.required.begin(), debian.required.end());
    measure(name, debian.universe, make_debian_goal(debian.universe, names), &libsolv, names);
  }
  measure_random_roots(debian, is_quick ? 20 : 300);
}

void measure_synthetic(const SyntheticShape& shape) {
  const SyntheticUniverse made = make_synthetic_universe(shape);
  measure("synthetic, " + std::to_string(made.universe.nodes().size()) + " components, " + std::to_string(shape.roots) +
              " roots",
          made.universe, made.goal, nullptr, {});
}

}  // namespace

int main(int count, char**) {
  measure_debian(count > 1);
  measure_synthetic({1'000, 100, 60, 1});
  measure_synthetic({10'000, 300, 200, 1});
  measure_synthetic({100'000, 500, 500, 1});
  if (count == 1) measure_synthetic({100'000, 1'000, 2'000, 1});
  std::printf("peak memory of this process: %ld MiB (libsolv's and the texts included)\n", peak_kib() / 1024);
  return 0;
}
