// A VolumeTree as text, for tests that compare what went in with what came out: one line a name, in order of the paths.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "base/utf16.hpp"
#include "image/disk/volume_tree.hpp"
#include "plan/file_tree.hpp"

namespace winnow::testing {

struct TreeTextOptions {
  bool changed_times = true;  // a WIM has none
};

inline std::string path_of(const VolumeTree& tree, std::uint32_t name) {
  if (name == 0) return "\\";
  const std::string parent = path_of(tree, tree.names[name].parent);
  return (parent == "\\" ? "" : parent) + "\\" + to_utf8(tree.names[name].name).value_or("?");
}

inline std::string hash_text(const Content& content) {
  const auto loaded = content.load();
  return loaded ? sha256(loaded->bytes()).hex().substr(0, 12) : to_string(loaded.error());
}

inline std::string print_volume_tree(const VolumeTree& tree, const TreeTextOptions& options = {}) {
  std::vector<std::string> first_names(tree.inodes.size());
  for (std::uint32_t i = 0; i < tree.names.size(); ++i) {
    std::string& first = first_names[tree.names[i].inode];
    if (const std::string path = path_of(tree, i); first.empty() || path < first) first = path;
  }
  std::vector<std::string> lines;
  for (std::uint32_t i = 0; i < tree.names.size(); ++i) {
    const Dentry& dentry = tree.names[i];
    const Inode& inode = tree.inodes[dentry.inode];
    std::string line = path_of(tree, i) + " attr=" + std::to_string(inode.attributes) +
                       " sd=" + sha256(tree.security_descriptors.at(inode.security)).hex().substr(0, 8) +
                       " times=" + std::to_string(inode.times.created) + "," + std::to_string(inode.times.modified) +
                       "," + std::to_string(inode.times.accessed);
    if (options.changed_times) line += "," + std::to_string(inode.times.changed);
    if (inode.content && inode.content->size() != 0) {
      line += " data=" + std::to_string(inode.content->size()) + ":" + hash_text(*inode.content);
    }
    if (!dentry.short_name.empty()) line += " short=" + to_utf8(dentry.short_name).value_or("?");
    if (first_names[dentry.inode] != path_of(tree, i)) line += " same=" + first_names[dentry.inode];
    if (inode.extras) {
      std::vector<std::string> streams;
      for (const NamedStream& stream : inode.extras->streams) {
        streams.push_back(" :" + to_utf8(stream.name).value_or("?") + "=" + std::to_string(stream.content.size()) +
                          ":" + hash_text(stream.content));
      }
      std::sort(streams.begin(), streams.end());
      for (const std::string& stream : streams) line += stream;
      if (inode.extras->reparse) {
        line += " reparse=" + std::to_string(inode.extras->reparse->tag) + ":" + to_hex(inode.extras->reparse->data);
      }
    }
    lines.push_back(std::move(line));
  }
  std::sort(lines.begin(), lines.end());
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

// The first line in which two texts differ, "" when they are equal.
inline std::string first_difference(const std::string& one, const std::string& other) {
  for (std::size_t start = 0; start < std::max(one.size(), other.size());) {
    const std::string line = start < one.size() ? one.substr(start, one.find('\n', start) - start) : "(end)";
    const std::string twin = start < other.size() ? other.substr(start, other.find('\n', start) - start) : "(end)";
    if (line != twin) return line + "\n" + twin;
    start += line.size() + 1;
  }
  return "";
}

}  // namespace winnow::testing
