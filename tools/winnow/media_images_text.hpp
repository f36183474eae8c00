// The images of WIM files among media, for people and as JSON.
#pragma once

#include <ostream>

#include "base/json.hpp"
#include "servicing/media_source.hpp"

namespace winnow {

// A table; nothing when there are none.
void print_media_images(const Media& media, std::ostream& out);
[[nodiscard]] Json media_images_json(const Media& media);

}  // namespace winnow
