#include "catalog/media_cache.hpp"

#include <system_error>

#include "servicing/media_source.hpp"

namespace winnow {

namespace {

namespace fs = std::filesystem;

// To be raised whenever index_media() makes another index of the same media, or the tables change.
constexpr std::int64_t kLayout = 3;
constexpr std::string_view kFile = "media.sqlite";

constexpr const char* kTables = R"(
DROP TABLE IF EXISTS media;
DROP TABLE IF EXISTS manifest;
CREATE TABLE media (number INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, body BLOB NOT NULL);
CREATE TABLE manifest (digest BLOB PRIMARY KEY, media INTEGER NOT NULL, text BLOB NOT NULL) WITHOUT ROWID;
)";

}  // namespace

Result<Digest> media_key(const fs::path& media, const FeedOptions& options) {
  WINNOW_TRY(const Digest fingerprint, media_fingerprint(media, options.media));
  // As it is spelled: places in the index begin with it.
  const std::string text = media.string() + "\n" + fs::absolute(media).string() + "\n" + fingerprint.hex() +
                           "\ndictionary " + sha256(options.dictionary).hex() + "\ntrust " +
                           options.trust.roots.fingerprint() + (options.trust.allow_unsigned ? " unsigned" : "") + "\n";
  return sha256(as_bytes(text));
}

Result<std::shared_ptr<MediaCache>> MediaCache::open(const fs::path& folder) {
  std::error_code ignored;
  fs::create_directories(folder, ignored);
  WINNOW_TRY(SqliteDatabase database, SqliteDatabase::open(folder / kFile, SqliteDatabase::Mode::write, "cache"));
  WINNOW_TRY(const std::int64_t layout, database.number_of("PRAGMA user_version"));
  if (layout != kLayout) {
    WINNOW_TRY(SqliteTransaction change, SqliteTransaction::begin(database, SqliteDatabase::Mode::write));
    WINNOW_CHECK(database.run(kTables));
    WINNOW_CHECK(database.run(("PRAGMA user_version = " + std::to_string(kLayout)).c_str()));
    WINNOW_CHECK(change.commit());
  }
  return std::shared_ptr<MediaCache>(new MediaCache(std::move(database)));
}

Result<std::optional<MediaIndex>> MediaCache::find(const Digest& key) const {
  const std::lock_guard lock(mutex_);
  WINNOW_TRY(SqliteStatement row, database_.prepare("SELECT body FROM media WHERE key = ?"));
  row.bind(0, ByteView(key.bytes));
  WINNOW_TRY(const bool is_there, row.step());
  if (!is_there) return std::nullopt;
  WINNOW_TRY(MediaIndex index, decode_media_index(row.blob(0)));
  return index;
}

Result<void> MediaCache::keep(const Digest& key, const MadeMediaIndex& made) {
  const std::lock_guard lock(mutex_);
  WINNOW_TRY(SqliteTransaction change, SqliteTransaction::begin(database_, SqliteDatabase::Mode::write));
  WINNOW_TRY(SqliteStatement row, database_.prepare("INSERT OR REPLACE INTO media (key, body) VALUES (?, ?)"));
  WINNOW_CHECK(row.bind(0, ByteView(key.bytes)).bind(1, ByteView(encode_media_index(made.index))).run());
  WINNOW_TRY(const std::int64_t number, database_.number_of("SELECT last_insert_rowid()"));
  WINNOW_TRY(SqliteStatement text,
             database_.prepare("INSERT OR REPLACE INTO manifest (digest, media, text) VALUES (?, ?, ?)"));
  for (const auto& [digest, bytes] : made.texts) {
    WINNOW_CHECK(text.bind(0, ByteView(digest.bytes)).bind(1, number).bind(2, ByteView(bytes)).run());
  }
  WINNOW_TRY(SqliteStatement old, database_.prepare("DELETE FROM media WHERE number <= ?"));
  WINNOW_CHECK(old.bind(0, number - static_cast<std::int64_t>(kMostKeptMedia)).run());
  WINNOW_CHECK(database_.run("DELETE FROM manifest WHERE media NOT IN (SELECT number FROM media)"));
  return change.commit();
}

Result<Bytes> MediaCache::text(const Digest& digest) const {
  const std::lock_guard lock(mutex_);
  WINNOW_TRY(SqliteStatement row, database_.prepare("SELECT text FROM manifest WHERE digest = ?"));
  row.bind(0, ByteView(digest.bytes));
  WINNOW_TRY(const bool is_there, row.step());
  Bytes bytes = is_there ? row.blob(0) : Bytes{};
  if (sha256(bytes) == digest) return bytes;
  return database_.failure("it lacks the manifest " + digest.hex());
}

}  // namespace winnow
