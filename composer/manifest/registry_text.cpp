#include "manifest/registry_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <vector>

#include "base/nearest_name.hpp"
#include "base/utf16.hpp"
#include "manifest/component_manifest.hpp"
#include "manifest/xml_text.hpp"

namespace winnow {
namespace {

enum class Form { text, multi_text, dword, qword, hex };

struct NamedType {
  std::string_view name;
  RegistryType type;
  Form form;
};

constexpr std::array<NamedType, 11> kNamedTypes = {{
    {"REG_SZ", RegistryType::sz, Form::text},
    {"REG_EXPAND_SZ", RegistryType::expand_sz, Form::text},
    {"REG_MULTI_SZ", RegistryType::multi_sz, Form::multi_text},
    {"REG_DWORD", RegistryType::dword, Form::dword},
    {"REG_QWORD", RegistryType::qword, Form::qword},
    {"REG_BINARY", RegistryType::binary, Form::hex},
    {"REG_NONE", RegistryType::none, Form::hex},
    {"REG_LINK", RegistryType::link, Form::hex},
    {"REG_RESOURCE_LIST", RegistryType::resource_list, Form::hex},
    {"REG_FULL_RESOURCE_DESCRIPTOR", RegistryType::full_resource_descriptor, Form::hex},
    {"REG_RESOURCE_REQUIREMENTS_LIST", RegistryType::resource_requirements_list, Form::hex},
}};

constexpr std::size_t kTypeCodeDigits = 8;
constexpr std::size_t kQwordDigits = 16;

template <class T>
std::optional<T> parse_number(std::string_view text, int base) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> parse_prefixed_hex(std::string_view text) {
  if (text.size() < 3 || text[0] != '0' || (text[1] != 'x' && text[1] != 'X')) return std::nullopt;
  return parse_number<std::uint64_t>(text.substr(2), 16);
}

Bytes le_bytes(std::uint64_t value, std::size_t count) {
  Bytes bytes;
  ByteWriter(bytes).le64(value);
  bytes.resize(count);
  return bytes;
}

// "0x…" or decimal; a negative number is its two's complement.
std::optional<Bytes> parse_dword(std::string_view text) {
  auto value = parse_prefixed_hex(text);
  if (!value) value = parse_number<std::uint64_t>(text, 10);
  if (!value) {
    const auto negative = parse_number<std::int32_t>(text, 10);
    if (negative) value = static_cast<std::uint32_t>(*negative);
  }
  if (!value || *value > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  return le_bytes(*value, 4);
}

// Sixteen digits are the eight bytes as they are stored; "0x…" and shorter decimals are numbers.
std::optional<Bytes> parse_qword(std::string_view text) {
  if (const auto value = parse_prefixed_hex(text)) return le_bytes(*value, 8);
  if (text.size() == kQwordDigits) return from_hex(text);
  const auto value = parse_number<std::uint64_t>(text, 10);
  return value ? std::optional(le_bytes(*value, 8)) : std::nullopt;
}

// The next item of a list of quoted strings; "" inside quotes is one quote. Nothing when the text has another shape.
std::optional<std::string> take_quoted(std::string_view& rest) {
  if (!rest.starts_with('"')) return std::nullopt;
  std::string item;
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] != '"') {
      item += rest[i];
    } else if (i + 1 < rest.size() && rest[i + 1] == '"') {
      item += rest[i++];
    } else {
      rest.remove_prefix(i + 1);
      return item;
    }
  }
  return std::nullopt;
}

void skip_blanks(std::string_view& rest) {
  while (!rest.empty() && (rest[0] == ' ' || rest[0] == '\t')) rest.remove_prefix(1);
}

std::optional<std::vector<std::string>> parse_list(std::string_view text) {
  std::vector<std::string> items;
  skip_blanks(text);
  if (text.empty()) return items;
  if (text[0] != '"') return std::vector<std::string>{std::string(text)};
  for (;;) {
    auto item = take_quoted(text);
    if (!item) return std::nullopt;
    items.push_back(std::move(*item));
    skip_blanks(text);
    if (text.empty()) return items;
    if (text[0] != ',') return std::nullopt;
    text.remove_prefix(1);
    skip_blanks(text);
  }
}

