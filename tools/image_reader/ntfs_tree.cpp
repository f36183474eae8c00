#include "image_reader/ntfs_tree.hpp"

#include <bit>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/interrupt.hpp"
#include "base/utf16.hpp"
#include "formats/ntfs.hpp"
#include "image_reader/fsntfs_handles.hpp"
#include "image_reader/ntfs_descriptors.hpp"
#include "image_reader/ntfs_map.hpp"
#include "image_reader/wof_content.hpp"
#include "plan/file_tree.hpp"

namespace winnow {

namespace {

// Limits against hostile volumes: a folder may name one of its own ancestors.
constexpr std::size_t kMaxNames = 8'000'000;
constexpr int kMaxDepth = 512;
constexpr std::size_t kMaxDescriptorBytes = 65'536;
constexpr ByteCount kMaxBitmapBytes = 512u << 20;  // 16 TiB in clusters of 4 KiB
constexpr std::size_t kMaxReparseNameUnits = 32'768;

constexpr std::uint32_t kAttributeNormal = 0x80;  // says that there is none
constexpr std::uint32_t kAttributeSparse = 0x200;
constexpr std::uint32_t kAttributeReparsePoint = 0x400;
constexpr std::uint32_t kWindowsAttributes = 0x00FFFFFF;  // above them NTFS keeps marks of its own

std::uint64_t record_of_reference(std::uint64_t reference) { return ntfs::record_of(reference); }

// What all contents of a volume share: libfsntfs reads one at a time.
struct SharedVolume {
  std::shared_ptr<const VirtualDisk> disk;
  std::shared_ptr<FsntfsVolume> volume;
  std::mutex mutex;
  std::optional<NtfsMap> map;  // none: a damaged volume, which libfsntfs may read all the same
};

// A stream that lies on the volume as it is: read through its run list, by several threads at once.
class PlainContent final : public ContentSource {
 public:
  PlainContent(std::shared_ptr<SharedVolume> shared, const NtfsAttribute& stream)
      : shared_(std::move(shared)), stream_(stream) {}

  [[nodiscard]] ByteCount size() const override { return stream_.size; }
  [[nodiscard]] Result<void> read(ByteCount offset, std::span<std::uint8_t> out) const override {
    const NtfsMap& map = *shared_->map;
    return read_ntfs_stream(*shared_->disk, map.offset, map.geometry.cluster_size, stream_, offset, out);
  }

 private:
  std::shared_ptr<SharedVolume> shared_;
  const NtfsAttribute& stream_;  // in shared_->map
};

class NtfsContent final : public ContentSource {
 public:
  NtfsContent(std::shared_ptr<SharedVolume> shared, std::uint64_t record, std::optional<int> stream, ByteCount size)
      : shared_(std::move(shared)), record_(record), stream_(stream), size_(size) {}

  [[nodiscard]] ByteCount size() const override { return size_; }
  [[nodiscard]] Result<void> read(ByteCount offset, std::span<std::uint8_t> out) const override {
    const std::lock_guard lock(shared_->mutex);
    WINNOW_TRY(const FsntfsEntry entry, shared_->volume->entry(record_));
    FsntfsError error;
    libfsntfs_data_stream_t* made = nullptr;
    if (stream_ &&
        libfsntfs_file_entry_get_alternate_data_stream_by_index(entry.get(), *stream_, &made, error.out()) != 1) {
      return fail(error.reason());
    }
    const FsntfsStream stream(made);
    while (!out.empty()) {
      const auto at = static_cast<off64_t>(offset);
      const ssize_t count =
          stream ? libfsntfs_data_stream_read_buffer_at_offset(stream.get(), out.data(), out.size(), at, error.out())
                 : libfsntfs_file_entry_read_buffer_at_offset(entry.get(), out.data(), out.size(), at, error.out());
      if (count <= 0) return fail(error.reason());
      offset += static_cast<ByteCount>(count);
      out = out.subspan(static_cast<std::size_t>(count));
    }
    return {};
  }

