// The rules that make a part smaller. Each keeps the first of its best solutions in canonical order, and returns when
// it finds no more to do.
#pragma once

#include "resolve/solver/clause_store.hpp"

namespace winnow {

// What nothing asks for is false; what only one node asks for goes with that node.
void drop_and_ride(ClauseStore& store);
// Variables that imply each other in a circle are one.
void merge_circles(ClauseStore& store);
// Clauses that another clause says already, and literals that another clause makes superfluous.
void subsume(ClauseStore& store);
// Tries each variable both ways: what leads to a contradiction is decided; clauses and literals that follow from others
// go; a variable goes that another can always replace at no more cost. Stops after so many `steps`.
void probe(ClauseStore& store, std::uint64_t& steps);

}  // namespace winnow
