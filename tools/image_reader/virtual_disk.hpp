// The bytes of a disk, whatever file they lie in: VHD and VHDX through libvhdi, raw as they are.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace winnow {

enum class DiskFileKind { raw, vhd_fixed, vhd_dynamic, vhdx };
// "dynamic VHD"
[[nodiscard]] std::string_view to_string(DiskFileKind kind);

// May be read by several threads at once. Errors are bare reasons.
class VirtualDisk {
 public:
  // Differencing disks are refused.
  [[nodiscard]] static Result<std::shared_ptr<const VirtualDisk>> open(const std::filesystem::path& file,
                                                                       DiskFileKind kind);
  virtual ~VirtualDisk() = default;

  // Fills `out` from `offset` on; all of it must lie inside.
  [[nodiscard]] virtual Result<void> read(ByteCount offset, std::span<std::uint8_t> out) const = 0;
  [[nodiscard]] ByteCount size() const { return size_; }
  [[nodiscard]] DiskFileKind kind() const { return kind_; }

 protected:
  VirtualDisk(DiskFileKind kind, ByteCount size) : kind_(kind), size_(size) {}

 private:
  DiskFileKind kind_;
  ByteCount size_;
};

}  // namespace winnow
