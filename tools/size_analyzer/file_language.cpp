#include <algorithm>
#include <array>
#include <utility>

#include "base/utf16.hpp"
#include "size_analyzer/content_traits.hpp"

namespace winnow {

namespace {

bool all_in(std::string_view text, char first, char last) {
  return std::all_of(text.begin(), text.end(), [&](char c) { return c >= first && c <= last; });
}

// Language identifiers ([MS-LCID] 2.2) of the languages Windows Server and its language packs come in.
constexpr std::array<std::pair<std::uint16_t, std::string_view>, 46> kLanguages = {{
    {0x0401, "ar-SA"},      {0x0402, "bg-BG"}, {0x0403, "ca-ES"},    {0x0404, "zh-TW"}, {0x0405, "cs-CZ"},
    {0x0406, "da-DK"},      {0x0407, "de-DE"}, {0x0408, "el-GR"},    {0x0409, "en-US"}, {0x040b, "fi-FI"},
    {0x040c, "fr-FR"},      {0x040d, "he-IL"}, {0x040e, "hu-HU"},    {0x0410, "it-IT"}, {0x0411, "ja-JP"},
    {0x0412, "ko-KR"},      {0x0413, "nl-NL"}, {0x0414, "nb-NO"},    {0x0415, "pl-PL"}, {0x0416, "pt-BR"},
    {0x0418, "ro-RO"},      {0x0419, "ru-RU"}, {0x041a, "hr-HR"},    {0x041b, "sk-SK"}, {0x041d, "sv-SE"},
    {0x041e, "th-TH"},      {0x041f, "tr-TR"}, {0x0421, "id-ID"},    {0x0422, "uk-UA"}, {0x0424, "sl-SI"},
    {0x0425, "et-EE"},      {0x0426, "lv-LV"}, {0x0427, "lt-LT"},    {0x042a, "vi-VN"}, {0x042d, "eu-ES"},
    {0x0439, "hi-IN"},      {0x0456, "gl-ES"}, {0x0501, "qps-ploc"}, {0x0804, "zh-CN"}, {0x0809, "en-GB"},
    {0x0816, "pt-PT"},      {0x0c04, "zh-HK"}, {0x0c0a, "es-ES"},    {0x0c0c, "fr-CA"}, {0x080a, "es-MX"},
    {0x241a, "sr-Latn-RS"},
}};

}  // namespace

bool is_language_tag(std::string_view name) {
  if (ascii_lower(name).starts_with("qps-ploc")) return true;
  const std::size_t dash = name.find('-');
  if (dash != 2 && dash != 3) return false;
  if (!all_in(ascii_lower(name.substr(0, dash)), 'a', 'z')) return false;
  std::string_view rest = name.substr(dash + 1);
  if (rest.size() == 7 && rest[4] == '-') {  // a script: "sr-Latn-RS"
    if (!all_in(ascii_lower(rest.substr(0, 4)), 'a', 'z')) return false;
    rest = rest.substr(5);
  }
  return rest.size() == 2 && all_in(ascii_lower(rest), 'a', 'z');
}

std::string language_of_path(const std::string& path) {
  std::size_t end = path.rfind('/');
  while (end != std::string::npos && end != 0) {
    const std::size_t slash = path.rfind('/', end - 1);
    const std::size_t start = slash == std::string::npos ? 0 : slash + 1;
    const std::string name = path.substr(start, end - start);
    if (is_language_tag(name)) {
      const auto known = std::find_if(kLanguages.begin(), kLanguages.end(),
                                      [&](const auto& item) { return ascii_iequals(item.second, name); });
      return known == kLanguages.end() ? name : std::string(known->second);
    }
    end = slash;
  }
  return "";
}

std::string language_of_number(std::uint16_t number) {
  const auto known =
      std::find_if(kLanguages.begin(), kLanguages.end(), [&](const auto& item) { return item.first == number; });
  return known == kLanguages.end() ? "" : std::string(known->second);
}

}  // namespace winnow
