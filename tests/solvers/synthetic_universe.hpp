// Universes that a generator makes, the same for one seed on every machine: a graph that looks like Windows components
// (solver.md 2.3), and the cover problem that no solver finds easy.
#pragma once

#include <cstdint>

#include "resolve/goal.hpp"
#include "resolve/universe.hpp"

namespace winnow::testing {

struct SyntheticShape {
  std::uint32_t components = 1000;
  std::uint32_t capabilities = 100;  // asked for by name; each has 2 to 4 providers
  std::uint32_t roots = 60;
  std::uint32_t seed = 1;
};

struct SyntheticUniverse {
  Universe universe;
  Goal goal;
};

// Four layers: few libraries that nearly everything imports, libraries, services, features. Imports go down, to popular
// libraries most of the time (a power law), a few go sideways and make cycles; one library of 20 has two versions, of
// which an importer takes either. Sizes are roughly lognormal, in clusters of 4,096 bytes.
[[nodiscard]] SyntheticUniverse make_synthetic_universe(const SyntheticShape& shape);

// `requests` demands, each met by any of 3 of `providers` nodes with sizes of the same order.
[[nodiscard]] SyntheticUniverse make_cover(std::uint32_t requests, std::uint32_t providers, std::uint32_t seed);

}  // namespace winnow::testing
