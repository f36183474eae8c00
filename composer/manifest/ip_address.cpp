#include "manifest/ip_address.hpp"

#include <arpa/inet.h>

namespace winnow {

namespace {

template <std::size_t N>
std::optional<std::array<std::uint8_t, N>> parse(int family, std::string_view text) {
  std::array<std::uint8_t, N> bytes{};
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  if (::inet_pton(family, std::string(text).c_str(), bytes.data()) != 1) return std::nullopt;
  return bytes;
}

}  // namespace

std::optional<Ipv4Address> parse_ipv4(std::string_view text) {
  const auto bytes = parse<4>(AF_INET, text);
  if (!bytes) return std::nullopt;
  Ipv4Address address;
  for (const std::uint8_t byte : *bytes) address.bits = address.bits << 8 | byte;
  if (to_string(address) != text) return std::nullopt;  // a leading zero is octal to some
  return address;
}

std::optional<Ipv6Address> parse_ipv6(std::string_view text) {
  const auto bytes = parse<16>(AF_INET6, text);
  if (!bytes) return std::nullopt;
  return Ipv6Address{*bytes};
}

std::string to_string(const Ipv4Address& address) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) {
    text += (text.empty() ? "" : ".") + std::to_string(address.bits >> shift & 0xFF);
  }
  return text;
}

std::string to_string(const Ipv6Address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(AF_INET6, address.bytes.data(), text.data(), static_cast<socklen_t>(text.size()));
  return text.data();
}

bool is_subnet_mask(const Ipv4Address& mask) {
  const std::uint32_t host = ~mask.bits;
  return host != 0 && mask.bits != 0 && (host & (host + 1)) == 0;
}

}  // namespace winnow
