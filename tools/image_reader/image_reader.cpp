#include "image_reader/image_reader.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "base/utf16.hpp"
#include "image_reader/image_documents.hpp"
#include "image_reader/layer_reader.hpp"
#include "image_reader/provenance.hpp"
#include "image_reader/volume_files.hpp"
#include "image_reader/volume_image.hpp"

namespace winnow {

namespace {

bool is_provenance(const ImageFile& file) { return !file.is_directory && ascii_iequals(file.path, kProvenancePath); }

// Reads the layers of an opened image one after the other into an ImageInfo.
class ImageLayers {
 public:
  ImageLayers(ImageInfo& info, const FileVisitor& visitor) : info_(info), visitor_(visitor) {}

  Result<void> read(const StoredLayer& blob);
  // What stopped the reading if it was not the image: an error of the visitor.
  std::optional<Error> visitor_error;

 private:
  bool see(const ImageFile& file, ByteView content);
  Result<void> parse_provenance(const ImageFile& file, ByteView content);

  ImageInfo& info_;
  const FileVisitor& visitor_;
  std::optional<Error> provenance_error_;
  std::set<std::string> names_;  // blobs that were a layer already
};

// A blob that is a layer twice lies on disk once.
void clear_shares(LayerContents& contents) {
  contents.framing = 0;
  for (ImageFile& file : contents.files) file.stored = 0;
}

bool ImageLayers::see(const ImageFile& file, ByteView content) {
  if (is_provenance(file)) {
    if (auto parsed = parse_provenance(file, content); !parsed) provenance_error_ = std::move(parsed).error();
  }
  if (!visitor_) return !provenance_error_;
  if (auto visited = visitor_(file, content); !visited) visitor_error = std::move(visited).error();
  return !provenance_error_ && !visitor_error;
}

Result<void> ImageLayers::parse_provenance(const ImageFile& file, ByteView content) {
  if (content.size() > kMaxProvenanceBytes) {
    return fail("its file " + file.path + " is larger than " + std::to_string(kMaxProvenanceBytes) + " bytes");
  }
  WINNOW_TRY(info_.provenance, parse_json(as_text(content), file.path));
  return {};
}

Result<void> ImageLayers::read(const StoredLayer& blob) {
  const auto wants_content = [this](const ImageFile& file) { return visitor_ || is_provenance(file); };
  const auto sink = [this](const ImageFile& file, ByteView content) { return see(file, content); };
  const std::size_t entries_left = kMaxImageEntries - info_.files.size();
  WINNOW_TRY(LayerContents contents, read_layer(blob.bytes, info_.layers.size(), entries_left, wants_content, sink));
  if (provenance_error_) return fail(std::move(*provenance_error_));
  if (visitor_error) return fail(*visitor_error);
  const bool is_first_use = names_.insert(blob.name).second;
  if (!is_first_use) clear_shares(contents);
  const ByteCount stored = is_first_use ? blob.bytes.size() : 0;
  info_.layers.push_back({blob.digest, blob.media_type, stored, contents.unpacked, contents.framing});
  info_.files.insert(info_.files.end(), std::make_move_iterator(contents.files.begin()),
                     std::make_move_iterator(contents.files.end()));
  return {};
}

// Every piece that is no layer.
void list_documents(const BlobStore& store, const std::vector<StoredLayer>& layers, ImageInfo& info) {
  for (const auto& [name, bytes] : store.blobs()) {
    const auto is_layer = [&name = name](const StoredLayer& layer) { return layer.name == name; };
    if (std::none_of(layers.begin(), layers.end(), is_layer)) info.documents.push_back({name, bytes.size()});
  }
}

Error at_image(const std::filesystem::path& image, const Error& error) {
  std::vector<Fault> faults = error.faults();
  const std::string own = "cannot read " + image.string() + ": ";  // said by base about the very same file
  for (Fault& fault : faults) {
    if (fault.message.starts_with(own)) fault.message.erase(0, own.size());
    fault.message.insert(0, "cannot read image " + image.string() + ": ");
  }
  return Error(std::move(faults));
}

Result<ImageInfo> read_volume(const std::filesystem::path& image, VolumeFile kind, const FileVisitor& visitor) {
  const auto volume = open_volume_image(image, kind);
  if (!volume) return fail(at_image(image, volume.error()));
  ImageInfo info;
  std::optional<Error> visitor_error;
  if (const auto read = read_volume_files(*volume, image, visitor, info, visitor_error); !read) {
    return fail(visitor_error ? *visitor_error : at_image(image, read.error()));
  }
  return info;
}

}  // namespace

Result<ImageInfo> read_image(const std::filesystem::path& image, const FileVisitor& visitor) {
  const auto kind = detect_volume_file(image);
  if (!kind) return fail(at_image(image, kind.error()));
  if (*kind != VolumeFile::none) return read_volume(image, *kind, visitor);
  const auto store = BlobStore::open(image);
  if (!store) return fail(at_image(image, store.error()));
  ImageInfo info;
  info.stored = store->stored();
  const auto blobs = read_documents(*store, info);
  if (!blobs) return fail(at_image(image, blobs.error()));
  ImageLayers layers(info, visitor);
  for (const StoredLayer& blob : *blobs) {
    if (auto read = layers.read(blob); !read) {
      if (layers.visitor_error) return fail(std::move(*layers.visitor_error));
      return fail(at_image(image, read.error()));
    }
  }
  list_documents(*store, *blobs, info);
  return info;
}

}  // namespace winnow
