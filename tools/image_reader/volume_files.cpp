#include "image_reader/volume_files.hpp"

#include <algorithm>
#include <map>
#include <system_error>
#include <utility>

#include "base/interrupt.hpp"
#include "base/utf16.hpp"
#include "base/windows_path.hpp"
#include "image_reader/json_fields.hpp"
#include "image_reader/provenance.hpp"
#include "plan/file_tree.hpp"

namespace winnow {

namespace {

class VolumeFiles {
 public:
  VolumeFiles(const VolumeImage& image, const FileVisitor& visitor, ImageInfo& info,
              std::optional<Error>& visitor_error)
      : image_(image), visitor_(visitor), info_(info), visitor_error_(visitor_error) {}

  Result<void> read();

 private:
  Result<void> read_name(const WindowsPath& path, std::uint32_t name);
  Result<void> read_content(const Inode& inode, ImageFile& file);
  Result<void> read_extras(const InodeExtras& extras, ImageFile& file);
  Result<void> show(const ImageFile& file, ByteView content);

  const VolumeImage& image_;
  const FileVisitor& visitor_;
  ImageInfo& info_;
  std::optional<Error>& visitor_error_;
  std::map<std::uint32_t, std::string> first_paths_;  // of inodes
};

Result<void> VolumeFiles::read() {
  WINNOW_TRY(const auto paths, sorted_paths(image_.tree));
  if (paths.size() > kMaxImageEntries) {
    return fail("it holds more than " + std::to_string(kMaxImageEntries) + " files");
  }
  for (const auto& [path, name] : paths) WINNOW_CHECK(read_name(path, name));
  return {};
}

Result<void> VolumeFiles::read_name(const WindowsPath& path, std::uint32_t name) {
  if (interrupted()) return fail("interrupted");
  const std::uint32_t number = image_.tree.names[name].inode;
  const Inode& inode = image_.tree.inodes[number];
  ImageFile file;
  file.path = path.with_slashes();
  file.is_directory = (inode.attributes & kAttributeDirectory) != 0;
  file.attributes = inode.attributes;
  file.security_descriptor = image_.tree.security_descriptors.at(inode.security);
  file.times = inode.times;
  if (!image_.records.empty()) file.record = image_.records[number];
  const auto [first, is_first] = first_paths_.emplace(number, file.path);
  if (!is_first) {
    file.link_target = first->second;
    info_.files.push_back(file);
    return show(file, {});
  }
  if (inode.extras) WINNOW_CHECK(read_extras(*inode.extras, file));
  if (file.is_directory) {
    info_.files.push_back(file);
    return show(file, {});
  }
  return read_content(inode, file);
}

Result<void> VolumeFiles::read_content(const Inode& inode, ImageFile& file) {
  file.size = inode.content ? inode.content->size() : 0;
  if (file.size > kMaxImageFileBytes) {
    return fail("its file " + file.path + " is larger than " + std::to_string(kMaxImageFileBytes) + " bytes");
  }
  const Content content = inode.content ? *inode.content : Content::of_bytes({});
  WINNOW_TRY(const LoadedContent loaded, content.load());
  file.digest = sha256(loaded.bytes());
  info_.files.push_back(file);
  const std::size_t number = static_cast<std::size_t>(&inode - image_.tree.inodes.data());
  info_.files.back().stored = image_.stored[number];
  if (ascii_iequals(file.path, kProvenancePath)) {
    if (loaded.bytes().size() > kMaxProvenanceBytes) {
      return fail("its file " + file.path + " is larger than " + std::to_string(kMaxProvenanceBytes) + " bytes");
    }
    WINNOW_TRY(info_.provenance, parse_json(as_text(loaded.bytes()), file.path));
    read_settings(*info_.provenance, info_);
  }
  return show(file, loaded.bytes());
}

Result<void> VolumeFiles::read_extras(const InodeExtras& extras, ImageFile& file) {
  for (const NamedStream& stream : extras.streams) {
    WINNOW_TRY(const LoadedContent loaded, stream.content.load());
    file.streams.push_back({to_utf8(stream.name).value_or("?"), loaded.bytes().size(), sha256(loaded.bytes())});
  }
  if (extras.reparse) file.reparse = ImageReparsePoint{extras.reparse->tag, sha256(extras.reparse->data)};
  return {};
}

Result<void> VolumeFiles::show(const ImageFile& file, ByteView content) {
  if (!visitor_) return {};
  if (auto visited = visitor_(file, content); !visited) {
    visitor_error_ = visited.error();
    return fail(std::move(visited).error());
  }
  return {};
}

std::vector<std::string> texts_of(const Json& list) {
  std::vector<std::string> texts;
  if (!list.is_array()) return texts;
  for (const Json& item : list) {
    if (item.is_string()) texts.push_back(item.get<std::string>());
  }
  return texts;
}

std::string partition_label(const Partition& partition, std::size_t number) {
  const std::string label = "partition " + std::to_string(number);
  return partition.name.empty() ? label : label + " (" + partition.name + ")";
}

// Where what is free and the other partitions take room in the file, and files of zeros in a dynamic disk none.
void share_out(const VolumeImage& image, ImageInfo& info) {
  ByteCount left = info.stored;
  if (image.disk) {
    const std::vector<Partition>& partitions = image.partitions.partitions;
    const bool is_flat = image.disk->kind() == DiskFileKind::raw || image.disk->kind() == DiskFileKind::vhd_fixed;
    for (std::size_t i = 0; i < partitions.size() && is_flat; ++i) {
      if (i == image.volume) continue;
      const ByteCount stored = std::min(left, partitions[i].size);
      info.documents.push_back({partition_label(partitions[i], i + 1), stored});
      left -= stored;
    }
    if (is_flat) {
      const ByteCount stored = std::min(left, image.free);
      info.documents.push_back({"free space", stored});
      left -= stored;
    }
  }
  ByteCount total = 0;
  for (const ImageFile& file : info.files) total += file.stored;
  if (total <= left) return;
  for (ImageFile& file : info.files) {
    file.stored = static_cast<ByteCount>(static_cast<long double>(file.stored) * static_cast<long double>(left) /
                                         static_cast<long double>(total));
  }
}

}  // namespace

Result<std::vector<std::pair<WindowsPath, std::uint32_t>>> sorted_paths(const VolumeTree& tree) {
  std::vector<WindowsPath> paths(tree.names.size());
  std::vector<std::pair<WindowsPath, std::uint32_t>> sorted;
  for (std::uint32_t i = 1; i < tree.names.size(); ++i) {
    const WindowsPath& parent = paths[tree.names[i].parent];
    const std::string name = to_utf8(tree.names[i].name).value_or("");
    const auto tail = WindowsPath::parse(name);
    const bool is_one = tail && tail->components().size() == 1 && tail->text() == name;
    if (!is_one) {
      const std::string why = tail ? "it is no single name" : tail.error().faults().front().message;
      return fail("its file " + parent.text() + "\\" + name + " has a bad name: " + why);
    }
    paths[i] = parent / *tail;
    sorted.emplace_back(paths[i], i);
  }
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (sorted[i].first == sorted[i - 1].first) return fail("its file " + sorted[i].first.text() + " occurs twice");
  }
  return sorted;
}

void read_settings(const Json& provenance, ImageInfo& info) {
  const Json& image = member(provenance, "image");
  info.tag = text_of(image, "tag");
  info.os_version = text_of(provenance, "osVersion");
  info.architecture = text_of(image, "architecture");
  info.command = texts_of(member(image, "command"));
  info.working_directory = text_of(image, "workingDirectory");
  info.user = text_of(image, "user");
  info.environment = texts_of(member(image, "environment"));
}

Result<void> read_volume_files(const VolumeImage& image, const std::filesystem::path& file, const FileVisitor& visitor,
                               ImageInfo& info, std::optional<Error>& visitor_error) {
  info.medium = image.disk ? ImageMedium::disk : ImageMedium::wim;
  std::error_code code;
  info.stored = std::filesystem::file_size(file, code);
  WINNOW_CHECK(VolumeFiles(image, visitor, info, visitor_error).read());
  share_out(image, info);
  return {};
}

}  // namespace winnow
