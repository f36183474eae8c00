// Sees every content of an image once while it is read.
#pragma once

#include <optional>
#include <string>

#include "base/file_system.hpp"
#include "size_analyzer/scanned_image.hpp"

namespace winnow {

class ImageExaminer {
 public:
  explicit ImageExaminer(ScannedImage& image) : image_(image) {}

  // For every entry in the order of ImageInfo::files, folders and hard links with no content.
  Result<void> see(const ImageFile& file, ByteView content);
  // After the last one: one line for each fault met, with the file's path.
  void finish();

 private:
  Result<void> see_hive(const ImageFile& file, ByteView content);

  ScannedImage& image_;
  std::optional<TemporaryDirectory> folder_;  // of hives: hivex reads files only
};

}  // namespace winnow
