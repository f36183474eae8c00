#include "image_reader/image_reader.hpp"
#include "image_reader/virtual_disk.hpp"
#include "image_reader/volume_image.hpp"
#include "size_analyzer/image_examiner.hpp"
#include "size_analyzer/scanned_image.hpp"

namespace winnow {

namespace fs = std::filesystem;

namespace {

std::string format_name(VolumeFile kind) {
  switch (kind) {
    case VolumeFile::none:
      return "container image";
    case VolumeFile::wim:
      return "WIM";
    case VolumeFile::raw:
      return "raw disk";
    case VolumeFile::vhd_fixed:
      return "fixed VHD";
    case VolumeFile::vhd_dynamic:
      return "dynamic VHD";
    case VolumeFile::vhdx:
      break;
  }
  return "VHDX";
}

}  // namespace

Result<ScannedImage> scan_image(const fs::path& path, const MeasureOptions& options) {
  ScannedImage image;
  if (!options.feed.empty()) {
    WINNOW_TRY(image.feed, FeedBaseline::load(options.feed));
  }
  ImageExaminer examiner(image);
  const auto visitor = [&examiner](const ImageFile& file, ByteView content) { return examiner.see(file, content); };
  WINNOW_TRY(image.info, read_image(path, visitor));
  examiner.finish();
  const auto kind = detect_volume_file(path);
  image.format = format_name(kind.value_or(VolumeFile::none));
  return image;
}

}  // namespace winnow
