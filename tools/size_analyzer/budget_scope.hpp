// The bytes of an image, or of a difference, that a budget is about.
#pragma once

#include <optional>

#include "manifest/budget_file.hpp"
#include "size_analyzer/blame.hpp"
#include "size_analyzer/image_facts.hpp"

namespace winnow {

struct ScopedSize {
  ByteCount bytes = 0;
  bool is_there = false;  // something matched, even if it has no bytes
};

// Overheads count in the whole image and by kind; no owner and no language has them.
[[nodiscard]] ScopedSize size_in_scope(const ImageFacts& facts, const BudgetScope& scope, BudgetMeasure measure);

// The pieces of a difference that size_in_scope() would count.
[[nodiscard]] PieceFilter pieces_in_scope(const FactsDiff& diff, const BudgetScope& scope);

// The kind of that name.
[[nodiscard]] std::optional<ByteKind> kind_named(std::string_view name);

}  // namespace winnow
