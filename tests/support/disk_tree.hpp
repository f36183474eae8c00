// A tree with one of everything, for tests of what a disk holds: large directory, hard links, named streams, reparse
// points, EAs, a file compressed by hand, and a provenance file that pins the contents.
#pragma once

#include <string>

#include "base/digest.hpp"
#include "base/utf16.hpp"
#include "image/disk/volume_tree.hpp"
#include "plan/file_tree.hpp"
#include "plan/security_descriptor.hpp"

namespace winnow::test {

inline constexpr std::uint32_t kNoInode = 0xFFFFFFFF;

class DiskTree {
 public:
  DiskTree() {
    tree.security_descriptors.push_back(parse_sddl(kDirectorySddl).value());
    tree.security_descriptors.push_back(parse_sddl(kFileSddl).value());
    add_inode(kAttributeDirectory);
    tree.names.emplace_back();
  }
  std::uint32_t directory(std::uint32_t parent, const std::string& name) {
    return add_name(parent, name, add_inode(kAttributeDirectory));
  }
  std::uint32_t file(std::uint32_t parent, const std::string& name, Bytes content) {
    const std::uint32_t inode = add_inode(kAttributeArchive);
    files_ += (files_.empty() ? "" : ",") + std::string("{\"path\":\"") + path_of(parent, name) + "\",\"sha256\":\"" +
              sha256(content).hex() + "\"}";
    tree.inodes[inode].content = Content::of_bytes(std::move(content));
    return add_name(parent, name, inode);
  }
  std::uint32_t link(std::uint32_t parent, const std::string& name, std::uint32_t dentry) {
    return add_name(parent, name, tree.names[dentry].inode);
  }
  InodeExtras& extras(std::uint32_t dentry) {
    Inode& inode = tree.inodes[tree.names[dentry].inode];
    if (!inode.extras) inode.extras = std::make_unique<InodeExtras>();
    return *inode.extras;
  }
  Inode& inode_of(std::uint32_t dentry) { return tree.inodes[tree.names[dentry].inode]; }
  // \Windows\winnow\provenance.json below `windows`, listing all files so far.
  void add_provenance(std::uint32_t windows) {
    const std::string text = "{\"schema\":\"winnow-provenance-1\",\"files\":[" + files_ + "]}";
    const std::uint32_t folder = directory(windows, "winnow");
    const std::uint32_t inode = add_inode(kAttributeArchive);
    tree.inodes[inode].content = Content::of_bytes(Bytes(text.begin(), text.end()));
    add_name(folder, "provenance.json", inode);
  }
  VolumeTree tree;

 private:
  std::uint32_t add_name(std::uint32_t parent, const std::string& name, std::uint32_t inode) {
    tree.names.push_back({parent, inode, to_utf16(name).value(), {}});
    return static_cast<std::uint32_t>(tree.names.size() - 1);
  }
  std::uint32_t add_inode(std::uint32_t attributes) {
    constexpr std::int64_t kTime = 1'577'836'800;  // 2020-01-01
    Inode& inode = tree.inodes.emplace_back();
    inode.attributes = attributes;
    inode.security = (attributes & kAttributeDirectory) != 0 ? 0 : 1;
    inode.times = {to_filetime(kTime), to_filetime(kTime + 1), to_filetime(kTime + 2), to_filetime(kTime + 3)};
    return static_cast<std::uint32_t>(tree.inodes.size() - 1);
  }
  [[nodiscard]] std::string path_of(std::uint32_t parent, const std::string& name) const {
    std::string path = name;
    for (; parent != 0; parent = tree.names[parent].parent)
      path = to_utf8(tree.names[parent].name).value() + "/" + path;
    return path;
  }
  std::string files_;
};

// `size` bytes that differ from one another, by `seed`.
inline Bytes disk_bytes(std::size_t size, std::uint32_t seed) {
  Bytes bytes(size);
  std::uint32_t state = seed * 2654435761u + 1;
  for (std::uint8_t& byte : bytes) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<std::uint8_t>(state >> 24);
  }
  return bytes;
}

// About 200 files in 12 directories; 2 MB.
inline VolumeTree make_disk_tree() {
  DiskTree t;
  const std::uint32_t windows = t.directory(0, "Windows");
  const std::uint32_t system32 = t.directory(windows, "System32");
  const std::uint32_t big = t.directory(0, "Big");
  for (std::uint32_t i = 0; i < 130; ++i) {
    t.file(big, "some longer name " + std::to_string(i * 7919 % 130) + ".dll", disk_bytes(i % 3 * 90, i));
  }
  const std::uint32_t loader = t.file(system32, "kernel32.dll", disk_bytes(100'000, 1));
  t.file(system32, "target.dll", disk_bytes(70'000, 2));
  t.file(system32, "small.txt", disk_bytes(300, 3));
  t.link(windows, "linked.dll", loader);
  const std::uint32_t many = t.file(windows, "many.txt", disk_bytes(50, 4));
  for (int i = 0; i < 40; ++i) t.link(big, "a rather long link name to fill the record " + std::to_string(i), many);
  t.extras(t.file(windows, "streams.txt", disk_bytes(5'000, 5)))
      .streams.push_back({u"Zone.Identifier", Content::of_bytes(disk_bytes(30, 6))});
  const std::uint32_t ea = t.file(windows, "ea.txt", disk_bytes(10, 7));
  t.extras(ea).attributes.push_back({"FIRST.EA", 0, disk_bytes(20, 8)});
  t.extras(ea).attributes.push_back({"SECOND.EA", 0x80, disk_bytes(5, 9)});
  const std::uint32_t junction = t.directory(0, "Junction");
  t.extras(junction).reparse = ReparsePoint{0xA0000003, disk_bytes(40, 10)};
  for (std::uint32_t i = 0; i < 8; ++i)
    t.file(t.directory(windows, "Folder " + std::to_string(i)), "File.txt", disk_bytes(i * 1000, 20 + i));
  t.add_provenance(windows);
  return std::move(t.tree);
}

}  // namespace winnow::test
