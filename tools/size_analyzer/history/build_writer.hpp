// Puts records into the tables of a history; all within a transaction of the caller.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "base/sqlite_database.hpp"
#include "size_analyzer/history/build_record.hpp"

namespace winnow {

class BuildWriter {
 public:
  // `database` outlives the writer.
  [[nodiscard]] static Result<BuildWriter> create(const SqliteDatabase& database);

  // False when the very same record is there already. Error "it is there already and differs" as
  // HistoryDatabase::add().
  [[nodiscard]] Result<bool> write(const BuildRecord& record, const std::string& history);

 private:
  explicit BuildWriter(const SqliteDatabase& database) : database_(&database) {}

  [[nodiscard]] Result<std::int64_t> id_of(SqliteStatement& insert, SqliteStatement& select, std::string_view text);
  [[nodiscard]] Result<std::int64_t> text_id(std::string_view text);
  [[nodiscard]] Result<std::int64_t> owner_id(const OwnerRecord& owner);
  [[nodiscard]] Result<std::int64_t> write_build(const BuildRecord& record, std::int64_t series, const Digest& digest);
  [[nodiscard]] Result<void> write_lists(const BuildRecord& record, std::int64_t build);
  [[nodiscard]] Result<void> write_owners(const BuildRecord& record, std::int64_t build);

  const SqliteDatabase* database_;
  std::vector<SqliteStatement> statements_;
};

}  // namespace winnow
