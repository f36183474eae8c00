// SQLite, wrapped: a database file, prepared statements, transactions that roll back when they are not committed. Text
// of users is only ever bound, never part of a statement. Errors read "cannot <verb> <kind> <path>: <reason>"; the
// kind is what the caller calls its database: "history".
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace winnow {

class SqliteStatement {
 public:
  // Parameters and columns count from 0. What is bound is copied.
  SqliteStatement& bind(int parameter, std::int64_t number);
  SqliteStatement& bind(int parameter, std::string_view text);
  SqliteStatement& bind(int parameter, ByteView blob);
  SqliteStatement& bind_null(int parameter);
  // True when there is a row, false at the end; then the statement can be bound and stepped again.
  [[nodiscard]] Result<bool> step();
  // For statements that give no rows.
  [[nodiscard]] Result<void> run();

  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] Bytes blob(int column) const;

 private:
  friend class SqliteDatabase;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  SqliteStatement(const class SqliteDatabase* database, sqlite3_stmt* statement)
      : database_(database), statement_(statement) {}
  void note(int code);

  const SqliteDatabase* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int first_failure_ = 0;  // of bind(); step() reports it
};

class SqliteDatabase {
 public:
  enum class Mode { read, write };  // write: makes the file when it is not there

  // A writer waits at most this long for another one.
  static constexpr int kBusyMilliseconds = 5000;

  [[nodiscard]] static Result<SqliteDatabase> open(const std::filesystem::path& path, Mode mode, std::string kind);

  // `sql` is a constant of the program.
  [[nodiscard]] Result<SqliteStatement> prepare(const char* sql) const;
  [[nodiscard]] Result<void> run(const char* sql) const;
  // The one number that a pragma or a query without parameters gives.
  [[nodiscard]] Result<std::int64_t> number_of(const char* sql) const;

  // "cannot read <kind> <path>: " + reason; the reason of the library's last failure when none is given.
  [[nodiscard]] tl::unexpected<Error> failure() const;
  [[nodiscard]] tl::unexpected<Error> failure(const std::string& reason) const;

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  SqliteDatabase(std::filesystem::path path, Mode mode, std::string kind, sqlite3* database)
      : path_(std::move(path)), mode_(mode), kind_(std::move(kind)), database_(database) {}

  std::filesystem::path path_;
  Mode mode_;
  std::string kind_;
  std::unique_ptr<sqlite3, Close> database_;
};

// Rolls back unless commit() was called and succeeded.
class SqliteTransaction {
 public:
  // A writing one holds off other writers from now on.
  [[nodiscard]] static Result<SqliteTransaction> begin(const SqliteDatabase& database, SqliteDatabase::Mode mode);
  ~SqliteTransaction();
  SqliteTransaction(SqliteTransaction&& other) noexcept : database_(other.database_) { other.database_ = nullptr; }
  SqliteTransaction& operator=(SqliteTransaction&&) = delete;

  [[nodiscard]] Result<void> commit();

 private:
  explicit SqliteTransaction(const SqliteDatabase* database) : database_(database) {}
  const SqliteDatabase* database_;
};

}  // namespace winnow
