// The text and the JSON of why.hpp.
#include <algorithm>

#include "base/text_table.hpp"
#include "resolve/explain/prose.hpp"
#include "resolve/explain/why.hpp"

namespace winnow {

namespace {

constexpr std::size_t kMostOthers = 5;   // other choices
constexpr std::size_t kMostNeeds = 10;   // other needs
constexpr std::size_t kMostLeaves = 10;  // names of what leaves with it

class WhyText {
 public:
  WhyText(const Settled& settled, const Why& why) : settled_(settled), why_(why), necessity_(settled.problem) {}

  std::string run() {
    text_ = name(why_.node) + " is in " + settled_.goal.app + " because\n";
    for (const ChainLink& link : why_.derivation.trunk) add_link(link, "  ");
    add_ways();
    if (why_.necessary == Necessary::clash) add_clash();
    if (why_.necessary == Necessary::chosen) add_prices();
    add_leaves();
    add_other_needs();
    return std::move(text_);
  }

 private:
  [[nodiscard]] std::string name(Variable variable) const {
    return name_of(settled_.universe, settled_.problem, variable);
  }
  [[nodiscard]] const Clause& clause(std::uint32_t index) const { return settled_.problem.clauses[index]; }
  [[nodiscard]] std::string said(std::uint32_t index) const {
    const Statement statement = statement_of(settled_.universe, settled_.goal, settled_.problem, clause(index));
    return statement.subject + " " + statement.predicate + in_brackets(statement.place);
  }

  void add_link(const ChainLink& link, const std::string& indent) {
    const std::size_t all = targets_of(settled_.problem, clause(link.clause)).size();
    text_ += indent + said(link.clause) + " -> " + either(names_of(settled_.universe, settled_.problem, link.targets));
    if (why_.necessary == Necessary::chosen) {
      const std::size_t possible = necessity_.possible_targets(clause(link.clause)).size();
      if (possible > 1) text_ += ", one of " + grouped_digits(possible);
    } else if (all > link.targets.size() && why_.necessary != Necessary::clash) {
      text_ += closed_text(link);
    }
    text_ += "\n";
  }

  // Why the other targets of a need were no choice.
  [[nodiscard]] std::string closed_text(const ChainLink& link) const {
    std::vector<Variable> closed = targets_of(settled_.problem, clause(link.clause));
    std::erase_if(closed, [&](Variable target) {
      return std::find(link.targets.begin(), link.targets.end(), target) != link.targets.end();
    });
    if (closed.size() > 1) return "; " + grouped_digits(closed.size()) + " others cannot be";
    for (const GoalForbidden& row : settled_.goal.forbidden) {
      if (row.node != settled_.problem.nodes[closed.front()]) continue;
      return "; " + name(closed.front()) + " " + row.text + in_brackets(row.place);
    }
    return "; " + name(closed.front()) + " cannot be";
  }

  void add_ways() {
    const auto& ways = why_.derivation.ways;
    if (ways.empty()) return;
    const std::string what = what_of(settled_.universe, settled_.goal, clause(why_.derivation.trunk.back().clause));
    text_ += (ways.size() == 2 ? "both" : "all " + grouped_digits(ways.size())) + " ways to satisfy " + what +
             " need " + name(why_.node) + ":\n";
    for (std::size_t i = 0; i < ways.size(); ++i) {
      if (ways[i].empty()) text_ += "  " + name(why_.node) + " is one of them\n";
      for (std::size_t k = 0; k < ways[i].size(); ++k) add_link(ways[i][k], k == 0 ? "  " : "    ");
    }
  }

  void add_clash() {
    text_ += "it cannot be left out\n";
    for (const std::string& line : why_.clash) text_ += "  " + line + "\n";
  }

