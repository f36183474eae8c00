// How verbs open media: the options they share, and the readers that composer/ has not.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "servicing/media_source.hpp"

namespace winnow {

struct MediaArguments {
  std::string media;
  std::string image;
  std::string dictionary;
};

// MEDIA, --image and --dcm-dictionary.
void add_media_arguments(CLI::App& app, MediaArguments& arguments);

// image_reader's readers, and the choice of image.
[[nodiscard]] MediaOptions media_options(const MediaArguments& arguments);

// The dictionary of manifests: from the file that was named, else from the media, else none.
[[nodiscard]] Result<Bytes> dictionary_for(const Media& media, const MediaArguments& arguments);

}  // namespace winnow
