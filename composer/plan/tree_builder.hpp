// Collects files and directories with their owners into a FileTree; collisions are faults that name both
// owners, but for the very same file of two components.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "plan/file_tree.hpp"

namespace winnow {

class TreeBuilder {
 public:
  // `owners` names owners in messages and must outlive the builder; `time` is that of every entry.
  TreeBuilder(const std::vector<Owner>& owners, std::int64_t time);

  // `attributes` 0 means the ordinary ones (archive); `security` is an index into ImagePlan::security_descriptors.
  void add_file(const WindowsPath& path, std::uint32_t attributes, std::uint32_t security, OwnerId owner,
                Content content, const Digest& digest, const Place& place);
  // Another name of the file at `target`, which is added before finish().
  void add_link(const WindowsPath& path, const WindowsPath& target, OwnerId owner, const Place& place);
  void add_directory(const WindowsPath& path, std::uint32_t attributes, std::uint32_t security, OwnerId owner,
                     const Place& place);
  // No file of anybody may stand at `path`: winnow writes it itself.
  void reserve(const WindowsPath& path, const std::string& what);

  // Adds the parents nobody claimed (owned by winnow), checks that no parent is a file. Of the names of one file the
  // first in image order becomes the file, the others its links.
  [[nodiscard]] Result<FileTree> finish() &&;

 private:
  [[nodiscard]] bool is_same_file(const TreeEntry& existing, const WindowsPath& path, OwnerId owner,
                                  const Digest& digest) const;
  struct Link {
    WindowsPath path, target;
    OwnerId owner;
    Place place;
  };
  void add_parents();
  void add_links();
  void collide(const TreeEntry& existing, const WindowsPath& path, OwnerId owner, const Place& place);

  const std::vector<Owner>& owners_;
  std::int64_t time_;
  FileTree tree_;
  std::vector<Link> links_;
  std::map<WindowsPath, std::string> reserved_;
  Diagnostics faults_;
};

}  // namespace winnow