  void add_prices() {
    const Price& without = why_.without;
    if (why_.others.empty()) {
      text_ += "without it: " + price_text(without) + "\n";
      return;
    }
    const bool is_itself = *why_.decided == why_.node;
    const std::string instead = is_itself ? "" : " instead of " + name(*why_.decided);
    const std::size_t shown = std::min(why_.others.size(), kMostOthers);
    for (std::size_t i = 0; i < shown; ++i) {
      const OtherChoice& other = why_.others[i];
      const bool can_be = has_solution(other.price.verdict);
      if (i == 0 && can_be) {
        text_ += "next best" + instead + " is " + name(other.variable) + ": " + price_text(other.price) + "\n";
      } else {
        text_ += "  " + name(other.variable) + (can_be ? ": " : " ") + price_text(other.price) + "\n";
      }
    }
    if (why_.others.size() > shown) text_ += "  " + grouped_digits(why_.others.size() - shown) + " more\n";
    const bool differs = has_solution(without.verdict) && without.change != why_.others.front().price.change;
    if (differs) text_ += "without it, another way: " + price_text(without) + "\n";
  }

  void add_leaves() {
    if (why_.leaves.empty()) return;
    text_ += "leaves with it: " + both(names_of(settled_.universe, settled_.problem, why_.leaves), kMostLeaves) + "; " +
             grouped_digits(why_.retained) + " bytes, " + grouped_digits(why_.bytes) + " its own\n";
  }

  void add_other_needs() {
    if (why_.also.empty()) return;
    text_ += grouped_digits(why_.also.size()) + (why_.also.size() == 1 ? " more needs it:\n" : " more need it:\n");
    for (std::size_t i = 0; i < why_.also.size() && i < kMostNeeds; ++i) text_ += "  " + said(why_.also[i]) + "\n";
    if (why_.also.size() > kMostNeeds) text_ += "  …\n";
  }

  const Settled& settled_;
  const Why& why_;
  Necessity necessity_;
  std::string text_;
};

Json clause_json(const Settled& settled, std::uint32_t index) {
  const Clause& clause = settled.problem.clauses[index];
  const Statement said = statement_of(settled.universe, settled.goal, settled.problem, clause);
  const bool is_request = clause.kind == ClauseKind::request;
  return {{"kind", is_request ? "request" : to_string(settled.universe.needs()[clause.source].kind)},
          {"from", said.subject},
          {"need", said.predicate},
          {"place", to_string(said.place)}};
}

Json link_json(const Settled& settled, const ChainLink& link) {
  Json row = clause_json(settled, link.clause);
  row["components"] = names_of(settled.universe, settled.problem, link.targets);
  return row;
}

Json chain_json(const Settled& settled, const std::vector<ChainLink>& chain) {
  Json rows = Json::array();
  for (const ChainLink& link : chain) rows.push_back(link_json(settled, link));
  return rows;
}

}  // namespace

std::string print_why(const Settled& settled, const Why& why) { return WhyText(settled, why).run(); }

Json to_json(const Settled& settled, const Why& why) {
  const auto name = [&](Variable variable) { return name_of(settled.universe, settled.problem, variable); };
  Json ways = Json::array();
  for (const auto& way : why.derivation.ways) ways.push_back(chain_json(settled, way));
  Json others = Json::array();
  for (const OtherChoice& other : why.others) {
    Json row = {{"component", name(other.variable)}};
    row["price"] = to_json(other.price);
    others.push_back(std::move(row));
  }
  Json also = Json::array();
  for (const std::uint32_t clause : why.also) also.push_back(clause_json(settled, clause));
  return {{"schema", "winnow-why-2"},
          {"app", settled.goal.app},
          {"component", name(why.node)},
          {"isIn", true},
          {"necessary", to_string(why.necessary)},
          {"chain", chain_json(settled, why.derivation.trunk)},
          {"ways", std::move(ways)},
          {"clash", why.clash},
          {"without", to_json(why.without)},
          {"insteadOf", why.decided ? Json(name(*why.decided)) : Json()},
          {"others", std::move(others)},
          {"alsoNeededBy", std::move(also)},
          {"bytes", why.bytes},
          {"retainedBytes", why.retained},
          {"leaves", names_of(settled.universe, settled.problem, why.leaves)}};
}

}  // namespace winnow
