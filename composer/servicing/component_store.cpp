#include "servicing/component_store.hpp"

#include <algorithm>
#include <cstddef>

namespace winnow {

namespace {

constexpr std::string_view kStore = "windows/winsxs/";
constexpr std::string_view kManifests = "windows/winsxs/manifests/";
constexpr std::string_view kCatalogs = "windows/winsxs/catalogs/";
constexpr std::string_view kPackages = "windows/servicing/packages/";
constexpr std::string_view kSoftwareHive = "windows/system32/config/software";
constexpr std::string_view kStackName = "microsoft-windows-servicingstack_";
constexpr std::ptrdiff_t kKeyFormSeparators = 5;  // arch_name_token_version_language_hash

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_text(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}
// The rest of `path` behind `start`; empty when it does not start so.
std::string_view behind(std::string_view path, std::string_view start) {
  return path.size() > start.size() && same_text(path.substr(0, start.size()), start) ? path.substr(start.size()) : "";
}
bool is_plain_name(std::string_view rest) { return !rest.empty() && rest.find('/') == std::string_view::npos; }

bool is_manifest_file(std::string_view path) {
  return (is_plain_name(behind(path, kManifests)) && has_extension(path, ".manifest")) ||
         (is_plain_name(behind(path, kPackages)) && has_extension(path, ".mum"));
}

// The folder of a component below WinSxS; "" for all else.
std::string_view component_folder(std::string_view path) {
  const std::string_view rest = behind(path, kStore);
  const std::size_t end = rest.find('/');
  if (end == std::string_view::npos) return "";
  const std::string_view folder = rest.substr(0, end);
  return std::count(folder.begin(), folder.end(), '_') >= kKeyFormSeparators ? folder : "";
}

}  // namespace

bool has_extension(std::string_view path, std::string_view extension) {
  return path.size() >= extension.size() && same_text(path.substr(path.size() - extension.size()), extension);
}

bool is_store_file(std::string_view path) {
  if (is_manifest_file(path) || !component_folder(path).empty()) return true;
  if (!has_extension(path, ".cat")) return false;
  return is_plain_name(behind(path, kPackages)) || is_plain_name(behind(path, kCatalogs));
}

bool is_software_hive(std::string_view path) { return same_text(path, kSoftwareHive); }

bool is_dictionary_file(std::string_view path) {
  const std::string_view folder = component_folder(path);
  const std::size_t name = folder.find('_');
  return name != std::string_view::npos && !behind(folder.substr(name + 1), kStackName).empty() &&
         has_extension(path, "/wcp.dll");
}

bool has_component_store(const std::vector<PayloadEntry>& files) {
  return std::any_of(files.begin(), files.end(), [](const PayloadEntry& file) { return is_manifest_file(file.path); });
}

}  // namespace winnow
