#include "payload/der_reader.hpp"

#include <algorithm>

namespace winnow {

std::optional<DerItem> DerReader::next() {
  if (rest_.size() < 2 || (rest_[0] & 0x1F) == 0x1F) return std::nullopt;  // tags above 30 do not occur
  std::size_t header = 2;
  std::uint64_t length = rest_[1];
  if (length >= 0x80) {
    const std::size_t count = static_cast<std::size_t>(length & 0x7F);
    if (count == 0 || count > 4 || rest_.size() < header + count) return std::nullopt;
    length = 0;
    for (std::size_t i = 0; i < count; ++i) length = length << 8 | rest_[header++];
  }
  const auto content = slice(rest_, header, length);
  if (!content) return std::nullopt;
  const DerItem item{rest_[0], *content};
  rest_ = rest_.subspan(header + content->size());
  return item;
}

std::optional<ByteView> DerReader::next(std::uint8_t tag) {
  if (peek() != tag) return std::nullopt;
  const auto item = next();
  return item ? std::optional(item->content) : std::nullopt;
}

std::string object_id_text(ByteView content) {
  std::string text;
  std::uint64_t value = 0;
  for (const std::uint8_t byte : content) {
    if (value > UINT32_MAX) return "";
    value = value << 7 | (byte & 0x7F);
    if ((byte & 0x80) != 0) continue;
    if (text.empty()) {
      const std::uint64_t first = std::min<std::uint64_t>(value / 40, 2);
      text = std::to_string(first) + "." + std::to_string(value - first * 40);
    } else {
      text += "." + std::to_string(value);
    }
    value = 0;
  }
  return content.empty() || (content.back() & 0x80) != 0 ? "" : text;
}

}  // namespace winnow
