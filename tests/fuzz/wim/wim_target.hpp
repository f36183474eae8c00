// What the WIM fuzzer and the replay of its corpus call.
#pragma once

#include <cstdlib>
#include <string>

#include "payload/wim_file.hpp"
#include "payload/wim_folders.hpp"

namespace winnow::testing {

inline void check_path(const std::string& path) {
  const std::string framed = "/" + path + "/";
  const bool leaves = framed.find("/../") != std::string::npos || framed.find("//") != std::string::npos;
  if (leaves || framed.find('\\') != std::string::npos) std::abort();
}

// Reads the bytes as a WIM file, and as the folders of one image; ends the program when a path leaves its folder.
inline void read_any_wim(ByteView bytes) {
  if (const auto folders = list_wim_folders(bytes, "input")) {
    for (const WimFolderFile& file : *folders) check_path(file.path);
  }
  const auto wim = WimReader::open(Content::of_bytes({bytes.begin(), bytes.end()}), "input");
  if (!wim) return;
  for (std::uint32_t image = 1; image <= wim->image_count(); ++image) {
    const auto files = wim->files(image);
    if (!files) continue;
    for (const PayloadEntry& file : *files) {
      check_path(file.path);
      if (file.content.size() > (ByteCount{1} << 20)) continue;
      const auto loaded = file.content.load();
      if (loaded && loaded->bytes().size() != file.content.size()) std::abort();
    }
  }
}

}  // namespace winnow::testing
