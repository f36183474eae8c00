// Registry keys and values in the order a script sets them, and the bytes a hive stores for each type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "manifest/component_manifest.hpp"

namespace winnow {

// UTF-16LE with a final NUL. Error "cannot store \"<text>\": it is not UTF-8".
[[nodiscard]] Result<Bytes> text_data(std::string_view text);
// Each text with its NUL, then one NUL more.
[[nodiscard]] Result<Bytes> multi_text_data(const std::vector<std::string>& texts);
// Little-endian.
[[nodiscard]] Bytes dword_data(std::uint32_t number);

// What identifies a value across components: HKEY_CLASSES_ROOT is HKEY_LOCAL_MACHINE\Software\Classes, letter case does
// not count.
[[nodiscard]] std::u16string value_key(std::string_view key_path, std::string_view value_name);

// The registry of one component while it is gathered.
class RegistryKeys {
 public:
  void add_key(const std::string& path) { key_at(path); }
  // Replaces an earlier value of the same name, unless the new one is keep_existing (then the earlier one stays).
  void set_value(const std::string& path, ComponentRegistryValue value);
  // In the order they were first named.
  [[nodiscard]] std::vector<ComponentRegistryKey> take() && { return std::move(keys_); }

 private:
  std::size_t key_at(const std::string& path);  // index in keys_

  std::vector<ComponentRegistryKey> keys_;
  std::map<std::u16string, std::size_t> key_index_;
  std::map<std::u16string, std::size_t> value_index_;  // by value_key(): index in the key's values
};

}  // namespace winnow
