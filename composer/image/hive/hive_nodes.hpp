// Key nodes, values and lists of a hive that is read: what the checker and the lookup have in common.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace winnow {

// Gives the content of a cell when it begins with `signature` ("" = whatever) and has at least `size` bytes.
using FetchCell =
    std::function<std::optional<ByteView>(std::uint32_t cell, std::string_view signature, std::size_t size)>;

// Of an nk cell's content, at least regf::nk::kName bytes of it.
struct KeyNode {
  std::uint16_t flags = 0;
  std::uint32_t parent = 0;
  std::uint32_t subkey_count = 0;
  std::uint32_t subkey_list = 0;
  std::uint32_t value_count = 0;
  std::uint32_t value_list = 0;
  std::uint32_t security = 0;
  std::optional<std::u16string> name;  // nothing when it is longer than the cell
};
[[nodiscard]] KeyNode read_key_node(ByteView content);

// Of a vk cell's content, at least regf::vk::kName bytes of it.
struct ValueNode {
  std::uint32_t type = 0;
  std::uint32_t length = 0;  // of the data, the inline bit taken off
  bool is_inline = false;
  std::uint32_t data = 0;  // cell, or the data itself
  std::optional<std::u16string> name;
};
[[nodiscard]] ValueNode read_value_node(ByteView content);

// The nk cells of all leaves below `list`, in order.
[[nodiscard]] Result<std::vector<std::uint32_t>> read_subkey_list(std::uint32_t list, const FetchCell& fetch);
// The vk cells of a value list of `count`.
[[nodiscard]] Result<std::vector<std::uint32_t>> read_value_list(std::uint32_t list, std::uint32_t count,
                                                                 const FetchCell& fetch);
[[nodiscard]] Result<Bytes> read_value_data(std::uint32_t cell, const ValueNode& value, std::uint32_t minor_version,
                                            const FetchCell& fetch);

}  // namespace winnow
