#include "image/container/image_files.hpp"

#include <system_error>
#include <utility>

#include "formats/oci.hpp"
#include "formats/pax.hpp"
#include "image/container/byte_source.hpp"
#include "image/container/layer_reader.hpp"

namespace winnow {

Result<ImageFiles> ImageFiles::open(const std::filesystem::path& image) {
  ImageFiles files;
  std::error_code code;
  if (std::filesystem::is_directory(image, code)) {
    WINNOW_CHECK(files.open_folder(image));
  } else {
    WINNOW_CHECK(files.open_archive(image));
  }
  return files;
}

std::optional<ByteView> ImageFiles::find(const std::string& name) const {
  const auto found = files_.find(name);
  return found == files_.end() ? std::nullopt : std::optional(found->second);
}

Result<void> ImageFiles::open_folder(const std::filesystem::path& folder) {
  WINNOW_TRY(const auto entries, list_tree(folder));
  for (const DirectoryEntry& entry : entries) {
    if (entry.is_directory) continue;
    WINNOW_TRY(MappedFile file, MappedFile::open(folder / entry.path));
    files_.emplace(entry.path, file.bytes());
    mapped_.push_back(std::move(file));
  }
  if (!find(std::string(oci::kIndexFile))) {
    return fail("cannot read image " + folder.string() + ": the folder has no " + std::string(oci::kIndexFile));
  }
  kind_ = ImageKind::oci;
  return {};
}

Result<void> ImageFiles::open_archive(const std::filesystem::path& file) {
  WINNOW_TRY(MappedFile mapped, MappedFile::open(file));
  const ByteView bytes = mapped.bytes();
  mapped_.push_back(std::move(mapped));
  if (is_compressed(bytes)) return {};

  MemorySource source(bytes);
  LayerReader reader(source);
  Result<std::optional<LayerEntry>> entry = reader.next();
  if (!entry) return fail(std::move(entry).error().with_note("it was read as the archive " + file.string()));
  for (; entry && *entry; entry = reader.next()) {
    // GNU tar writes "./index.json" for a folder archived as ".".
    const std::string& name = (*entry)->name;
    const auto content = slice(bytes, (*entry)->content_offset, (*entry)->size);
    if ((*entry)->type == pax::kFile && content)
      files_.emplace(name.starts_with("./") ? name.substr(2) : name, *content);
  }
  const bool is_oci = find(std::string(oci::kIndexFile)).has_value();
  const bool is_docker = find(std::string(oci::kDockerManifestFile)).has_value();
  // A layer whose tar breaks off is still a layer: what is wrong with it is told by the check.
  if (!is_oci && !is_docker) return {};
  if (!entry) return fail(std::move(entry).error().with_note("it was read as the archive " + file.string()));
  kind_ = is_oci ? ImageKind::oci : ImageKind::docker_archive;
  return {};
}

}  // namespace winnow
