#include "size_analyzer/image_overheads.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "base/utf16.hpp"
#include "formats/ntfs.hpp"
#include "size_analyzer/computed_clusters.hpp"

namespace winnow {

namespace {

class Overheads {
 public:
  Overheads(const ScannedImage& image, const std::vector<ContentGroup>& groups) : image_(image), groups_(groups) {}

  std::vector<OverheadFacts> measure() {
    if (image_.disk) {
      add_disk(*image_.disk);
    } else {
      add_computed();
      add_stored();
    }
    std::vector<OverheadFacts> overheads;
    for (const auto& [key, sizes] : found_) {
      overheads.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), sizes});
    }
    return overheads;
  }

 private:
  void add(ByteKind kind, const std::string& name, std::size_t layer, const Sizes& sizes) {
    if (sizes != Sizes{}) found_[{kind, name, static_cast<std::uint32_t>(layer)}] += sizes;
  }

  void add_disk(const DiskMap& disk) {
    for (const OverheadFacts& overhead : disk.overheads) add(overhead.kind, overhead.name, 0, overhead.sizes);
    std::set<std::uint64_t> named;
    for (const ContentGroup& group : groups_) named.insert(image_.info.files[group.names.front()].record);
    for (const DiskFile& file : disk.files) {
      if (!named.contains(file.record)) add(ByteKind::unclaimed, "files that no folder leads to", 0, file.sizes);
    }
  }

  void add_computed() {
    std::map<std::string, NameLengths> held;
    held[""];
    for (const ImageFile& file : image_.info.files) {
      const std::size_t slash = file.path.rfind('/');
      held[slash == std::string::npos ? "" : file.path.substr(0, slash)].push_back(units_of(file.path));
      if (file.is_directory) held[file.path];
    }
    for (const ContentGroup& group : groups_) {
      add(ByteKind::file_table, "MFT records of files (computed)", 0, {0, group.records, 0});
    }
    for (const auto& [folder, names] : held) {
      const NameLengths own = {units_of(folder)};
      const ByteCount records = records_of(own) * ntfs::kRecordSize;
      add(ByteKind::file_table, "MFT records of folders (computed)", 0, {0, records, 0});
      add(ByteKind::directory_index, "indexes of folders (computed)", 0, {0, index_clusters(names, own), 0});
    }
  }

  void add_stored() {
    const ImageInfo& info = image_.info;
    ByteCount rest = info.stored;
    const auto take = [&rest](ByteCount bytes) {
      const ByteCount taken = std::min(bytes, rest);
      rest -= taken;
      return taken;
    };
    for (const OverheadFacts& overhead : image_.overheads) {
      add(overhead.kind, overhead.name, 0, {0, 0, take(overhead.sizes.stored)});
    }
    for (const ImageDocument& document : info.documents) {
      add(ByteKind::container_format, document.name, 0, {0, 0, take(document.stored)});
    }
    for (std::size_t i = 0; i < info.layers.size(); ++i) {
      add(ByteKind::container_format, "ends and roots of the layers", i, {0, 0, take(info.layers[i].framing)});
    }
    for (const ImageFile& file : info.files) {
      const ByteCount taken = take(file.stored);
      if (file.is_directory) add(ByteKind::file_table, "folder entries", file.layer, {0, 0, taken});
    }
    const bool is_container = info.medium == ImageMedium::container;
    add(is_container ? ByteKind::container_format : ByteKind::unclaimed,
        is_container ? "headers of the archive" : "bytes that nothing explains", 0, {0, 0, rest});
  }

  static std::size_t units_of(const std::string& path) {
    const auto name = to_utf16(std::string_view(path).substr(path.rfind('/') + 1));
    return name ? name->size() : 0;
  }

  const ScannedImage& image_;
  const std::vector<ContentGroup>& groups_;
  std::map<std::tuple<ByteKind, std::string, std::uint32_t>, Sizes> found_;
};

}  // namespace

std::vector<OverheadFacts> measure_overheads(const ScannedImage& image, const std::vector<ContentGroup>& groups) {
  return Overheads(image, groups).measure();
}

}  // namespace winnow
