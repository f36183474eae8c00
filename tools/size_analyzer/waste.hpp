// Bytes of an image that are there more than once or for nothing: copies, files that a later layer hides, superseded
// versions in the component store, debug sections and signatures. Each row says what could be freed; a byte may be in
// several rows (a copy can be superseded as well), so rows are not added up.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "size_analyzer/image_facts.hpp"

namespace winnow {

// Contents that several files have, the copies in bytes: of N files with one content N-1 are waste, the largest stays.
// Names of one file (hard links, blobs stored once) are one file.
struct DuplicateContent {
  std::string digest;
  std::vector<std::string> paths;  // one for each copy, sorted
  Sizes waste;                     // all but the largest copy
};

struct WasteRow {
  std::string path;
  std::string detail;  // "hidden by layer 2", "superseded by 10.0.2.0", ".debug_info"
  Sizes sizes;
};

struct Waste {
  std::vector<DuplicateContent> duplicates;  // most stored bytes first, then by path
  std::vector<WasteRow> shadowed;            // the same order, here and below
  std::vector<WasteRow> superseded;
  std::vector<WasteRow> debug_sections;
  std::vector<WasteRow> signatures;
  Sizes duplicate_bytes;
  Sizes shadowed_bytes;
  Sizes superseded_bytes;
  Sizes debug_bytes;
  Sizes signature_bytes;
  Sizes total;  // of the image
};

[[nodiscard]] Waste find_waste(const ImageFacts& facts);

// A folder of the component store, "amd64_microsoft-windows-foo_31bf3856ad364e35_10.0.1.0_none_0123456789abcdef",
// without its hash and all but the first two numbers of its version: the same for all versions of which one replaces
// the other (Common-Controls 5.82 and 6.0 live side by side). "" when the name is no such.
[[nodiscard]] std::string component_of_store_folder(std::string_view name);
[[nodiscard]] std::string version_of_store_folder(std::string_view name);

// `most` rows of each kind at most.
[[nodiscard]] std::string print_waste(const Waste& waste, std::size_t most = 10);
[[nodiscard]] Json to_json(const Waste& waste);

}  // namespace winnow
