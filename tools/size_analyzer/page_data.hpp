// What a page embeds: the facts of an image, beside those of a baseline, in columns; or the points of a history. The
// schema is the page's own ("page": "winnow-page-1") and read by viewer/src/report.js and history.js of the same build.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "size_analyzer/html_page.hpp"
#include "size_analyzer/image_facts.hpp"

namespace winnow {

// Every byte of both images is in exactly one item: a file less its parts, a part, or bytes of no file. Items of the
// two that agree in path (compared as Windows does), part, owner (type, package, name) are one item. Precondition: both
// pass check_facts().
[[nodiscard]] Json size_page_data(const ImageFacts& facts, const std::optional<ImageFacts>& baseline);

[[nodiscard]] Json history_page_data(const HistoryPage& history);

// JSON that may stand inside a script element: no '<', '>' or '&', and only well-formed UTF-8, whatever the names hold.
[[nodiscard]] std::string script_json(const Json& json);

// Text that may stand inside an element.
[[nodiscard]] std::string element_text(std::string_view text);

}  // namespace winnow
