// What the archive fuzzer and the replay of its corpus call.
#pragma once

#include <cstdlib>
#include <memory>

#include "payload/cabinet.hpp"
#include "payload/payload_source.hpp"
#include "payload/unpack.hpp"

namespace winnow::testing {

// Takes the bytes apart as whatever they look like, and ends the program when an entry breaks a promise of
// PayloadEntry.
inline void unpack_anything(ByteView bytes) {
  const auto owner = std::make_shared<const Bytes>(bytes.begin(), bytes.end());
  const SharedBytes archive{owner, *owner};
  std::vector<PayloadEntry> entries;
  if (is_cabinet(archive.view)) {
    if (auto unpacked = unpack_cabinet(archive, "input")) entries = std::move(*unpacked);
  } else if (is_debian_package(archive.view)) {
    if (auto package = unpack_debian_package(archive, "input")) entries = std::move(package->entries);
  } else if (auto unpacked = unpack_archive(archive, "input", SymbolicLinks::refused)) {
    entries = std::move(*unpacked);
  }
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::string framed = "/" + entries[i].path + "/";
    const bool leaves = framed.find("/../") != std::string::npos || framed.find("//") != std::string::npos;
    if (leaves || framed.find('\\') != std::string::npos) std::abort();
    if (i > 0 && !(entries[i - 1].path < entries[i].path)) std::abort();
    const auto loaded = entries[i].content.load();
    if (!loaded || loaded->bytes().size() != entries[i].content.size()) std::abort();
  }
}

}  // namespace winnow::testing
