#include "image/boot/tree_editor.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/utf16.hpp"
#include "plan/file_tree.hpp"

namespace winnow {

namespace {

// One pass over the names: a child comes after its parent.
std::optional<std::uint32_t> find_child(const VolumeTree& tree, std::uint32_t folder, std::u16string_view name) {
  const std::u16string wanted = upcase(name);
  for (std::size_t i = folder + std::size_t{1}; i < tree.names.size(); ++i) {
    const Dentry& dentry = tree.names[i];
    if (dentry.parent == folder && dentry.name.size() == wanted.size() && upcase(dentry.name) == wanted) {
      return static_cast<std::uint32_t>(i);
    }
  }
  return std::nullopt;
}

std::string shown(std::u16string_view path) { return to_utf8(path).value_or("?"); }

// Folder and name of a path.
std::pair<std::u16string_view, std::u16string_view> split(std::u16string_view path) {
  const std::size_t slash = path.rfind(u'\\');
  if (slash == std::u16string_view::npos) return {{}, path};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

std::u16string joined(std::u16string_view folder, std::u16string_view name) {
  std::u16string path(folder);
  if (!path.empty()) path += u'\\';
  return path += name;
}

}  // namespace

std::optional<std::uint32_t> find_name(const VolumeTree& tree, std::u16string_view path) {
  std::uint32_t at = 0;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find(u'\\'), path.size());
    const auto child = find_child(tree, at, path.substr(0, end));
    if (!child) return std::nullopt;
    at = *child;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return at;
}

Result<std::uint32_t> TreeEditor::make_name(std::uint32_t folder, std::u16string_view name, bool wants_folder) {
  if (const auto there = find_child(tree_, folder, name)) {
    if (tree_.inodes[tree_.names[*there].inode].is_directory() != wants_folder) {
      return fail("cannot add " + shown(name) + " to the volume: there is a " + (wants_folder ? "file" : "folder") +
                  " of that name");
    }
    return *there;
  }
  Inode inode;
  inode.attributes = wants_folder ? kAttributeDirectory : 0;
  inode.security = tree_.inodes[tree_.names[folder].inode].security;
  inode.times = times_;
  const auto index = static_cast<std::uint32_t>(tree_.names.size());
  tree_.names.push_back({folder, static_cast<std::uint32_t>(tree_.inodes.size()), std::u16string(name), {}});
  tree_.inodes.push_back(std::move(inode));
  return index;
}

Result<std::uint32_t> TreeEditor::make_folder(std::u16string_view path) {
  std::uint32_t at = 0;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find(u'\\'), path.size());
    WINNOW_TRY(at, make_name(at, path.substr(0, end), true));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return at;
}

Result<void> TreeEditor::copy_inode(const VolumeTree& source, std::uint32_t inode, std::uint32_t folder,
                                    std::u16string_view name) {
  const auto& extras = source.inodes[inode].extras;
  if (extras && extras->hole) {
    return fail("cannot copy " + shown(name) + " to where firmware reads it: the image has it compressed (WOF)");
  }
  WINNOW_TRY(const std::uint32_t dentry, make_name(folder, name, false));
  const Inode& file = source.inodes[inode];  // only now: `source` may be the tree that grew
  Inode& copy = tree_.inodes[tree_.names[dentry].inode];
  copy.attributes = file.attributes;
  copy.times = file.times;
  copy.content = file.content;
  copy.digest = file.digest;
  copy.extras.reset();
  if (&source == &tree_) copy.security = file.security;
  return {};
}

Result<void> TreeEditor::put_bytes(std::u16string_view path, Bytes content, std::uint32_t attributes) {
  return put_content(path, Content::of_bytes(std::move(content)), attributes);
}

Result<void> TreeEditor::put_content(std::u16string_view path, Content content, std::uint32_t attributes) {
  const auto [folder, name] = split(path);
  WINNOW_TRY(const std::uint32_t place, make_folder(folder));
  WINNOW_TRY(const std::uint32_t dentry, make_name(place, name, false));
  Inode& file = tree_.inodes[tree_.names[dentry].inode];
  file.attributes = attributes;
  file.times = times_;
  file.content = std::move(content);
  file.digest.reset();
  file.extras.reset();
  return {};
}

Result<void> TreeEditor::copy_file(const VolumeTree& source, std::u16string_view from, std::u16string_view to) {
  const auto [folder, name] = split(to);
  WINNOW_TRY(const std::uint32_t place, make_folder(folder));
  return copy_inode(source, source.names[*find_name(source, from)].inode, place, name);
}

Result<void> TreeEditor::copy_folder(const VolumeTree& source, std::u16string_view from, std::u16string_view to,
                                     const std::vector<std::u16string_view>& except) {
  const auto folder = find_name(source, from);
  if (!folder || !source.inodes[source.names[*folder].inode].is_directory()) return {};
  return copy_children(source, *folder, to, except);
}

Result<void> TreeEditor::copy_children(const VolumeTree& source, std::uint32_t from, std::u16string_view to,
                                       const std::vector<std::u16string_view>& except) {
  WINNOW_TRY(const std::uint32_t place, make_folder(to));
  const std::size_t end = source.names.size();  // not what is added meanwhile
  for (std::size_t i = from + std::size_t{1}; i < end; ++i) {
    if (source.names[i].parent != from) continue;
    const std::u16string name = source.names[i].name;
    const bool is_excepted =
        std::any_of(except.begin(), except.end(), [&](auto other) { return upcase(other) == upcase(name); });
    if (is_excepted) continue;
    const Inode& inode = source.inodes[source.names[i].inode];
    if (inode.extras && inode.extras->reparse && inode.is_directory()) continue;  // leads somewhere else
    if (inode.is_directory()) {
      WINNOW_CHECK(copy_children(source, static_cast<std::uint32_t>(i), joined(to, name), {}));
    } else {
      WINNOW_CHECK(copy_inode(source, source.names[i].inode, place, name));
    }
  }
  return {};
}

void TreeEditor::add_attributes(std::u16string_view path, std::uint32_t attributes) {
  tree_.inodes[tree_.names[*find_name(tree_, path)].inode].attributes |= attributes;
}

}  // namespace winnow
