#include "image/hive/hive_reader.hpp"

#include <algorithm>

#include "base/utf16.hpp"
#include "formats/regf.hpp"
#include "image/hive/hive_checker.hpp"
#include "image/hive/hive_nodes.hpp"

namespace winnow {

namespace {

constexpr std::uint32_t kRegSz = 1;
constexpr std::uint32_t kRegExpandSz = 2;
constexpr std::uint32_t kRegDword = 4;

FetchCell fetch_from(const HiveCells& cells) {
  return [&cells](std::uint32_t cell, std::string_view signature, std::size_t size) -> std::optional<ByteView> {
    const auto content = cells.content(cell);
    if (!content || content->size() < size || as_text(content->first(signature.size())) != signature) {
      return std::nullopt;
    }
    return content;
  };
}

// Precondition: the hive was checked, so the cell is a key.
KeyNode key_at(const HiveCells& cells, std::uint32_t cell) { return read_key_node(*cells.content(cell)); }

std::optional<std::uint32_t> find_subkey(const HiveCells& cells, const KeyNode& key, const std::u16string& upper_name) {
  if (key.subkey_count == 0) return std::nullopt;
  const auto subkeys = read_subkey_list(key.subkey_list, fetch_from(cells));
  if (!subkeys) return std::nullopt;
  for (const std::uint32_t subkey : *subkeys) {
    if (upcase(*key_at(cells, subkey).name) == upper_name) return subkey;
  }
  return std::nullopt;
}

}  // namespace

Result<Hive> Hive::parse(ByteView bytes) {
  WINNOW_TRY(HiveCells cells, HiveCells::parse(bytes));
  WINNOW_CHECK(check_hive_tree(cells));
  return Hive(std::move(cells));
}

std::optional<std::uint32_t> Hive::find_key(std::string_view path) const {
  std::uint32_t cell = cells_.root();
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('\\'), path.size());
    const auto subkey = find_subkey(cells_, key_at(cells_, cell), case_key(path.substr(0, end)));
    if (!subkey) return std::nullopt;
    cell = *subkey;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return cell;
}

std::optional<RegistryValue> Hive::find_value(std::string_view path, std::string_view name) const {
  const auto cell = find_key(path);
  if (!cell) return std::nullopt;
  const KeyNode key = key_at(cells_, *cell);
  const FetchCell fetch = fetch_from(cells_);
  const auto values = read_value_list(key.value_list, key.value_count, fetch);
  if (!values) return std::nullopt;
  for (const std::uint32_t value : *values) {
    const ValueNode node = read_value_node(*cells_.content(value));
    if (upcase(*node.name) != case_key(name)) continue;
    auto data = read_value_data(value, node, cells_.minor_version(), fetch);
    if (!data) return std::nullopt;
    return RegistryValue{node.type, std::move(*data)};
  }
  return std::nullopt;
}

std::optional<std::string> to_text(const RegistryValue& value) {
  if (value.type != kRegSz && value.type != kRegExpandSz) return std::nullopt;
  const auto text = from_utf16le(value.data);
  if (!text) return std::nullopt;
  return text->substr(0, text->find('\0'));
}

std::optional<std::uint32_t> to_dword(const RegistryValue& value) {
  if (value.type != kRegDword || value.data.size() != 4) return std::nullopt;
  return read_le<std::uint32_t>(value.data, 0);
}

}  // namespace winnow