 private:
  std::shared_ptr<SharedVolume> shared_;
  std::uint64_t record_;
  std::optional<int> stream_;  // index among the named ones
  ByteCount size_;
};

// UTF-16 text of libfsntfs: a size that counts the final NUL, then the text.
template <class GetSize, class GetText>
Result<std::u16string> read_text(GetSize get_size, GetText get_text) {
  FsntfsError error;
  std::size_t size = 0;
  if (get_size(&size, error.out()) != 1) return fail(error.reason());
  if (size == 0 || size > kMaxReparseNameUnits) return std::u16string();
  std::vector<std::uint16_t> units(size);
  if (get_text(units.data(), units.size(), error.out()) != 1) return fail(error.reason());
  return std::u16string(units.begin(), units.end() - 1);
}

class NtfsTreeReader {
 public:
  explicit NtfsTreeReader(std::shared_ptr<SharedVolume> shared) : shared_(std::move(shared)) {}

  Result<NtfsTree> read();

 private:
  Result<void> read_folder(libfsntfs_file_entry_t* entry, std::uint32_t name, std::uint64_t record, int depth);
  Result<void> read_child(libfsntfs_file_entry_t* parent, int index, std::uint32_t parent_name,
                          std::uint64_t parent_record, int depth);
  Result<std::uint32_t> inode_of(libfsntfs_file_entry_t* entry, std::uint64_t record);
  Result<void> read_times(libfsntfs_file_entry_t* entry, Inode& inode);
  Result<void> read_descriptor(libfsntfs_file_entry_t* entry, Inode& inode);
  // `name`: "" for the unnamed stream.
  [[nodiscard]] Content content_of(std::uint64_t record, std::optional<int> index, std::u16string_view name,
                                   ByteCount size) const;
  Result<void> read_data(libfsntfs_file_entry_t* entry, std::uint64_t record, Inode& inode);
  Result<void> read_streams(libfsntfs_file_entry_t* entry, std::uint64_t record, Inode& inode);
  Result<void> read_reparse_point(libfsntfs_file_entry_t* entry, Inode& inode);
  Result<void> unpack_content(libfsntfs_attribute_t* reparse_point, Inode& inode);
  // libfsntfs 20200921 leaves names out and gives others twice where an index block is not one cluster.
  [[nodiscard]] Result<void> check_clusters() const;
  Result<ByteCount> free_bytes();
  static Result<ByteCount> stored_bytes(libfsntfs_file_entry_t* entry);
  Result<std::u16string> short_name(libfsntfs_file_entry_t* entry, std::uint64_t parent_record);
  // The next attribute of `type` from position `from` on, which moves behind it.
  static Result<FsntfsAttribute> find_attribute(libfsntfs_file_entry_t* entry, std::uint32_t type, int& from);

