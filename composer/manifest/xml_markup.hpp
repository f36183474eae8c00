// The markup of an XML text, checked in one pass before TinyXML-2 may see it: TinyXML-2 accepts what is no XML, names
// only lines, and spends quadratic time on an element with many attributes.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "manifest/xml_text.hpp"

namespace winnow {

inline constexpr std::size_t kMaxXmlAttributes = 256;  // of one element

// Refuses, with line and column: nesting and numbers beyond the limits, tags that are not closed or closed by another
// name, attributes given twice or not as name="value", more than one root element, text outside it, <!DOCTYPE> and
// every other declaration, references to entities that XML does not define, encodings other than UTF-8. Precondition:
// `text` is UTF-8 and not longer than kMaxManifestBytes.
[[nodiscard]] Result<void> check_xml_markup(std::string_view text, const std::string& file, const LineMap& lines);

}  // namespace winnow
