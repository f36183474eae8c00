#include "image/plan_tree.hpp"

#include <map>
#include <utility>

#include "base/utf16.hpp"
#include "image/hive/registry_hives.hpp"

namespace winnow {

namespace {

constexpr std::uint32_t kDirectorySecurity = 0;  // indexes of ImagePlan::security_descriptors
constexpr std::uint32_t kFileSecurity = 1;

class PlanTreeBuilder {
 public:
  explicit PlanTreeBuilder(const ImagePlan& plan) : plan_(plan) {
    tree_.security_descriptors = plan.security_descriptors;
    TreeEntry root;
    root.attributes = kAttributeDirectory;
    root.security = kDirectorySecurity;
    root.time = plan.created;
    add_inode(root);
    tree_.names.emplace_back();
    places_.emplace(WindowsPath(), 0);
  }

  Result<void> add(const TreeEntry& entry) {
    const auto parent = places_.find(entry.path.parent());
    const auto name = to_utf16(entry.path.name());
    if (parent == places_.end() || !name) {
      return fail("cannot write image entry \"" + entry.path.text() + "\": its folder is not in the plan");
    }
    places_.emplace(entry.path, static_cast<std::uint32_t>(tree_.names.size()));
    tree_.names.push_back({parent->second, add_inode(entry), *name, {}});
    return {};
  }

  VolumeTree take() && { return std::move(tree_); }

 private:
  std::uint32_t add_inode(const TreeEntry& entry) {
    const std::uint64_t time = to_filetime(entry.time);
    Inode& inode = tree_.inodes.emplace_back();
    inode.attributes = entry.attributes;
    inode.security = entry.security;
    inode.times = {time, time, time, time};
    if (!entry.is_directory()) {
      inode.content = entry.content;
      inode.digest = entry.digest;
    }
    return static_cast<std::uint32_t>(tree_.inodes.size() - 1);
  }

  const ImagePlan& plan_;
  VolumeTree tree_;
  std::map<WindowsPath, std::uint32_t> places_;  // dentry of each entry
};

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

}  // namespace

Result<VolumeTree> volume_tree_of(const ImagePlan& plan) {
  WINNOW_TRY(std::vector<HiveFile> hives, write_registry_hives(plan.registry, plan.created));
  std::map<WindowsPath, TreeEntry> hive_entries;
  for (HiveFile& hive : hives) {
    TreeEntry entry = hive_entry(plan, std::move(hive));
    hive_entries.emplace(entry.path, std::move(entry));
  }
  PlanTreeBuilder builder(plan);
  auto hive = hive_entries.begin();
  for (const auto& [path, entry] : plan.tree) {
    for (; hive != hive_entries.end() && hive->first < path; ++hive) WINNOW_CHECK(builder.add(hive->second));
    WINNOW_CHECK(builder.add(entry));
  }
  for (; hive != hive_entries.end(); ++hive) WINNOW_CHECK(builder.add(hive->second));
  return std::move(builder).take();
}

Digest tree_digest(const VolumeTree& tree) {
  Bytes bytes;
  ByteWriter writer(bytes);
  Sha256 hash;
  const auto flush = [&] {
    hash.update(bytes);
    bytes.clear();
  };
  for (const Dentry& dentry : tree.names) {
    writer.le32(dentry.parent);
    writer.le32(dentry.inode);
    writer.le32(static_cast<std::uint32_t>(dentry.name.size()));
    for (const char16_t unit : dentry.name) writer.le16(unit);
    if (bytes.size() > 1u << 16) flush();
  }
  for (const Inode& inode : tree.inodes) {
    writer.le32(inode.attributes);
    writer.le32(inode.security);
    writer.le64(inode.times.modified);
    writer.le64(inode.content ? inode.content->size() : 0);
    if (inode.digest) writer.bytes(inode.digest->bytes);
    if (bytes.size() > 1u << 16) flush();
  }
  for (const Bytes& descriptor : tree.security_descriptors) writer.bytes(descriptor);
  flush();
  return hash.finish();
}

}  // namespace winnow
