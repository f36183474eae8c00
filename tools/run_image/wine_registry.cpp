#include "run_image/wine_registry.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/file_system.hpp"
#include "base/utf16.hpp"

namespace winnow {

namespace fs = std::filesystem;

namespace {

// Registry types (winnt.h) with a spelling of their own in Wine's files.
constexpr std::uint32_t kString = 1;
constexpr std::uint32_t kExpandString = 2;
constexpr std::uint32_t kBinary = 3;
constexpr std::uint32_t kDword = 4;
constexpr std::uint32_t kLink = 6;
constexpr std::uint32_t kMultiString = 7;

constexpr std::string_view kLinkValue = "SymbolicLinkValue";

std::string hex_number(std::uint32_t value, std::size_t digits) {
  std::string text;
  for (std::size_t i = digits; i-- > 0;) text += "0123456789abcdef"[value >> (4 * i) & 15];
  return text;
}

// Text as Wine's server reads it: '\' and the characters of `quotes` escaped; control characters in three octal, all
// beyond ASCII in four hex digits, so that a digit behind them cannot be taken for theirs.
std::string escape(std::u16string_view text, std::string_view quotes) {
  std::string out;
  for (const char16_t unit : text) {
    if (unit >= 0x7F) {
      out += "\\x" + hex_number(unit, 4);
    } else if (unit < 0x20) {
      out += '\\';
      for (const int shift : {6, 3, 0}) out += static_cast<char>('0' + (unit >> shift & 7));
    } else {
      const char letter = static_cast<char>(unit);
      if (letter == '\\' || quotes.find(letter) != std::string_view::npos) out += '\\';
      out += letter;
    }
  }
  return out;
}

Result<std::u16string> name_units(const std::string& name, const std::string& path) {
  auto units = to_utf16(name);
  if (!units) return fail("cannot read registry key " + path + ": a name in it is no Unicode text");
  return std::move(*units);
}

// The value's text without its final NUL; nothing when it is not NUL-terminated UTF-16, and so has to be written as
// bytes.
std::optional<std::u16string> terminated_text(ByteView data) {
  if (data.size() < 2 || data.size() % 2 != 0) return std::nullopt;
  std::u16string text;
  for (std::size_t i = 0; i < data.size(); i += 2) text += static_cast<char16_t>(*read_le<std::uint16_t>(data, i));
  if (text.back() != 0) return std::nullopt;
  text.pop_back();
  return text;
}

std::string hex_list(ByteView data) {
  std::string text;
  for (const std::uint8_t byte : data) text += (text.empty() ? "" : ",") + hex_number(byte, 2);
  return text;
}

std::string type_hex(std::uint32_t type) {
  std::string text = hex_number(type, 8);
  return text.substr(std::min(text.find_first_not_of('0'), text.size() - 1));
}

std::string value_text(const RegistryTree::Value& value) {
  const bool is_text = value.type == kString || value.type == kExpandString || value.type == kMultiString;
  if (const auto text = is_text ? terminated_text(value.data) : std::nullopt) {
    const std::string quoted = '"' + escape(*text, "\"") + '"';
    return value.type == kString ? quoted : "str(" + type_hex(value.type) + "):" + quoted;
  }
  if (value.type == kDword && value.data.size() == 4) {
    return "dword:" + hex_number(*read_le<std::uint32_t>(value.data, 0), 8);
  }
  return (value.type == kBinary ? std::string("hex:") : "hex(" + type_hex(value.type) + "):") + hex_list(value.data);
}

bool is_link(const RegistryTree& key) {
  return std::any_of(key.values.begin(), key.values.end(), [](const RegistryTree::Value& value) {
    return value.type == kLink && ascii_iequals(value.name, kLinkValue);
  });
}

const RegistryTree* find_child(const RegistryTree& key, std::string_view name) {
  for (const RegistryTree& child : key.children) {
    if (ascii_iequals(child.name, name)) return &child;
  }
  return nullptr;
}

// Select\Current, 1 where the hive does not say.
std::uint32_t current_control_set(const RegistryTree& system_hive) {
  const RegistryTree* select = find_child(system_hive, "Select");
  if (select == nullptr) return 1;
  for (const RegistryTree::Value& value : select->values) {
    if (ascii_iequals(value.name, "Current")) return read_le<std::uint32_t>(value.data, 0).value_or(1);
  }
  return 1;
}

// A hive of the image, nothing when the image has none of that name.
Result<std::optional<RegistryTree>> load_hive(const DriveFolder& drive, std::string_view path) {
  WINNOW_TRY(const WindowsPath place, WindowsPath::parse(path));
  const fs::path file = drive.find(place);
  if (file.empty()) return std::optional<RegistryTree>();
  WINNOW_TRY(RegistryTree tree, read_hive(file, place.text()));
  return std::optional(std::move(tree));
}

Result<void> write_one(const fs::path& file, std::string_view base, const std::optional<RegistryTree>& hive) {
  if (!hive) return {};
  WineRegistryText text(base);
  WINNOW_CHECK(text.add(*hive, ""));
  return write_file(file, as_bytes(text.text()));
}

}  // namespace

WineRegistryText::WineRegistryText(std::string_view base)
    : text_("WINE REGISTRY Version 2\n;; All keys relative to " + std::string(base) + "\n\n#arch=win64\n") {}

Result<void> WineRegistryText::add(const RegistryTree& hive, const std::string& prefix) {
  return add_key(hive, prefix);
}

Result<void> WineRegistryText::add_key(const RegistryTree& key, const std::string& path) {
  if (!path.empty()) {
    text_ += "\n[" + path + "]\n";
    if (is_link(key)) text_ += "#link\n";
    for (const RegistryTree::Value& value : key.values) WINNOW_CHECK(add_value(value, path));
  }
  for (const RegistryTree& child : key.children) {
    WINNOW_TRY(const std::u16string name, name_units(child.name, path));
    WINNOW_CHECK(add_key(child, path + (path.empty() ? "" : "\\\\") + escape(name, "[]")));
  }
  return {};
}

Result<void> WineRegistryText::add_value(const RegistryTree::Value& value, const std::string& path) {
  WINNOW_TRY(const std::u16string name, name_units(value.name, path));
  text_ += (name.empty() ? "@" : '"' + escape(name, "\"") + '"') + "=" + value_text(value) + "\n";
  return {};
}

void add_current_control_set(RegistryTree& system_hive) {
  if (find_child(system_hive, "CurrentControlSet") != nullptr) return;
  std::string number = std::to_string(std::min(current_control_set(system_hive), 999u));
  number.insert(0, 3 - number.size(), '0');
  const auto target = to_utf16le("\\Registry\\Machine\\System\\ControlSet" + number, false);
  system_hive.children.push_back({"CurrentControlSet", {{std::string(kLinkValue), kLink, *target}}, {}});
}

Result<void> write_wine_registry(const DriveFolder& drive, const fs::path& prefix) {
  WINNOW_TRY(const auto software, load_hive(drive, "Windows\\System32\\config\\SOFTWARE"));
  WINNOW_TRY(auto system, load_hive(drive, "Windows\\System32\\config\\SYSTEM"));
  WINNOW_TRY(const auto default_user, load_hive(drive, "Windows\\System32\\config\\DEFAULT"));
  WINNOW_TRY(const auto new_user, load_hive(drive, "Users\\Default\\NTUSER.DAT"));
  if (software || system) {
    WineRegistryText machine("\\\\Machine");
    if (software) WINNOW_CHECK(machine.add(*software, "Software"));
    if (system) {
      add_current_control_set(*system);
      WINNOW_CHECK(machine.add(*system, "System"));
    }
    WINNOW_CHECK(write_file(prefix / "system.reg", as_bytes(machine.text())));
  }
  WINNOW_CHECK(write_one(prefix / "userdef.reg", "\\\\User\\\\.Default", default_user));
  // The SID is the one Wine gives every user.
  return write_one(prefix / "user.reg", "\\\\User\\\\S-1-5-21-0-0-0-1000", new_user ? new_user : default_user);
}

}  // namespace winnow
