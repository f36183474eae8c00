#include "size_analyzer/history/build_writer.hpp"

#include <array>

namespace winnow {

namespace {

// Index into the prepared statements.
enum Query : std::size_t {
  kInsertText,
  kSelectText,
  kInsertSeries,
  kSelectSeries,
  kSelectBuild,
  kInsertBuild,
  kInsertRequest,
  kInsertFeed,
  kInsertOwner,
  kSelectOwner,
  kInsertBuildOwner,
  kInsertKind,
  kInsertCount,
  kQueries
};

constexpr std::array<const char*, kQueries> kSql = {
    "INSERT OR IGNORE INTO text (value) VALUES (?)",
    "SELECT id FROM text WHERE value = ?",
    "INSERT OR IGNORE INTO series (name) VALUES (?)",
    "SELECT id FROM series WHERE name = ?",
    "SELECT digest, logical FROM build WHERE series = ? AND label = ?",
    "INSERT INTO build (series, label, time, digest, is_imported, logical, allocated, stored, base, product, image, "
    "format, tag, os_version, architecture, manifest_digest) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) RETURNING id",
    "INSERT INTO request VALUES (?,?,?)",
    "INSERT INTO feed VALUES (?,?,?,?,?)",
    "INSERT OR IGNORE INTO owner (kind, name, package, architecture) VALUES (?,?,?,?)",
    "SELECT id FROM owner WHERE kind = ? AND name = ? AND package = ? AND architecture = ?",
    "INSERT INTO build_owner VALUES (?,?,?,?,?,?,?,?,?)",
    "INSERT INTO build_kind VALUES (?,?,?,?,?,?)",
    "INSERT INTO build_count VALUES (?,?,?,?)",
};

std::int64_t as_number(std::uint64_t value) { return static_cast<std::int64_t>(value); }

}  // namespace

Result<BuildWriter> BuildWriter::create(const SqliteDatabase& database) {
  BuildWriter writer(database);
  for (const char* sql : kSql) {
    WINNOW_TRY(SqliteStatement statement, database.prepare(sql));
    writer.statements_.push_back(std::move(statement));
  }
  return writer;
}

Result<std::int64_t> BuildWriter::id_of(SqliteStatement& insert, SqliteStatement& select, std::string_view text) {
  WINNOW_TRY(const bool is_known, select.bind(0, text).step());
  if (is_known) {
    const std::int64_t id = select.number(0);
    WINNOW_CHECK(select.run());
    return id;
  }
  WINNOW_CHECK(insert.bind(0, text).run());
  return id_of(insert, select, text);
}

Result<std::int64_t> BuildWriter::text_id(std::string_view text) {
  return id_of(statements_[kInsertText], statements_[kSelectText], text);
}

Result<std::int64_t> BuildWriter::owner_id(const OwnerRecord& owner) {
  for (const Query query : {kInsertOwner, kSelectOwner}) {
    statements_[query].bind(0, to_string(owner.kind)).bind(1, owner.name).bind(2, owner.package);
    statements_[query].bind(3, owner.architecture);
  }
  WINNOW_CHECK(statements_[kInsertOwner].run());
  SqliteStatement& select = statements_[kSelectOwner];
  WINNOW_TRY(const bool is_there, select.step());
  if (!is_there) return database_->failure("it is damaged");
  const std::int64_t id = select.number(0);
  WINNOW_CHECK(select.run());
  return id;
}

Result<bool> BuildWriter::write(const BuildRecord& record, const std::string& history) {
  WINNOW_TRY(const std::int64_t series, id_of(statements_[kInsertSeries], statements_[kSelectSeries], record.series));
  const Digest digest = digest_of(record);
  SqliteStatement& select = statements_[kSelectBuild];
  WINNOW_TRY(const bool is_there, select.bind(0, series).bind(1, record.label).step());
  if (is_there) {
    const bool is_same = select.blob(0) == Bytes(digest.bytes.begin(), digest.bytes.end());
    const std::string before = std::to_string(select.number(1));
    WINNOW_CHECK(select.run());
    if (is_same) return false;
    return fail("cannot add build " + record.label + " of " + record.series + " to history " + history +
                    ": it is there already and differs",
                {"it has " + before + " logical bytes there, " + std::to_string(record.total.logical) + " here",
                 "a history is only added to: give this build another --label"});
  }
  WINNOW_TRY(const std::int64_t build, write_build(record, series, digest));
  WINNOW_CHECK(write_lists(record, build));
  WINNOW_CHECK(write_owners(record, build));
  return true;
}

Result<std::int64_t> BuildWriter::write_build(const BuildRecord& record, std::int64_t series, const Digest& digest) {
  SqliteStatement& insert = statements_[kInsertBuild];
  insert.bind(0, series).bind(1, record.label).bind(3, ByteView(digest.bytes)).bind(4, record.is_imported ? 1 : 0);
  if (record.time) {
    insert.bind(2, *record.time);
  } else {
    insert.bind_null(2);
  }
  insert.bind(5, as_number(record.total.logical)).bind(6, as_number(record.total.allocated));
  insert.bind(7, as_number(record.total.stored));
  int parameter = 8;
  for (const std::string& text : {record.base, record.product, record.image, record.format, record.tag,
                                  record.os_version, record.architecture, record.manifest_digest}) {
    WINNOW_TRY(const std::int64_t id, text_id(text));
    insert.bind(parameter++, id);
  }
  WINNOW_TRY(const bool has_row, insert.step());
  const std::int64_t build = has_row ? insert.number(0) : 0;
  WINNOW_CHECK(insert.run());
  return build;
}

Result<void> BuildWriter::write_lists(const BuildRecord& record, std::int64_t build) {
  for (std::size_t i = 0; i < record.requests.size(); ++i) {
    WINNOW_TRY(const std::int64_t id, text_id(record.requests[i]));
    WINNOW_CHECK(statements_[kInsertRequest].bind(0, build).bind(1, as_number(i)).bind(2, id).run());
  }
  for (std::size_t i = 0; i < record.feeds.size(); ++i) {
    SqliteStatement& insert = statements_[kInsertFeed].bind(0, build).bind(1, as_number(i));
    int parameter = 2;
    for (const std::string& text : {record.feeds[i].name, record.feeds[i].version, record.feeds[i].digest}) {
      WINNOW_TRY(const std::int64_t id, text_id(text));
      insert.bind(parameter++, id);
    }
    WINNOW_CHECK(insert.run());
  }
  for (std::size_t i = 0; i < record.kinds.size(); ++i) {
    const KindRecord& kind = record.kinds[i];
    WINNOW_TRY(const std::int64_t id, text_id(kind.kind));
    SqliteStatement& insert = statements_[kInsertKind].bind(0, build).bind(1, as_number(i)).bind(2, id);
    insert.bind(3, as_number(kind.sizes.logical)).bind(4, as_number(kind.sizes.allocated));
    WINNOW_CHECK(insert.bind(5, as_number(kind.sizes.stored)).run());
  }
  for (std::size_t i = 0; i < record.counts.size(); ++i) {
    WINNOW_TRY(const std::int64_t id, text_id(record.counts[i].name));
    SqliteStatement& insert = statements_[kInsertCount].bind(0, build).bind(1, as_number(i)).bind(2, id);
    WINNOW_CHECK(insert.bind(3, as_number(record.counts[i].value)).run());
  }
  return {};
}

Result<void> BuildWriter::write_owners(const BuildRecord& record, std::int64_t build) {
  SqliteStatement& insert = statements_[kInsertBuildOwner];
  for (const OwnerRecord& owner : record.owners) {
    WINNOW_TRY(const std::int64_t id, owner_id(owner));
    WINNOW_TRY(const std::int64_t version, text_id(owner.version));
    WINNOW_TRY(const std::int64_t reason, text_id(owner.reason));
    insert.bind(0, build).bind(1, id).bind(2, version).bind(3, reason).bind(4, owner.is_requested ? 1 : 0);
    insert.bind(5, as_number(owner.files)).bind(6, as_number(owner.sizes.logical));
    insert.bind(7, as_number(owner.sizes.allocated)).bind(8, as_number(owner.sizes.stored));
    WINNOW_CHECK(insert.run());
  }
  return {};
}

}  // namespace winnow
