// The named pieces an image is made of, whether it is one tar archive or a folder: each a view of a mapped file, so
// that pieces may lie in any order and nothing is unpacked to disk. Errors of this file are bare reasons; read_image()
// puts "cannot read image <image>: " in front.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/file_system.hpp"
#include "base/result.hpp"

namespace winnow {

class BlobStore {
 public:
  [[nodiscard]] static Result<BlobStore> open(const std::filesystem::path& image);

  // The piece of that exact name, nothing when there is none. Valid as long as the store.
  [[nodiscard]] const ByteView* find(const std::string& name) const;
  [[nodiscard]] const std::map<std::string, ByteView>& blobs() const { return blobs_; }
  [[nodiscard]] ByteCount stored() const { return stored_; }  // the archive, or all files of the folder

 private:
  [[nodiscard]] static Result<BlobStore> open_folder(const std::filesystem::path& folder);
  [[nodiscard]] static Result<BlobStore> open_archive(const std::filesystem::path& file);
  [[nodiscard]] Result<void> read_members(ByteView tar);

  std::vector<MappedFile> files_;
  std::map<std::string, ByteView> blobs_;
  ByteCount stored_ = 0;
};

}  // namespace winnow
