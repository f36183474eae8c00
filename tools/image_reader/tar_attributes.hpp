// The Windows attributes of a layer's entries. libarchive drops the MSWINDOWS.* records it does not know, so they are
// picked out of the same bytes on their way to it. Everything else about an entry, and whether the tar is well-formed,
// is libarchive's word: where the two disagree an entry simply has no attributes.
#pragma once

#include <cstdint>
#include <deque>

#include "base/bytes.hpp"

namespace winnow {

class TarAttributes {
 public:
  // The next bytes of the tar.
  void feed(ByteView bytes);
  // MSWINDOWS.fileattr of the entry whose headers begin at `position`, 0 when it has none. Positions are asked for in
  // rising order, and after their headers were fed.
  [[nodiscard]] std::uint32_t take(ByteCount position);
  // MSWINDOWS.rawsd of the entry taken last; empty when it has none or it is no base64.
  [[nodiscard]] const Bytes& descriptor() const { return descriptor_; }

 private:
  enum class Part { header, records, content, unreadable };
  struct Entry {
    ByteCount position = 0;
    std::uint32_t attributes = 0;
    Bytes descriptor;
  };

  void end_block();
  void read_header();
  void read_records();
  void begin(Part part, ByteCount length);

  Part part_ = Part::header;
  ByteCount left_ = 512;          // bytes of the part still to come
  ByteCount position_ = 0;        // in the tar
  Bytes block_;                   // what of the header or of the records has arrived
  std::size_t record_bytes_ = 0;  // length of the records without padding
  bool in_group_ = false;         // between an extended header and the header it is for
  Entry next_;                    // the entry whose headers are being read
  ByteCount next_size_ = 0;       // its content as the records say, when they do
  bool has_next_size_ = false;
  Bytes descriptor_;
  std::deque<Entry> entries_;  // read ahead of take(), sorted by position
};

}  // namespace winnow
