#include <algorithm>
#include <string_view>
#include <utility>

#include "base/utf16.hpp"
#include "formats/pax.hpp"
#include "image/container/rules/layer_rules.hpp"
#include "image/container/rules/standard_files.hpp"

namespace winnow {

namespace {

constexpr std::size_t kMaxComponentUnits = 255;

// What hosts make themselves, in the layer's root (windows-formats.md 1.6).
bool is_host_made(std::string_view root) {
  const std::string name = ascii_lower(root);
  return name == "hives" || name == "layout" || name == "tombstones.txt" || name.ends_with(".vhdx") ||
         (name.starts_with("bcd") && name.ends_with(".bak"));
}

std::optional<std::string> find_component_fault(std::string_view component) {
  const auto units = to_utf16(component);
  if (!units) return "its name is not UTF-8";
  if (component.empty()) return "its name has an empty part";
  if (component == "." || component == "..") return "its name leads elsewhere";
  if (units->size() > kMaxComponentUnits) return "a part of its name is longer than 255 characters";
  for (const char c : component) {
    if (static_cast<unsigned char>(c) < 0x20) return "its name holds a control character";
    if (std::string_view("\\:*?\"<>|").find(c) != std::string_view::npos)
      return std::string("its name holds '") + c + "'";
  }
  if (component.ends_with('.') || component.ends_with(' ')) return "a part of its name ends in a dot or a space";
  if (component.starts_with(".wh.")) return "it is a whiteout";
  if (ascii_lower(component).ends_with(".$wcidirs$")) return "its name belongs to Windows' own links";
  return std::nullopt;
}

std::optional<std::string> find_root_fault(std::string_view first, std::string_view second) {
  if (is_host_made(first)) return "the host makes it at import";
  if (first != kFilesRoot && first != kUtilityRoot) return "it lies neither in Files nor in UtilityVM";
  if (first == kUtilityRoot && !second.empty() && second != kFilesRoot) return "UtilityVM holds nothing but Files";
  if (ascii_lower(second) == "$recycle.bin") return "a recycle bin is no part of a layer";
  return std::nullopt;
}

std::optional<std::string> find_name_fault(std::string_view name) {
  if (name.starts_with('/')) return "its name is absolute";
  std::vector<std::string_view> components;
  for (std::size_t start = 0; start <= name.size();) {
    const std::size_t end = std::min(name.find('/', start), name.size());
    components.push_back(name.substr(start, end - start));
    if (auto fault = find_component_fault(components.back())) return fault;
    start = end + 1;
  }
  return find_root_fault(components[0], components.size() > 1 ? components[1] : std::string_view());
}

std::optional<std::string> find_type_fault(char type) {
  switch (type) {
    case pax::kFile:
    case pax::kHardLink:
    case pax::kDirectory:
      return std::nullopt;
    case pax::kSymbolicLink:
      return "it is a symbolic link";
    default:
      return std::string("its type is '") + type + "'";
  }
}

bool is_below(std::string_view name, std::string_view root) {
  return name == root || (name.starts_with(root) && name[root.size()] == '/');
}

}  // namespace

void NameRules::check(const LayerEntry& entry, std::vector<Violation>& violations) {
  if (const auto fault = find_type_fault(entry.type)) violations.push_back({7, entry.name, *fault});
  if (const auto fault = find_name_fault(entry.name)) {
    violations.push_back({7, entry.name, *fault});
  } else {
    check_place(entry, violations);
  }
  if (entry.type == pax::kDirectory) directories_.insert(case_key(entry.name));
}

void NameRules::check_place(const LayerEntry& entry, std::vector<Violation>& violations) {
  const std::size_t slash = entry.name.rfind('/');
  if (slash != std::string::npos && !directories_.contains(case_key(entry.name.substr(0, slash)))) {
    violations.push_back({2, entry.name, "its folder \"" + entry.name.substr(0, slash) + "\" does not come before it"});
  }
  const auto [twin, is_new] = seen_.emplace(case_key(entry.name), entry.name);
  if (!is_new && twin->second == entry.name) violations.push_back({4, entry.name, "it is there twice"});
  if (!is_new && twin->second != entry.name) {
    violations.push_back({4, entry.name, "it differs from \"" + twin->second + "\" only in case"});
  }
  const bool is_in_utility_vm = is_below(entry.name, kUtilityRoot);
  if (has_utility_vm_ && !is_in_utility_vm)
    violations.push_back({5, entry.name, "it comes after entries of UtilityVM"});
  has_utility_vm_ = has_utility_vm_ || is_in_utility_vm;
}

}  // namespace winnow
