#include "plan/provenance.hpp"

#include <map>

#include "base/json.hpp"
#include "plan/effects_json.hpp"

namespace winnow {

namespace {

struct RegistryCount {
  std::uint64_t keys = 0;
  std::uint64_t values = 0;
  ByteCount bytes = 0;  // of value data
};

void count_keys(const PlannedKey& key, std::map<OwnerId, RegistryCount>& counts) {
  for (const auto& [index, value] : key.values) {
    RegistryCount& count = counts[value.owner];
    ++count.values;
    count.bytes += value.data.size();
  }
  for (const auto& [index, child] : key.children) {
    ++counts[child.owner].keys;
    count_keys(child, counts);
  }
}

Json registry_rows(const RegistryPlan& registry) {
  Json rows = Json::array();
  for (const auto& [hive, root] : registry.hives) {
    std::map<OwnerId, RegistryCount> counts;
    count_keys(root, counts);
    for (const auto& [owner, count] : counts) {
      rows.push_back({{"hive", to_string(hive)},
                      {"owner", owner},
                      {"keys", count.keys},
                      {"values", count.values},
                      {"bytes", count.bytes}});
    }
  }
  return rows;
}

std::string_view to_string(OwnerKind kind) {
  switch (kind) {
    case OwnerKind::component:
      return "component";
    case OwnerKind::app:
      return "app";
    case OwnerKind::winnow:
      break;
  }
  return "winnow";
}

// Rows of three: the owner that is needed, how, and the need in words.
Json need_rows(const Owner& owner) {
  Json rows = Json::array();
  for (const NeededOwner& need : owner.needs) rows.push_back(Json::array({need.to, need.kind, need.text}));
  return rows;
}

// What a container's config says as well; disks and WIM files have no other place for it.
Json image_settings(const ImagePlan& plan) {
  Json environment = Json::array();
  for (const auto& [name, value] : plan.container.environment) environment.push_back(name + "=" + value);
  Json settings = {{"tag", plan.tag},
                   {"architecture", plan.architecture},
                   {"time", plan.created},
                   {"command", plan.container.command},
                   {"workingDirectory", plan.container.working_directory},
                   {"user", plan.container.user},
                   {"environment", environment}};
  if (!plan.servicing.empty()) settings["servicing"] = plan.servicing;
  return settings;
}

}  // namespace

WindowsPath provenance_path() { return *WindowsPath::parse("Windows\\winnow\\provenance.json"); }

std::string print_provenance(const ImagePlan& plan, const Catalog& catalog) {
  Json feeds = Json::array();
  for (const Feed& feed : catalog.feeds()) {
    feeds.push_back({{"name", feed.name}, {"version", feed.version}, {"digest", "sha256:" + feed.digest.hex()}});
  }
  Json owners = Json::array();
  for (const Owner& owner : plan.owners) {
    owners.push_back({{"kind", to_string(owner.kind)},
                      {"name", owner.name},
                      {"version", owner.version},
                      {"role", owner.role},
                      {"reason", owner.reason},
                      {"requested", owner.requested},
                      {"needs", need_rows(owner)}});
  }
  Json directories = Json::array();
  Json files = Json::array();
  for (const auto& [path, entry] : plan.tree) {
    if (entry.is_directory()) {
      directories.push_back({{"path", path.with_slashes()}, {"owner", entry.owner}});
      continue;
    }
    files.push_back(
        {{"path", path.with_slashes()}, {"owner", entry.owner}, {"size", entry.size}, {"sha256", entry.digest.hex()}});
  }
  Json document = {{"schema", "winnow-provenance-1"},
                   {"name", plan.name},
                   {"version", plan.version},
                   {"osVersion", to_string(plan.os_version)},
                   {"image", image_settings(plan)},
                   {"manifest", plan.manifest_digest},
                   {"requests", plan.requests},
                   {"omitted", plan.omitted},
                   {"feeds", feeds},
                   {"owners", owners},
                   {"directories", directories},
                   {"files", files},
                   {"registry", registry_rows(plan.registry)}};
  // Only where there is some: what the open feed brings is applied in full.
  if (!plan.first_boot.empty()) document["firstBoot"] = first_boot_json(plan.first_boot);
  if (!plan.unapplied.empty()) document["notApplied"] = unapplied_json(plan.unapplied);
  return document.dump() + "\n";
}

}  // namespace winnow
