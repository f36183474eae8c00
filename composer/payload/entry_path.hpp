// The name an archive or a folder gives a file, made safe to join to a folder of the image.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace winnow {

// `stored` with '/' between components and without "." and empty components; '\' is a separator too, because it is one
// where the file will land. "" for the folder itself ("./"). Refused: an absolute path, a drive letter, "..", control
// characters, text that is not UTF-8, an over-long name; the message is the bare reason ("its path is absolute"), for
// the caller to put in place.
[[nodiscard]] Result<std::string> parse_entry_path(std::string_view stored);

// A name from hostile input as it may be shown in a message: quoted, what is not printable ASCII or well-formed UTF-8
// as \xNN.
[[nodiscard]] std::string quote_entry_name(std::string_view stored);

}  // namespace winnow
