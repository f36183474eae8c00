#include "image_reader/wim_tree.hpp"

#include <wimlib.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <set>
#include <utility>

#include "base/utf16.hpp"
#include "payload/open_file.hpp"
#include "payload/wim_resource.hpp"
#include "plan/file_tree.hpp"

namespace winnow {

namespace {

constexpr std::size_t kMaxNames = 8'000'000;
constexpr std::uint32_t kAttributeNormal = 0x80;
constexpr std::uint32_t kAttributeReparsePoint = 0x400;

std::string reason_of(int code) {
  return "libwim: " + ascii_lower(std::string(wimlib_get_error_string(static_cast<wimlib_error_code>(code))));
}

struct WimFree {
  void operator()(WIMStruct* wim) const { wimlib_free(wim); }
};

Sha1Digest hash_of(const wimlib_resource_entry& entry) {
  Sha1Digest digest;
  std::memcpy(digest.bytes.data(), entry.sha1_hash, digest.bytes.size());
  return digest;
}

// A blob: a whole resource, or a stretch of a solid one.
class WimContent final : public ContentSource {
 public:
  WimContent(std::shared_ptr<WimResourceReader> resource, ByteCount offset, ByteCount size, const Sha1Digest& digest)
      : resource_(std::move(resource)), offset_(offset), size_(size), digest_(digest) {}

  [[nodiscard]] ByteCount size() const override { return size_; }
  [[nodiscard]] Result<void> read(ByteCount offset, std::span<std::uint8_t> out) const override {
    WINNOW_CHECK(resource_->read(offset_ + offset, out));
    if (out.size() == size_ && sha1(out) != digest_) return fail("the SHA-1 of a file is not what the WIM says");
    return {};
  }

 private:
  std::shared_ptr<WimResourceReader> resource_;
  ByteCount offset_;
  ByteCount size_;
  Sha1Digest digest_;
};

std::uint64_t filetime(const wimlib_timespec& time, std::int32_t high) {
  const auto seconds = static_cast<std::int64_t>(static_cast<std::uint64_t>(static_cast<std::uint32_t>(time.tv_sec)) |
                                                 static_cast<std::uint64_t>(static_cast<std::uint32_t>(high)) << 32);
  return to_filetime(seconds) + static_cast<std::uint64_t>(time.tv_nsec) / 100;
}

class WimTreeReader {
 public:
  WimTreeReader(Content file, const wimlib_wim_info& info)
      : file_(std::move(file)), format_(info.compression_type), chunk_size_(info.chunk_size) {}

  // libwim's callback: 0 to go on.
  static int visit(const wimlib_dir_entry* entry, void* self) {
    auto& reader = *static_cast<WimTreeReader*>(self);
    if (auto added = reader.add(*entry); !added) {
      reader.error = std::move(added).error();
      return 1;
    }
    return 0;
  }

  WimTree out;
  std::optional<Error> error;

 private:
  Result<void> add(const wimlib_dir_entry& entry);
  Result<std::uint32_t> inode_of(const wimlib_dir_entry& entry);
  Result<void> add_streams(const wimlib_dir_entry& entry, Inode& inode, ByteCount& stored);
  Result<Content> content_of(const wimlib_resource_entry& entry, ByteCount& stored);
  std::uint32_t security_of(const wimlib_dir_entry& entry);

