#include "size_analyzer/normalised_size.hpp"

#include "base/utf16.hpp"
#include "image_reader/provenance.hpp"

namespace winnow {

bool is_normalised(std::string_view path, ByteKind kind) {
  if (kind == ByteKind::slack || kind == ByteKind::signature) return false;
  return !ascii_iequals(path, kProvenancePath);
}

ByteCount normalised_size(const ImageFacts& facts) {
  ByteCount size = 0;
  for (const FileFacts& file : facts.files) {
    visit_parts(file, [&](OwnerIndex, ByteKind, const std::string&, const Sizes& sizes, bool counts) {
      if (counts) size += sizes.logical;
    });
  }
  return size;
}

}  // namespace winnow
