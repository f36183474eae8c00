// UTF-8 (all text inside winnow) to and from UTF-16 (all text inside Windows' on-disk structures).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace winnow {

// Nothing when `text` is not well-formed UTF-8 (overlong forms, surrogates and > U+10FFFF are refused).
[[nodiscard]] std::optional<std::u16string> to_utf16(std::string_view text);
// Nothing when `text` holds an unpaired surrogate.
[[nodiscard]] std::optional<std::string> to_utf8(std::u16string_view text);
// UTF-16LE bytes of `text`, with a final NUL when `terminated`; ill-formed input gives nothing.
[[nodiscard]] std::optional<Bytes> to_utf16le(std::string_view text, bool terminated);
// Text of UTF-16LE bytes (an odd last byte or an unpaired surrogate gives nothing; NULs are kept).
[[nodiscard]] std::optional<std::string> from_utf16le(ByteView bytes);

// Upper case as NTFS and the registry compare names: one UTF-16 unit at a time, simple case mapping only.
// Source: the C library's C.UTF-8 tables, which differ from Windows' $UpCase in a few letters outside Latin, Greek and
// Cyrillic; names that differ only in such letters are not expected in a Windows image.
[[nodiscard]] char16_t upcase(char16_t unit);
[[nodiscard]] std::u16string upcase(std::u16string_view text);
// The comparison key of a name: its upper-cased UTF-16 (ill-formed UTF-8 compares byte by byte).
[[nodiscard]] std::u16string case_key(std::string_view text);
// ASCII only; for file extensions, DLL names and keywords.
[[nodiscard]] std::string ascii_lower(std::string_view text);
[[nodiscard]] bool ascii_iequals(std::string_view a, std::string_view b);

}  // namespace winnow
