#include "size_analyzer/import_graph.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "base/utf16.hpp"

namespace winnow {

namespace {

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

class ImportGraph {
 public:
  ImportGraph(const ScannedImage& image, const std::vector<OwnerIndex>& owner_of, std::vector<OwnerFacts>& owners)
      : image_(image), owner_of_(owner_of), owners_(owners) {
    for (std::size_t i = 0; i < image.info.files.size(); ++i) {
      const ImageFile& file = image.info.files[i];
      if (file.is_directory) continue;
      const std::string path = ascii_lower(file.path);
      files_.emplace(path, i);
      by_name_[name_of(path)].push_back(i);
    }
  }

  void build() {
    for (std::size_t i = 0; i < image_.info.files.size(); ++i) {
      const ContentTraits& traits = image_.traits[i];
      if (owner_of_[i] == kNobody) continue;
      for (const std::string& module : traits.imports) add(i, module, "import");
      for (const std::string& module : traits.delay_imports) add(i, module, "delay import");
    }
  }

 private:
  void add(std::size_t from, const std::string& module, const std::string& kind) {
    const auto to = find(from, module);
    if (!to || owner_of_[*to] == kNobody || owner_of_[*to] == owner_of_[from]) return;
    if (!seen_.emplace(owner_of_[from], owner_of_[*to], kind).second) return;
    const std::string words = kind == "import" ? " imports " : " imports on first use ";
    owners_[owner_of_[from]].needs.push_back(
        {owner_of_[*to], kind, name_of(image_.info.files[from].path) + words + module});
  }

  std::optional<std::size_t> find(std::size_t from, const std::string& module) const {
    std::string name = module;
    if (ApiSetSchema::is_contract_name(module)) {
      name = image_.api_sets.host(module, name_of(ascii_lower(image_.info.files[from].path))).value_or(module);
    }
    const bool is_x86 = image_.traits[from].architecture == "x86";
    for (const std::string& folder :
         {folder_of(ascii_lower(image_.info.files[from].path)),
          std::string(is_x86 ? "windows/syswow64/" : "windows/system32/"), std::string("windows/system32/")}) {
      const auto found = files_.find(folder + name);
      if (found != files_.end()) return found->second;
    }
    const auto named = by_name_.find(name);
    return named != by_name_.end() && named->second.size() == 1 ? std::optional(named->second.front()) : std::nullopt;
  }

  const ScannedImage& image_;
  const std::vector<OwnerIndex>& owner_of_;
  std::vector<OwnerFacts>& owners_;
  std::map<std::string, std::size_t> files_;  // by path in lower case
  std::map<std::string, std::vector<std::size_t>> by_name_;
  std::set<std::tuple<OwnerIndex, OwnerIndex, std::string>> seen_;
};

}  // namespace

void add_import_needs(const ScannedImage& image, const std::vector<OwnerIndex>& owner_of,
                      std::vector<OwnerFacts>& owners) {
  ImportGraph(image, owner_of, owners).build();
}

}  // namespace winnow
