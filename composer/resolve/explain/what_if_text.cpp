// The texts and the JSON of what_if.hpp.
#include <algorithm>

#include "base/text_table.hpp"
#include "resolve/explain/choice_graph.hpp"
#include "resolve/explain/prose.hpp"
#include "resolve/explain/what_if.hpp"

namespace winnow {

namespace {

constexpr std::size_t kMostNames = 4;
constexpr std::size_t kMostForced = 8;

std::vector<std::string> names_of(const std::vector<NamedNodes>& named) {
  std::vector<std::string> names;
  for (const NamedNodes& one : named) names.push_back(one.name);
  return names;
}

// "shop without web, with tls forbidden and with mail added"
std::string question_text(const Settled& settled, const WhatIf& what) {
  std::vector<std::string> parts;
  if (!what.drop.empty()) parts.push_back("without " + both(what.drop, what.drop.size()));
  if (!what.forbid.empty()) parts.push_back("with " + both(names_of(what.forbid), what.forbid.size()) + " forbidden");
  if (!what.add.empty()) parts.push_back("with " + both(names_of(what.add), what.add.size()) + " added");
  return settled.goal.app + " " + both(parts, parts.size());
}

// What `chosen` has that the solution at hand has not.
std::vector<std::string> new_names(const Settled& settled, const std::vector<Variable>& chosen) {
  std::vector<std::string> names;
  const auto& before = settled.optimum.chosen;
  for (const Variable variable : chosen) {
    if (!std::binary_search(before.begin(), before.end(), variable)) {
      names.push_back(name_of(settled.universe, settled.problem, variable));
    }
  }
  return names;
}

std::vector<std::string> gone_names(const Settled& settled, const ForbidRow& row) {
  std::vector<std::string> names;
  for (const Variable variable : settled.optimum.chosen) {
    const bool stays = std::binary_search(row.price.chosen.begin(), row.price.chosen.end(), variable);
    if (!stays && variable != row.variable) names.push_back(name_of(settled.universe, settled.problem, variable));
  }
  return names;
}

Json moved_json(const Settled& settled, const std::vector<MovedNode>& moved) {
  Json rows = Json::array();
  for (const MovedNode& one : moved) {
    rows.push_back({{"component", settled.universe.name_of(one.node)}, {"bytes", one.bytes}});
  }
  return rows;
}

}  // namespace

std::string outcome_text(const Settled& settled, const Outcome& outcome) {
  std::string text;
  if (outcome.clash) {
    text = "cannot be\n";
    for (const std::string& line : reason_lines(*outcome.clash)) text += "  " + line + "\n";
    const std::string repairs = repair_text(*outcome.clash);
    return text + (repairs.empty() ? "no small change of the request would help" : "what would help: " + repairs) +
           "\n";
  }
  if (!has_solution(outcome.verdict)) return "unknown: the limit came first\n";
  const auto change = static_cast<std::int64_t>(outcome.bytes_after - outcome.bytes_before);
  text = grouped_digits(outcome.bytes_before) + " -> " + grouped_digits(outcome.bytes_after) + " " +
         std::string(to_string(settled.goal.measure)) + " bytes (" + (change == 0 ? "+0" : signed_digits(change)) + ")";
  if (outcome.verdict == Verdict::feasible) text += ", not proven to be the least";
  const bool is_same = outcome.leaves.empty() && outcome.comes.empty();
  text += is_same ? ", the same components" : deciding_text(outcome.change, change);
  text += "\n";
  TextTable table({"", "", ">"});
  for (const MovedNode& one : outcome.leaves) {
    table.add({"leaves", settled.universe.name_of(one.node), grouped_digits(one.bytes)});
  }
  for (const MovedNode& one : outcome.comes) {
    table.add({"comes", settled.universe.name_of(one.node), grouped_digits(one.bytes)});
  }
  const std::string rows = table.text("  ");
  return text + rows.substr(rows.find('\n') + 1);
}

std::string print_what_if(const Settled& settled, const WhatIf& what, const Outcome& outcome) {
  return question_text(settled, what) + ": " + outcome_text(settled, outcome);
}

Json outcome_json(const Settled& settled, const Outcome& outcome) {
  Json document = {{"possible", has_solution(outcome.verdict)},
                   {"proven", outcome.verdict == Verdict::optimal || outcome.verdict == Verdict::unsatisfiable},
                   {"measure", to_string(settled.goal.measure)},
                   {"bytesBefore", outcome.bytes_before}};
  if (outcome.clash) {
    document["clash"] = reason_lines(*outcome.clash);
    Json repairs = Json::array();
    for (const Repair& repair : outcome.clash->repairs) {
      repairs.push_back({{"drop", repair.drop}, {"allow", repair.allow}});
    }
    document["repairs"] = std::move(repairs);
  }
  if (!has_solution(outcome.verdict)) return document;
  document["bytesAfter"] = outcome.bytes_after;
  document["leaves"] = moved_json(settled, outcome.leaves);
  document["comes"] = moved_json(settled, outcome.comes);
  return document;
}

Json to_json(const Settled& settled, const WhatIf& what, const Outcome& outcome) {
  Json document = {{"schema", "winnow-what-if-1"},
                   {"app", settled.goal.app},
                   {"forbid", names_of(what.forbid)},
                   {"drop", what.drop},
                   {"add", names_of(what.add)}};
  document.update(outcome_json(settled, outcome));
  return document;
}

std::string print_forbid_table(const Settled& settled, const ForbidTable& table) {
  std::string text;
  if (!table.rows.empty()) {
    TextTable rows({"forbid", "costs", "comes", "leaves too"});
    for (const ForbidRow& row : table.rows) {
      rows.add({name_of(settled.universe, settled.problem, row.variable), price_text(row.price),
                both(new_names(settled, row.price.chosen), kMostNames),
                has_solution(row.price.verdict) ? both(gone_names(settled, row), kMostNames) : ""});
    }
    text = rows.text();
  }
  if (table.forced.empty()) return text;
  return text +
         "in every solution: " + both(winnow::names_of(settled.universe, settled.problem, table.forced), kMostForced) +
         "\n";
}

Json to_json(const Settled& settled, const ForbidTable& table) {
  Json rows = Json::array();
  for (const ForbidRow& row : table.rows) {
    Json json = {{"component", name_of(settled.universe, settled.problem, row.variable)}};
    json["price"] = to_json(row.price);
    json["comes"] = new_names(settled, row.price.chosen);
    json["leaves"] = has_solution(row.price.verdict) ? gone_names(settled, row) : std::vector<std::string>{};
    rows.push_back(std::move(json));
  }
  return {{"schema", "winnow-what-if-table-1"},
          {"app", settled.goal.app},
          {"measure", to_string(settled.goal.measure)},
          {"bytes", bytes_of(settled.problem, settled.optimum.chosen)},
          {"rows", std::move(rows)},
          {"forced", winnow::names_of(settled.universe, settled.problem, table.forced)}};
}

}  // namespace winnow
