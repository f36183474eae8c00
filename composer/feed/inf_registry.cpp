#include "feed/inf_registry.hpp"

#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "base/utf16.hpp"
#include "manifest/registry_root.hpp"

namespace winnow {
namespace {

// Flags of an AddReg line (setupapi.h, FLG_ADDREG_*).
constexpr std::uint32_t kBinaryData = 0x1;
constexpr std::uint32_t kNoClobber = 0x2;
constexpr std::uint32_t kDeleteValue = 0x4;
constexpr std::uint32_t kAppend = 0x8;
constexpr std::uint32_t kKeyOnly = 0x10;
constexpr std::uint32_t kOverwriteOnly = 0x20;

// Fields of an AddReg line: root, subkey, value name, flags, data…
constexpr std::size_t kFlagsField = 3;
constexpr std::size_t kDataField = 4;

// A number as the C library reads it with base 0, and no other text; "" is 0.
std::optional<std::uint32_t> parse_number(std::string_view text) {
  if (text.empty()) return 0;
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    text.remove_prefix(2);
    base = 16;
  }
  std::uint32_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// The high word of the flags is the registry type, except where the binary bit makes it one of setupapi.h's other
// spellings.
std::uint32_t registry_type(std::uint32_t flags) {
  const bool binary = (flags & kBinaryData) != 0;
  switch (flags >> 16) {
    case 0:
      return static_cast<std::uint32_t>(binary ? RegistryType::binary : RegistryType::sz);
    case 1:
      return static_cast<std::uint32_t>(binary ? RegistryType::dword : RegistryType::multi_sz);
    case 2:
      return static_cast<std::uint32_t>(binary ? RegistryType::none : RegistryType::expand_sz);
    default:
      return flags >> 16;
  }
}

// One or two hex digits a field.
Result<Bytes> binary_data(const InfFile& inf, const InfLine& line) {
  Bytes data;
  for (std::size_t i = kDataField; i < line.fields.size(); ++i) {
    const std::string field = inf.expand(line.fields[i]);
    const auto byte = from_hex(field.size() == 1 ? "0" + field : field);
    if (!byte || byte->size() != 1) return fail("\"" + field + "\" is not a byte in hex");
    data.push_back(byte->front());
  }
  return data;
}

Result<Bytes> multi_data(const InfFile& inf, const InfLine& line) {
  std::vector<std::string> texts;
  for (std::size_t i = kDataField; i < line.fields.size(); ++i) {
    // A list ends at its first empty string, so such a string cannot be a member.
    if (std::string text = inf.expand(line.fields[i]); !text.empty()) texts.push_back(std::move(text));
  }
  return multi_text_data(texts);
}

Result<Bytes> value_data(const InfFile& inf, const InfLine& line, std::uint32_t flags, std::uint32_t type) {
  const bool one_field = line.fields.size() <= kDataField + 1;
  switch (static_cast<RegistryType>(type)) {
    case RegistryType::multi_sz:
      return multi_data(inf, line);
    case RegistryType::dword: {
      if (!one_field) break;
      const std::string field = inf.expand(line.field(kDataField));
      const auto number = parse_number(field);
      if (!number) return fail("\"" + field + "\" is not a number");
      return dword_data(*number);
    }
    case RegistryType::link: {
      // A link's target is stored without the final NUL (REG_LINK, "ZwSetValueKey" in Microsoft's driver
      // documentation).
      WINNOW_TRY(Bytes data, text_data(inf.expand(line.field(kDataField))));
      data.resize(data.size() - 2);
      return data;
    }
    case RegistryType::sz:
    case RegistryType::expand_sz:
      return text_data(inf.expand(line.field(kDataField)));
    default:
      break;
  }
  if ((flags & kBinaryData) == 0) return text_data(inf.expand(line.field(kDataField)));
  return binary_data(inf, line);
}

Result<std::string> key_path(const InfFile& inf, const InfLine& line, const std::string& relative_root) {
  const std::string root_field = inf.expand(line.field(0));
  std::string root(full_root_name(root_field));
  if (ascii_iequals(root_field, "HKR")) root = relative_root;
  if (root.empty()) return fail("\"" + root_field + "\" is not a root key here");
  std::string subkey = inf.expand(line.field(1));
  while (subkey.ends_with('\\')) subkey.pop_back();
  return subkey.empty() ? root : root + "\\" + subkey;
}

// True when the line was applied, false when it only deletes.
Result<bool> add_line(const InfFile& inf, const InfLine& line, const std::string& relative_root, RegistryKeys& keys) {
  const std::string flags_field = inf.expand(line.field(kFlagsField));
  const auto flags = parse_number(flags_field);
  if (!flags) return fail("flags \"" + flags_field + "\" are not a number");
  if ((*flags & (kDeleteValue | kOverwriteOnly)) != 0) return false;
  WINNOW_TRY(const std::string path, key_path(inf, line, relative_root));
  if ((*flags & kKeyOnly) != 0) {
    keys.add_key(path);
    return true;
  }
  const bool has_value = line.fields.size() > 2;
  if (!has_value) {
    keys.add_key(path);
    return true;
  }
  ComponentRegistryValue value;
  value.name = inf.expand(line.field(2));
  value.type = registry_type(*flags);
  value.keep_existing = (*flags & kNoClobber) != 0;
  value.append = (*flags & kAppend) != 0 && value.type == static_cast<std::uint32_t>(RegistryType::multi_sz);
  WINNOW_TRY(value.data, value_data(inf, line, *flags, value.type));
  keys.set_value(path, std::move(value));
  return true;
}

}  // namespace

Result<std::uint32_t> add_inf_registry(const InfFile& inf, std::string_view section, const std::string& relative_root,
                                       RegistryKeys& keys) {
  Diagnostics faults;
  std::uint32_t left_out = 0;
  for (const InfLine& line : inf.section(section)) {
    const auto applied = add_line(inf, line, relative_root, keys);
    if (!applied) {
      faults.add(inf.place(line), "cannot read AddReg line: " + applied.error().faults().front().message);
    } else if (!*applied) {
      ++left_out;
    }
  }
  if (!faults.empty()) return fail(std::move(faults).error());
  return left_out;
}

}  // namespace winnow
