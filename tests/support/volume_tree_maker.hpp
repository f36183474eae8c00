// File trees for tests of what writes and reads volumes: made by hand, one call an entry.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/utf16.hpp"
#include "formats/ntfs.hpp"
#include "image/disk/volume_tree.hpp"
#include "plan/file_tree.hpp"
#include "plan/security_descriptor.hpp"

namespace winnow::testing {

inline constexpr std::int64_t kTreeTime = 1'700'000'000;  // 2023-11-14 22:13:20 UTC

inline Bytes bytes_of(std::string_view text) { return Bytes(text.begin(), text.end()); }

// 300,000 bytes, half of which can be compressed.
inline Bytes long_content() {
  Bytes bytes;
  std::uint32_t state = 1;
  for (int i = 0; i < 300'000; ++i) {
    state = state * 1664525 + 1013904223;
    bytes.push_back(i % 40'000 < 20'000 ? static_cast<std::uint8_t>(state >> 24) : static_cast<std::uint8_t>(i % 7));
  }
  return bytes;
}

class TreeMaker {
 public:
  TreeMaker() {
    for (const std::string_view sddl : {kDirectorySddl, kFileSddl, std::string_view("O:SYG:SYD:(A;;FA;;;SY)")}) {
      tree_.security_descriptors.push_back(parse_sddl(sddl).value());
    }
    tree_.inodes.push_back(inode(kAttributeDirectory, 0));
    tree_.names.push_back({0, 0, u"", u""});
  }

  // Each returns the index of the name it made.
  std::uint32_t folder(std::uint32_t parent, std::u16string name) {
    return add(parent, std::move(name), inode(kAttributeDirectory, 0));
  }
  std::uint32_t file(std::uint32_t parent, std::u16string name, Bytes content, std::uint32_t security = 1) {
    Inode made = inode(kAttributeArchive, security);
    if (!content.empty()) made.content = Content::of_bytes(std::move(content));
    return add(parent, std::move(name), std::move(made));
  }
  void link(std::uint32_t parent, std::u16string name, std::uint32_t to) {
    tree_.names.push_back({parent, tree_.names[to].inode, std::move(name), u""});
  }
  InodeExtras& extras(std::uint32_t name) {
    Inode& of = inode_of(name);
    if (!of.extras) of.extras = std::make_unique<InodeExtras>();
    return *of.extras;
  }
  Inode& inode_of(std::uint32_t name) { return tree_.inodes[tree_.names[name].inode]; }
  Dentry& dentry(std::uint32_t name) { return tree_.names[name]; }
  [[nodiscard]] const VolumeTree& tree() const { return tree_; }
  [[nodiscard]] VolumeTree take() && { return std::move(tree_); }

 private:
  static Inode inode(std::uint32_t attributes, std::uint32_t security) {
    Inode made;
    made.attributes = attributes;
    made.security = security;
    made.times = {to_filetime(kTreeTime), to_filetime(kTreeTime + 1), to_filetime(kTreeTime + 2),
                  to_filetime(kTreeTime + 3)};
    return made;
  }
  std::uint32_t add(std::uint32_t parent, std::u16string name, Inode made) {
    tree_.inodes.push_back(std::move(made));
    tree_.names.push_back({parent, static_cast<std::uint32_t>(tree_.inodes.size() - 1), std::move(name), u""});
    return static_cast<std::uint32_t>(tree_.names.size() - 1);
  }

  VolumeTree tree_;
};

// A relative symbolic link's data: offsets and lengths of its two names, flag 1, the names.
inline Bytes symlink_data(std::string_view target) {
  const Bytes name = to_utf16le(target, false).value();
  const auto length = static_cast<std::uint16_t>(name.size());
  Bytes data;
  ByteWriter writer(data);
  for (const std::uint16_t field : {std::uint16_t{0}, length, length, length}) writer.le16(field);
  writer.le32(1);
  writer.bytes(name);
  writer.bytes(name);
  return data;
}

// Everything both NTFS and WIM can hold: folders, files small, long and empty, the same content twice, a hard link, a
// short name, streams of files and folders, a symbolic link, three descriptors, four times that differ.
inline TreeMaker full_tree() {
  TreeMaker made;
  const std::uint32_t windows = made.folder(0, u"Windows");
  const std::uint32_t empty_folder = made.folder(windows, u"empty");
  made.file(windows, u"long.dll", long_content(), 2);
  const std::uint32_t tiny = made.file(0, u"tiny.txt", bytes_of("hello"));
  made.file(windows, u"same as tiny.txt", bytes_of("hello"));
  made.link(windows, u"linked.txt", tiny);
  made.file(0, u"nothing", {});
  made.dentry(made.file(0, u"gr\u00F6\u00DFe \U0001F600.long name", bytes_of("name"))).short_name = u"GRE~1.LON";
  const std::uint32_t streams = made.file(0, u"streams", bytes_of("unnamed"));
  made.extras(streams).streams.push_back({u"Zone.Identifier", Content::of_bytes(bytes_of("[ZoneTransfer]"))});
  made.extras(streams).streams.push_back({u"empty", Content::of_bytes({})});
  made.extras(empty_folder).streams.push_back({u"of a folder", Content::of_bytes(bytes_of("stream of a folder"))});
  made.extras(made.file(0, u"symlink", {})).reparse = ReparsePoint{ntfs::kTagSymlink, symlink_data("tiny.txt")};
  return made;
}

}  // namespace winnow::testing
