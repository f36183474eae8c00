#include <algorithm>
#include <system_error>

#include "image_reader/image_reader.hpp"
#include "image_reader/virtual_disk.hpp"
#include "image_reader/volume_image.hpp"
#include "image_reader/wim_space.hpp"
#include "size_analyzer/image_examiner.hpp"
#include "size_analyzer/scan_folder.hpp"
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

Result<void> add_wim_overheads(const fs::path& path, ScannedImage& image) {
  WINNOW_TRY(const WimSpace space, measure_wim(path));
  const auto add = [&image](ByteKind kind, const char* name, ByteCount stored) {
    if (stored != 0) image.overheads.push_back({kind, name, 0, {0, 0, stored}});
  };
  ByteCount of_files = 0;
  for (const ImageFile& file : image.info.files) of_files += file.stored;
  add(ByteKind::container_format, "header", space.header);
  add(ByteKind::file_table, "metadata of the images", space.metadata);
  add(ByteKind::container_format, "blob table", space.blob_table);
  add(ByteKind::container_format, "XML data", space.xml);
  add(ByteKind::container_format, "integrity table", space.integrity);
  add(space.images > 1 ? ByteKind::container_format : ByteKind::unclaimed,
      space.images > 1 ? "contents of other images" : "contents that no file has",
      space.contents - std::min(space.contents, of_files));
  return {};
}

Result<void> scan_file(const fs::path& path, ScannedImage& image) {
  ImageExaminer examiner(image);
  const auto visitor = [&examiner](const ImageFile& file, ByteView content) { return examiner.see(file, content); };
  WINNOW_TRY(image.info, read_image(path, visitor));
  examiner.finish();
  const VolumeFile kind = detect_volume_file(path).value_or(VolumeFile::none);
  image.format = format_name(kind);
  if (kind == VolumeFile::wim) return add_wim_overheads(path, image);
  if (kind == VolumeFile::none) return {};
  WINNOW_TRY(image.disk, map_disk(path));
  image.warnings.insert(image.warnings.end(), image.disk->warnings.begin(), image.disk->warnings.end());
  return {};
}

}  // namespace

Result<ScannedImage> scan_image(const fs::path& path, const MeasureOptions& options) {
  ScannedImage image;
  if (!options.feed.empty()) {
    WINNOW_TRY(image.feed, FeedBaseline::load(options.feed));
  }
  std::error_code code;
  const FolderKind folder = fs::is_directory(path, code) ? kind_of_folder(path) : FolderKind::layout;
  if (folder == FolderKind::feed) {
    WINNOW_CHECK(scan_feed(path, image));
  } else if (folder == FolderKind::plain) {
    WINNOW_CHECK(scan_plain_folder(path, image));
  } else {
    WINNOW_CHECK(scan_file(path, image));
  }
  return image;
}

}  // namespace winnow
