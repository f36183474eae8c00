// libarchive's read handle as an owner that cannot leak, and its words for what went wrong.
#pragma once

#include <archive.h>

#include <memory>
#include <string>

namespace winnow {

struct ArchiveCloser {
  void operator()(archive* handle) const { archive_read_free(handle); }
};
using ArchiveHandle = std::unique_ptr<archive, ArchiveCloser>;

// libarchive's message, first letter in lower case: "truncated gzip input".
[[nodiscard]] std::string archive_reason(archive* handle);

}  // namespace winnow
