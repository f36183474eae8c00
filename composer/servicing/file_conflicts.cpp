#include "servicing/file_conflicts.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "manifest/macros.hpp"

namespace winnow {

namespace {

// Where a file of a component goes; its own place first, then those of its links.
std::vector<WindowsPath> places_of(const ComponentFile& file, const std::string& architecture) {
  std::vector<WindowsPath> places;
  if (!file.destination.empty()) {
    const auto folder = expand_destination(file.destination, architecture);
    const auto name = WindowsPath::parse(file.destination_name.empty() ? file.name : file.destination_name);
    if (folder && name) places.push_back(*folder / *name);
  }
  for (const std::string& link : file.links) {
    if (auto place = expand_destination(link, architecture)) places.push_back(std::move(*place));
  }
  return places;
}

}  // namespace

std::vector<FileConflict> find_file_conflicts(const ServicingRepository& repository,
                                              const std::vector<ComponentIndex>& components) {
  std::map<WindowsPath, std::vector<FileWriter>> writers;
  for (const ComponentIndex id : components) {
    const ComponentManifest& manifest = repository.components()[id].manifest;
    for (const ComponentFile& file : manifest.files) {
      for (WindowsPath& place : places_of(file, manifest.identity.architecture)) {
        writers[std::move(place)].push_back({id, file.digest});
      }
    }
  }
  std::vector<FileConflict> conflicts;
  for (auto& [path, all] : writers) {
    const bool is_agreed = std::all_of(all.begin(), all.end(),
                                       [&](const FileWriter& writer) { return writer.digest == all.front().digest; });
    if (!is_agreed) conflicts.push_back({path, std::move(all)});
  }
  return conflicts;
}

}  // namespace winnow
