// The bytes of a PE file that are no program: debug information and signatures.
#pragma once

#include <vector>

#include "binary/pe_image.hpp"
#include "size_analyzer/content_traits.hpp"

namespace winnow {

// Sections named .debug…, the table of symbols with its strings, what the debug directory points at outside those, and
// the Authenticode certificates. A byte that two of them claim is the first one's.
[[nodiscard]] std::vector<ContentPart> parts_of_pe(const PeImage& image);

}  // namespace winnow
