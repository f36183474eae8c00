#include "resolve/solver/split.hpp"

#include <algorithm>
#include <numeric>

namespace winnow {

namespace {

constexpr std::uint32_t kNone = UINT32_MAX;

// Elements: the Problem's variables, then one for each soft clause that is open.
class Splitter {
 public:
  Splitter(const Problem& problem, const Propagation& state) : problem_(problem), state_(state) {}

  std::vector<OpenPart> run() {
    find_clauses();
    connect();
    number();
    for (const std::uint32_t clause : clauses_) add_clause(clause);
    for (Variable node = 0; node < problem_.node_count(); ++node) {
      if (state_.is_watched(node)) add_founding_node(node);
    }
    for (Variable node = 0; node < problem_.node_count(); ++node) {
      if (state_.is_watched(node)) add_parents(node);
    }
    return std::move(parts_);
  }

 private:
  [[nodiscard]] bool is_open_literal(Literal literal) const { return state_.is_open(variable_of(literal)); }

  void find_clauses() {
    relax_of_.assign(problem_.clauses.size(), kNone);
    elements_ = static_cast<std::uint32_t>(problem_.costs.size());
    for (std::uint32_t i = 0; i < problem_.clauses.size(); ++i) {
      if (!state_.is_live(i)) continue;
      const Clause& clause = problem_.clauses[i];
      const auto literals = problem_.literals_of(clause);
      if (std::none_of(literals.begin(), literals.end(), [this](Literal l) { return is_open_literal(l); })) continue;
      clauses_.push_back(i);
      if (clause.soft == kHard) continue;
      relax_of_[i] = elements_++;
      soft_clauses_.push_back(i);
    }
  }

  std::uint32_t find(std::uint32_t element) {
    while (leader_[element] != element) element = leader_[element] = leader_[leader_[element]];
    return element;
  }
  void unite(std::uint32_t a, std::uint32_t b) {
    const std::uint32_t x = find(a), y = find(b);
    leader_[std::max(x, y)] = std::min(x, y);
  }

  void connect() {
    leader_.resize(elements_);
    std::iota(leader_.begin(), leader_.end(), 0);
    for (const std::uint32_t clause : clauses_) {
      std::uint32_t first = relax_of_[clause];
      for (const Literal literal : problem_.literals_of(problem_.clauses[clause])) {
        if (!is_open_literal(literal)) continue;
        if (first == kNone) first = variable_of(literal);
        unite(first, variable_of(literal));
      }
    }
    for (Variable node = 0; node < problem_.node_count(); ++node) {
      if (!state_.is_watched(node) || state_.is_source(node)) continue;
      for (const Variable parent : state_.parents_of(node)) unite(node, parent);
    }
  }

  // Local numbers in the order of elements: nodes, shared files, soft clauses.
  void number() {
    local_.assign(elements_, kNone);
    part_of_.assign(elements_, kNone);
    for (std::uint32_t element = 0; element < elements_; ++element) {
      const bool is_variable = element < problem_.costs.size();
      const bool is_watched = element < problem_.node_count() && state_.is_watched(element);
      if (is_variable && !state_.is_open(element) && !is_watched) continue;
      std::uint32_t& part = part_of_[find(element)];
      if (part == kNone) {
        part = static_cast<std::uint32_t>(parts_.size());
        parts_.emplace_back();
      }
      part_of_[element] = part;
      if (is_variable && !state_.is_open(element)) continue;
      add_variable(parts_[part], element);
    }
  }

  void add_variable(OpenPart& open, std::uint32_t element) {
    local_[element] = static_cast<std::uint32_t>(open.origins.size());
    if (element < problem_.costs.size()) {
      open.part.costs.push_back(problem_.costs[element]);
      open.origins.push_back({CoreLiteral::Kind::variable, element, 0});
      if (element < problem_.node_count()) ++open.part.node_count;
      return;
    }
    const std::uint32_t clause = soft_clauses_[element - problem_.costs.size()];
    open.part.costs.push_back(problem_.soft_costs[problem_.clauses[clause].soft]);
    open.origins.push_back({CoreLiteral::Kind::soft_clause, clause, 0});
  }

  void add_clause(std::uint32_t clause) {
    literals_.clear();
    std::uint32_t part = kNone;
    for (const Literal literal : problem_.literals_of(problem_.clauses[clause])) {
      if (!is_open_literal(literal)) continue;
      const Variable variable = variable_of(literal);
      part = part_of_[variable];
      literals_.push_back(literal > 0 ? positive(local_[variable]) : negative(local_[variable]));
    }
    if (relax_of_[clause] != kNone) literals_.push_back(positive(local_[relax_of_[clause]]));
    std::sort(literals_.begin(), literals_.end());
    literals_.erase(std::unique(literals_.begin(), literals_.end()), literals_.end());
    const bool is_always_true = std::any_of(literals_.begin(), literals_.end(), [this](Literal literal) {
      return std::binary_search(literals_.begin(), literals_.end(), -literal);
    });
    if (!is_always_true) parts_[part].part.add_clause(literals_);
  }

  void add_founding_node(Variable node) {
    OpenPart& open = parts_[part_of_[node]];
    if (founding_of_.empty()) founding_of_.assign(problem_.node_count(), kNone);
    founding_of_[node] = static_cast<std::uint32_t>(open.founding.size());
    open.founding.push_back(node);
    const std::uint32_t variable = state_.is_open(node) ? local_[node] : kChosenAlready;
    open.part.founding.push_back({variable, state_.is_source(node), state_.must_be_founded(node), 0, 0});
  }

  void add_parents(Variable node) {
    if (state_.is_source(node)) return;
    Part& part = parts_[part_of_[node]].part;
    std::vector<std::uint32_t> parents;
    for (const Variable parent : state_.parents_of(node)) parents.push_back(founding_of_[parent]);
    std::sort(parents.begin(), parents.end());
    parents.erase(std::unique(parents.begin(), parents.end()), parents.end());
    FoundingNode& row = part.founding[founding_of_[node]];
    row.first_parent = static_cast<std::uint32_t>(part.parents.size());
    row.parent_count = static_cast<std::uint32_t>(parents.size());
    part.parents.insert(part.parents.end(), parents.begin(), parents.end());
  }

  const Problem& problem_;
  const Propagation& state_;
  std::uint32_t elements_ = 0;
  std::vector<std::uint32_t> clauses_;                   // that are open
  std::vector<std::uint32_t> soft_clauses_;              // among them, in order
  std::vector<std::uint32_t> relax_of_;                  // by clause: its element
  std::vector<std::uint32_t> leader_, local_, part_of_;  // by element
  std::vector<std::uint32_t> founding_of_;               // by node
  std::vector<Literal> literals_;
  std::vector<OpenPart> parts_;
};

}  // namespace

std::vector<OpenPart> split(const Problem& problem, const Propagation& state) { return Splitter(problem, state).run(); }

}  // namespace winnow
