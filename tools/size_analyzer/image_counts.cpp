#include "size_analyzer/image_counts.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "base/utf16.hpp"

namespace winnow {

namespace {

struct FileCounts {
  std::uint64_t executables = 0;
  std::uint64_t libraries = 0;
  std::uint64_t drivers = 0;
  std::uint64_t task_files = 0;
};

FileCounts count_files(const ScannedImage& image, const std::vector<ContentGroup>& groups,
                       const std::vector<ByteKind>& kinds) {
  FileCounts counts;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const std::size_t first = groups[i].names.front();
    const ContentTraits& traits = image.traits[first];
    if (ascii_lower(image.info.files[first].path).starts_with("windows/system32/tasks/")) ++counts.task_files;
    if (!traits.is_pe || traits.kind == ByteKind::language) continue;
    const bool is_driver = kinds[i] == ByteKind::driver;
    if (is_driver) {
      ++counts.drivers;
    } else if (traits.kind == ByteKind::executable) {
      ++counts.executables;
    } else {
      ++counts.libraries;
    }
  }
  return counts;
}

std::uint64_t services_with(const std::vector<RegistryService>& services, const std::string& start) {
  return static_cast<std::uint64_t>(
      std::count_if(services.begin(), services.end(),
                    [&](const RegistryService& service) { return !service.is_driver && service.start == start; }));
}

}  // namespace

std::vector<CountFacts> count_image(const ScannedImage& image, const std::vector<ContentGroup>& groups,
                                    const std::vector<ByteKind>& kinds) {
  const FileCounts files = count_files(image, groups, kinds);
  std::vector<CountFacts> counts = {{"files", groups.size()},
                                    {"executables", files.executables},
                                    {"libraries", files.libraries},
                                    {"drivers", files.drivers}};
  const RegistryFacts& registry = image.registry;
  if (registry.services) {
    for (const char* start : {"automatic", "manual", "disabled"}) {
      counts.push_back({std::string("services ") + start, services_with(*registry.services, start)});
    }
    const auto drivers = std::count_if(registry.services->begin(), registry.services->end(),
                                       [](const RegistryService& service) { return service.is_driver; });
    counts.push_back({"driver services", static_cast<std::uint64_t>(drivers)});
  }
  if (registry.hives > 0) {
    counts.push_back({"registry keys", registry.keys});
    counts.push_back({"registry values", registry.values});
  }
  const bool has_tasks = files.task_files > 0 || registry.scheduled_tasks;
  if (has_tasks) {
    counts.push_back({"scheduled tasks", std::max(files.task_files, registry.scheduled_tasks.value_or(0))});
  }
  if (registry.com_classes) counts.push_back({"COM classes", *registry.com_classes});
  return counts;
}

std::vector<CountFacts> measure_component_store(const ScannedImage& image, const std::vector<ContentGroup>& groups) {
  const auto is_below = [](const std::string& path, const char* folder) {
    return ascii_lower(path).starts_with("windows/winsxs/" + std::string(folder));
  };
  ByteCount explorer = 0;
  ByteCount shared = 0;
  ByteCount backups = 0;
  ByteCount cache = 0;
  bool has_store = false;
  for (const ContentGroup& group : groups) {
    std::size_t inside = 0;
    bool is_cache = true;
    for (const std::size_t name : group.names) {
      const std::string& path = image.info.files[name].path;
      if (!is_below(path, "")) continue;
      ++inside;
      is_cache =
          is_cache && (is_below(path, "temp/") || is_below(path, "manifestcache/") || is_below(path, "installtemp/"));
    }
    if (inside == 0) continue;
    has_store = true;
    explorer += inside * group.sizes.logical;
    const bool is_shared = inside < group.names.size();
    (is_shared ? shared : is_cache ? cache : backups) += group.sizes.logical;
  }
  if (!has_store) return {};
  return {{"Explorer size", explorer},
          {"actual size", shared + backups + cache},
          {"shared with Windows", shared},
          {"backups and disabled features", backups},
          {"cache and temporary data", cache}};
}

}  // namespace winnow
