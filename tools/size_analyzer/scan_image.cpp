#include "size_analyzer/scanned_image.hpp"

namespace winnow {

namespace {

std::string format_name(ImageMedium medium) {
  switch (medium) {
    case ImageMedium::container:
      return "container image";
    case ImageMedium::disk:
      return "disk";
    case ImageMedium::wim:
      break;
  }
  return "WIM";
}

}  // namespace

Result<ScannedImage> scan_image(const std::filesystem::path& path, const MeasureOptions& options) {
  ScannedImage image;
  if (!options.feed.empty()) {
    WINNOW_TRY(image.feed, FeedBaseline::load(options.feed));
  }
  WINNOW_TRY(image.info, read_image(path));
  image.format = format_name(image.info.medium);
  return image;
}

}  // namespace winnow
