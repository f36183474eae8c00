#include "image_reader/volume_files.hpp"

#include <algorithm>
#include <future>
#include <optional>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "base/interrupt.hpp"
#include "base/parallel.hpp"
#include "base/utf16.hpp"
#include "base/windows_path.hpp"
#include "image_reader/json_fields.hpp"
#include "image_reader/provenance.hpp"
#include "plan/file_tree.hpp"

namespace winnow {

namespace {

// Contents read ahead of a visitor: as many bytes, as many files.
constexpr ByteCount kBatchBytes = 64u << 20;
constexpr std::size_t kBatchFiles = 4096;

// A name of the tree, and what reading it gave.
struct ReadName {
  ImageFile file;
  const Inode* inode = nullptr;  // null: a further name
  std::optional<LoadedContent> content;
  std::optional<Error> error;
};

// Names go in batches: one is read and hashed on all cores while the visitor sees the one before, in order.
class VolumeFiles {
 public:
  VolumeFiles(const VolumeImage& image, const FileVisitor& visitor, ImageInfo& info,
              std::optional<Error>& visitor_error)
      : image_(image), visitor_(visitor), info_(info), visitor_error_(visitor_error) {}

  Result<void> read();

 private:
  using Batch = std::vector<ReadName>;
  using Paths = std::vector<std::pair<WindowsPath, std::uint32_t>>;

  [[nodiscard]] ReadName start_name(const WindowsPath& path, std::uint32_t name);
  [[nodiscard]] Batch start_batch(const Paths& paths, std::size_t& next);
  [[nodiscard]] static Result<void> read_content(ReadName& name);
  Result<void> show_batch(Batch& batch);
  Result<void> show(ReadName& name);

  const VolumeImage& image_;
  const FileVisitor& visitor_;
  ImageInfo& info_;
  std::optional<Error>& visitor_error_;
  std::unordered_map<std::uint32_t, std::string> first_paths_;  // of inodes
};

Result<void> VolumeFiles::read() {
  WINNOW_TRY(const Paths paths, sorted_paths(image_.tree));
  if (paths.size() > kMaxImageEntries) {
    return fail("it holds more than " + std::to_string(kMaxImageEntries) + " files");
  }
  info_.files.reserve(paths.size());
  const auto load = [](Batch batch) {
    parallel_for(batch.size(), [&](std::size_t i) {
      if (auto done = interrupted() ? fail("interrupted") : read_content(batch[i]); !done) {
        batch[i].error = std::move(done).error();
      }
    });
    return batch;
  };
  std::size_t next = 0;
  std::future<Batch> ahead = std::async(std::launch::async, load, start_batch(paths, next));
  while (true) {
    Batch batch = ahead.get();
    if (batch.empty()) return {};
    ahead = std::async(std::launch::async, load, start_batch(paths, next));
    WINNOW_CHECK(show_batch(batch));
  }
}

VolumeFiles::Batch VolumeFiles::start_batch(const Paths& paths, std::size_t& next) {
  Batch batch;
  ByteCount bytes = 0;
  for (; next < paths.size() && batch.size() < kBatchFiles && bytes < kBatchBytes; ++next) {
    batch.push_back(start_name(paths[next].first, paths[next].second));
    bytes += batch.back().file.size;
  }
  return batch;
}

ReadName VolumeFiles::start_name(const WindowsPath& path, std::uint32_t name) {
  const std::uint32_t number = image_.tree.names[name].inode;
  const Inode& inode = image_.tree.inodes[number];
  ReadName out;
  ImageFile& file = out.file;
  file.path = path.with_slashes();
  file.is_directory = (inode.attributes & kAttributeDirectory) != 0;
  file.attributes = inode.attributes;
  file.security_descriptor = image_.tree.security_descriptors.at(inode.security);
  file.times = inode.times;
  if (!image_.records.empty()) file.record = image_.records[number];
  const auto [first, is_first] = first_paths_.emplace(number, file.path);
  if (!is_first) {
    file.link_target = first->second;
    return out;
  }
  out.inode = &inode;
  if (file.is_directory) return out;
  file.size = inode.content ? inode.content->size() : 0;
  file.stored = image_.stored[number];
  return out;
}

Result<void> VolumeFiles::read_content(ReadName& name) {
  if (name.inode == nullptr) return {};
  ImageFile& file = name.file;
  if (name.inode->extras) {
    for (const NamedStream& stream : name.inode->extras->streams) {
      WINNOW_TRY(const LoadedContent loaded, stream.content.load());
      file.streams.push_back({to_utf8(stream.name).value_or("?"), loaded.bytes().size(), sha256(loaded.bytes())});
    }
    const std::optional<ReparsePoint>& reparse = name.inode->extras->reparse;
    if (reparse) file.reparse = ImageReparsePoint{reparse->tag, sha256(reparse->data)};
  }
  if (file.is_directory) return {};
  if (file.size > kMaxImageFileBytes) {
    return fail("its file " + file.path + " is larger than " + std::to_string(kMaxImageFileBytes) + " bytes");
  }
  const Content content = name.inode->content ? *name.inode->content : Content::of_bytes({});
  WINNOW_TRY(name.content, content.load());
  file.digest = sha256(name.content->bytes());
  return {};
}

Result<void> VolumeFiles::show_batch(Batch& batch) {
  for (ReadName& name : batch) {
    if (name.error) return fail(std::move(*name.error));
    WINNOW_CHECK(show(name));
    name.content.reset();
  }
  return {};
}

Result<void> VolumeFiles::show(ReadName& name) {
  const ByteView content = name.content ? name.content->bytes() : ByteView();
  const ImageFile& file = name.file;
  if (name.content && ascii_iequals(file.path, kProvenancePath)) {
    if (content.size() > kMaxProvenanceBytes) {
      return fail("its file " + file.path + " is larger than " + std::to_string(kMaxProvenanceBytes) + " bytes");
    }
    WINNOW_TRY(info_.provenance, parse_json(as_text(content), file.path));
    read_settings(*info_.provenance, info_);
  }
  info_.files.push_back(file);
  if (!visitor_) return {};
  name.file.stored = 0;  // not known to a visitor, see ImageFile
  if (auto visited = visitor_(name.file, content); !visited) {
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
