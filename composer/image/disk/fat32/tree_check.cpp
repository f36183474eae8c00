#include "image/disk/fat32/tree_check.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/utf16.hpp"
#include "formats/fat32.hpp"
#include "image/disk/short_name.hpp"
#include "plan/file_tree.hpp"

namespace winnow::fat32 {

namespace {

constexpr std::size_t kMaxLabel = 11;

std::string inode_fault(const Inode& inode) {
  if (inode.data_size() > kMaxFileSize) {
    return "it has " + std::to_string(inode.data_size()) + " bytes, at most " + std::to_string(kMaxFileSize) + " fit";
  }
  if (inode.extras == nullptr) return "";
  if (!inode.extras->streams.empty()) return "it has a named stream";
  if (inode.extras->reparse) return "it is a reparse point";
  return inode.extras->attributes.empty() ? "" : "it has extended attributes";
}

Result<void> check_references(const VolumeTree& tree) {
  const auto broken = [](const std::string& what) { return fail("cannot write FAT32 volume: " + what); };
  if (tree.inodes.empty() || tree.names.empty() || tree.names[0].inode != 0 || !tree.inodes[0].is_directory()) {
    return broken("the tree has no root directory");
  }
  for (std::size_t i = 1; i < tree.names.size(); ++i) {
    const Dentry& dentry = tree.names[i];
    if (dentry.inode >= tree.inodes.size() || dentry.parent >= i ||
        !tree.inodes[tree.names[dentry.parent].inode].is_directory()) {
      return broken("name " + std::to_string(i) + " of the tree points outside it");
    }
  }
  return {};
}

bool is_label(std::string_view label) {
  return label.size() <= kMaxLabel && (label.empty() || label.front() != ' ') &&
         std::all_of(label.begin(), label.end(), [](char c) {
           const auto unit = static_cast<char16_t>(static_cast<unsigned char>(c));
           return c == ' ' || is_short_name(std::u16string_view(&unit, 1));
         });
}

}  // namespace

Result<void> check_tree(const VolumeTree& tree, const Fat32Options& options) {
  if (!is_label(options.label)) {
    return fail("cannot write FAT32 volume: the label \"" + options.label + "\" is not 11 characters of DOS names");
  }
  WINNOW_CHECK(check_references(tree));
  Diagnostics faults;
  std::set<std::pair<std::uint32_t, std::u16string>> seen;
  for (std::uint32_t i = 1; i < tree.names.size(); ++i) {
    const Dentry& dentry = tree.names[i];
    const auto report = [&](const std::string& why) {
      if (!why.empty()) faults.add({}, "cannot write FAT32 volume: cannot hold \"" + path_text(tree, i) + "\": " + why);
    };
    if (dentry.name.empty()) report("it has no name");
    if (const std::string fault = name_fault(dentry.name); !fault.empty()) report("its name " + fault);
    report(inode_fault(tree.inodes[dentry.inode]));
    if (!dentry.short_name.empty() && !is_short_name(dentry.short_name)) report("its short name is no 8.3 name");
    if (!seen.insert({dentry.parent, upcase(dentry.name)}).second) {
      report("another name of its directory differs only in case");
    }
  }
  if (!faults.empty()) return fail(std::move(faults).error());
  return {};
}

}  // namespace winnow::fat32
