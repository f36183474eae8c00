// The two container formats (windows-formats.md 2.4): a folder in OCI image layout, and the hybrid archive, one tar
// that readers of OCI archives and of docker archives both take.
#pragma once

#include "image/image_writer.hpp"

namespace winnow {

class OciLayoutWriter final : public ImageWriter {
 public:
  [[nodiscard]] std::string_view format() const override { return "oci-layout"; }
  [[nodiscard]] Result<WriteReport> write(const ImagePlan& plan, const std::filesystem::path& target,
                                          const WriteOptions& options, Progress& progress) const override;
};

// Written front to back, so the target may be a pipe.
class OciArchiveWriter final : public ImageWriter {
 public:
  [[nodiscard]] std::string_view format() const override { return "oci-archive"; }
  [[nodiscard]] Result<WriteReport> write(const ImagePlan& plan, const std::filesystem::path& target,
                                          const WriteOptions& options, Progress& progress) const override;
};

}  // namespace winnow
