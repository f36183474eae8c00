#include "image/plan_tree.hpp"

#include <map>
#include <utility>

#include "base/utf16.hpp"
#include "image/image_entries.hpp"

namespace winnow {

namespace {

class PlanTreeBuilder {
 public:
  explicit PlanTreeBuilder(const ImagePlan& plan) { tree_.security_descriptors = plan.security_descriptors; }

  // Precondition: in order of image_entries().
  Result<void> add(const TreeEntry& entry) {
    const auto name = to_utf16(entry.path.name());
    if (!name) return fail("cannot write image entry \"" + entry.path.text() + "\": its name is not UTF-8");
    const std::uint32_t parent = entry.path.is_root() ? 0 : places_.at(entry.path.parent());
    places_.emplace(entry.path, static_cast<std::uint32_t>(tree_.names.size()));
    const std::uint32_t inode = entry.link.is_root() ? add_inode(entry) : tree_.names[places_.at(entry.link)].inode;
    tree_.names.push_back({parent, inode, *name, {}});
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

  VolumeTree tree_;
  std::map<WindowsPath, std::uint32_t> places_;  // dentry of each entry
};

}  // namespace

Result<VolumeTree> volume_tree_of(const ImagePlan& plan) {
  WINNOW_TRY(const std::vector<TreeEntry> entries, image_entries(plan));
  PlanTreeBuilder builder(plan);
  for (const TreeEntry& entry : entries) WINNOW_CHECK(builder.add(entry));
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
