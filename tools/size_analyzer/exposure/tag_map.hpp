// Which components, files and services Microsoft's names of affected components mean: packages/exposure/tag-map.xml, a
// heuristic that is kept where it can be reviewed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace winnow {

// Patterns are lower case, '*' and '?' as a shell has them.
struct TagMeaning {
  std::string tag;                      // pattern of a tag, as written
  std::vector<std::string> files;       // names without folder
  std::vector<std::string> components;  // names of components and packages
  std::vector<std::string> services;
};

class TagMap {
 public:
  // Faults have their places: "tag-map.xml:7:5: cannot read …".
  [[nodiscard]] static Result<TagMap> parse(std::string_view text, const std::string& file);
  [[nodiscard]] static Result<TagMap> load(const std::filesystem::path& path);

  [[nodiscard]] const std::string& version() const { return version_; }
  [[nodiscard]] const std::vector<TagMeaning>& meanings() const { return meanings_; }
  // The meaning of exactly this tag, else of the first pattern that fits; null when there is none.
  [[nodiscard]] const TagMeaning* find(std::string_view tag) const;
  // Another name of the same file: "ntoskrnl.exe" of "ntkrnlmp.exe"; itself when it has none. Lower case.
  [[nodiscard]] std::string known_name(const std::string& file) const;
  // Products of Windows Server as the documents spell them, by build: of "10.0.14393.5" "Windows Server 2016".
  [[nodiscard]] std::vector<std::string> products_of(std::string_view os_version) const;

 private:
  std::string version_;
  std::vector<TagMeaning> meanings_;
  std::map<std::string, std::string> aliases_;
  std::multimap<std::string, std::string> products_;  // by build
};

// Whether `text` fits `pattern`, without regard to case (ASCII).
[[nodiscard]] bool fits_pattern(const std::string& pattern, std::string_view text);

}  // namespace winnow
