// IP addresses as people write them.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace winnow {

struct Ipv4Address {
  std::uint32_t bits = 0;  // 192.168.1.2 = 0xC0A80102

  auto operator<=>(const Ipv4Address&) const = default;
};

struct Ipv6Address {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const Ipv6Address&) const = default;
};

// Four decimal numbers, no fewer, no leading zeros.
[[nodiscard]] std::optional<Ipv4Address> parse_ipv4(std::string_view text);
// RFC 4291; no zone.
[[nodiscard]] std::optional<Ipv6Address> parse_ipv6(std::string_view text);
[[nodiscard]] std::string to_string(const Ipv4Address& address);
// The one spelling of RFC 5952: "fd00::2".
[[nodiscard]] std::string to_string(const Ipv6Address& address);

// Is `mask` ones, then zeros, with at least one of each?
[[nodiscard]] bool is_subnet_mask(const Ipv4Address& mask);

}  // namespace winnow
