// Indexes of media, kept in SQLite: a second run reads rows instead of thousands of manifests. Keyed by a digest of
// what the index depends on: the files of the media (paths, sizes, times), the dictionary of deltas, whom to trust.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>

#include "base/digest.hpp"
#include "base/result.hpp"
#include "base/sqlite_database.hpp"
#include "catalog/media_feed.hpp"

namespace winnow {

inline constexpr std::size_t kMostKeptMedia = 16;  // the oldest beyond these are dropped

// Error when there is nothing at `media`.
[[nodiscard]] Result<Digest> media_key(const std::filesystem::path& media, const FeedOptions& options);

class MediaCache {
 public:
  // Makes the database when it is not there; one of another layout is made anew.
  [[nodiscard]] static Result<std::shared_ptr<MediaCache>> open(const std::filesystem::path& folder);

  [[nodiscard]] Result<std::optional<MediaIndex>> find(const Digest& key) const;
  [[nodiscard]] Result<void> keep(const Digest& key, const MadeMediaIndex& made);
  // A manifest of a kept index, compared with its digest. Safe to use from many threads at once.
  [[nodiscard]] Result<Bytes> text(const Digest& digest) const;

 private:
  explicit MediaCache(SqliteDatabase database) : database_(std::move(database)) {}
  SqliteDatabase database_;
  mutable std::mutex mutex_;
};

}  // namespace winnow
