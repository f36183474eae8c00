#include "plan/tree_builder.hpp"

#include <algorithm>

namespace winnow {

TreeBuilder::TreeBuilder(const std::vector<Owner>& owners, std::int64_t time) : owners_(owners), time_(time) {}

void TreeBuilder::reserve(const WindowsPath& path, const std::string& what) { reserved_.emplace(path, what); }

void TreeBuilder::collide(const TreeEntry& existing, const WindowsPath& path, OwnerId owner, const Place& place) {
  const std::string& a = owners_[existing.owner].name;
  const std::string& b = owners_[owner].name;
  std::string message = "cannot plan file \"" + path.text() + "\": ";
  if (existing.path.text() != path.text()) {
    message += "\"" + existing.path.text() + "\" differs from it only in case";
  } else {
    message += a == b ? "it is there twice" : "two owners bring it";
  }
  const std::string owners = a == b ? "owner " + a : "owners " + std::min(a, b) + " and " + std::max(a, b);
  faults_.add(place, std::move(message), {owners});
}

void TreeBuilder::add_file(const WindowsPath& path, std::uint32_t attributes, std::uint32_t security, OwnerId owner,
                           Content content, const Digest& digest, const Place& place) {
  if (const auto reserved = reserved_.find(path); reserved != reserved_.end()) {
    faults_.add(place, "cannot plan file \"" + path.text() + "\": " + reserved->second + " lies there",
                {"owner " + owners_[owner].name});
    return;
  }
  const ByteCount size = content.size();
  TreeEntry entry{path,     attributes == 0 ? kAttributeArchive : attributes & ~kAttributeDirectory,
                  security, time_,
                  owner,    size,
                  digest,   std::move(content),
                  {}};
  const auto [it, made] = tree_.try_emplace(path, std::move(entry));
  if (made || is_same_file(it->second, path, owner, digest)) return;
  collide(it->second, path, owner, place);
}

// One file of two components: it is there once, and the first one's.
bool TreeBuilder::is_same_file(const TreeEntry& existing, const WindowsPath& path, OwnerId owner,
                               const Digest& digest) const {
  return !existing.is_directory() && existing.path.text() == path.text() && existing.digest == digest &&
         existing.owner != owner && owners_[existing.owner].kind == OwnerKind::component &&
         owners_[owner].kind == OwnerKind::component;
}

void TreeBuilder::add_directory(const WindowsPath& path, std::uint32_t attributes, std::uint32_t security,
                                OwnerId owner, const Place& place) {
  if (path.is_root()) return;
  TreeEntry entry{path, attributes | kAttributeDirectory, security, time_, owner, 0, {}, std::nullopt, {}};
  const auto [it, made] = tree_.try_emplace(path, std::move(entry));
  if (made) return;
  if (!it->second.is_directory()) {
    collide(it->second, path, owner, place);
    return;
  }
  it->second.attributes |= attributes;  // the same folder from several owners is normal (servicing.md 4.4)
}

void TreeBuilder::add_link(const WindowsPath& path, const WindowsPath& target, OwnerId owner, const Place& place) {
  links_.push_back({path, target, owner, place});
}

void TreeBuilder::add_links() {
  std::map<WindowsPath, WindowsPath> files;  // of each name of a file that was added as a link: the file
  for (const Link& link : links_) {
    const auto known = files.find(link.target);
    const WindowsPath target = known == files.end() ? link.target : known->second;
    const auto file = tree_.find(target);
    if (file == tree_.end() || file->second.is_directory()) {
      faults_.add(link.place, "cannot plan link \"" + link.path.text() + "\": \"" + target.text() + "\" is no file",
                  {"owner " + owners_[link.owner].name});
      continue;
    }
    if (link.path == target) continue;
    TreeEntry entry = file->second;
    entry.path = link.path;
    entry.owner = link.owner;
    entry.link = target;
    const auto [place, made] = tree_.try_emplace(link.path, entry);
    if (!made) {
      if (!is_same_file(place->second, link.path, link.owner, entry.digest)) {
        collide(place->second, link.path, link.owner, link.place);
      }
      continue;
    }
    files.emplace(link.path, target);
  }
  std::map<WindowsPath, WindowsPath> first;  // of each file with links: its first name
  for (const auto& [path, target] : files) first.try_emplace(target, target);
  for (const auto& [path, target] : files) first[target] = std::min(first[target], path);
  for (const auto& [path, target] : files) tree_.at(path).link = first[target];
  for (const auto& [target, name] : first) {
    if (name == target) continue;
    tree_.at(name).link = {};
    tree_.at(target).link = name;
  }
}

void TreeBuilder::add_parents() {
  std::vector<WindowsPath> parents;
  for (const auto& [path, entry] : tree_) {
    for (WindowsPath parent = path.parent(); !parent.is_root(); parent = parent.parent()) parents.push_back(parent);
  }
  for (const auto& [path, what] : reserved_) {
    for (WindowsPath parent = path.parent(); !parent.is_root(); parent = parent.parent()) parents.push_back(parent);
  }
  std::sort(parents.begin(), parents.end());
  parents.erase(std::unique(parents.begin(), parents.end()), parents.end());
  for (const WindowsPath& parent : parents) {
    const auto it = tree_.find(parent);
    if (it != tree_.end() && !it->second.is_directory()) {
      faults_.add({}, "cannot plan folder \"" + parent.text() + "\": a file of that name is there",
                  {"owner " + owners_[it->second.owner].name});
      continue;
    }
    add_directory(parent, 0, kDirectorySecurity, 0, {});
  }
}

Result<FileTree> TreeBuilder::finish() && {
  add_links();
  add_parents();
  if (!faults_.empty()) return fail(std::move(faults_).error());
  return std::move(tree_);
}

}  // namespace winnow