std::optional<Bytes> parse_multi_text(std::string_view text) {
  const auto items = parse_list(text);
  if (!items) return std::nullopt;
  std::string joined;
  for (const std::string& item : *items) joined += item + '\0';
  return to_utf16le(joined, true);
}

std::optional<Bytes> parse_data(Form form, std::string_view value) {
  switch (form) {
    case Form::text:
      return to_utf16le(value, true);
    case Form::multi_text:
      return parse_multi_text(value);
    case Form::dword:
      return parse_dword(value);
    case Form::qword:
      return parse_qword(value);
    case Form::hex:
      break;
  }
  return from_hex(value);
}

// The text of NUL-terminated UTF-16LE data, its final NUL taken off.
std::optional<std::string> terminated_text(ByteView data) {
  auto text = from_utf16le(data);
  if (!text || text->empty() || text->back() != '\0') return std::nullopt;
  text->pop_back();
  return text;
}

std::optional<std::string> print_multi_text(ByteView data) {
  const auto text = terminated_text(data);
  if (!text || (!text->empty() && text->back() != '\0')) return std::nullopt;
  std::string list;
  for (std::size_t start = 0; start < text->size();) {
    const std::size_t end = text->find('\0', start);
    list += list.empty() ? "\"" : ",\"";
    for (const char c : text->substr(start, end - start)) list += c == '"' ? std::string("\"\"") : std::string(1, c);
    list += '"';
    start = end + 1;
  }
  return list;
}

std::optional<std::string> print_data(Form form, ByteView data) {
  switch (form) {
    case Form::text:
      return terminated_text(data);
    case Form::multi_text:
      return print_multi_text(data);
    case Form::dword:
      if (const auto value = read_le<std::uint32_t>(data, 0); value && data.size() == 4) {
        Bytes digits;
        ByteWriter(digits).be32(*value);
        return "0x" + to_hex(digits);
      }
      return std::nullopt;
    case Form::qword:
      if (data.size() != 8) return std::nullopt;
      break;
    case Form::hex:
      break;
  }
  return to_hex(data);
}

std::string type_code(std::uint32_t type) {
  Bytes code;
  ByteWriter(code).be32(type);
  return to_hex(code);
}

}  // namespace

Result<RegistryData> parse_registry_text(std::string_view value_type, std::string_view value) {
  const auto known = std::find_if(kNamedTypes.begin(), kNamedTypes.end(),
                                  [&](const NamedType& type) { return ascii_iequals(type.name, value_type); });
  Form form = Form::hex;
  RegistryData result;
  if (known != kNamedTypes.end()) {
    form = known->form;
    result.type = static_cast<std::uint32_t>(known->type);
  } else if (const auto code = parse_number<std::uint32_t>(value_type, 16);
             code && value_type.size() == kTypeCodeDigits) {
    result.type = *code;
  } else {
    std::vector<std::string_view> names;
    for (const NamedType& type : kNamedTypes) names.push_back(type.name);
    return fail("cannot read valueType \"" + std::string(value_type) +
                    "\": it is neither the name of a registry type nor eight hex digits",
                did_you_mean(nearest_name(value_type, names)));
  }
  auto data = parse_data(form, value);
  if (!data) {
    return fail("cannot read " + std::string(value_type) + " value \"" + std::string(value) +
                "\": it has not the form of its type");
  }
  result.data = std::move(*data);
  return result;
}

RegistryText print_registry_text(const RegistryData& data) {
  for (const NamedType& type : kNamedTypes) {
    if (static_cast<std::uint32_t>(type.type) != data.type) continue;
    const auto value = print_data(type.form, data.data);
    // XML carries every text but one with a NUL or another control character inside.
    if (value && is_xml_text(*value)) return {std::string(type.name), *value};
  }
  return {type_code(data.type), to_hex(data.data)};
}

}  // namespace winnow
