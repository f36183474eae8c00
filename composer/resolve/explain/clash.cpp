#include "resolve/explain/clash.hpp"

#include <algorithm>

#include "base/text_table.hpp"
#include "resolve/explain/clash_chain.hpp"
#include "resolve/explain/clause_groups.hpp"
#include "resolve/explain/prose.hpp"
#include "resolve/explain/repairs.hpp"

namespace winnow {

namespace {

constexpr std::size_t kWidth = 110;  // of a line that goes on with "which …"
constexpr std::size_t kMostFaults = 10;
constexpr std::size_t kMostRepairs = 4;

std::string text_of(const ClashStep& step) { return (step.subject.empty() ? "" : step.subject + " ") + step.predicate; }

// What the clash comes to, without the sources: the lines below have them.
Fault fault_of(const Goal& goal, const std::vector<ClashStep>& steps) {
  Fault fault;
  fault.place = steps.front().place;
  fault.message = "cannot resolve " + goal.app + ": " + steps.back().closing;
  fault.notes = reason_lines({steps, {}, {}});
  return fault;
}

std::string repair_text(const Repair& repair) {
  std::string text;
  if (!repair.drop.empty()) text = "drop " + both(repair.drop, repair.drop.size());
  if (!repair.allow.empty()) {
    text += (text.empty() ? "" : " and ") + std::string("allow ") + both(repair.allow, repair.allow.size());
  }
  return text;
}

}  // namespace

std::optional<Clash> find_clash(const Universe& universe, const Goal& goal, const Hypothesis& hypothesis) {
  const Problem problem = make_problem(universe, goal);
  ClauseGroups groups(universe, problem);
  return find_clash(universe, goal, problem, groups, hypothesis);
}

std::optional<Clash> find_clash(const Universe& universe, const Goal& goal, const Problem& problem,
                                ClauseGroups& groups, const Hypothesis& hypothesis) {
  auto smallest = groups.smallest_clash(groups.all());
  if (!smallest) return std::nullopt;
  const std::size_t first_demand = goal.items.size() - hypothesis.items;
  Clash clash;
  clash.steps = chain_clash(universe, goal, problem, groups, *smallest, first_demand).steps;
  clash.repairs = smallest_repairs(universe, goal, problem, groups, hypothesis);
  clash.groups = std::move(*smallest);
  return clash;
}

std::vector<Fault> explain_unsatisfiable(const Universe& universe, const Goal& goal) {
  const Problem problem = make_problem(universe, goal);
  ClauseGroups groups(universe, problem);
  std::vector<GroupId> on = groups.all();
  std::vector<Fault> faults;
  while (faults.size() < kMostFaults) {
    const auto smallest = groups.smallest_clash(on);
    if (!smallest) break;
    const ChainedClash chained = chain_clash(universe, goal, problem, groups, *smallest, goal.items.size());
    faults.push_back(fault_of(goal, chained.steps));
    std::erase(on, chained.order.back());  // what comes before it may lead to another clash
  }
  if (faults.empty()) return faults;
  std::stable_sort(faults.begin(), faults.end(), [](const Fault& a, const Fault& b) { return a.place < b.place; });
  const std::string repairs = repair_text({{}, smallest_repairs(universe, goal, problem, groups, {}), {}});
  if (!repairs.empty()) faults.back().notes.push_back("what would help: " + repairs);
  return faults;
}

std::vector<std::string> reason_lines(const Clash& clash) {
  std::vector<std::string> lines;
  for (const ClashStep& step : clash.steps) {
    const std::string rest = ", which " + step.predicate;
    if (step.follows && display_width(lines.back() + rest) <= kWidth) {
      lines.back() += rest;
      continue;
    }
    lines.push_back((lines.empty() ? "because " : "and ") + text_of(step));
  }
  return lines;
}

std::string repair_text(const Clash& clash) {
  std::string text;
  const std::size_t shown = std::min(clash.repairs.size(), kMostRepairs);
  for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : ", or ") + repair_text(clash.repairs[i]);
  if (clash.repairs.size() > shown) text += ", or " + counted(clash.repairs.size() - shown, "other way");
  return text;
}

}  // namespace winnow
