// One layer of an image: its tar entries as files of the container's C:\, streamed.
// Errors of this file are bare reasons; read_image() puts "cannot read image <image>: " in front.
#pragma once

#include <functional>
#include <vector>

#include "base/result.hpp"
#include "image_reader/image_reader.hpp"

namespace winnow {

// Sees every file, directory and link of the layer in stream order; `content` is empty unless wanted. False stops the
// reading.
using EntrySink = std::function<bool(const ImageFile& file, ByteView content)>;
// Whether the content of this file is to be held in memory for the sink.
using ContentFilter = std::function<bool(const ImageFile& file)>;

struct LayerContents {
  std::vector<ImageFile> files;
  ByteCount unpacked = 0;
  ByteCount framing = 0;
  bool stopped = false;  // by the sink
};

// `layer` is the layer's index. At most `max_entries` entries are taken.
[[nodiscard]] Result<LayerContents> read_layer(ByteView blob, std::size_t layer, std::size_t max_entries,
                                               const ContentFilter& wants_content, const EntrySink& sink);

}  // namespace winnow
