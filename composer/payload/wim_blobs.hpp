// The table of a WIM file that says where the content of each SHA-1 lies.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/digest.hpp"
#include "base/result.hpp"
#include "payload/content.hpp"
#include "payload/wim_resource.hpp"

namespace winnow {

struct WimHeader {
  std::uint32_t flags = 0, chunk_size = 0, images = 0;
  WimResourcePlace blob_table, xml;

  [[nodiscard]] int format() const;  // libwim's number of the compression; 0 = none
};

// Errors of this file are bare reasons.
[[nodiscard]] Result<WimHeader> read_wim_header(const Content& file);

// A content: a resource, or a stretch of a solid one.
struct StoredBlob {
  std::uint32_t resource = 0;  // index into StoredBlobs::resources
  ByteCount offset = 0;
  ByteCount size = 0;
};

struct StoredBlobs {
  std::vector<WimResourcePlace> resources;
  std::vector<WimResourcePlace> metadata;  // of each image
  std::map<Sha1Digest, StoredBlob> blobs;
};

[[nodiscard]] Result<StoredBlobs> read_wim_blobs(const Content& file, const WimHeader& header);

// All of a resource that is at most `limit` long.
[[nodiscard]] Result<Bytes> read_wim_resource(const Content& file, const WimResourcePlace& place, ByteCount limit);

}  // namespace winnow
