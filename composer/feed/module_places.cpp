#include "feed/module_places.hpp"

#include <algorithm>
#include <tuple>

#include "base/utf16.hpp"

namespace winnow {
namespace {

// Fields of a WineFakeDlls line.
constexpr std::size_t kFolderField = 0;
constexpr std::size_t kSubfolderField = 1;
constexpr std::size_t kFileField = 2;
constexpr std::size_t kSourceField = 3;

constexpr std::string_view kDriversId = "12";
constexpr std::string_view kSystemId = "11";

}  // namespace

Result<ModulePlaces> ModulePlaces::from_inf(const InfFile& inf, const std::vector<std::string>& install_sections) {
  ModulePlaces places;
  Diagnostics faults;
  for (const std::string& install_section : install_sections) {
    for (const std::string& section : inf.values(install_section, "WineFakeDlls")) {
      for (const InfLine& line : inf.section(section)) {
        const auto added = places.add_line(inf, line);
        if (!added) faults.add(inf.place(line), added.error().faults().front().message);
      }
    }
  }
  if (!faults.empty()) return fail(std::move(faults).error());
  for (const std::string_view id : {kDriversId, kSystemId}) {
    WINNOW_TRY(Destination destination, destination_below(id, ""));
    places.patterns_.push_back({id == kDriversId ? ".sys" : "", std::move(destination)});
  }
  return places;
}

Result<void> ModulePlaces::add_line(const InfFile& inf, const InfLine& line) {
  if (line.field(kSourceField) == "-") return {};
  const std::string file = ascii_lower(inf.expand(line.field(kFileField)));
  WINNOW_TRY(Destination destination,
             destination_below(inf.expand(line.field(kFolderField)), inf.expand(line.field(kSubfolderField))));
  if (file.empty()) {
    folders_.try_emplace(ascii_lower(destination.macro_path), destination.macro_path);
  } else if (file.starts_with('*')) {
    patterns_.push_back({file.substr(1), std::move(destination)});
  } else {
    order_.try_emplace(file, order_.size());
    std::vector<Destination>& known = named_[file];
    if (std::find(known.begin(), known.end(), destination) == known.end()) known.push_back(std::move(destination));
  }
  return {};
}

std::vector<Destination> ModulePlaces::destinations(std::string_view module) const {
  const std::string name = ascii_lower(module);
  if (const auto known = named_.find(name); known != named_.end()) return known->second;
  const auto pattern = std::find_if(patterns_.begin(), patterns_.end(),
                                    [&](const Pattern& candidate) { return name.ends_with(candidate.ending); });
  return {pattern->destination};
}

std::vector<std::string> ModulePlaces::in_registration_order(std::vector<std::string> modules) const {
  const auto rank = [&](const std::string& module) {
    const std::string name = ascii_lower(module);
    const auto known = order_.find(name);
    return std::tuple(known == order_.end() ? order_.size() : known->second, name);
  };
  std::sort(modules.begin(), modules.end(),
            [&](const std::string& a, const std::string& b) { return rank(a) < rank(b); });
  return modules;
}

std::vector<std::string> ModulePlaces::folders() const {
  std::vector<std::string> all;
  for (const auto& [key, path] : folders_) all.push_back(path);
  return all;
}

}  // namespace winnow
