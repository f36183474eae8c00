// Who made an image grow: every byte of a difference with the one cause that explains it. Causes are found by rules, in
// this order, and each says what it saw; where the images do not tell, the cause is `unknown` and the reason says why.
//
// For each piece of the difference (diff_facts.hpp), the first that holds:
//  1. file_system   the bytes are of no file (file table, padding, headers of the container), or slack
//  2. compression   the file has the same content, and only its stored size differs
//  3. file_system   the file has the same content and length, and other clusters
//  4. interaction   the file has the same content and shares it with more or fewer names
//  5. base          the file lies in a layer below the topmost that only one of the images has, and no provenance
//  claims
//                   it (an image without any provenance: also in its only layer)
//  6. what explains the owner of the bytes:
//     in both images:
//       manifest      it is the app: its files are what the manifest names
//       interaction   it is winnow: hives and records follow from all else
//       version       its version differs
//       feed          its version is the same, the feeds' versions or digests differ
//       interaction   provenance says nothing differs that could explain it
//     in one image only (vanished: the same, read backwards):
//       manifest      it is the app; or only one of the manifests' requests names it or its package
//       choice        a decision of the composer fell on it in one image and on another owner in the other; or a need
//       of
//                     an owner that is in both images, in the same words, has it as target in one image only
//       manifest      the app, in both images, needs it in one of them only
//       edge          another owner that is in both images needs it in one of them only
//       (inherited)   an owner in the same image only needs it: the cause of that owner, the first found
//       feed          nothing of these, and the feeds differ
//       interaction   nothing of these, and provenance has a dependency graph
//  7. unknown         no provenance, or none that has a dependency graph
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "size_analyzer/diff_facts.hpp"
#include "size_analyzer/image_facts.hpp"

namespace winnow {

enum class Cause { manifest, version, edge, choice, feed, base, file_system, compression, interaction, unknown };
[[nodiscard]] std::string_view to_string(Cause cause);  // "your manifest"

// Why a piece differs.
struct PieceCause {
  Cause cause = Cause::unknown;
  std::string subject;  // "component Wine-a.dll", "app shop", "file Windows/x.dll", "MFT records of files"
  std::string reason;   // "version 8.0 -> 9.0"
};

// One cause for each of FactsDiff::pieces, in their order.
[[nodiscard]] std::vector<PieceCause> blame(const ImageFacts& before, const ImageFacts& after, const FactsDiff& diff);

// Pieces with the same cause, subject and reason.
struct CauseRow {
  PieceCause why;
  SizeChange change;
  std::int64_t normalised = 0;
  std::uint64_t pieces = 0;
};

using PieceFilter = std::function<bool(const DiffPiece&)>;

// Sorted by cause, subject, reason. Without a filter the changes add up to the difference of the totals.
[[nodiscard]] std::vector<CauseRow> sum_causes(const FactsDiff& diff, const std::vector<PieceCause>& causes,
                                               const PieceFilter& filter = {});
// The causes alone, over all subjects: reason and subject are "".
[[nodiscard]] std::vector<CauseRow> sum_cause_kinds(const std::vector<CauseRow>& rows);

}  // namespace winnow
