#include "size_analyzer/history/history_database.hpp"

#include <map>

#include "size_analyzer/history/build_writer.hpp"
#include "size_analyzer/history/history_schema.hpp"

namespace winnow {

namespace {

using Mode = SqliteDatabase::Mode;

constexpr const char* kSelectBuilds =
    "SELECT build.id, series.name, label, time, is_imported, logical, allocated, stored, t1.value, t2.value, t3.value, "
    "t4.value, t5.value, t6.value, t7.value, t8.value FROM build JOIN series ON series.id = build.series "
    "JOIN text t1 ON t1.id = base JOIN text t2 ON t2.id = product JOIN text t3 ON t3.id = image "
    "JOIN text t4 ON t4.id = format JOIN text t5 ON t5.id = tag JOIN text t6 ON t6.id = os_version "
    "JOIN text t7 ON t7.id = architecture JOIN text t8 ON t8.id = manifest_digest ORDER BY series.name, build.id";
constexpr const char* kSelectRequests =
    "SELECT value FROM request JOIN text ON text.id = request WHERE build = ? ORDER BY place";
constexpr const char* kSelectFeeds =
    "SELECT t1.value, t2.value, t3.value FROM feed JOIN text t1 ON t1.id = name JOIN text t2 ON t2.id = version "
    "JOIN text t3 ON t3.id = digest WHERE build = ? ORDER BY place";
constexpr const char* kSelectOwners =
    "SELECT kind, name, package, architecture, t1.value, t2.value, is_requested, files, logical, allocated, stored "
    "FROM build_owner JOIN owner ON owner.id = owner JOIN text t1 ON t1.id = version JOIN text t2 ON t2.id = reason "
    "WHERE build = ?";
constexpr const char* kSelectKinds =
    "SELECT value, logical, allocated, stored FROM build_kind JOIN text ON text.id = kind WHERE build = ? "
    "ORDER BY place";
constexpr const char* kSelectCounts =
    "SELECT text.value, build_count.value FROM build_count JOIN text ON text.id = name WHERE build = ? ORDER BY place";

// Sizes below 2^62, so that differences fit.
Result<Sizes> sizes_at(const SqliteDatabase& database, const SqliteStatement& row, int column) {
  std::array<ByteCount, 3> numbers{};
  for (int i = 0; i < 3; ++i) {
    const std::int64_t number = row.number(column + i);
    if (number < 0 || number > std::int64_t{1} << 62) return database.failure("it is damaged: a size is out of range");
    numbers[static_cast<std::size_t>(i)] = static_cast<ByteCount>(number);
  }
  return Sizes{numbers[0], numbers[1], numbers[2]};
}

Result<OwnerType> owner_kind(const SqliteDatabase& database, const std::string& word) {
  for (const OwnerType kind : {OwnerType::component, OwnerType::app, OwnerType::winnow, OwnerType::nobody}) {
    if (word == to_string(kind)) return kind;
  }
  return database.failure("it is damaged: \"" + word + "\" is no kind of owner");
}

Result<StoredBuild> build_at(const SqliteDatabase& database, const SqliteStatement& row) {
  StoredBuild build;
  build.id = row.number(0);
  BuildRecord& record = build.record;
  record.series = row.text(1);
  record.label = row.text(2);
  if (!row.is_null(3)) record.time = row.number(3);
  record.is_imported = row.number(4) != 0;
  WINNOW_TRY(record.total, sizes_at(database, row, 5));
  int column = 8;
  for (std::string* field : {&record.base, &record.product, &record.image, &record.format, &record.tag,
                             &record.os_version, &record.architecture, &record.manifest_digest}) {
    *field = row.text(column++);
  }
  return build;
}

Result<void> read_lists(const SqliteDatabase& database, StoredBuild& build) {
  if (build.record.is_imported) return {};
  WINNOW_TRY(SqliteStatement requests, database.prepare(kSelectRequests));
  requests.bind(0, build.id);
  while (true) {
    WINNOW_TRY(const bool has_row, requests.step());
    if (!has_row) break;
    build.record.requests.push_back(requests.text(0));
  }
  WINNOW_TRY(SqliteStatement feeds, database.prepare(kSelectFeeds));
  feeds.bind(0, build.id);
  while (true) {
    WINNOW_TRY(const bool has_row, feeds.step());
    if (!has_row) break;
    build.record.feeds.push_back({feeds.text(0), feeds.text(1), feeds.text(2)});
  }
  return {};
}

Result<void> check_version(const SqliteDatabase& database) {
  WINNOW_TRY(const std::int64_t application, database.number_of("PRAGMA application_id"));
  WINNOW_TRY(const std::int64_t version, database.number_of("PRAGMA user_version"));
  if (application != kHistoryApplicationId) return database.failure("it is a database of another program");
  if (version != kHistoryVersion) {
    return database.failure("it is of version " + std::to_string(version) + ", this winnow knows version " +
                            std::to_string(kHistoryVersion));
  }
  return {};
}

// SQLite takes a last page that is cut off as one with zeros at its end.
Result<void> check_length(const SqliteDatabase& database, const std::filesystem::path& path) {
  WINNOW_TRY(const std::int64_t pages, database.number_of("PRAGMA page_count"));
  WINNOW_TRY(const std::int64_t page_size, database.number_of("PRAGMA page_size"));
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (!error && size < static_cast<std::uintmax_t>(pages * page_size)) {
    return database.failure("it is damaged: its end is missing");
  }
  return {};
}

// A new file has no pages; the tables are made in one transaction, by whoever comes first.
Result<void> make_tables(const SqliteDatabase& database) {
  WINNOW_TRY(SqliteTransaction transaction, SqliteTransaction::begin(database, Mode::write));
  WINNOW_TRY(const std::int64_t tables, database.number_of("SELECT count(*) FROM sqlite_schema"));
  if (tables != 0) return {};
  WINNOW_CHECK(database.run(kHistorySchema));
  WINNOW_CHECK(database.run(("PRAGMA application_id = " + std::to_string(kHistoryApplicationId)).c_str()));
  WINNOW_CHECK(database.run(("PRAGMA user_version = " + std::to_string(kHistoryVersion)).c_str()));
  return transaction.commit();
}

}  // namespace

Result<HistoryDatabase> HistoryDatabase::open_to_read(const std::filesystem::path& path) {
  WINNOW_TRY(SqliteDatabase database, SqliteDatabase::open(path, Mode::read, "history"));
  WINNOW_TRY(const std::int64_t tables, database.number_of("SELECT count(*) FROM sqlite_schema"));
  if (tables == 0) return database.failure("it is empty: `winnow history add` fills it");
  WINNOW_CHECK(check_version(database));
  WINNOW_CHECK(check_length(database, path));
  return HistoryDatabase(path, std::move(database));
}

Result<HistoryDatabase> HistoryDatabase::open_to_write(const std::filesystem::path& path) {
  WINNOW_TRY(SqliteDatabase database, SqliteDatabase::open(path, Mode::write, "history"));
  WINNOW_TRY(const std::int64_t tables, database.number_of("SELECT count(*) FROM sqlite_schema"));
  if (tables == 0) WINNOW_CHECK(make_tables(database));
  WINNOW_CHECK(check_version(database));
  WINNOW_CHECK(check_length(database, path));
  return HistoryDatabase(path, std::move(database));
}

Result<AddedBuilds> HistoryDatabase::add(std::span<const BuildRecord> records) {
  WINNOW_TRY(SqliteTransaction transaction, SqliteTransaction::begin(database_, Mode::write));
  WINNOW_TRY(BuildWriter writer, BuildWriter::create(database_));
  AddedBuilds done;
  for (const BuildRecord& record : records) {
    WINNOW_TRY(const bool is_new, writer.write(record, path_.string()));
    ++(is_new ? done.added : done.present);
  }
  WINNOW_CHECK(transaction.commit());
  return done;
}

Result<std::vector<HistorySeriesBuilds>> HistoryDatabase::series() const {
  WINNOW_TRY(const SqliteTransaction transaction, SqliteTransaction::begin(database_, Mode::read));
  WINNOW_TRY(SqliteStatement rows, database_.prepare(kSelectBuilds));
  std::vector<HistorySeriesBuilds> all;
  while (true) {
    WINNOW_TRY(const bool has_row, rows.step());
    if (!has_row) break;
    WINNOW_TRY(StoredBuild build, build_at(database_, rows));
    if (all.empty() || all.back().name != build.record.series) all.push_back({build.record.series, {}});
    WINNOW_CHECK(read_lists(database_, build));
    all.back().builds.push_back(std::move(build));
  }
  if (all.empty()) return database_.failure("it is empty: `winnow history add` fills it");
  return all;
}

Result<std::vector<OwnerRecord>> HistoryDatabase::owners_of(std::int64_t build) const {
  WINNOW_TRY(SqliteStatement rows, database_.prepare(kSelectOwners));
  rows.bind(0, build);
  std::map<std::tuple<OwnerType, std::string, std::string, std::string, std::string>, OwnerRecord> sorted;
  while (true) {
    WINNOW_TRY(const bool has_row, rows.step());
    if (!has_row) break;
    OwnerRecord owner;
    WINNOW_TRY(owner.kind, owner_kind(database_, rows.text(0)));
    owner.name = rows.text(1);
    owner.package = rows.text(2);
    owner.architecture = rows.text(3);
    owner.version = rows.text(4);
    owner.reason = rows.text(5);
    owner.is_requested = rows.number(6) != 0;
    owner.files = static_cast<std::uint64_t>(rows.number(7));
    WINNOW_TRY(owner.sizes, sizes_at(database_, rows, 8));
    sorted[{owner.kind, owner.name, owner.package, owner.architecture, owner.version}] = owner;
  }
  std::vector<OwnerRecord> owners;
  for (auto& [key, owner] : sorted) owners.push_back(std::move(owner));
  return owners;
}

Result<std::vector<KindRecord>> HistoryDatabase::kinds_of(std::int64_t build) const {
  WINNOW_TRY(SqliteStatement rows, database_.prepare(kSelectKinds));
  rows.bind(0, build);
  std::vector<KindRecord> kinds;
  while (true) {
    WINNOW_TRY(const bool has_row, rows.step());
    if (!has_row) return kinds;
    WINNOW_TRY(const Sizes sizes, sizes_at(database_, rows, 1));
    kinds.push_back({rows.text(0), sizes});
  }
}

Result<std::vector<CountFacts>> HistoryDatabase::counts_of(std::int64_t build) const {
  WINNOW_TRY(SqliteStatement rows, database_.prepare(kSelectCounts));
  rows.bind(0, build);
  std::vector<CountFacts> counts;
  while (true) {
    WINNOW_TRY(const bool has_row, rows.step());
    if (!has_row) return counts;
    counts.push_back({rows.text(0), static_cast<std::uint64_t>(rows.number(1))});
  }
}

}  // namespace winnow
