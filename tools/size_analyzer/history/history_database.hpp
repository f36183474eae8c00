// The history of images: builds in the order in which they were added, in one SQLite file. Builds are only ever added,
// never changed; each is there whole or not at all, also when the process is killed or two add at once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/sqlite_database.hpp"
#include "size_analyzer/history/build_record.hpp"

namespace winnow {

// "winw" in SQLite's header says that a file is a history; its user version is the schema's.
inline constexpr std::int64_t kHistoryApplicationId = 0x77696E77;
inline constexpr std::int64_t kHistoryVersion = 1;

struct StoredBuild {
  std::int64_t id = 0;
  BuildRecord record;  // owners, kinds and counts only where they were asked for
};

struct HistorySeriesBuilds {
  std::string name;
  std::vector<StoredBuild> builds;  // oldest first: in the order they were added
};

struct AddedBuilds {
  std::size_t added = 0;
  std::size_t present = 0;  // the very same record was there already
};

class HistoryDatabase {
 public:
  // Errors "cannot read history <path>: <reason>": not there, no history, of another version, damaged.
  [[nodiscard]] static Result<HistoryDatabase> open_to_read(const std::filesystem::path& path);
  // The same; makes the file when it is not there.
  [[nodiscard]] static Result<HistoryDatabase> open_to_write(const std::filesystem::path& path);

  // All of them or none. Error when a series has another build of the same label: "cannot add build <label> of <series>
  // to history <path>: it is there already and differs: …".
  [[nodiscard]] Result<AddedBuilds> add(std::span<const BuildRecord> records);

  // Every series, sorted by name, its builds without owners, kinds and counts.
  [[nodiscard]] Result<std::vector<HistorySeriesBuilds>> series() const;
  [[nodiscard]] Result<std::vector<OwnerRecord>> owners_of(std::int64_t build) const;
  [[nodiscard]] Result<std::vector<KindRecord>> kinds_of(std::int64_t build) const;
  [[nodiscard]] Result<std::vector<CountFacts>> counts_of(std::int64_t build) const;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  HistoryDatabase(std::filesystem::path path, SqliteDatabase database)
      : path_(std::move(path)), database_(std::move(database)) {}

  std::filesystem::path path_;
  SqliteDatabase database_;
};

}  // namespace winnow
