// Reads the JSON spelling of CVRF, as api.msrc.microsoft.com/cvrf gives a month: the words of the XML are numbers here.
#pragma once

#include "base/json.hpp"
#include "size_analyzer/exposure/document_builder.hpp"

namespace winnow {

// Errors: "cannot read <file>: …".
[[nodiscard]] Result<void> read_cvrf_json(const Json& root, DocumentBuilder& builder);

}  // namespace winnow
