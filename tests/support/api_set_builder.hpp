// API-set schemas for tests, in the three versions that exist (layouts: composer/binary/api_set.cpp).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/utf16.hpp"

namespace winnow::testing {

struct ApiSetContract {
  std::string name;  // "api-ms-win-core-file-l1-2-0"; versions 2 and 4 store it without its first four characters
  std::vector<std::pair<std::string, std::string>> hosts;  // importer ("" = default), host; the first is the default
};

// The contents of a section .apiset.
[[nodiscard]] inline Bytes build_api_set_schema(const std::vector<ApiSetContract>& contracts, int version = 6) {
  const std::size_t header = version == 2 ? 8 : version == 4 ? 16 : 28;
  const std::size_t entry = version == 2 ? 12 : 24;
  const std::size_t value = version == 2 ? 16 : 20;
  Bytes bytes(header + contracts.size() * entry);
  ByteWriter out(bytes);
  const auto put = [&](std::size_t at, std::size_t number) { out.put_le32_at(at, static_cast<std::uint32_t>(number)); };
  const auto put_text = [&](std::size_t at, const std::string& text) {
    const Bytes units = to_utf16le(text, false).value_or(Bytes{});
    put(at, bytes.size());
    put(at + 4, units.size());
    out.bytes(units);
    out.align(4);
  };
  put(0, static_cast<std::size_t>(version));
  put(version == 2 ? 4 : 12, contracts.size());
  if (version == 6) put(16, header);
  for (std::size_t i = 0; i < contracts.size(); ++i) {
    const std::size_t at = header + i * entry;
    const ApiSetContract& contract = contracts[i];
    put_text(at + (version == 2 ? 0 : 4), version == 6 ? contract.name : contract.name.substr(4));
    if (version == 6) put(at + 12, 2 * contract.name.rfind('-'));
    put(at + (version == 2 ? 8 : version == 4 ? 20 : 16), bytes.size());
    if (version == 4) out.le32(0);
    if (version == 6) {
      put(at + 20, contract.hosts.size());
    } else {
      out.le32(static_cast<std::uint32_t>(contract.hosts.size()));
    }
    const std::size_t values = bytes.size();
    out.zeros(contract.hosts.size() * value);
    for (std::size_t j = 0; j < contract.hosts.size(); ++j) {
      const std::size_t importer = values + j * value + (version == 2 ? 0 : 4);
      put_text(importer, contract.hosts[j].first);
      put_text(importer + 8, contract.hosts[j].second);
    }
  }
  if (version != 2) put(4, bytes.size());
  return bytes;
}

}  // namespace winnow::testing
