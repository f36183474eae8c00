// The question that a verb is about: of an app manifest and its feeds, or a text that `winnow dump` wrote.
#pragma once

#include "resolve/dump_opb.hpp"
#include "resolve/problem.hpp"
#include "winnow/resolve_options.hpp"

namespace CLI {
class App;
}

namespace winnow {

struct LoadedProblem {
  Problem problem;
  ProblemNames names;                 // empty when the problem came from a text
  std::optional<Composition> origin;  // nothing when it came from a text
};

// Adds what add_resolve_options() does; PROBLEM may be either.
void add_problem_options(CLI::App& app, ResolveOptions& options);
[[nodiscard]] Result<LoadedProblem> load_problem(const ResolveOptions& options, World& world);

}  // namespace winnow
