// The tables of a history, version 1. Text that repeats from build to build (names, versions, reasons) is stored once
// and named by number.
#pragma once

namespace winnow {

inline constexpr const char* kHistorySchema = R"(
CREATE TABLE text (
  id INTEGER PRIMARY KEY,
  value TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;
-- time: seconds since 1970. digest: SHA-256 of the record. An imported build has no sizes but the logical one.
CREATE TABLE build (
  id INTEGER PRIMARY KEY,
  series INTEGER NOT NULL REFERENCES series (id),
  label TEXT NOT NULL,
  time INTEGER,
  digest BLOB NOT NULL,
  is_imported INTEGER NOT NULL,
  logical INTEGER NOT NULL,
  allocated INTEGER NOT NULL,
  stored INTEGER NOT NULL,
  base INTEGER NOT NULL REFERENCES text (id),
  product INTEGER NOT NULL REFERENCES text (id),
  image INTEGER NOT NULL REFERENCES text (id),
  format INTEGER NOT NULL REFERENCES text (id),
  tag INTEGER NOT NULL REFERENCES text (id),
  os_version INTEGER NOT NULL REFERENCES text (id),
  architecture INTEGER NOT NULL REFERENCES text (id),
  manifest_digest INTEGER NOT NULL REFERENCES text (id),
  UNIQUE (series, label)
) STRICT;
CREATE TABLE request (
  build INTEGER NOT NULL REFERENCES build (id),
  place INTEGER NOT NULL,
  request INTEGER NOT NULL REFERENCES text (id),
  PRIMARY KEY (build, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE feed (
  build INTEGER NOT NULL REFERENCES build (id),
  place INTEGER NOT NULL,
  name INTEGER NOT NULL REFERENCES text (id),
  version INTEGER NOT NULL REFERENCES text (id),
  digest INTEGER NOT NULL REFERENCES text (id),
  PRIMARY KEY (build, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE owner (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  package TEXT NOT NULL,
  architecture TEXT NOT NULL,
  UNIQUE (kind, name, package, architecture)
) STRICT;
CREATE TABLE build_owner (
  build INTEGER NOT NULL REFERENCES build (id),
  owner INTEGER NOT NULL REFERENCES owner (id),
  version INTEGER NOT NULL REFERENCES text (id),
  reason INTEGER NOT NULL REFERENCES text (id),
  is_requested INTEGER NOT NULL,
  files INTEGER NOT NULL,
  logical INTEGER NOT NULL,
  allocated INTEGER NOT NULL,
  stored INTEGER NOT NULL,
  PRIMARY KEY (build, owner, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE build_kind (
  build INTEGER NOT NULL REFERENCES build (id),
  place INTEGER NOT NULL,
  kind INTEGER NOT NULL REFERENCES text (id),
  logical INTEGER NOT NULL,
  allocated INTEGER NOT NULL,
  stored INTEGER NOT NULL,
  PRIMARY KEY (build, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE build_count (
  build INTEGER NOT NULL REFERENCES build (id),
  place INTEGER NOT NULL,
  name INTEGER NOT NULL REFERENCES text (id),
  value INTEGER NOT NULL,
  PRIMARY KEY (build, place)
) STRICT, WITHOUT ROWID;
)";

}  // namespace winnow
