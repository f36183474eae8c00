#include "image/image_entries.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "image/hive/registry_hives.hpp"

namespace winnow {

namespace {

tl::unexpected<Error> refuse(const TreeEntry& entry, const std::string& reason) {
  return fail("cannot write image entry \"" + entry.path.text() + "\": " + reason);
}

TreeEntry root_entry(const ImagePlan& plan) {
  TreeEntry root;
  root.attributes = kAttributeDirectory;
  root.security = kDirectorySecurity;
  root.time = plan.created;
  return root;
}

TreeEntry hive_entry(const ImagePlan& plan, HiveFile hive) {
  TreeEntry entry;
  entry.path = hive_path(hive.id);
  entry.attributes = kAttributeArchive;
  entry.security = kFileSecurity;
  entry.time = plan.created;
  entry.size = hive.bytes.size();
  entry.digest = sha256(hive.bytes);
  entry.content = Content::of_bytes(std::move(hive.bytes));
  return entry;
}

// Whoever reads an image makes each entry below a parent it already has.
Result<void> check_folders(const std::vector<TreeEntry>& entries) {
  std::set<WindowsPath> folders;
  for (const TreeEntry& entry : entries) {
    if (!entry.path.is_root() && !folders.contains(entry.path.parent())) {
      return refuse(entry, "its folder is not in the plan");
    }
    if (entry.is_directory()) folders.insert(entry.path);
  }
  return {};
}

}  // namespace

Result<std::vector<TreeEntry>> image_entries(const ImagePlan& plan) {
  std::vector<TreeEntry> entries;
  if (!plan.tree.contains(WindowsPath())) entries.push_back(root_entry(plan));
  for (const auto& [path, entry] : plan.tree) entries.push_back(entry);
  WINNOW_TRY(std::vector<HiveFile> hives, write_registry_hives(plan.registry, plan.created));
  for (HiveFile& hive : hives) {
    TreeEntry entry = hive_entry(plan, std::move(hive));
    if (plan.tree.contains(entry.path)) return refuse(entry, "the place belongs to a registry hive");
    entries.push_back(std::move(entry));
  }
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  WINNOW_CHECK(check_folders(entries));
  return entries;
}

}  // namespace winnow
