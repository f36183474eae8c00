#include "size_analyzer/budget_scope.hpp"

#include "size_analyzer/normalised_size.hpp"

namespace winnow {

namespace {

bool has_owner(const BudgetScope& scope, OwnerType type, const std::string& name) {
  if (!scope.owner.empty() && to_string(type) != scope.owner) return false;
  if (scope.component.empty()) return true;
  return type == OwnerType::component && matches_pattern(scope.component, name);
}

bool has_kind(const BudgetScope& scope, ByteKind kind) { return scope.kind.empty() || to_string(kind) == scope.kind; }

bool has_language(const BudgetScope& scope, const std::string& language) {
  return scope.language.empty() || matches_pattern(scope.language, language);
}

bool has_overheads(const BudgetScope& scope) {
  return scope.component.empty() && scope.owner.empty() && scope.language.empty();
}

ByteCount measured(const Sizes& sizes, BudgetMeasure measure) {
  switch (measure) {
    case BudgetMeasure::allocated:
      return sizes.allocated;
    case BudgetMeasure::stored:
      return sizes.stored;
    case BudgetMeasure::normalised:
    case BudgetMeasure::logical:
      break;
  }
  return sizes.logical;
}

}  // namespace

std::optional<ByteKind> kind_named(std::string_view name) {
  for (std::size_t i = 0; i < kByteKindCount; ++i) {
    const auto kind = static_cast<ByteKind>(i);
    if (to_string(kind) == name) return kind;
  }
  return std::nullopt;
}

ScopedSize size_in_scope(const ImageFacts& facts, const BudgetScope& scope, BudgetMeasure measure) {
  ScopedSize size;
  // Patterns are compared once for each owner, not for each file.
  std::vector<bool> owners;
  for (const OwnerFacts& owner : facts.owners) owners.push_back(has_owner(scope, owner.kind, owner.name));
  for (const FileFacts& file : facts.files) {
    if (!has_language(scope, file.language)) continue;
    visit_parts(file, [&](OwnerIndex owner, ByteKind kind, const std::string&, const Sizes& sizes, bool counts) {
      if (!owners[owner] || !has_kind(scope, kind)) return;
      size.is_there = true;
      if (counts || measure != BudgetMeasure::normalised) size.bytes += measured(sizes, measure);
    });
  }
  if (!has_overheads(scope)) return size;
  for (const OverheadFacts& overhead : facts.overheads) {
    if (!has_kind(scope, overhead.kind)) continue;
    size.is_there = true;
    if (measure != BudgetMeasure::normalised) size.bytes += measured(overhead.sizes, measure);
  }
  return size;
}

PieceFilter pieces_in_scope(const FactsDiff& diff, const BudgetScope& scope) {
  return [&diff, scope](const DiffPiece& piece) {
    if (!has_kind(scope, piece.kind)) return false;
    if (piece.file == kNoRow) return has_overheads(scope);
    const OwnerDiff& owner = diff.owners[piece.owner];
    return has_owner(scope, owner.kind, owner.name) && has_language(scope, diff.files[piece.file].language);
  };
}

}  // namespace winnow
