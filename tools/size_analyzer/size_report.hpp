// How large an image is, whose bytes they are, and how that compares with a full userland. Two measures and no third:
// *logical* (length of the files inside) and *stored* (bytes of the image file on disk, after compression). Invariant,
// checked after every measurement: the children of a row add up to the row in both measures and in files, and the
// root's stored bytes are the size of the image on disk. What nobody claims has a row.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/json.hpp"
#include "base/result.hpp"

namespace winnow {

enum class SizeKind {
  image,        // the root
  packages,     // what came from feeds
  package,      // one role of a feed
  component,    // a component, an app, or a hive's share of one
  application,  // the app's own files
  registry,     // hives
  own,          // what winnow itself put in
  metadata,     // no file of the image: documents, archive headers, folder entries
  unclaimed,    // files nobody owns, by folder
  folder,
  file,
  part,  // of a hive or of the metadata
};

struct SizeRow {
  SizeKind kind = SizeKind::file;
  std::string name;
  ByteCount logical = 0;
  ByteCount stored = 0;
  std::uint64_t files = 0;
  std::vector<SizeRow> children;  // largest first: by stored, then logical bytes, then name
};

// Where the owners of the files are taken from.
enum class OwnerSource {
  provenance,  // Windows\winnow\provenance.json in the image
  feed,        // a file of the feed it is compared with has the same path and SHA-256
  none,        // nothing is known: files are unclaimed
};

// One number of the image beside the same number of the baseline.
struct ComparedMeasure {
  std::string name;  // "PE files"
  bool is_bytes = false;
  std::uint64_t image = 0;
  std::uint64_t baseline = 0;
};

// App bytes are in no measure: they are counted under `outside` with all else the baseline cannot have.
struct SizeComparison {
  std::string baseline;  // "open feed 8.0~repack-4: an open-source userland, 694 PE files, 158.5 MB"
  std::vector<ComparedMeasure> measures;
  std::uint64_t outside_files = 0;
  ByteCount outside_bytes = 0;  // logical
};

struct SizeReport {
  std::string image;  // path as given
  std::string tag;
  std::string os_version;
  OwnerSource owners = OwnerSource::none;
  std::vector<std::string> feeds;  // "open 8.0~repack-4", those the image says it was made from
  SizeRow root;
  std::optional<SizeComparison> comparison;
};

// `against`: a feed (a folder with index.xml) or another image. Stored bytes of a file are its share of the layer's
// blob, see ImageInfo::stored. Error also when the invariant does not hold, which is a bug: "cannot trust the size
// report of <image>: <row> …".
[[nodiscard]] Result<SizeReport> measure_image(const std::filesystem::path& image,
                                               const std::optional<std::filesystem::path>& against);

// The invariant, for one row and everything below it. Error names the first row that breaks it.
[[nodiscard]] Result<void> check_sums(const SizeRow& row);

struct SizeTextOptions {
  bool files = false;  // also the files of components and folders, and who put what into a hive
};
// Columns for people: human units and exact bytes. Ends in a line end.
[[nodiscard]] std::string print_size_report(const SizeReport& report, const SizeTextOptions& options = {});
// The same numbers; schema "winnow-size-1".
[[nodiscard]] Json to_json(const SizeReport& report);

// "5.0 MB" (10^6), "999 bytes"; and "1,234,567".
[[nodiscard]] std::string human_size(ByteCount bytes);
[[nodiscard]] std::string grouped_digits(std::uint64_t number);

}  // namespace winnow
