#include "image/disk/ntfs/tree_check.hpp"

#include <algorithm>

#include "base/utf16.hpp"
#include "formats/ntfs.hpp"
#include "image/disk/ntfs/inode_shape.hpp"

namespace winnow::ntfs {

namespace {

constexpr std::size_t kMaxShortNameUnits = 12;
constexpr std::size_t kMaxEaNameBytes = 254;
constexpr std::size_t kReparseHeader = 8;

class TreeChecker {
 public:
  TreeChecker(const VolumeTree& tree, const NtfsOptions& options) : tree_(tree), options_(options) {}

  Result<void> check() {
    if (Result<void> whole = check_whole(); !whole) return whole;
    std::vector<std::uint32_t> links(tree_.inodes.size());
    for (std::uint32_t i = 0; i < tree_.names.size(); ++i) {
      if (Result<void> each = check_name(i, links); !each) return each;
    }
    for (std::uint32_t i = 0; i < tree_.names.size(); ++i) {
      const std::uint32_t inode = tree_.names[i].inode;
      check_inode(i, links[inode]);
      links[inode] = 0;  // once for each inode, at its first name
    }
    if (!faults_.empty()) return fail(std::move(faults_).error());
    return {};
  }

 private:
  static auto broken(const std::string& what) { return fail("cannot write NTFS volume: " + what); }

  [[nodiscard]] Result<void> check_whole() const {
    if (tree_.inodes.empty() || tree_.names.empty() || !tree_.inodes[0].is_directory() || tree_.names[0].inode != 0) {
      return broken("the tree has no root directory");
    }
    if (tree_.inodes.size() > kMaxNodes || tree_.names.size() > kMaxNodes) return broken("the tree has too many files");
    if (options_.label.size() > kMaxLabelUnits) {
      return broken("the label has more than " + std::to_string(kMaxLabelUnits) + " characters");
    }
    for (const Bytes& descriptor : tree_.security_descriptors) {
      if (descriptor.size() > kMaxDescriptorBytes) return broken("a security descriptor is larger than 64 KiB");
    }
    return {};
  }

  // The references inside the tree must hold before anything else can be said.
  Result<void> check_name(std::uint32_t index, std::vector<std::uint32_t>& links) {
    const Dentry& dentry = tree_.names[index];
    if (dentry.inode >= tree_.inodes.size() || dentry.parent >= tree_.names.size() ||
        (index != 0 && dentry.parent >= index)) {
      return broken("name " + std::to_string(index) + " of the tree points outside it");
    }
    if (tree_.inodes[dentry.inode].security >= tree_.security_descriptors.size()) {
      return broken("an inode of the tree has no security descriptor");
    }
    ++links[dentry.inode];
    if (index == 0) return {};
    if (!tree_.inodes[tree_.names[dentry.parent].inode].is_directory())
      return broken("a file of the tree has children");
    if (dentry.name.empty()) report(index, "it is empty");
    if (dentry.name == u"." || dentry.name == u"..") {
      report(index, "it means a folder");
    } else if (const std::string fault = name_fault(dentry.name); !fault.empty()) {
      report(index, "it " + fault);
    }
    if (dentry.short_name.size() > kMaxShortNameUnits) report(index, "its short name is no 8.3 name");
    return {};
  }

  void check_inode(std::uint32_t dentry, std::uint32_t links) {
    if (links == 0) return;
    const Inode& inode = tree_.inodes[tree_.names[dentry].inode];
    if (links > 1 && inode.is_directory()) report(dentry, "it is a directory of several names");
    if (links > kMaxLinks) report(dentry, "it has more than " + std::to_string(kMaxLinks) + " names");
    if (inode.extras == nullptr) return;
    if (inode.extras->reparse && inode.extras->reparse->data.size() + kReparseHeader > kMaxReparseBytes) {
      report(dentry, "its reparse point is larger than 16 KiB");
    }
    for (const NamedStream& stream : inode.extras->streams) {
      if (stream.name.empty() || stream.name.size() > kMaxNameUnits)
        report(dentry, "a stream of it has no usable name");
    }
    const auto& eas = inode.extras->attributes;
    if (std::any_of(eas.begin(), eas.end(), [](const auto& ea) {
          return ea.name.empty() || ea.name.size() > kMaxEaNameBytes || ea.value.size() > kMaxEaBytes;
        })) {
      return report(dentry, "an extended attribute of it has no usable name or is too large");
    }
    if (ea_size(inode) > kMaxEaBytes) report(dentry, "its extended attributes are larger than 64 KiB");
  }

  void report(std::uint32_t dentry, const std::string& why) {
    faults_.add({}, "cannot write NTFS volume: cannot hold \"" + path_text(tree_, dentry) + "\": " + why);
  }

  const VolumeTree& tree_;
  const NtfsOptions& options_;
  Diagnostics faults_;
};

}  // namespace

Result<void> check_tree(const VolumeTree& tree, const NtfsOptions& options) {
  return TreeChecker(tree, options).check();
}

}  // namespace winnow::ntfs
