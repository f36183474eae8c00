// Which parts of a virtual disk lie in its file, and what else the file holds: by its own block allocation table, read
// here because libvhdi gives the data and keeps the table to itself. Errors are bare reasons.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace winnow {

enum class DiskFileKind { raw, vhd_fixed, vhd_dynamic, vhdx };
// "dynamic VHD"
[[nodiscard]] std::string_view to_string(DiskFileKind kind);

// A stretch of the file that is no data of the disk.
struct ContainerPart {
  std::string name;  // "block allocation table"
  ByteCount size = 0;
};

// Invariant: stored(0, disk_size()) and the parts add up to file_size(). Every byte of the file has one use.
class BlockMap {
 public:
  // `disk_size` as libvhdi says it; another one in the file's own tables is an error.
  [[nodiscard]] static Result<BlockMap> read(const std::filesystem::path& file, DiskFileKind kind, ByteCount disk_size);

  // How many bytes of the disk from `offset` on lie in the file; the others read as zeros.
  [[nodiscard]] ByteCount stored(ByteCount offset, ByteCount length) const;
  // Where a stretch of the disk begins in the file, nothing where it reads as zeros; `length` is cut to what lies there
  // in one piece.
  [[nodiscard]] std::optional<ByteCount> place(ByteCount offset, ByteCount& length) const;
  // Whether every byte of the disk lies in the file.
  [[nodiscard]] bool is_flat() const { return block_size_ == 0; }
  [[nodiscard]] ByteCount disk_size() const { return disk_size_; }
  [[nodiscard]] ByteCount file_size() const { return file_size_; }
  [[nodiscard]] const std::vector<ContainerPart>& parts() const { return parts_; }

 private:
  friend class BlockMapBuilder;
  static constexpr ByteCount kAbsent = ~ByteCount{0};
  ByteCount disk_size_ = 0;
  ByteCount file_size_ = 0;
  ByteCount block_size_ = 0;       // 0: flat
  std::vector<ByteCount> blocks_;  // where each begins in the file, or kAbsent
  std::vector<ContainerPart> parts_;
};

}  // namespace winnow
