#include "size_analyzer/component_store.hpp"

#include <algorithm>
#include <vector>

#include "base/utf16.hpp"

namespace winnow {

namespace {

std::vector<std::string> split_at(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

bool is_hex(const std::string& text) {
  return text.size() == 16 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
         });
}

bool is_version(const std::string& text) {
  const auto parts = split_at(text, '.');
  return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), [](const std::string& part) {
           return !part.empty() && part.size() <= 9 &&
                  std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
         });
}

// "Microsoft-Windows-Foo-Package~31bf3856ad364e35~amd64~en-US~10.0.17763.1"
std::optional<StoreName> parse_package_name(const std::string& text) {
  const auto parts = split_at(text, '~');
  if (parts.size() != 5 || parts[0].empty() || !is_version(parts[4])) return std::nullopt;
  return StoreName{ascii_lower(parts[2]), parts[0], parts[1], parts[4], parts[3]};
}

std::string without_extension(const std::string& name) { return name.substr(0, name.rfind('.')); }

}  // namespace

std::optional<StoreName> parse_store_name(const std::string& text) {
  const auto parts = split_at(text, '_');
  if (parts.size() < 6) return std::nullopt;
  const std::size_t last = parts.size() - 1;
  if (!is_hex(parts[last]) || !is_version(parts[last - 2])) return std::nullopt;
  if (!is_hex(parts[last - 3]) && parts[last - 3] != "none") return std::nullopt;
  StoreName name{ascii_lower(parts[0]), parts[1], parts[last - 3], parts[last - 2], parts[last - 1]};
  for (std::size_t i = 2; i < last - 3; ++i) name.name += "_" + parts[i];
  if (ascii_iequals(name.language, "none") || ascii_iequals(name.language, "neutral")) name.language.clear();
  return name.name.empty() ? std::nullopt : std::optional(name);
}

std::optional<StorePlace> place_in_store(const std::string& path) {
  const auto parts = split_at(path, '/');
  if (parts.size() < 4 || !ascii_iequals(parts[0], "Windows")) return std::nullopt;
  StorePlace place;
  std::optional<StoreName> found;
  if (ascii_iequals(parts[1], "servicing") && ascii_iequals(parts[2], "Packages") && parts.size() == 4) {
    found = parse_package_name(without_extension(parts[3]));
    place.is_package = true;
  } else if (ascii_iequals(parts[1], "WinSxS")) {
    const bool is_manifest = ascii_iequals(parts[2], "Manifests") && parts.size() == 4;
    found = parse_store_name(is_manifest ? without_extension(parts[3]) : parts[2]);
    place.is_payload = !is_manifest;
    place.is_delta = !is_manifest && parts.size() > 4 && (parts[3] == "f" || parts[3] == "r" || parts[3] == "n");
  }
  if (!found) return std::nullopt;
  place.component = *found;
  return place;
}

bool is_older(const std::string& a, const std::string& b) {
  const auto left = split_at(a, '.');
  const auto right = split_at(b, '.');
  const auto key = [](const std::string& part) { return std::pair(part.size(), part); };
  return std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end(),
                                      [&](const std::string& x, const std::string& y) { return key(x) < key(y); });
}

}  // namespace winnow
