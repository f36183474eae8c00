// SHA-256 (through OpenSSL): the only digest winnow identifies anything by. SHA-1 only where a format asks for it
// (WIM).
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace winnow {

struct Digest {
  std::array<std::uint8_t, 32> bytes{};

  auto operator<=>(const Digest&) const = default;
  [[nodiscard]] std::string hex() const { return to_hex(bytes); }
};

// 64 hex digits, or nothing.
[[nodiscard]] std::optional<Digest> parse_digest(std::string_view hex);

// A SHA-256 over bytes that arrive in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(ByteView bytes);
  // Ends the computation; the object may not be used afterwards.
  [[nodiscard]] Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

[[nodiscard]] Digest sha256(ByteView bytes);

struct Sha1Digest {
  std::array<std::uint8_t, 20> bytes{};

  auto operator<=>(const Sha1Digest&) const = default;
};

// A SHA-1 over bytes that arrive in pieces.
class Sha1 {
 public:
  Sha1();
  ~Sha1();
  Sha1(Sha1&&) noexcept;
  Sha1& operator=(Sha1&&) noexcept;

  void update(ByteView bytes);
  // Ends the computation; the object may not be used afterwards.
  [[nodiscard]] Sha1Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

[[nodiscard]] Sha1Digest sha1(ByteView bytes);

}  // namespace winnow
