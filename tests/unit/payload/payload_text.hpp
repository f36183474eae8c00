// What a payload test compares: entries as text, or the error as the user sees it.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "payload/payload_source.hpp"
#include "payload/unpack.hpp"

namespace winnow::testing {

// "path=content" a line.
[[nodiscard]] inline std::string text_of(const std::vector<PayloadEntry>& entries) {
  std::string text;
  for (const PayloadEntry& entry : entries) {
    const auto loaded = entry.content.load();
    text += entry.path + "=" + (loaded ? std::string(as_text(loaded->bytes())) : to_string(loaded.error())) + "\n";
  }
  return text;
}

template <class T>
[[nodiscard]] std::string text_of(const Result<T>& result) {
  if (!result) return to_string(result.error());
  if constexpr (requires { result->entries; }) {
    return text_of(result->entries);
  } else {
    return text_of(*result);
  }
}

[[nodiscard]] inline SharedBytes share(Bytes bytes) {
  const auto owner = std::make_shared<const Bytes>(std::move(bytes));
  return {owner, *owner};
}

// unpack_archive() of bytes in memory called "a.tar".
[[nodiscard]] inline std::string unpacked(Bytes bytes) {
  return text_of(unpack_archive(share(std::move(bytes)), "a.tar", SymbolicLinks::refused));
}

}  // namespace winnow::testing
