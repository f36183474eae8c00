#include "image/disk/short_name.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/utf16.hpp"

namespace winnow {

namespace {

constexpr std::size_t kBaseUnits = 8;
constexpr std::size_t kExtensionUnits = 3;
constexpr std::size_t kLongNamePart = 6;  // what is kept of the base before "~1"
constexpr std::size_t kHashedPart = 2;    // and before the hash
constexpr unsigned kLastPlainNumber = 4;

constexpr std::u16string_view kNeverAllowed = u"\"*/:<>?\\|";  // not in long names either
constexpr std::u16string_view kReplaced = u"+,;=[]";           // by an underscore

bool is_allowed(char16_t unit) {
  return unit > u' ' && unit < 0x7F && unit != u'.' && kNeverAllowed.find(unit) == std::u16string_view::npos &&
         kReplaced.find(unit) == std::u16string_view::npos;
}

// Appends what is left of `text` in an 8.3 name, at most `limit` units altogether.
void append_kept(std::u16string& out, std::u16string_view text, std::size_t limit) {
  for (const char16_t unit : text) {
    if (out.size() >= limit) return;
    if (unit <= u' ' || unit >= 0x7F || unit == u'.') continue;
    out += is_allowed(unit) ? upcase(unit) : u'_';
  }
}

std::u16string decimal(unsigned number) {
  const std::string digits = std::to_string(number);
  return {digits.begin(), digits.end()};
}

std::u16string hexadecimal(std::uint16_t number) {
  std::u16string out;
  for (int shift = 12; shift >= 0; shift -= 4) out += u"0123456789ABCDEF"[number >> shift & 0xF];
  return out;
}

struct Parts {
  std::u16string base;       // at most six units
  std::u16string extension;  // with its dot, or empty
};

Parts parts_of(std::u16string_view name) {
  const std::size_t begin = std::min(name.find_first_not_of(u". "), name.size());
  const std::size_t dot = name.rfind(u'.');
  const bool has_extension = dot != std::u16string_view::npos && dot > begin;
  Parts parts;
  append_kept(parts.base, name.substr(begin, has_extension ? dot - begin : std::u16string_view::npos), kLongNamePart);
  if (has_extension) append_kept(parts.extension, name.substr(dot + 1), kExtensionUnits);
  if (!parts.extension.empty()) parts.extension.insert(0, 1, u'.');
  return parts;
}

}  // namespace

bool is_short_name(std::u16string_view name) {
  const std::size_t dot = name.find(u'.');
  const std::u16string_view base = name.substr(0, dot);
  if (base.empty() || base.size() > kBaseUnits || !std::all_of(base.begin(), base.end(), is_allowed)) return false;
  if (dot == std::u16string_view::npos) return true;
  const std::u16string_view extension = name.substr(dot + 1);
  return !extension.empty() && extension.size() <= kExtensionUnits &&
         std::all_of(extension.begin(), extension.end(), is_allowed);
}

// Source: T. Galvin, "A Tale of Two File Names" (2015), who found it by experiment; the sums are modulo 2^16 and 2^32.
std::uint16_t short_name_hash(std::u16string_view long_name) {
  std::uint32_t sum = 0;
  for (const char16_t unit : long_name) sum = (sum * 37 + unit) & 0xFFFF;
  std::uint32_t product = sum * 314'159'269u;
  if ((product & 0x80000000u) != 0) product = 0u - product;
  const std::uint32_t rest = product % 1'000'000'007u;
  // The digits are shown lowest first.
  return static_cast<std::uint16_t>((rest >> 12 & 0xF) | (rest >> 4 & 0xF0) | (rest << 4 & 0xF00) |
                                    (rest << 12 & 0xF000));
}

bool ShortNames::take(std::u16string_view name) { return taken_.insert(upcase(name)).second; }

std::u16string ShortNames::make(std::u16string_view long_name) {
  Parts parts = parts_of(long_name);
  bool is_hashed = false;
  const auto add_hash = [&] {
    parts.base = parts.base.substr(0, kHashedPart) + hexadecimal(short_name_hash(long_name));
    is_hashed = true;
  };
  if (parts.base.size() <= kHashedPart) add_hash();
  for (unsigned number = 1;; ++number) {
    if (number > kLastPlainNumber && !is_hashed) {
      add_hash();
      number = 1;
    }
    const std::u16string end = u"~" + decimal(number);
    const std::u16string name = parts.base.substr(0, kBaseUnits - end.size()) + end + parts.extension;
    if (taken_.insert(name).second) return name;
  }
}

void add_short_names(VolumeTree& tree) {
  std::unordered_map<std::uint32_t, ShortNames> directories;  // only looked up in, never walked
  for (std::size_t i = 1; i < tree.names.size(); ++i) {
    const Dentry& dentry = tree.names[i];
    const std::u16string& own = dentry.short_name.empty() ? dentry.name : dentry.short_name;
    if (is_short_name(own)) directories[dentry.parent].take(own);
  }
  for (std::size_t i = 1; i < tree.names.size(); ++i) {
    Dentry& dentry = tree.names[i];
    if (!dentry.short_name.empty() || is_short_name(dentry.name)) continue;
    dentry.short_name = directories[dentry.parent].make(dentry.name);
  }
}

}  // namespace winnow
