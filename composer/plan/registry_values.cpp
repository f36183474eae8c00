#include "plan/registry_values.hpp"

#include <utility>

#include "base/utf16.hpp"

namespace winnow {

namespace {

Bytes text_data(std::string_view text) {
  // Text comes from XML or from winnow's own tables: both are UTF-8, so this cannot fail.
  return to_utf16le(text, true).value_or(Bytes{0, 0});
}

}  // namespace

ComponentRegistryValue registry_text(std::string name, std::string_view text, RegistryType type) {
  ComponentRegistryValue value;
  value.name = std::move(name);
  value.type = static_cast<std::uint32_t>(type);
  value.data = text_data(text);
  return value;
}

ComponentRegistryValue registry_dword(std::string name, std::uint32_t number) {
  ComponentRegistryValue value;
  value.name = std::move(name);
  value.type = static_cast<std::uint32_t>(RegistryType::dword);
  ByteWriter(value.data).le32(number);
  return value;
}

ComponentRegistryValue registry_multi_text(std::string name, const std::vector<std::string>& texts) {
  ComponentRegistryValue value;
  value.name = std::move(name);
  value.type = static_cast<std::uint32_t>(RegistryType::multi_sz);
  for (const std::string& text : texts) ByteWriter(value.data).bytes(text_data(text));
  ByteWriter(value.data).le16(0);
  return value;
}

ComponentRegistryValue registry_binary(std::string name, Bytes data) {
  ComponentRegistryValue value;
  value.name = std::move(name);
  value.type = static_cast<std::uint32_t>(RegistryType::binary);
  value.data = std::move(data);
  return value;
}

}  // namespace winnow
