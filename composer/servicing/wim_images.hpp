// The images of WIM files, as their XML describes them, and which of them a user means.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "servicing/media_source.hpp"

namespace winnow {

// One row for each of the `count` images of the file `file`; those the XML says nothing of have no name. Faults of the
// XML have their place in it: "<file>/[1].xml:1:5: cannot …".
[[nodiscard]] Result<std::vector<MediaImage>> parse_wim_images(std::string_view xml, std::uint32_t count,
                                                               const std::string& file);

// Which of `images` a choice names, as MediaOptions::image says: one. Errors "cannot choose an image of <media>: …",
// with what there is to choose.
[[nodiscard]] Result<std::size_t> choose_wim_image(const std::vector<MediaImage>& images, const std::string& choice,
                                                   const std::string& media);

}  // namespace winnow