  std::shared_ptr<SharedVolume> shared_;
  VolumeTree tree_;
  std::vector<ByteCount> stored_;
  std::vector<std::uint64_t> records_;
  std::map<std::uint64_t, std::uint32_t> inodes_;  // record to inode
  NtfsDescriptors numbered_;
  std::map<Bytes, std::uint32_t> descriptors_;
};

Result<void> NtfsTreeReader::check_clusters() const {
  FsntfsError error;
  size32_t cluster = 0;
  if (libfsntfs_volume_get_cluster_block_size(shared_->volume->handle(), &cluster, error.out()) != 1) {
    return fail(error.reason());
  }
  if (cluster == ntfs::kIndexBlockSize) return {};
  return fail("its clusters have " + std::to_string(cluster) +
              " bytes: libfsntfs reads folders only of volumes with clusters of " +
              std::to_string(ntfs::kIndexBlockSize));
}

Result<NtfsTree> NtfsTreeReader::read() {
  WINNOW_CHECK(check_clusters());
  WINNOW_TRY(numbered_, read_ntfs_descriptors(*shared_->volume));
  WINNOW_TRY(const FsntfsEntry root, shared_->volume->entry(ntfs::kRoot));
  WINNOW_TRY(const std::uint32_t inode, inode_of(root.get(), ntfs::kRoot));
  tree_.inodes[inode].attributes = kAttributeDirectory;  // every NTFS root is hidden and a system folder as well
  tree_.names.push_back({0, inode, {}, {}});
  WINNOW_CHECK(read_folder(root.get(), 0, ntfs::kRoot, 0));
  WINNOW_TRY(const ByteCount free, free_bytes());
  return NtfsTree{std::move(tree_), std::move(stored_), std::move(records_), free};
}

Result<ByteCount> NtfsTreeReader::free_bytes() {
  FsntfsError error;
  size32_t cluster = 0;
  size64_t size = 0;
  WINNOW_TRY(const FsntfsEntry bitmap, shared_->volume->entry(ntfs::kBitmap));
  if (libfsntfs_volume_get_cluster_block_size(shared_->volume->handle(), &cluster, error.out()) != 1 ||
      libfsntfs_file_entry_get_size(bitmap.get(), &size, error.out()) != 1) {
    return fail(error.reason());
  }
  if (size > kMaxBitmapBytes) return fail("its $Bitmap is larger than that of any volume");
  Bytes bits(static_cast<std::size_t>(size));
  WINNOW_CHECK(NtfsContent(shared_, ntfs::kBitmap, std::nullopt, size).read(0, bits));
  ByteCount used = 0;
  for (const std::uint8_t byte : bits) used += static_cast<ByteCount>(std::popcount(byte));
  return (ByteCount{bits.size()} * 8 - used) * cluster;  // bits past the end are set
}

Result<ByteCount> NtfsTreeReader::stored_bytes(libfsntfs_file_entry_t* entry) {
  FsntfsError error;
  int count = 0;
  ByteCount total = 0;
  if (libfsntfs_file_entry_has_default_data_stream(entry, nullptr) != 1) return total;
  if (libfsntfs_file_entry_get_number_of_extents(entry, &count, error.out()) != 1) return fail(error.reason());
  for (int i = 0; i < count; ++i) {
    off64_t offset = 0;
    size64_t size = 0;
    std::uint32_t flags = 0;
    if (libfsntfs_file_entry_get_extent_by_index(entry, i, &offset, &size, &flags, error.out()) != 1) {
      return fail(error.reason());
    }
    if ((flags & LIBFSNTFS_EXTENT_FLAG_IS_SPARSE) == 0) total += size;
  }
  return total;
}

Result<void> NtfsTreeReader::read_folder(libfsntfs_file_entry_t* entry, std::uint32_t name, std::uint64_t record,
                                         int depth) {
  if (depth > kMaxDepth) return fail("its folders are nested deeper than " + std::to_string(kMaxDepth) + " levels");
  if (interrupted()) return fail("interrupted");
  FsntfsError error;
  int count = 0;
  if (libfsntfs_file_entry_get_number_of_sub_file_entries(entry, &count, error.out()) != 1) return fail(error.reason());
  for (int i = 0; i < count; ++i) WINNOW_CHECK(read_child(entry, i, name, record, depth));
  return {};
}

Result<void> NtfsTreeReader::read_child(libfsntfs_file_entry_t* parent, int index, std::uint32_t parent_name,
                                        std::uint64_t parent_record, int depth) {
  FsntfsError error;
  libfsntfs_file_entry_t* made = nullptr;
  if (libfsntfs_file_entry_get_sub_file_entry_by_index(parent, index, &made, error.out()) != 1) {
    return fail(error.reason());
  }
  const FsntfsEntry entry(made);
  std::uint64_t reference = 0;
  if (libfsntfs_file_entry_get_file_reference(made, &reference, error.out()) != 1) return fail(error.reason());
  const std::uint64_t record = record_of_reference(reference);
  if (record < ntfs::kQuota) return {};  // a system file
  if (tree_.names.size() >= kMaxNames) return fail("it holds more than " + std::to_string(kMaxNames) + " names");
  Dentry dentry;
  dentry.parent = parent_name;
  WINNOW_TRY(dentry.name,
             read_text([&](auto* size, auto** e) { return libfsntfs_file_entry_get_utf16_name_size(made, size, e); },
                       [&](auto* text, auto size, auto** e) {
                         return libfsntfs_file_entry_get_utf16_name(made, text, size, e);
                       }));
  WINNOW_TRY(dentry.inode, inode_of(made, record));
  WINNOW_TRY(dentry.short_name, short_name(made, parent_record));
  const bool is_folder = (tree_.inodes[dentry.inode].attributes & kAttributeDirectory) != 0;
  const auto name = static_cast<std::uint32_t>(tree_.names.size());
  tree_.names.push_back(std::move(dentry));
  return is_folder ? read_folder(made, name, record, depth + 1) : Result<void>();
}

Result<std::uint32_t> NtfsTreeReader::inode_of(libfsntfs_file_entry_t* entry, std::uint64_t record) {
  const auto known = inodes_.find(record);
  if (known != inodes_.end()) return known->second;
  Inode inode;
  FsntfsError error;
  std::uint32_t attributes = 0;
  if (libfsntfs_file_entry_get_file_attribute_flags(entry, &attributes, error.out()) != 1) return fail(error.reason());
  const int is_folder = libfsntfs_file_entry_has_directory_entries_index(entry, error.out());
  if (is_folder < 0) return fail(error.reason());
  inode.attributes =
      attributes & kWindowsAttributes & ~(kAttributeNormal | kAttributeReparsePoint | kAttributeDirectory);
  if (is_folder == 1) inode.attributes |= kAttributeDirectory;
  WINNOW_CHECK(read_times(entry, inode));
  WINNOW_CHECK(read_descriptor(entry, inode));
  if (is_folder == 0) WINNOW_CHECK(read_data(entry, record, inode));
  WINNOW_CHECK(read_streams(entry, record, inode));
  if ((attributes & kAttributeReparsePoint) != 0) WINNOW_CHECK(read_reparse_point(entry, inode));
  WINNOW_TRY(const ByteCount stored, stored_bytes(entry));
  const auto number = static_cast<std::uint32_t>(tree_.inodes.size());
  tree_.inodes.push_back(std::move(inode));
  stored_.push_back(is_folder == 1 ? 0 : stored);
  records_.push_back(record);
  inodes_.emplace(record, number);
  return number;
}

Result<void> NtfsTreeReader::read_times(libfsntfs_file_entry_t* entry, Inode& inode) {
  FsntfsError error;
  if (libfsntfs_file_entry_get_creation_time(entry, &inode.times.created, error.out()) != 1 ||
      libfsntfs_file_entry_get_modification_time(entry, &inode.times.modified, error.out()) != 1 ||
      libfsntfs_file_entry_get_entry_modification_time(entry, &inode.times.changed, error.out()) != 1 ||
      libfsntfs_file_entry_get_access_time(entry, &inode.times.accessed, error.out()) != 1) {
    return fail(error.reason());
  }
  return {};
}

Result<void> NtfsTreeReader::read_descriptor(libfsntfs_file_entry_t* entry, Inode& inode) {
  Bytes descriptor;
  const auto number = descriptor_number(entry);
  if (const auto numbered = number ? numbered_.find(*number) : numbered_.end(); numbered != numbered_.end()) {
    descriptor = numbered->second;
  } else if (!number) {  // one of its own, or none
    FsntfsError error;
    std::size_t size = 0;
    const int found = libfsntfs_file_entry_get_security_descriptor_size(entry, &size, error.out());
    if (found < 0 || size > kMaxDescriptorBytes) return fail(error.reason());
    descriptor.resize(found == 0 ? 0 : size);
    if (!descriptor.empty() &&
        libfsntfs_file_entry_get_security_descriptor(entry, descriptor.data(), descriptor.size(), error.out()) != 1) {
      return fail(error.reason());
    }
  }
  const auto next = static_cast<std::uint32_t>(tree_.security_descriptors.size());
  const auto [place, is_new] = descriptors_.emplace(descriptor, next);
  if (is_new) tree_.security_descriptors.push_back(std::move(descriptor));
  inode.security = place->second;
  return {};
}

// Compressed streams, and those that the map says something else of, are libfsntfs's to read.
Content NtfsTreeReader::content_of(std::uint64_t record, std::optional<int> index, std::u16string_view name,
                                   ByteCount size) const {
  const NtfsFile* const file = shared_->map ? shared_->map->find(record) : nullptr;
  const NtfsAttribute* const stream = file != nullptr ? file->stream(name) : nullptr;
  if (stream != nullptr && !stream->is_compressed && !stream->is_encrypted && stream->size == size) {
    return Content::of_source(std::make_shared<PlainContent>(shared_, *stream));
  }
  return Content::of_source(std::make_shared<NtfsContent>(shared_, record, index, size));
}

Result<void> NtfsTreeReader::read_data(libfsntfs_file_entry_t* entry, std::uint64_t record, Inode& inode) {
  FsntfsError error;
  const int has_data = libfsntfs_file_entry_has_default_data_stream(entry, error.out());
  size64_t size = 0;
  if (has_data < 0 || (has_data == 1 && libfsntfs_file_entry_get_size(entry, &size, error.out()) != 1)) {
    return fail(error.reason());
  }
  if (size != 0) {
    inode.content = content_of(record, std::nullopt, {}, size);
  }
  return {};
}

Result<void> NtfsTreeReader::read_streams(libfsntfs_file_entry_t* entry, std::uint64_t record, Inode& inode) {
  FsntfsError error;
  int count = 0;
  if (libfsntfs_file_entry_get_number_of_alternate_data_streams(entry, &count, error.out()) != 1) {
    return fail(error.reason());
  }
  for (int i = 0; i < count; ++i) {
    libfsntfs_data_stream_t* made = nullptr;
    if (libfsntfs_file_entry_get_alternate_data_stream_by_index(entry, i, &made, error.out()) != 1) {
      return fail(error.reason());
    }
    const FsntfsStream stream(made);
    size64_t size = 0;
    if (libfsntfs_data_stream_get_size(made, &size, error.out()) != 1) return fail(error.reason());
    WINNOW_TRY(
        std::u16string name,
        read_text([&](auto* length, auto** e) { return libfsntfs_data_stream_get_utf16_name_size(made, length, e); },
                  [&](auto* text, auto length, auto** e) {
                    return libfsntfs_data_stream_get_utf16_name(made, text, length, e);
                  }));
    Content content = size == 0 ? Content::of_bytes({}) : content_of(record, i, name, size);
    if (!inode.extras) inode.extras = std::make_unique<InodeExtras>();
    inode.extras->streams.push_back({std::move(name), std::move(content)});
  }
  return {};
}

Result<FsntfsAttribute> NtfsTreeReader::find_attribute(libfsntfs_file_entry_t* entry, std::uint32_t type, int& from) {
  FsntfsError error;
  int count = 0;
  if (libfsntfs_file_entry_get_number_of_attributes(entry, &count, error.out()) != 1) return fail(error.reason());
  while (from < count) {
    libfsntfs_attribute_t* made = nullptr;
    std::uint32_t found = 0;
    if (libfsntfs_file_entry_get_attribute_by_index(entry, from++, &made, error.out()) != 1)
      return fail(error.reason());
    FsntfsAttribute attribute(made);
    if (libfsntfs_attribute_get_type(made, &found, error.out()) != 1) return fail(error.reason());
    if (found == type) return attribute;
  }
  return FsntfsAttribute();
}

Result<std::u16string> NtfsTreeReader::short_name(libfsntfs_file_entry_t* entry, std::uint64_t parent_record) {
  for (int at = 0;;) {
    WINNOW_TRY(const FsntfsAttribute attribute, find_attribute(entry, ntfs::kFileName, at));
    if (!attribute) return std::u16string();
    FsntfsError error;
    std::uint8_t name_space = 0;
    std::uint64_t parent = 0;
    if (libfsntfs_file_name_attribute_get_name_space(attribute.get(), &name_space, error.out()) != 1 ||
        libfsntfs_file_name_attribute_get_parent_file_reference(attribute.get(), &parent, error.out()) != 1) {
      return fail(error.reason());
    }
    if (name_space != ntfs::file_name::kDos || record_of_reference(parent) != parent_record) continue;
    return read_text(
        [&](auto* size, auto** e) {
          return libfsntfs_file_name_attribute_get_utf16_name_size(attribute.get(), size, e);
        },
        [&](auto* text, auto size, auto** e) {
          return libfsntfs_file_name_attribute_get_utf16_name(attribute.get(), text, size, e);
        });
  }
}

// libfsntfs gives the names in the data, not the data: it is put together again the way everybody lays it out, the name
// that counts before the one that is shown.
Bytes reparse_data(std::uint32_t tag, const std::u16string& target, const std::u16string& shown) {
  const auto target_bytes = static_cast<std::uint16_t>(target.size() * 2);
  const auto shown_bytes = static_cast<std::uint16_t>(shown.size() * 2);
  const bool ends_in_nul = tag == ntfs::kTagMountPoint;  // both names do
  Bytes data;
  ByteWriter out(data);
  out.le16(0);
  out.le16(target_bytes);
  out.le16(static_cast<std::uint16_t>(target_bytes + (ends_in_nul ? 2 : 0)));
  out.le16(shown_bytes);
  if (tag == ntfs::kTagSymlink) out.le32(target.starts_with(u"\\??\\") ? 0 : 1);  // 1: relative
  for (const std::u16string* name : {&target, &shown}) {
    for (const char16_t unit : *name) out.le16(unit);
    if (ends_in_nul) out.le16(0);
  }
  return data;
}

// The file as Windows shows it: its content, and nothing of how that is stored.
Result<void> NtfsTreeReader::unpack_content(libfsntfs_attribute_t* reparse_point, Inode& inode) {
  FsntfsError error;
  std::uint32_t method = 0;
  if (libfsntfs_reparse_point_attribute_get_compression_method(reparse_point, &method, error.out()) != 1) {
    return fail(error.reason());
  }
  if (!inode.extras) return fail("a compressed file has no stream WofCompressedData");
  std::vector<NamedStream>& streams = inode.extras->streams;
  const auto packed =
      std::find_if(streams.begin(), streams.end(), [](const NamedStream& stream) { return stream.name == kWofStream; });
  if (packed == streams.end()) return fail("a compressed file has no stream WofCompressedData");
  const ByteCount size = inode.content ? inode.content->size() : 0;
  WINNOW_TRY(inode.content, unpack_wof_content(packed->content, method, size));
  inode.attributes &= ~kAttributeSparse;
  streams.erase(packed);
  if (streams.empty()) inode.extras.reset();
  return {};
}

Result<void> NtfsTreeReader::read_reparse_point(libfsntfs_file_entry_t* entry, Inode& inode) {
  int at = 0;
  WINNOW_TRY(const FsntfsAttribute attribute, find_attribute(entry, ntfs::kReparsePoint, at));
  if (!attribute) return {};
  libfsntfs_attribute_t* const made = attribute.get();
  FsntfsError error;
  std::uint32_t tag = 0;
  if (libfsntfs_reparse_point_attribute_get_tag(made, &tag, error.out()) != 1) return fail(error.reason());
  if (tag == ntfs::kTagWof) return unpack_content(made, inode);
  if (tag != ntfs::kTagSymlink && tag != ntfs::kTagMountPoint) {
    return fail("a reparse point has the tag 0x" +
                to_hex(std::array{static_cast<std::uint8_t>(tag >> 24), static_cast<std::uint8_t>(tag >> 16),
                                  static_cast<std::uint8_t>(tag >> 8), static_cast<std::uint8_t>(tag)}) +
                ", whose data libfsntfs does not tell");
  }
  WINNOW_TRY(const std::u16string target,
             read_text(
                 [&](auto* size, auto** e) {
                   return libfsntfs_reparse_point_attribute_get_utf16_substitute_name_size(made, size, e);
                 },
                 [&](auto* text, auto size, auto** e) {
                   return libfsntfs_reparse_point_attribute_get_utf16_substitute_name(made, text, size, e);
                 }));
  WINNOW_TRY(
      const std::u16string shown,
      read_text([&](auto* size,
                    auto** e) { return libfsntfs_reparse_point_attribute_get_utf16_print_name_size(made, size, e); },
                [&](auto* text, auto size, auto** e) {
                  return libfsntfs_reparse_point_attribute_get_utf16_print_name(made, text, size, e);
                }));
  if (!inode.extras) inode.extras = std::make_unique<InodeExtras>();
  inode.extras->reparse = ReparsePoint{tag, reparse_data(tag, target, shown)};
  return {};
}

}  // namespace

Result<NtfsTree> read_ntfs_tree(std::shared_ptr<const VirtualDisk> disk, ByteCount offset, ByteCount size) {
  const auto shared = std::make_shared<SharedVolume>();
  shared->disk = disk;
  WINNOW_TRY(shared->volume, FsntfsVolume::open(disk, offset, size));
  if (auto map = read_ntfs_map(*disk, offset, size)) shared->map = std::move(*map);
  return NtfsTreeReader(shared).read();
}

}  // namespace winnow
