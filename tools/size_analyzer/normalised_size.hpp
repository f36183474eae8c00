// The normalised size: what a gate compares, because it changes only when content does. It is the logical size of all
// files without
//   - slack (of clusters, of hive cells), which follows from sizes of other things,
//   - Authenticode signatures, which grow and shrink with certificates and counter-signatures,
//   - winnow's own provenance.json, which grows with every name it records.
// File system and container overhead belongs to no file and is not in it; neither is compression, because logical sizes
// are before it, nor anything that depends on a clock. Every other byte of content is in it, registry values included.
#pragma once

#include "size_analyzer/image_facts.hpp"

namespace winnow {

// Whether bytes of `kind` in the file `path` count.
[[nodiscard]] bool is_normalised(std::string_view path, ByteKind kind);
[[nodiscard]] ByteCount normalised_size(const ImageFacts& facts);

// Calls visit(owner, kind, part name, sizes, is_normalised) for the file's own bytes and for each of its parts: every
// byte of the file once.
template <class Visit>
void visit_parts(const FileFacts& file, Visit&& visit) {
  Sizes own = file.sizes;
  for (const FilePart& part : file.parts) {
    own.logical -= part.sizes.logical;
    own.allocated -= part.sizes.allocated;
    own.stored -= part.sizes.stored;
    visit(part.owner == kNobody ? file.owner : part.owner, part.kind, part.name, part.sizes,
          is_normalised(file.path, part.kind));
  }
  visit(file.owner, file.kind, std::string(), own, is_normalised(file.path, file.kind));
}

}  // namespace winnow
