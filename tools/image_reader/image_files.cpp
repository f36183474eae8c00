#include "image_reader/image_files.hpp"

#include <memory>
#include <set>
#include <system_error>
#include <utility>

#include "base/spill_file.hpp"
#include "base/windows_path.hpp"
#include "image_reader/blob_store.hpp"
#include "image_reader/image_reader.hpp"
#include "image_reader/volume_files.hpp"
#include "image_reader/volume_image.hpp"

namespace winnow {

namespace {

using Wanted = std::function<bool(std::string_view)>;

tl::unexpected<Error> refuse(const std::filesystem::path& image, const Error& error) {
  std::vector<Fault> faults = error.faults();
  for (Fault& fault : faults) {
    if (!fault.message.starts_with("cannot ")) fault.message.insert(0, "cannot read image " + image.string() + ": ");
  }
  return fail(Error(std::move(faults)));
}

// A folder of whatever else is not opened file by file to find that out.
bool is_layout(const std::filesystem::path& folder) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(folder / "index.json", ignored) ||
         std::filesystem::is_regular_file(folder / "manifest.json", ignored);
}

// Keeps the disk open that the contents are read from.
Result<std::vector<PayloadEntry>> read_volume(const std::filesystem::path& image, VolumeFile kind,
                                              const Wanted& is_wanted) {
  WINNOW_TRY(const VolumeImage volume, open_volume_image(image, kind));
  WINNOW_TRY(const auto paths, sorted_paths(volume.tree));
  std::vector<PayloadEntry> files;
  for (const auto& [path, name] : paths) {
    const Inode& inode = volume.tree.inodes[volume.tree.names[name].inode];
    if (inode.is_directory()) continue;
    std::string text = path.with_slashes();
    if (!is_wanted(text)) continue;
    files.push_back({std::move(text), inode.content ? *inode.content : Content::of_bytes({})});
  }
  return files;
}

class SpilledFile final : public ContentSource {
 public:
  SpilledFile(std::shared_ptr<SpillFile> spill, ByteCount start, ByteCount size)
      : spill_(std::move(spill)), start_(start), size_(size) {}

  [[nodiscard]] ByteCount size() const override { return size_; }
  [[nodiscard]] Result<void> read(ByteCount offset, std::span<std::uint8_t> out) const override {
    return spill_->read_at(start_ + offset, out);
  }

 private:
  std::shared_ptr<SpillFile> spill_;
  ByteCount start_;
  ByteCount size_;
};

// Layers are read twice: a file that is wanted may be another name of one that is not.
Result<std::vector<PayloadEntry>> read_layers(const std::filesystem::path& image, const Wanted& is_wanted) {
  std::set<std::string> needed;
  std::vector<std::pair<std::string, std::string>> links;  // a path, and the one that has the content
  WINNOW_TRY(const ImageInfo info, read_image(image));
  for (const ImageFile& file : info.files) {
    if (file.is_directory || !is_wanted(file.path)) continue;
    needed.insert(file.link_target.empty() ? file.path : file.link_target);
    if (!file.link_target.empty()) links.emplace_back(file.path, file.link_target);
  }
  if (needed.empty()) return std::vector<PayloadEntry>();
  WINNOW_TRY(const std::shared_ptr<SpillFile> spill, SpillFile::create(std::filesystem::temp_directory_path()));
  std::map<std::string, Content> contents;
  const FileVisitor visitor = [&](const ImageFile& file, ByteView content) -> Result<void> {
    if (file.is_directory || !file.link_target.empty() || !needed.contains(file.path)) return {};
    WINNOW_TRY(const ByteCount start, spill->append(content));
    // A later layer's file takes the place of an earlier one's.
    contents.insert_or_assign(file.path,
                              Content::of_source(std::make_shared<SpilledFile>(spill, start, content.size())));
    return {};
  };
  WINNOW_TRY(const ImageInfo again, read_image(image, visitor));
  std::map<std::string, Content> files;
  for (const auto& [path, content] : contents) {
    if (is_wanted(path)) files.insert_or_assign(path, content);
  }
  for (const auto& [path, target] : links) {
    const auto found = contents.find(target);
    if (found == contents.end()) return fail("its file " + path + " is a link to " + target + ", which is not there");
    files.insert_or_assign(path, found->second);
  }
  std::vector<PayloadEntry> entries;
  for (const auto& [path, content] : files) entries.push_back({path, content});
  return entries;
}

}  // namespace

Result<std::optional<std::vector<PayloadEntry>>> read_image_files(const std::filesystem::path& image,
                                                                  const Wanted& is_wanted) {
  using Files = std::optional<std::vector<PayloadEntry>>;
  std::error_code ignored;
  const bool is_folder = std::filesystem::is_directory(image, ignored);
  const auto kind = is_folder ? Result<VolumeFile>(VolumeFile::none) : detect_volume_file(image);
  if (!kind) return refuse(image, kind.error());
  const bool is_volume = *kind != VolumeFile::none;
  if (!is_volume && !(is_folder ? is_layout(image) : BlobStore::open(image).has_value())) return Files();
  auto files = is_volume ? read_volume(image, *kind, is_wanted) : read_layers(image, is_wanted);
  if (!files) return refuse(image, files.error());
  return Files(std::move(*files));
}

}  // namespace winnow
