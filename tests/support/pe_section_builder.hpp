// One section of a PE file under construction (see pe_builder.hpp): bytes that know their RVA.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/utf16.hpp"

namespace winnow::testing {

class PeSectionBuilder {
 public:
  PeSectionBuilder(std::string name, std::uint32_t rva, std::uint32_t flags)
      : name_(std::move(name)), rva_(rva), flags_(flags) {}

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const Bytes& bytes() const { return bytes_; }
  [[nodiscard]] std::uint32_t rva() const { return rva_; }
  [[nodiscard]] std::uint32_t flags() const { return flags_; }
  [[nodiscard]] std::uint32_t end_rva() const { return rva_ + static_cast<std::uint32_t>(bytes_.size()); }

  // Each add_… returns the RVA of what it added.
  std::uint32_t add(ByteView bytes) {
    const std::uint32_t start = end_rva();
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return start;
  }
  std::uint32_t add_text(const std::string& text) {
    return add(as_bytes(std::string_view(text.c_str(), text.size() + 1)));
  }
  std::uint32_t add_wide_text(const std::string& text) {
    align(2);
    return add(to_utf16le(text, true).value_or(Bytes{}));
  }
  // Little-endian numbers of `width` bytes each.
  std::uint32_t add_numbers(const std::vector<std::uint64_t>& numbers, std::size_t width) {
    align(width);
    const std::uint32_t start = end_rva();
    for (const std::uint64_t number : numbers) {
      for (std::size_t i = 0; i < width; ++i) bytes_.push_back(static_cast<std::uint8_t>(number >> 8 * i));
    }
    return start;
  }
  std::uint32_t reserve(std::size_t count) { return add(Bytes(count)); }
  void align(std::size_t alignment) { ByteWriter(bytes_).align(alignment); }
  void put_le32(std::uint32_t rva, std::uint32_t value) { ByteWriter(bytes_).put_le32_at(rva - rva_, value); }

 private:
  std::string name_;
  std::uint32_t rva_;
  std::uint32_t flags_;
  Bytes bytes_;
};

}  // namespace winnow::testing
