// Reads CSAF 2.0 advisories, as msrc.microsoft.com/csaf has one for each vulnerability.
#pragma once

#include "base/json.hpp"
#include "size_analyzer/exposure/document_builder.hpp"

namespace winnow {

// CSAF has no severity for each product: the advisory's own is everyone's. It has no tag: the title tells the
// component. Errors: "cannot read <file>: …".
[[nodiscard]] Result<void> read_csaf_json(const Json& root, DocumentBuilder& builder);

}  // namespace winnow
