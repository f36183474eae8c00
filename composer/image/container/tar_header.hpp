// Writes the headers of tar members as Go's archive/tar does for pax archives, which is what every tool that handles
// Windows layers was written against (windows-formats.md 1.3).
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/bytes.hpp"
#include "formats/pax.hpp"

namespace winnow {

struct TarMember {
  std::string name;
  char type = pax::kFile;
  std::uint32_t mode = 0;
  std::string link;  // of a hard link: the name of the member it is another name of
  ByteCount size = 0;
  std::int64_t time = 0;  // of modification, seconds since 1970
  std::map<std::string, std::string>
      records;  // extended; `path`, `linkpath`, `size` and `mtime` are added when the header cannot hold them
};

// Appends an extended header when there are records, then the header itself. The content follows, then tar_padding()
// zeros.
void write_tar_header(const TarMember& member, Bytes& out);
// Zeros that bring a member of `size` bytes to a whole number of blocks.
[[nodiscard]] std::size_t tar_padding(ByteCount size);
// Appends the two zero blocks that end an archive.
void write_tar_end(Bytes& out);

}  // namespace winnow
