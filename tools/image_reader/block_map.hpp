// Which parts of a virtual disk lie in its file, and what else the file holds: by its own block allocation table, read
// here because libvhdi gives the data and keeps the table to itself. Errors are bare reasons.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "image_reader/virtual_disk.hpp"

namespace winnow {

// A stretch of the file that is no data of the disk.
struct ContainerPart {
  std::string name;  // "block allocation table"
  ByteCount size = 0;
};

// Invariant: stored(0, disk_size()) and the parts add up to file_size(). Every byte of the file has one use.
class BlockMap {
 public:
  // `disk` is the disk that libvhdi found in `file`; another size in the file's own tables is an error.
  [[nodiscard]] static Result<BlockMap> read(const std::filesystem::path& file, const VirtualDisk& disk);

  // How many bytes of the disk from `offset` on lie in the file; the others read as zeros.
  [[nodiscard]] ByteCount stored(ByteCount offset, ByteCount length) const;
  // Whether every byte of the disk lies in the file.
  [[nodiscard]] bool is_flat() const { return block_size_ == 0; }
  [[nodiscard]] ByteCount disk_size() const { return disk_size_; }
  [[nodiscard]] ByteCount file_size() const { return file_size_; }
  [[nodiscard]] const std::vector<ContainerPart>& parts() const { return parts_; }

 private:
  friend class BlockMapBuilder;
  ByteCount disk_size_ = 0;
  ByteCount file_size_ = 0;
  ByteCount block_size_ = 0;      // 0: flat
  std::vector<bool> is_present_;  // of each block
  std::vector<ContainerPart> parts_;
};

}  // namespace winnow
