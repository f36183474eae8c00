// Reads every security update document below a folder.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "size_analyzer/exposure/security_document.hpp"

namespace winnow {

inline constexpr ByteCount kMaxSecurityDocumentBytes = ByteCount{64} << 20;  // unpacked
inline constexpr ByteCount kMaxSecurityDocumentFile = ByteCount{256} << 20;

struct ParsedDocument {
  SecurityDocument document;
  std::vector<DocumentWarning> warnings;  // sorted by text
};

// CVRF as XML or JSON, or CSAF 2.0, told by its content. Error when it is none of them, or is damaged, with the place.
[[nodiscard]] Result<ParsedDocument> parse_security_document(std::string_view text, const std::string& file);

// The documents of a folder, sorted by month, then file.
struct SecurityDocuments {
  std::vector<SecurityDocument> documents;
  std::vector<DocumentWarning> warnings;  // sorted by text
};

// Files named *.xml and *.json, and the same with .zst or .gz behind, in all folders below `folder`; others are left
// alone. A document whose id another one has is not counted twice: it is left out with a warning. Errors: that of the
// first damaged document by name, "cannot read <folder>: it has no security document (.xml, .json, …)".
[[nodiscard]] Result<SecurityDocuments> load_security_documents(const std::filesystem::path& folder);

}  // namespace winnow
