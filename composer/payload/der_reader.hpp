// DER, the encoding of certificates and security catalogs: items of definite length, one after another.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.hpp"

namespace winnow {

inline constexpr std::uint8_t kDerInteger = 0x02, kDerOctets = 0x04, kDerObject = 0x06, kDerUtcTime = 0x17,
                              kDerGeneralTime = 0x18, kDerSequence = 0x30, kDerSet = 0x31;

struct DerItem {
  std::uint8_t tag = 0;
  ByteView content;
};

// Reads the items of one level; nothing comes back at the end and where the bytes are damaged (at_end() tells which).
class DerReader {
 public:
  explicit DerReader(ByteView bytes) : rest_(bytes) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  // The tag of the next item, 0 at the end.
  [[nodiscard]] std::uint8_t peek() const { return rest_.empty() ? std::uint8_t{0} : rest_.front(); }
  [[nodiscard]] std::optional<DerItem> next();
  // The next item when it has this tag.
  [[nodiscard]] std::optional<ByteView> next(std::uint8_t tag);
  // Passes over the next item when it has this tag; false when that item is damaged.
  [[nodiscard]] bool skip(std::uint8_t tag) { return peek() != tag || next().has_value(); }

 private:
  ByteView rest_;
};

// "1.3.6.1.4.1.311.10.1"; "" when the content of an object identifier is damaged.
[[nodiscard]] std::string object_id_text(ByteView content);

}  // namespace winnow
