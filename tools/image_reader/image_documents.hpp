// The JSON documents of an image: which layers it has, in which order, and how it wants to be run. Both worlds are
// read: the OCI layout (index, manifest, config) when there is an index.json, else docker's manifest.json. Errors of
// this file are bare reasons; read_image() puts "cannot read image <image>: " in front.
#pragma once

#include <string>
#include <vector>

#include "image_reader/blob_store.hpp"
#include "image_reader/image_reader.hpp"

namespace winnow {

struct StoredLayer {
  std::string name;        // in the store
  std::string digest;      // "sha256:…"
  std::string media_type;  // "" for a docker archive
  ByteView bytes;
};

// Fills everything of `info` that the documents say; the layers come back with their bytes.
[[nodiscard]] Result<std::vector<StoredLayer>> read_documents(const BlobStore& store, ImageInfo& info);

}  // namespace winnow
