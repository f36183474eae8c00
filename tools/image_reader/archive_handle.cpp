#include "image_reader/archive_handle.hpp"

#include "base/utf16.hpp"

namespace winnow {

std::string archive_reason(archive* handle) {
  const char* text = archive_error_string(handle);
  if (text == nullptr || *text == '\0') return "it cannot be unpacked";
  std::string reason = text;
  return ascii_lower(reason.substr(0, 1)) + reason.substr(1);
}

}  // namespace winnow
