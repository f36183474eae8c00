#include "base/sqlite_database.hpp"

#include <sqlite3.h>

#include <cstring>
#include <limits>

namespace winnow {

namespace {

// What people can do something about, in their words; the rest in SQLite's.
std::string reason_of(sqlite3* database) {
  switch (sqlite3_errcode(database)) {
    case SQLITE_NOTADB:
      return "it is no SQLite database";
    case SQLITE_CORRUPT:
      return "it is damaged";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another process is writing to it";
    case SQLITE_READONLY:
      return "the file or its folder is read-only";
    case SQLITE_FULL:
      return "no space left on the disk";
    default:
      break;
  }
  const int system = sqlite3_system_errno(database);
  const bool by_system = sqlite3_errcode(database) == SQLITE_CANTOPEN || sqlite3_errcode(database) == SQLITE_IOERR;
  return by_system && system != 0 ? std::strerror(system) : sqlite3_errmsg(database);
}

}  // namespace

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

void SqliteStatement::note(int code) {
  if (first_failure_ == SQLITE_OK) first_failure_ = code;
}

SqliteStatement& SqliteStatement::bind(int parameter, std::int64_t number) {
  note(sqlite3_bind_int64(statement_.get(), parameter + 1, number));
  return *this;
}

SqliteStatement& SqliteStatement::bind(int parameter, std::string_view text) {
  const char* start = text.data() == nullptr ? "" : text.data();
  note(sqlite3_bind_text64(statement_.get(), parameter + 1, start, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

SqliteStatement& SqliteStatement::bind(int parameter, ByteView blob) {
  note(sqlite3_bind_blob64(statement_.get(), parameter + 1, blob.data(), blob.size(), SQLITE_TRANSIENT));
  return *this;
}

SqliteStatement& SqliteStatement::bind_null(int parameter) {
  note(sqlite3_bind_null(statement_.get(), parameter + 1));
  return *this;
}

Result<bool> SqliteStatement::step() {
  if (first_failure_ != SQLITE_OK) return database_->failure(sqlite3_errstr(first_failure_));
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) {
    auto error = database_->failure();
    sqlite3_reset(statement_.get());
    return error;
  }
  sqlite3_reset(statement_.get());
  return false;
}

Result<void> SqliteStatement::run() {
  WINNOW_TRY(const bool has_row, step());
  if (has_row) sqlite3_reset(statement_.get());
  return {};
}

bool SqliteStatement::is_null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }

std::int64_t SqliteStatement::number(int column) const { return sqlite3_column_int64(statement_.get(), column); }

std::string SqliteStatement::text(int column) const {
  const auto* start = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  if (start == nullptr) return {};
  return {start, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

Bytes SqliteStatement::blob(int column) const {
  const auto* start = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_.get(), column));
  if (start == nullptr) return {};
  return {start, start + sqlite3_column_bytes(statement_.get(), column)};
}

void SqliteDatabase::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

Result<SqliteDatabase> SqliteDatabase::open(const std::filesystem::path& path, Mode mode, std::string kind) {
  // Readers, too, may have to roll back what a killed writer left; where they cannot write, SQLite opens for reading.
  const int flags = SQLITE_OPEN_READWRITE | (mode == Mode::read ? 0 : SQLITE_OPEN_CREATE);
  sqlite3* handle = nullptr;
  // An absolute path is never one of SQLite's own names (":memory:", "file:…").
  const int code = sqlite3_open_v2(std::filesystem::absolute(path).c_str(), &handle, flags, nullptr);
  SqliteDatabase database(path, mode, std::move(kind), handle);
  if (handle == nullptr) return database.failure("out of memory");
  if (code != SQLITE_OK) return database.failure();
  sqlite3_busy_timeout(handle, kBusyMilliseconds);
  // A file that somebody else made may hold triggers and views under our names: they may do nothing.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  WINNOW_CHECK(database.run("PRAGMA cell_size_check = ON"));
  if (mode == Mode::read) WINNOW_CHECK(database.run("PRAGMA query_only = ON"));
  return database;
}

Result<SqliteStatement> SqliteDatabase::prepare(const char* sql) const {
  sqlite3_stmt* handle = nullptr;
  if (sqlite3_prepare_v2(database_.get(), sql, -1, &handle, nullptr) != SQLITE_OK) return failure();
  return SqliteStatement(this, handle);
}

Result<void> SqliteDatabase::run(const char* sql) const {
  if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failure();
  return {};
}

Result<std::int64_t> SqliteDatabase::number_of(const char* sql) const {
  WINNOW_TRY(SqliteStatement statement, prepare(sql));
  WINNOW_TRY(const bool has_row, statement.step());
  return has_row ? statement.number(0) : 0;
}

tl::unexpected<Error> SqliteDatabase::failure() const { return failure(reason_of(database_.get())); }

tl::unexpected<Error> SqliteDatabase::failure(const std::string& reason) const {
  return fail(std::string("cannot ") + (mode_ == Mode::read ? "read" : "write") + " " + kind_ + " " + path_.string() +
              ": " + reason);
}

Result<SqliteTransaction> SqliteTransaction::begin(const SqliteDatabase& database, SqliteDatabase::Mode mode) {
  WINNOW_CHECK(database.run(mode == SqliteDatabase::Mode::write ? "BEGIN IMMEDIATE" : "BEGIN"));
  return SqliteTransaction(&database);
}

SqliteTransaction::~SqliteTransaction() {
  if (database_ != nullptr) (void)database_->run("ROLLBACK");
}

Result<void> SqliteTransaction::commit() {
  WINNOW_CHECK(database_->run("COMMIT"));
  database_ = nullptr;
  return {};
}

}  // namespace winnow
