#include <algorithm>
#include <string_view>

#include "formats/pax.hpp"
#include "image/container/rules/layer_rules.hpp"
#include "image/container/rules/standard_files.hpp"

namespace winnow {

bool is_standard_file(const std::string& name) {
  return std::find(kBaseHives.begin(), kBaseHives.end(), name) != kBaseHives.end() ||
         std::find(kUtilityHives.begin(), kUtilityHives.end(), name) != kUtilityHives.end() || name == kUtilityBcd ||
         name == kUtilityBootManager;
}

void LinkRules::check(const LayerEntry& entry, std::vector<Violation>& violations) {
  if (entry.type == pax::kFile) files_.insert(entry.name);
  if (entry.type != pax::kHardLink) return;
  const auto lies_in = [](std::string_view name, std::string_view root) { return name.starts_with(root); };
  if (lies_in(entry.name, "Files/") && lies_in(entry.link, "UtilityVM/")) {
    violations.push_back({6, entry.name, "it links from Files into UtilityVM, to \"" + entry.link + "\""});
  } else if (!files_.contains(entry.link)) {
    violations.push_back({3, entry.name, "its target \"" + entry.link + "\" is no file that comes before it"});
  }
  if (is_standard_file(entry.name)) {
    violations.push_back({13, entry.name, "importers want it as a file, it is a hard link"});
  }
}

}  // namespace winnow
