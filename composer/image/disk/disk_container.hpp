// What a disk file format adds to the disk's own bytes: where each block stands in the file, and the structures around
// the blocks. One file a format; disk_writer.cpp drives them.
#pragma once

#include <memory>

#include "base/file_system.hpp"
#include "base/result.hpp"
#include "image/disk/disk_writer.hpp"

namespace winnow {

class DiskContainer {
 public:
  virtual ~DiskContainer() = default;
  // The disk is cut into blocks of this size.
  [[nodiscard]] virtual ByteCount block_size() const = 0;
  // Flat: byte n of the disk is byte n of the file. Otherwise only the blocks that are not all zero have a place.
  [[nodiscard]] virtual bool is_flat() const { return false; }
  // Bytes before the data of every stored block, at most a page.
  [[nodiscard]] virtual ByteView block_prefix() const { return {}; }
  // Called once for each stored block, in rising order: the offset of its prefix in the file.
  [[nodiscard]] virtual ByteCount place(ByteCount block) = 0;
  // Writes everything around the blocks and sets the file's length, which it returns.
  [[nodiscard]] virtual Result<ByteCount> finish(OutputFile& file) = 0;
};

// Why a format cannot hold a disk of this size comes without the "cannot write …" in front: "a fixed VHD holds …".
using NewContainer = Result<std::unique_ptr<DiskContainer>>;
[[nodiscard]] NewContainer raw_container(ByteCount disk_size);
[[nodiscard]] NewContainer vhd_fixed_container(ByteCount disk_size, const DiskWriterOptions& options);
[[nodiscard]] NewContainer vhd_dynamic_container(ByteCount disk_size, const DiskWriterOptions& options);
[[nodiscard]] NewContainer vhdx_container(ByteCount disk_size, const DiskWriterOptions& options);

// Writes `bytes` at `offset` without those pieces of zeros that the file has already; returns how many it wrote.
[[nodiscard]] Result<ByteCount> write_sparse(OutputFile& file, ByteCount offset, ByteView bytes);
// Vector speed.
[[nodiscard]] bool is_all_zero(ByteView bytes);

// What a flat disk is cut into: large enough that calls do not count; 4 MiB was no faster and takes more memory.
inline constexpr ByteCount kFlatBlockSize = 1u << 20;

}  // namespace winnow
