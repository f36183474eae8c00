// Words that all explanations share: lists of names, sources, clauses as a subject and what is said of it.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "resolve/problem.hpp"

namespace winnow {

// "a", "a or b", "a, b or c", "a, b, c or 5 others".
[[nodiscard]] std::string either(const std::vector<std::string>& names);
// "a", "a and b"; cut after `most` names: "a, b and 5 others".
[[nodiscard]] std::string both(const std::vector<std::string>& names, std::size_t most);
// " (web.mum:3)", "" without a file.
[[nodiscard]] std::string in_brackets(const Place& place);

// What has the need, and what it says of it: "web", "needs tls". The subject is the name of the node, with its version
// where there are several; or that of the file which asks.
struct Statement {
  std::string subject;
  std::string predicate;
  Place place;
};
// Precondition: the clause is a request, a need or a gate.
[[nodiscard]] Statement statement_of(const Universe& universe, const Goal& goal, const Problem& problem,
                                     const Clause& clause);

[[nodiscard]] std::string name_of(const Universe& universe, const Problem& problem, Variable variable);
// What a request or a need asks for: "tls".
[[nodiscard]] std::string what_of(const Universe& universe, const Goal& goal, const Clause& clause);
[[nodiscard]] std::vector<std::string> names_of(const Universe& universe, const Problem& problem,
                                                const std::vector<Variable>& variables);
// The positive literals of a clause, as variables.
[[nodiscard]] std::vector<Variable> targets_of(const Problem& problem, const Clause& clause);

}  // namespace winnow
