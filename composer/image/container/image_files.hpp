// A finished container image as named pieces of bytes, whichever way it is stored.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/file_system.hpp"
#include "base/result.hpp"

namespace winnow {

enum class ImageKind {
  oci,             // a folder, or an archive of one (then docker's manifest.json may be there as well)
  docker_archive,  // manifest.json and no index
  layer,           // a bare layer tar, packed or not
};

class ImageFiles {
 public:
  // Error "cannot read image <path>: …".
  [[nodiscard]] static Result<ImageFiles> open(const std::filesystem::path& image);

  [[nodiscard]] ImageKind kind() const { return kind_; }
  // The file `name` of the layout or archive; nothing when there is none.
  [[nodiscard]] std::optional<ByteView> find(const std::string& name) const;
  // Of ImageKind::layer: the file itself.
  [[nodiscard]] ByteView layer() const { return mapped_.front().bytes(); }

 private:
  Result<void> open_folder(const std::filesystem::path& folder);
  Result<void> open_archive(const std::filesystem::path& file);

  ImageKind kind_ = ImageKind::layer;
  std::vector<MappedFile> mapped_;
  std::map<std::string, ByteView> files_;
};

}  // namespace winnow
