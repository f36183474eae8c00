// Reads the XML spelling of CVRF 1.1 and 1.2, as api.msrc.microsoft.com/cvrf gives a month.
#pragma once

#include "manifest/xml_document.hpp"
#include "size_analyzer/exposure/document_builder.hpp"

namespace winnow {

// Elements are known by their names in any namespace of CVRF. Errors: "cannot read <file>: …".
[[nodiscard]] Result<void> read_cvrf_xml(const XmlElement& root, DocumentBuilder& builder);

}  // namespace winnow
