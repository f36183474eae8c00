#include "resolve/lock_file.hpp"

#include <algorithm>

namespace winnow {

namespace {

constexpr std::string_view kFirstLine = "winnow-lock 2";
constexpr std::size_t kMostDifferences = 10;  // lines shown; the rest is counted

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

std::vector<std::string> only_in_first(std::vector<std::string> first, std::vector<std::string> second) {
  std::sort(first.begin(), first.end());
  std::sort(second.begin(), second.end());
  std::vector<std::string> difference;
  std::set_difference(first.begin(), first.end(), second.begin(), second.end(), std::back_inserter(difference));
  return difference;
}

// Without the changes of a lock file, of which it knows none.
std::string print_cost(const Cost& cost) {
  std::string text;
  for (std::size_t i = 0; i < kCostLevels; ++i) {
    const auto level = static_cast<CostLevel>(i);
    if (level != CostLevel::change) text += " " + std::string(to_string(level)) + "=" + std::to_string(cost[level]);
  }
  return text;
}

}  // namespace

LockedChoice locked_choice(const Choice& choice) {
  LockedChoice result;
  result.measure = choice.goal.measure;
  result.recommended = choice.goal.recommended;
  result.prefer_threshold = choice.goal.prefer_threshold;
  if (choice.goal.keep.empty()) {
    result.problem = digest_of(choice.problem);
    result.verdict = choice.optimum.verdict == Verdict::optimal ? "optimal" : "feasible";
    result.cost = choice.optimum.cost;
    result.bound = choice.optimum.bound;
    return result;
  }
  Goal goal = choice.goal;
  goal.keep.clear();
  goal.free_to_change.clear();
  const Problem problem = make_problem(choice.universe, goal);  // keeping changes no variable
  const Optimum best = minimize(problem);
  result.problem = digest_of(problem);
  result.cost = cost_of(problem, choice.optimum.chosen);
  result.bound = best.bound;
  result.verdict = result.cost != best.cost ? "kept" : best.verdict == Verdict::optimal ? "optimal" : "feasible";
  if (best.chosen != choice.optimum.chosen) result.verdict = "kept";
  return result;
}

std::string print_lock(std::string_view image, std::string_view needs, const std::vector<LockedInput>& inputs,
                       const Catalog& catalog, const Solution& solution, const LockedChoice& choice) {
  std::string text = std::string(kFirstLine) + "\nimage " + std::string(image) + "\nneeds " + std::string(needs) +
                     "\nobjective penalties, " + std::string(to_string(choice.measure)) +
                     " bytes, recommended, newer versions, components, names\nrecommended " +
                     std::string(to_string(choice.recommended)) + "\nprefer-threshold " +
                     std::to_string(choice.prefer_threshold) + "\n";
  for (const LockedInput& input : inputs) {
    text += input.kind + " " + input.name + " sha256:" + input.digest.hex() + "\n";
  }
  std::vector<std::string> feeds;
  for (const Feed& feed : catalog.feeds()) {
    feeds.push_back("feed " + feed.name + " " + feed.version + " sha256:" + feed.digest.hex() + "\n");
  }
  std::sort(feeds.begin(), feeds.end());  // the order of feeds decides nothing
  for (const std::string& feed : feeds) text += feed;
  text += "problem sha256:" + choice.problem.hex() + "\ncost" + print_cost(choice.cost) + "\nbound" +
          print_cost(choice.bound) + "\nverdict " + choice.verdict + "\n";
  for (const std::string& name : solution.omitted) text += "without " + name + "\n";
  for (const Member& member : solution.members) {
    const CatalogComponent& component = catalog.components()[member.id];
    text += "component " + to_string(component.identity) + " sha256:" + component.manifest_digest.hex() + "\n";
  }
  return text;
}

Result<ParsedLock> parse_lock(std::string_view text, const std::string& file) {
  const std::vector<std::string> lines = split_lines(text);
  if (lines.empty() || lines.front() != kFirstLine) {
    return fail({file, 1, 0}, "cannot use the lock file: it does not begin with \"" + std::string(kFirstLine) + "\"",
                {"make a new one without --locked"});
  }
  ParsedLock lock;
  constexpr std::string_view kWord = "component ";
  for (const std::string& line : lines) {
    lock.is_kept = lock.is_kept || line == "verdict kept";
    const std::size_t end = line.rfind(" sha256:");
    if (!line.starts_with(kWord) || end == std::string::npos || end < kWord.size()) continue;
    lock.components.insert(line.substr(kWord.size(), end - kWord.size()));
  }
  return lock;
}

Result<void> check_lock(std::string_view locked, std::string_view actual, const std::string& file) {
  if (locked == actual) return {};
  std::vector<std::string> notes;
  for (const std::string& line : only_in_first(split_lines(locked), split_lines(actual)))
    notes.push_back("locked: " + line);
  for (const std::string& line : only_in_first(split_lines(actual), split_lines(locked)))
    notes.push_back("now:    " + line);
  if (notes.empty()) notes.push_back("the same lines stand in another order");
  if (notes.size() > kMostDifferences) {
    const std::size_t more = notes.size() - kMostDifferences;
    notes.resize(kMostDifferences);
    notes.push_back("and " + std::to_string(more) + " more lines");
  }
  notes.push_back("compose without --locked to accept the difference");
  return fail({file, 0, 0}, "cannot keep to the lock file: the inputs or the solution differ", std::move(notes));
}

}  // namespace winnow
