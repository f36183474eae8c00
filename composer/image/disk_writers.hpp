// The image writers that are no container image: disks and WIM files.
#pragma once

#include <string_view>

#include "image/image_writer.hpp"

namespace winnow {

// raw, VHD (dynamic, or fixed when the options say so), VHDX.
class DiskImageWriter final : public ImageWriter {
 public:
  DiskImageWriter(std::string_view name, DiskFormat format) : name_(name), format_(format) {}
  [[nodiscard]] std::string_view format() const override { return name_; }
  [[nodiscard]] Result<WriteReport> write(const ImagePlan& plan, const std::filesystem::path& target,
                                          const WriteOptions& options, Progress& progress) const override;

 private:
  std::string_view name_;
  DiskFormat format_;
};

class WimImageWriter final : public ImageWriter {
 public:
  [[nodiscard]] std::string_view format() const override { return "wim"; }
  [[nodiscard]] Result<WriteReport> write(const ImagePlan& plan, const std::filesystem::path& target,
                                          const WriteOptions& options, Progress& progress) const override;
};

// What "vhd" becomes with --fixed. Error for a format that has no such kind.
[[nodiscard]] Result<DiskFormat> disk_format(DiskFormat format, const DiskOptions& options);

}  // namespace winnow
