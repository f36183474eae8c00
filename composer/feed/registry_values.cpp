#include "feed/registry_values.hpp"

#include <utility>

#include "base/utf16.hpp"

namespace winnow {
namespace {

constexpr std::string_view kClassesRoot = "HKEY_CLASSES_ROOT";
constexpr std::string_view kClassesKey = "HKEY_LOCAL_MACHINE\\Software\\Classes";

}  // namespace

Result<Bytes> text_data(std::string_view text) {
  auto data = to_utf16le(text, true);
  if (!data) return fail("cannot store \"" + std::string(text) + "\": it is not UTF-8");
  return std::move(*data);
}

Result<Bytes> multi_text_data(const std::vector<std::string>& texts) {
  Bytes all;
  for (const std::string& text : texts) {
    WINNOW_TRY(const Bytes data, text_data(text));
    all.insert(all.end(), data.begin(), data.end());
  }
  all.resize(all.size() + 2);
  return all;
}

Bytes dword_data(std::uint32_t number) {
  Bytes data;
  ByteWriter(data).le32(number);
  return data;
}

std::u16string value_key(std::string_view key_path, std::string_view value_name) {
  std::string path(key_path);
  if (ascii_iequals(path.substr(0, kClassesRoot.size()), kClassesRoot)) {
    path = std::string(kClassesKey) + path.substr(kClassesRoot.size());
  }
  // U+0001 occurs in no name that a script can spell, so the two parts cannot run into each other.
  return case_key(path) + u'\x1' + case_key(value_name);
}

void RegistryKeys::set_value(const std::string& path, ComponentRegistryValue value) {
  std::vector<ComponentRegistryValue>& values = keys_[key_at(path)].values;
  const auto [known, is_new] = value_index_.try_emplace(value_key(path, value.name), values.size());
  if (is_new) {
    values.push_back(std::move(value));
  } else if (!value.keep_existing) {
    values[known->second] = std::move(value);
  }
}

std::size_t RegistryKeys::key_at(const std::string& path) {
  const auto [known, is_new] = key_index_.try_emplace(value_key(path, ""), keys_.size());
  if (is_new) keys_.push_back({path, "", {}});
  return known->second;
}

}  // namespace winnow
