#include "size_analyzer/blame.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "size_analyzer/owner_cause.hpp"

namespace winnow {

namespace {

bool has_layer(const ImageFacts& facts, const std::string& digest) {
  return std::any_of(facts.layers.begin(), facts.layers.end(),
                     [&](const ImageLayerFacts& layer) { return layer.digest == digest; });
}

class Blamer {
 public:
  Blamer(const ImageFacts& before, const ImageFacts& after, const FactsDiff& diff)
      : before_(before), after_(after), diff_(diff), owners_(owner_causes(before, after, diff)) {}

  [[nodiscard]] PieceCause explain(const DiffPiece& piece) const {
    if (piece.file == kNoRow) return {Cause::file_system, piece.part, no_file_reason()};
    if (piece.kind == ByteKind::slack) {
      return {Cause::file_system, "slack", "follows from the lengths of other bytes"};
    }
    const FileDiff& file = diff_.files[piece.file];
    if (file.is_same_content && file.before_owner == file.after_owner) return explain_same(piece, file);
    if (auto base = explain_base(piece, file)) return *base;
    if (file.before_owner != file.after_owner && file.is_same_content) return explain_handed_over(piece, file);
    PieceCause cause = owners_[piece.owner];
    if (diff_.owners[piece.owner].kind == OwnerType::nobody) cause.subject = "file " + file.path();
    return cause;
  }

 private:
  [[nodiscard]] std::string no_file_reason() const {
    if (before_.format != after_.format) return "the formats differ: " + before_.format + " -> " + after_.format;
    return "follows from the number and lengths of files";
  }

  [[nodiscard]] PieceCause explain_same(const DiffPiece& piece, const FileDiff& file) const {
    const SizeChange change = piece.change();
    const std::string subject = diff_.owners[piece.owner].kind == OwnerType::nobody
                                    ? "file " + file.path()
                                    : subject_of(diff_.owners[piece.owner]);
    if (change.logical != 0) {
      return {Cause::interaction, subject, "same content, shared with more or fewer names than before"};
    }
    if (change.allocated != 0) return {Cause::file_system, subject, "same content in other clusters"};
    return {Cause::compression, subject, "same content, stored in more or fewer bytes"};
  }

  // The very same file, counted for another owner than before.
  [[nodiscard]] PieceCause explain_handed_over(const DiffPiece& piece, const FileDiff& file) const {
    const OwnerDiff& from = diff_.owners[file.before_owner];
    const OwnerDiff& to = diff_.owners[file.after_owner];
    const std::string reason = "the same file: " + subject_of(from) + " -> " + subject_of(to);
    const bool is_gone = from.index.after == kNoMatch;
    const bool is_new = to.index.before == kNoMatch;
    const Cause cause = is_new    ? owners_[file.after_owner].cause
                        : is_gone ? owners_[file.before_owner].cause
                                  : Cause::interaction;
    return {cause, subject_of(diff_.owners[piece.owner]), reason};
  }

  [[nodiscard]] std::optional<PieceCause> explain_base(const DiffPiece& piece, const FileDiff& file) const {
    const auto old_layer = moved_layer(before_, after_, file.index.before, piece.owner, false);
    const auto new_layer = moved_layer(after_, before_, file.index.after, piece.owner, true);
    if (!old_layer && !new_layer) return std::nullopt;
    const OwnerDiff& owner = diff_.owners[piece.owner];
    const std::string subject = owner.kind == OwnerType::nobody ? "file " + file.path() : subject_of(owner);
    return PieceCause{Cause::base, subject,
                      "base layer " + old_layer.value_or("none of it") + " -> " + new_layer.value_or("none of it")};
  }

  // The digest of the layer a file lies in, when that layer is not the image's own and the other image lacks it.
  [[nodiscard]] std::optional<std::string> moved_layer(const ImageFacts& here, const ImageFacts& there,
                                                       std::size_t file, std::size_t owner_row, bool is_after) const {
    if (file == kNoMatch || here.layers.empty() || there.layers.empty()) return std::nullopt;
    const MatchedPair& owner = diff_.owners[owner_row].index;
    const std::size_t index = is_after ? owner.after : owner.before;
    if (index != kNoMatch && here.owners[index].basis == OwnerBasis::provenance) return std::nullopt;
    const std::size_t layer = here.files[file].layer;
    const bool is_topmost = layer + 1 == here.layers.size();
    if (is_topmost && (layer > 0 || has_provenance(here))) return std::nullopt;
    const std::string& digest = here.layers[layer].digest;
    if (has_layer(there, digest)) return std::nullopt;
    return digest.substr(0, 19);  // "sha256:" and 12 digits
  }

  const ImageFacts& before_;
  const ImageFacts& after_;
  const FactsDiff& diff_;
  std::vector<PieceCause> owners_;
};

}  // namespace

std::string_view to_string(Cause cause) {
  switch (cause) {
    case Cause::manifest:
      return "your manifest";
    case Cause::version:
      return "version moved";
    case Cause::edge:
      return "new dependency";
    case Cause::choice:
      return "choice flipped";
    case Cause::feed:
      return "feed";
    case Cause::base:
      return "base image";
    case Cause::file_system:
      return "file system";
    case Cause::compression:
      return "compression";
    case Cause::interaction:
      return "interaction";
    case Cause::unknown:
      break;
  }
  return "unknown";
}

std::vector<PieceCause> blame(const ImageFacts& before, const ImageFacts& after, const FactsDiff& diff) {
  const Blamer blamer(before, after, diff);
  std::vector<PieceCause> causes;
  causes.reserve(diff.pieces.size());
  for (const DiffPiece& piece : diff.pieces) causes.push_back(blamer.explain(piece));
  return causes;
}

std::vector<CauseRow> sum_causes(const FactsDiff& diff, const std::vector<PieceCause>& causes,
                                 const PieceFilter& filter) {
  std::map<std::tuple<Cause, std::string, std::string>, CauseRow> rows;
  for (std::size_t i = 0; i < diff.pieces.size(); ++i) {
    const DiffPiece& piece = diff.pieces[i];
    if (filter && !filter(piece)) continue;
    CauseRow& row = rows[{causes[i].cause, causes[i].subject, causes[i].reason}];
    row.why = causes[i];
    const SizeChange change = piece.change();
    row.change += change;
    if (piece.is_normalised) row.normalised += change.logical;
    ++row.pieces;
  }
  std::vector<CauseRow> sorted;
  for (auto& [key, row] : rows) sorted.push_back(std::move(row));
  return sorted;
}

std::vector<CauseRow> sum_cause_kinds(const std::vector<CauseRow>& rows) {
  std::map<Cause, CauseRow> kinds;
  for (const CauseRow& row : rows) {
    CauseRow& kind = kinds[row.why.cause];
    kind.why.cause = row.why.cause;
    kind.change += row.change;
    kind.normalised += row.normalised;
    kind.pieces += row.pieces;
  }
  std::vector<CauseRow> sorted;
  for (auto& [cause, row] : kinds) sorted.push_back(std::move(row));
  return sorted;
}

}  // namespace winnow
