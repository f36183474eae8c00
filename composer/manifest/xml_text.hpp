// What must hold of an XML text before a parser may see it, the places (line, column) of byte offsets, and which
// characters XML can carry.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace winnow {

// Limits against hostile input. The largest manifest measured (servicing.md) has 1 MiB, 9,000 elements and depth 9.
inline constexpr ByteCount kMaxManifestBytes = ByteCount{64} << 20;
inline constexpr std::uint32_t kMaxXmlDepth = 64;
inline constexpr std::uint32_t kMaxXmlElements = 2'000'000;

// XML 1.0 section 2.2: tab, line feed, carriage return and everything from U+0020 but surrogates, U+FFFE and U+FFFF.
[[nodiscard]] bool is_xml_character(char32_t character);
// Whether XML can carry `text` (well-formed UTF-8 of such characters).
[[nodiscard]] bool is_xml_text(std::string_view text);

// Offsets of one text as lines and columns. Columns count characters, not bytes; a byte order mark counts nothing.
class LineMap {
 public:
  explicit LineMap(std::string text);

  [[nodiscard]] Place place(const std::string& file, std::size_t offset) const;
  [[nodiscard]] std::size_t size() const { return text_.size(); }

 private:
  std::string text_;
  std::vector<std::size_t> line_starts_;
};

// Offset of the first byte after a UTF-8 byte order mark.
[[nodiscard]] std::size_t skip_byte_order_mark(std::string_view text);

// Refuses, with the place: texts larger than kMaxManifestBytes or empty, text that is not UTF-8, characters XML cannot
// carry, and all that check_xml_markup refuses.
[[nodiscard]] Result<void> check_xml_text(std::string_view text, const std::string& file, const LineMap& lines);

}  // namespace winnow
