// Which file and which owner of one image is which of another, so that a move or a new version is one row and not two.
#pragma once

#include <cstddef>
#include <limits>
#include <string_view>
#include <vector>

#include "size_analyzer/image_facts.hpp"

namespace winnow {

inline constexpr std::size_t kNoMatch = std::numeric_limits<std::size_t>::max();

// By what two files were taken for the same one; earlier rules win, and within a rule the order of the paths.
enum class FileMatch {
  path_and_content,  // the same path (case is free) and SHA-256
  path,              // the same path, other content
  content_and_name,  // the same SHA-256 and file name in another folder
  content,           // the same SHA-256 under another name; empty files are not matched so
  owner_and_name,    // the same file name of the same owner, whatever the owner's version
  none,              // in one image only
};
[[nodiscard]] std::string_view to_string(FileMatch match);  // "path and content"

// Indexes into files or owners of the two images; kNoMatch: not in that one.
struct MatchedPair {
  std::size_t before = kNoMatch;
  std::size_t after = kNoMatch;
};
struct MatchedFiles : MatchedPair {
  FileMatch match = FileMatch::none;
};

// By kind, name, package, version and architecture; then with fewer of these: first without the version, at last by
// kind and name. Two apps of different names are one when each image has no other. Sorted by `after`, what is only in
// `before` last. The first pair is nobody and nobody.
[[nodiscard]] std::vector<MatchedPair> match_owners(const ImageFacts& before, const ImageFacts& after);

// Every file of both images in exactly one pair; sorted by `after`, what is only in `before` last.
[[nodiscard]] std::vector<MatchedFiles> match_files(const ImageFacts& before, const ImageFacts& after);

}  // namespace winnow
