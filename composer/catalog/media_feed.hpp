// Media with Windows' own packages as a feed. Every manifest must be signed for as the trust policy asks; payload is
// compared with the digest of its manifest where its bytes are used.
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "catalog/feed_reader.hpp"
#include "catalog/media_index.hpp"

namespace winnow {

struct MadeMediaIndex {
  MediaIndex index;
  ManifestTexts texts;
};

// Reads every manifest and every security catalog, no payload. Errors: nothing there; a set that cannot be read; a
// manifest that nobody signs for (all of them); one identity with two different manifests, both files named.
[[nodiscard]] Result<MadeMediaIndex> index_media(const std::filesystem::path& media, const FeedOptions& options);

// index_media(), or what the cache kept of it.
[[nodiscard]] Result<LoadedFeed> load_media_feed(const std::filesystem::path& media, const FeedOptions& options);

}  // namespace winnow
