#include "unit/boot/hive_text.hpp"

#include <hivex.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <stdexcept>

#include "base/file_system.hpp"
#include "base/utf16.hpp"

namespace winnow::test {

namespace {

struct Free {
  void operator()(void* memory) const { std::free(memory); }
};
template <class T>
using Allocated = std::unique_ptr<T, Free>;

std::string value_text(hive_type type, ByteView data) {
  constexpr const char* kNames[] = {"NONE", "SZ", "EXPAND_SZ", "BINARY", "DWORD", "DWORD_BE", "LINK", "MULTI_SZ"};
  std::string text = static_cast<std::size_t>(type) < std::size(kNames) ? kNames[type] : "?";
  if (type != hive_t_string && type != hive_t_multiple_strings) return text + " " + to_hex(data);
  text += ' ';
  for (const char c : from_utf16le(data).value_or("not UTF-16")) text += c == '\0' ? '|' : c;
  return text;
}

void add_key(hive_h* hive, hive_node_h node, const std::string& path, std::vector<std::string>& lines) {
  lines.push_back(path);
  const Allocated<hive_value_h> values(hivex_node_values(hive, node));
  for (const hive_value_h* value = values.get(); *value != 0; ++value) {
    hive_type type{};
    std::size_t size = 0;
    const Allocated<char> key(hivex_value_key(hive, *value));
    const Allocated<char> data(hivex_value_value(hive, *value, &type, &size));
    if (!key || !data) throw std::runtime_error("hivex cannot read a value of " + path);
    lines.push_back(path + " " + key.get() + " = " + value_text(type, as_bytes({data.get(), size})));
  }
  const Allocated<hive_node_h> children(hivex_node_children(hive, node));
  for (const hive_node_h* child = children.get(); *child != 0; ++child) {
    const Allocated<char> name(hivex_node_name(hive, *child));
    add_key(hive, *child, path + "\\" + name.get(), lines);
  }
}

}  // namespace

std::vector<std::string> hive_lines(ByteView bytes) {
  const auto folder = TemporaryDirectory::create("winnow-hive-").value();
  const auto path = folder.path() / "hive";
  std::ofstream(path, std::ios::binary) << as_text(bytes);
  const std::unique_ptr<hive_h, int (*)(hive_h*)> hive(hivex_open(path.c_str(), 0), hivex_close);
  if (!hive) throw std::runtime_error("hivex cannot open the hive");
  const hive_node_h root = hivex_root(hive.get());
  const Allocated<char> name(hivex_node_name(hive.get(), root));
  std::vector<std::string> lines;
  add_key(hive.get(), root, name.get(), lines);
  return lines;
}

}  // namespace winnow::test
