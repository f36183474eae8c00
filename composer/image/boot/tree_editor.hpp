// Finds names in a VolumeTree and adds to it: folders as they are needed, copies of files of the same or another tree.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "image/disk/volume_tree.hpp"

namespace winnow {

// Index into tree.names of `path` (names joined by '\', compared without case; "" = the root).
[[nodiscard]] std::optional<std::uint32_t> find_name(const VolumeTree& tree, std::u16string_view path);

// Where a file or folder already is, it stays the same inode and is given the new content. Errors: a file stands where
// a folder has to be or the other way round, "cannot add <path> to the volume: …"; content that lies in another stream
// (WOF), "cannot copy <path>: …".
class TreeEditor {
 public:
  // Folders made on the way, and files of put_content(), get `times`. What is new gets the security of the folder it is
  // in, but a copy within one tree that of its original.
  TreeEditor(VolumeTree& tree, const FileTimes& times) : tree_(tree), times_(times) {}

  // `source` and the tree edited may be the same. Precondition of copy_file: `from` is a file that is there.
  [[nodiscard]] Result<void> copy_file(const VolumeTree& source, std::u16string_view from, std::u16string_view to);
  // Files and folders below `from`, when it is there, except those directly in it that are named.
  [[nodiscard]] Result<void> copy_folder(const VolumeTree& source, std::u16string_view from, std::u16string_view to,
                                         const std::vector<std::u16string_view>& except = {});
  [[nodiscard]] Result<void> put_content(std::u16string_view path, Content content, std::uint32_t attributes);
  [[nodiscard]] Result<void> put_bytes(std::u16string_view path, Bytes content, std::uint32_t attributes);
  // Precondition: there is something of that name.
  void add_attributes(std::u16string_view path, std::uint32_t attributes);

 private:
  Result<std::uint32_t> make_folder(std::u16string_view path);
  Result<std::uint32_t> make_name(std::uint32_t folder, std::u16string_view name, bool is_folder);
  Result<void> copy_children(const VolumeTree& source, std::uint32_t from, std::u16string_view to,
                             const std::vector<std::u16string_view>& except);
  Result<void> copy_inode(const VolumeTree& source, std::uint32_t inode, std::uint32_t folder,
                          std::u16string_view name);

  VolumeTree& tree_;
  FileTimes times_;
};

}  // namespace winnow