  Content file_;
  int format_;
  std::uint32_t chunk_size_;
  std::vector<std::uint32_t> folders_;             // names of the folders that lead to the entry visited last
  std::map<std::uint64_t, std::uint32_t> inodes_;  // hard link group to inode
  std::map<Bytes, std::uint32_t> descriptors_;
  std::map<ByteCount, std::shared_ptr<WimResourceReader>> resources_;  // by place
  std::set<Sha1Digest> counted_;
};

Result<void> WimTreeReader::add(const wimlib_dir_entry& entry) {
  if (out.tree.names.size() >= kMaxNames) return fail("it holds more than " + std::to_string(kMaxNames) + " names");
  if (entry.depth > folders_.size()) return fail("a file lies outside every folder");
  folders_.resize(entry.depth);
  Dentry dentry;
  dentry.parent = folders_.empty() ? 0 : folders_.back();
  const auto name = to_utf16(entry.filename == nullptr || entry.depth == 0 ? "" : entry.filename);
  const auto short_name = to_utf16(entry.dos_name == nullptr ? "" : entry.dos_name);
  if (!name || !short_name) return fail("a name is not well-formed UTF-16");
  dentry.name = *name;
  dentry.short_name = *short_name;
  WINNOW_TRY(dentry.inode, inode_of(entry));
  folders_.push_back(static_cast<std::uint32_t>(out.tree.names.size()));
  out.tree.names.push_back(std::move(dentry));
  return {};
}

std::uint32_t WimTreeReader::security_of(const wimlib_dir_entry& entry) {
  const ByteView bytes = entry.security_descriptor == nullptr
                             ? ByteView()
                             : as_bytes({entry.security_descriptor, entry.security_descriptor_size});
  const auto next = static_cast<std::uint32_t>(out.tree.security_descriptors.size());
  const auto [place, is_new] = descriptors_.emplace(Bytes(bytes.begin(), bytes.end()), next);
  if (is_new) out.tree.security_descriptors.push_back(place->first);
  return place->second;
}

Result<std::uint32_t> WimTreeReader::inode_of(const wimlib_dir_entry& entry) {
  const bool is_linked = entry.num_links > 1 && entry.hard_link_group_id != 0;
  if (is_linked) {
    const auto known = inodes_.find(entry.hard_link_group_id);
    if (known != inodes_.end()) return known->second;
  }
  Inode inode;
  inode.attributes = entry.attributes & ~(kAttributeNormal | kAttributeReparsePoint);
  inode.security = security_of(entry);
  inode.times.created = filetime(entry.creation_time, entry.creation_time_high);
  inode.times.modified = filetime(entry.last_write_time, entry.last_write_time_high);
  inode.times.accessed = filetime(entry.last_access_time, entry.last_access_time_high);
  inode.times.changed = inode.times.modified;
  ByteCount stored = 0;
  WINNOW_CHECK(add_streams(entry, inode, stored));
  const auto number = static_cast<std::uint32_t>(out.tree.inodes.size());
  out.tree.inodes.push_back(std::move(inode));
  out.stored.push_back(stored);
  if (is_linked) inodes_.emplace(entry.hard_link_group_id, number);
  return number;
}

// The first stream is the reparse point's data where there is one, else the file's own; the others have names.
Result<void> WimTreeReader::add_streams(const wimlib_dir_entry& entry, Inode& inode, ByteCount& stored) {
  const bool is_reparse = (entry.attributes & kAttributeReparsePoint) != 0;
  if (is_reparse || entry.num_named_streams > 0) inode.extras = std::make_unique<InodeExtras>();
  WINNOW_TRY(Content first, content_of(entry.streams[0].resource, stored));
  if (is_reparse) {
    WINNOW_TRY(const LoadedContent data, first.load());
    inode.extras->reparse = ReparsePoint{entry.reparse_tag, Bytes(data.bytes().begin(), data.bytes().end())};
  } else if (first.size() != 0) {
    inode.content = std::move(first);
  }
  for (std::size_t i = 1; i <= entry.num_named_streams; ++i) {
    const auto name = to_utf16(entry.streams[i].stream_name == nullptr ? "" : entry.streams[i].stream_name);
    if (!name) return fail("a stream's name is not well-formed UTF-16");
    WINNOW_TRY(Content content, content_of(entry.streams[i].resource, stored));
    inode.extras->streams.push_back({*name, std::move(content)});
  }
  return {};
}

Result<Content> WimTreeReader::content_of(const wimlib_resource_entry& entry, ByteCount& stored) {
  const Sha1Digest digest = hash_of(entry);
  if (digest == Sha1Digest{} || entry.uncompressed_size == 0) return Content::of_bytes({});
  if (entry.is_missing != 0) return fail("a file's content is not in it");
  const bool is_solid = entry.packed != 0;
  WimResourcePlace place{
      entry.offset, entry.compressed_size, entry.uncompressed_size, entry.is_compressed != 0, false, format_,
      chunk_size_};
  if (is_solid) {
    place = {entry.raw_resource_offset_in_wim,
             entry.raw_resource_compressed_size,
             entry.raw_resource_uncompressed_size,
             true,
             true,
             0,
             0};
  }
  if (!place.is_compressed) place.stored = place.size;
  std::shared_ptr<WimResourceReader>& resource = resources_[place.offset];
  if (!resource) resource = std::make_shared<WimResourceReader>(file_, place);
  if (counted_.insert(digest).second) {
    // Of a solid resource: in proportion.
    stored += is_solid ? static_cast<ByteCount>(static_cast<long double>(place.stored) *
                                                static_cast<long double>(entry.uncompressed_size) /
                                                static_cast<long double>(std::max<ByteCount>(place.size, 1)))
                       : place.stored;
  }
  return Content::of_source(
      std::make_shared<WimContent>(resource, is_solid ? entry.offset : 0, entry.uncompressed_size, digest));
}

}  // namespace

Result<WimTree> read_wim_tree(const std::filesystem::path& file) {
  WINNOW_TRY(Content input, open_file_content(file));
  WIMStruct* made = nullptr;
  if (const int code = wimlib_open_wim(file.c_str(), 0, &made); code != 0) return fail(reason_of(code));
  const std::unique_ptr<WIMStruct, WimFree> wim(made);
  wimlib_wim_info info{};
  if (const int code = wimlib_get_wim_info(made, &info); code != 0) return fail(reason_of(code));
  if (info.image_count == 0) return fail("it holds no image");
  if (info.total_parts != 1) return fail("it is a part of a split WIM");
  WimTreeReader reader(std::move(input), info);
  const int code = wimlib_iterate_dir_tree(made, 1, WIMLIB_WIM_ROOT_PATH, WIMLIB_ITERATE_DIR_TREE_FLAG_RECURSIVE,
                                           WimTreeReader::visit, &reader);
  if (reader.error) return fail(std::move(*reader.error));
  if (code != 0) return fail(reason_of(code));
  const char* name = wimlib_get_image_name(made, 1);
  reader.out.name = name == nullptr ? "" : name;
  return std::move(reader.out);
}

}  // namespace winnow
