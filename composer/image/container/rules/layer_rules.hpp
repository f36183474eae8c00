// The rules of windows-formats.md 5.1 for one base layer, grouped by what they look at. Each group sees every entry in
// stream order and appends what it finds; none knows the others.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "image/container/layer_reader.hpp"
#include "image/container/verify_image.hpp"

namespace winnow {

// Entries are seen under their name without a final '/' (that is rule 1, told once).

// 1 no final '/', 2 parent before child, 4 unique without case, 5 Files before UtilityVM, 7 names and types that
// importers refuse (section 1.2).
class NameRules {
 public:
  void check(const LayerEntry& entry, std::vector<Violation>& violations);

 private:
  void check_place(const LayerEntry& entry, std::vector<Violation>& violations);
  std::map<std::u16string, std::string> seen_;  // by upper-cased name
  std::set<std::u16string> directories_;        // upper-cased names
  bool has_utility_vm_ = false;
};

// 3 target of a hard link, 6 its direction, 13 files that must not be links.
class LinkRules {
 public:
  void check(const LayerEntry& entry, std::vector<Violation>& violations);

 private:
  std::set<std::string> files_;
};

// 10 attributes, 11 security descriptor, 12 times; of every entry that is no link (a link has its target's).
void check_metadata(const LayerEntry& entry, std::vector<Violation>& violations);

// 8 hives, 9 boot configuration; and the version that SOFTWARE states, for rule 15.
class HiveRules {
 public:
  // Whether check_content() wants the entry's content.
  [[nodiscard]] static bool is_wanted(const LayerEntry& entry);
  void check(const LayerEntry& entry);
  void check_content(const LayerEntry& entry, ByteView content, std::vector<Violation>& violations);
  // After the last entry: what is missing.
  void finish(std::vector<Violation>& violations) const;
  // "10.0.BUILD.UBR" as SOFTWARE has it; nothing when it does not say.
  [[nodiscard]] const std::optional<std::string>& os_version() const { return os_version_; }

 private:
  std::set<std::string> present_;
  std::optional<std::string> os_version_;
};

// Files that importers open by these very names and that must be files, not links.
[[nodiscard]] bool is_standard_file(const std::string& name);

}  // namespace winnow
