// The bytes of a disk, whatever file they lie in. libvhdi says what a VHD or VHDX file holds; its bytes are read by the
// file's own block table, because libvhdi reads one at a time and looks every sector up.
#pragma once

#include <filesystem>
#include <memory>
#include <span>

#include "base/bytes.hpp"
#include "base/file_system.hpp"
#include "base/result.hpp"
#include "image_reader/block_map.hpp"

namespace winnow {

// May be read by several threads at once. Errors are bare reasons.
class VirtualDisk {
 public:
  // Differencing disks are refused.
  [[nodiscard]] static Result<std::shared_ptr<const VirtualDisk>> open(const std::filesystem::path& file,
                                                                       DiskFileKind kind);

  // Fills `out` from `offset` on; all of it must lie inside.
  [[nodiscard]] Result<void> read(ByteCount offset, std::span<std::uint8_t> out) const;
  [[nodiscard]] ByteCount size() const { return blocks_.disk_size(); }
  [[nodiscard]] DiskFileKind kind() const { return kind_; }
  [[nodiscard]] const BlockMap& blocks() const { return blocks_; }

 private:
  VirtualDisk(DiskFileKind kind, BlockMap blocks, InputFile file)
      : kind_(kind), blocks_(std::move(blocks)), file_(std::move(file)) {}

  DiskFileKind kind_;
  BlockMap blocks_;
  InputFile file_;
};

}  // namespace winnow
