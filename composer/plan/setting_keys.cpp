#include "plan/setting_keys.hpp"

#include <array>
#include <optional>
#include <utility>

#include "base/utf16.hpp"
#include "manifest/registry_text.hpp"
#include "plan/registry_view.hpp"

namespace winnow {

namespace {

// What a setting becomes that names no legacyType, by its XML Schema type. A real SYSTEM hive shows that unsignedInt is
// REG_DWORD; the others are alike.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kImplied = {{
    {"boolean", "REG_DWORD"},
    {"int", "REG_DWORD"},
    {"integer", "REG_DWORD"},
    {"unsignedInt", "REG_DWORD"},
    {"unsignedLong", "REG_QWORD"},
    {"multiString", "REG_MULTI_SZ"},
    {"hexBinary", "REG_BINARY"},
    {"base64Binary", "REG_BINARY"},
}};

// The key inside regkey('…'); nothing when the handler is another.
std::optional<std::string> regkey_of(std::string_view handler) {
  constexpr std::string_view kBegin = "regkey('";
  constexpr std::string_view kEnd = "')";
  if (handler.size() < kBegin.size() + kEnd.size() || !handler.starts_with(kBegin) || !handler.ends_with(kEnd)) {
    return std::nullopt;
  }
  std::string_view key = handler.substr(kBegin.size(), handler.size() - kBegin.size() - kEnd.size());
  while (!key.empty() && key.back() == '\\') key.remove_suffix(1);
  return full_key_name(key);
}

// "wmi" of "wmi('…')": what a handler is called.
std::string handler_name(const std::string& handler) {
  if (handler.empty()) return "none";
  return handler.front() == '{' ? "CLSID" : handler.substr(0, handler.find('('));
}

std::string_view local_type(const ComponentSetting& setting) {
  const std::size_t colon = setting.type.find(':');
  return std::string_view(setting.type).substr(colon == std::string::npos ? 0 : colon + 1);
}

std::string stored_type(const ComponentSetting& setting) {
  if (!setting.legacy_type.empty()) return setting.legacy_type;
  for (const auto& [type, stored] : kImplied) {
    if (local_type(setting) == type) return std::string(stored);
  }
  return "REG_SZ";
}

// The default in the form that registry values have: booleans are numbers, Base64 is hex.
std::string stored_text(const ComponentSetting& setting, std::string_view type) {
  const std::string& text = *setting.value;
  const bool is_number = type == "REG_DWORD" || type == "REG_QWORD";
  if (is_number && ascii_iequals(text, "true")) return "1";
  if (is_number && ascii_iequals(text, "false")) return "0";
  if (type == "REG_BINARY" && local_type(setting) == "base64Binary") {
    if (const auto bytes = from_base64(text)) return to_hex(*bytes);
  }
  return text;
}

}  // namespace

Result<EffectKeys> setting_keys(const std::vector<ComponentSetting>& settings) {
  EffectKeys effect;
  for (const ComponentSetting& setting : settings) {
    if (!setting.value) continue;  // nothing is stored before somebody sets it
    const auto path = regkey_of(setting.handler);
    if (!path) {
      effect.unapplied.push_back("configuration/setting handler " + handler_name(setting.handler));
      continue;
    }
    const std::string type = stored_type(setting);
    const bool has_number = type == "REG_DWORD" || type == "REG_QWORD";
    if (has_number && setting.value->empty()) continue;
    const auto data = parse_registry_text(type, stored_text(setting, type));
    if (!data) {
      return fail("cannot plan setting \"" + setting.name + "\": " + data.error().faults().front().message);
    }
    ComponentRegistryValue value;
    value.name = setting.legacy_name.value_or(setting.name);
    value.type = data->type;
    value.data = data->data;
    effect.keys.push_back({*path, "", {std::move(value)}});
  }
  return effect;
}

}  // namespace winnow
