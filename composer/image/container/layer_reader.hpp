// Reads a tar (ustar headers, pax records) as a stream, strictly: what is ambiguous or damaged is an error, never a
// guess. It parses; whether a Windows base layer may look like that is for rules/ to say.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "image/container/byte_source.hpp"

namespace winnow {

struct LayerEntry {
  std::string name;                            // from the `path` record, or the header's prefix and name
  char type = '0';                             // '\0' is given as '0'
  std::string link;                            // target of a link
  ByteCount size = 0;                          // of the content
  std::string time;                            // of modification: the `mtime` record, or the header's number in decimal
  std::map<std::string, std::string> records;  // extended header
  ByteCount content_offset = 0;                // in the tar
};

// How the archive ended.
struct LayerEnd {
  ByteCount size = 0;           // of the whole stream
  std::size_t zero_blocks = 0;  // after the last entry
  bool has_more = false;        // something that is not zero follows them
};

class LayerReader {
 public:
  // `source` must outlive the reader.
  explicit LayerReader(ByteSource& source) : source_(source) {}

  // The next entry, past whatever of the last one's content was not read; nothing at the end of the archive, when the
  // stream has been read to its end. Error "cannot read layer: <reason>".
  [[nodiscard]] Result<std::optional<LayerEntry>> next();
  // Content of the entry that next() gave. Error when it is larger than `limit`.
  [[nodiscard]] Result<Bytes> read_content(ByteCount limit);
  // After next() has given nothing.
  [[nodiscard]] const LayerEnd& end() const { return end_; }

 private:
  // What an extended header left for the entry after it.
  struct Pending {
    std::map<std::string, std::string> records;
    bool is_set = false;
  };

  [[nodiscard]] Result<std::size_t> read(std::span<std::uint8_t> out);
  [[nodiscard]] Result<void> read_all(std::span<std::uint8_t> out, const std::string& what);
  [[nodiscard]] Result<void> skip(ByteCount count);
  [[nodiscard]] Result<void> finish(std::size_t block_size);
  [[nodiscard]] Result<std::map<std::string, std::string>> read_records(ByteCount size);
  [[nodiscard]] Result<LayerEntry> make_entry(ByteView block, Pending pending);

  ByteSource& source_;
  ByteCount offset_ = 0;
  ByteCount content_left_ = 0;  // of the current entry
  std::size_t padding_ = 0;     // after it
  std::size_t entries_ = 0;
  std::string current_;  // its name
  LayerEnd end_;
};

}  // namespace winnow
