// One archive in memory, read entry by entry through libarchive, which no other file of this module includes.
// What libarchive says is wrong becomes an Error that names the archive and the entry.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "payload/content.hpp"

namespace winnow {

// What an archive may be: tar (plain, or compressed with gzip, bzip2, xz or zstd) and zip; the ar of a Debian package;
// a cabinet; a disc image (ISO 9660).
enum class ArchiveFormats { tar_and_zip, ar, cabinet, disc };

enum class ArchiveEntryKind { file, directory, symbolic_link, hard_link, sparse_file, special };

struct ArchiveEntry {
  std::string path;  // as stored
  ArchiveEntryKind kind = ArchiveEntryKind::file;
  ByteCount size = 0;       // as the header says, which may be a lie
  std::string link_target;  // of a hard link: the path, as stored
};

class ArchiveReader {
 public:
  // `name` stands for the archive in messages; `limit` is what all entries read together may unpack to.
  // Error: "cannot unpack <name>: <reason>".
  [[nodiscard]] static Result<ArchiveReader> open(SharedBytes archive, std::string name, ArchiveFormats formats,
                                                  ByteCount limit);
  ~ArchiveReader();
  ArchiveReader(ArchiveReader&&) noexcept;
  ArchiveReader& operator=(ArchiveReader&&) noexcept;

  // The next entry; nothing at the end.
  [[nodiscard]] Result<std::optional<ArchiveEntry>> next();
  // The bytes of the entry next() gave last: a view into the archive where it stores them as they are, else a copy.
  // Error "cannot take <entry> from <name>: <reason>", also when the limit is passed.
  [[nodiscard]] Result<SharedBytes> read();
  // The error "cannot take <entry> from <name>: <why>" about that entry, for what the caller does not accept.
  [[nodiscard]] Error refusal(const std::string& why) const;

 private:
  struct State;
  explicit ArchiveReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace winnow
