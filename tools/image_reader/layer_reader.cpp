#include "image_reader/layer_reader.hpp"

#include <archive_entry.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <set>

#include "base/interrupt.hpp"
#include "base/windows_path.hpp"
#include "image_reader/archive_handle.hpp"
#include "image_reader/layer_stream.hpp"
#include "image_reader/tar_attributes.hpp"

namespace winnow {

namespace {

// What libarchive reads the tar from, and where a failure of the stream below it waits to be reported.
struct TarSource {
  LayerStream stream;
  TarAttributes attributes;
  std::optional<Error> error;
};

la_ssize_t read_block(archive* handle, void* data, const void** buffer) {
  auto& source = *static_cast<TarSource*>(data);
  auto block = source.stream.next();
  if (!block) {
    archive_set_error(handle, EIO, "the stream below ended");
    source.error = std::move(block).error();
    return ARCHIVE_FATAL;
  }
  source.attributes.feed(*block);
  *buffer = block->data();
  return static_cast<la_ssize_t>(block->size());
}

// windows-formats.md 1.2: C:\ of the container, and C:\ of the utility VM.
constexpr std::string_view kFilesRoot = "Files";
constexpr std::string_view kUtilityVmRoot = "UtilityVM/Files";

bool is_root_entry(std::string_view name) {
  return name == kFilesRoot || name == kUtilityVmRoot || name == "UtilityVM";
}

// "Files/Windows" -> "Windows"; "UtilityVM/Files/EFI" as it is.
Result<WindowsPath> image_path(const std::string& name) {
  const bool in_files = name.starts_with(std::string(kFilesRoot) + "/");
  if (!in_files && !name.starts_with(std::string(kUtilityVmRoot) + "/")) {
    return fail("its entry " + name + " lies outside Files and UtilityVM/Files");
  }
  auto path = WindowsPath::parse(in_files ? std::string_view(name).substr(kFilesRoot.size() + 1) : name);
  if (!path) return fail("its entry " + name + " has a bad name: " + path.error().faults().front().message);
  if (path->name().starts_with(".wh.")) return fail("its entry " + name + " is a whiteout");
  return path;
}

std::string entry_text(const char* utf8, const char* raw) {
  std::string text = utf8 != nullptr ? utf8 : raw != nullptr ? raw : "";
  while (text.ends_with('/')) text.pop_back();  // some producers end directory names in '/'
  return text;
}

std::uint64_t filetime(bool is_set, time_t seconds, long nanoseconds) {
  return is_set ? to_filetime(seconds) + static_cast<std::uint64_t>(nanoseconds) / 100 : 0;
}

FileTimes times_of(archive_entry* entry) {
  const std::uint64_t modified = filetime(true, archive_entry_mtime(entry), archive_entry_mtime_nsec(entry));
  return {
      filetime(archive_entry_birthtime_is_set(entry) != 0, archive_entry_birthtime(entry),
               archive_entry_birthtime_nsec(entry)),
      modified,
      filetime(archive_entry_ctime_is_set(entry) != 0, archive_entry_ctime(entry), archive_entry_ctime_nsec(entry)),
      filetime(archive_entry_atime_is_set(entry) != 0, archive_entry_atime(entry), archive_entry_atime_nsec(entry))};
}

class LayerReader {
 public:
  LayerReader(LayerStream stream, std::size_t layer, std::size_t max_entries, const ContentFilter& wants_content,
              const EntrySink& sink)
      : source_{std::move(stream), {}, std::nullopt},
        layer_(layer),
        max_entries_(max_entries),
        wants_content_(wants_content),
        sink_(sink) {}

  Result<LayerContents> read();

 private:
  auto failure() { return source_.error ? fail(std::move(*source_.error)) : fail(archive_reason(handle_.get())); }
  Result<void> take_entry(archive_entry* entry);
  Result<ImageFile> describe(archive_entry* entry, const std::string& name);
  // Reads the content of the current entry: its digest, and the bytes too when `keep`.
  Result<Bytes> read_content(ImageFile& file, bool keep);
  Result<void> drain();
  void share_out();

  TarSource source_;
  ArchiveHandle handle_{archive_read_new()};
  std::size_t layer_;
  std::size_t max_entries_;
  const ContentFilter& wants_content_;
  const EntrySink& sink_;
  LayerContents contents_;
  std::set<WindowsPath> paths_;
  // Where in the tar each entry of `files` begins; a root entry or the end of the tar ends the one before it.
  struct Start {
    ByteCount tar_position = 0;
    std::optional<std::size_t> file;  // none: framing
  };
  std::vector<Start> starts_;
};

Result<LayerContents> LayerReader::read() {
  archive* handle = handle_.get();
  archive_read_support_format_tar(handle);
  archive_read_set_option(handle, "tar", "hdrcharset", "UTF-8");
  if (archive_read_open(handle, &source_, nullptr, read_block, nullptr) != ARCHIVE_OK) return failure();
  for (std::size_t count = 0; !contents_.stopped; ++count) {
    if (interrupted()) return fail("interrupted");
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(handle, &entry);
    if (status == ARCHIVE_EOF) break;
    if (status < ARCHIVE_WARN) return failure();
    if (count == max_entries_) return fail("it holds more than " + std::to_string(kMaxImageEntries) + " entries");
    WINNOW_CHECK(take_entry(entry));
  }
  if (contents_.stopped) return std::move(contents_);
  const auto end = static_cast<ByteCount>(archive_read_header_position(handle));
  starts_.push_back({end, std::nullopt});
  WINNOW_CHECK(drain());
  share_out();
  return std::move(contents_);
}

Result<void> LayerReader::take_entry(archive_entry* entry) {
  const std::string name = entry_text(archive_entry_pathname_utf8(entry), archive_entry_pathname(entry));
  const auto position = static_cast<ByteCount>(archive_read_header_position(handle_.get()));
  if (is_root_entry(name)) {
    starts_.push_back({position, std::nullopt});
    return {};
  }
  starts_.push_back({position, contents_.files.size()});
  WINNOW_TRY(ImageFile file, describe(entry, name));
  file.attributes = source_.attributes.take(position);
  file.security_descriptor = source_.attributes.descriptor();
  file.times = times_of(entry);
  Bytes content;
  if (!file.is_directory && file.link_target.empty()) {
    WINNOW_TRY(content, read_content(file, wants_content_(file)));
  }
  contents_.stopped = !sink_(file, content);
  contents_.files.push_back(std::move(file));
  return {};
}

Result<ImageFile> LayerReader::describe(archive_entry* entry, const std::string& name) {
  WINNOW_TRY(const WindowsPath path, image_path(name));
  if (!paths_.insert(path).second) return fail("its entry " + name + " occurs twice");
  ImageFile file;
  file.path = path.with_slashes();
  file.layer = layer_;
  const std::string link = entry_text(archive_entry_hardlink_utf8(entry), archive_entry_hardlink(entry));
  if (!link.empty()) {
    WINNOW_TRY(const WindowsPath target, image_path(link));
    if (!paths_.contains(target))
      return fail("its entry " + name + " links to " + link + ", which comes later or never");
    file.link_target = target.with_slashes();
    return file;
  }
  file.is_directory = archive_entry_filetype(entry) == AE_IFDIR;
  if (!file.is_directory && archive_entry_filetype(entry) != AE_IFREG) {
    return fail("its entry " + name + " is neither a file, a folder nor a hard link");
  }
  if (!file.is_directory) file.size = static_cast<ByteCount>(std::max<la_int64_t>(archive_entry_size(entry), 0));
  if (file.size > kMaxImageFileBytes) {
    return fail("its entry " + name + " is larger than " + std::to_string(kMaxImageFileBytes) + " bytes");
  }
  return file;
}

Result<Bytes> LayerReader::read_content(ImageFile& file, bool keep) {
  Bytes content;
  Sha256 hash;
  ByteCount total = 0;
  for (;;) {
    const void* block = nullptr;
    std::size_t length = 0;
    la_int64_t offset = 0;
    const int status = archive_read_data_block(handle_.get(), &block, &length, &offset);
    if (status == ARCHIVE_EOF) break;
    if (status < ARCHIVE_WARN) return failure();
    if (static_cast<ByteCount>(offset) != total) return fail("its entry " + file.path + " is sparse");
    const ByteView bytes(static_cast<const std::uint8_t*>(block), length);
    total += length;
    hash.update(bytes);
    if (keep) content.insert(content.end(), bytes.begin(), bytes.end());
  }
  if (total != file.size) return fail("its entry " + file.path + " is cut short");
  file.digest = hash.finish();
  return content;
}

// libarchive stops at the end mark; what follows it in the stream is counted, and its errors are seen.
Result<void> LayerReader::drain() {
  for (;;) {
    WINNOW_TRY(const ByteView block, source_.stream.next());
    if (block.empty()) break;
  }
  contents_.unpacked = source_.stream.unpacked();
  return {};
}

void LayerReader::share_out() {
  const StoredPositions& positions = source_.stream.positions();
  ByteCount framing = positions.at(starts_.front().tar_position);
  for (std::size_t i = 0; i < starts_.size(); ++i) {
    const ByteCount end = i + 1 < starts_.size() ? starts_[i + 1].tar_position : contents_.unpacked;
    const ByteCount share = positions.at(end) - positions.at(starts_[i].tar_position);
    if (starts_[i].file) {
      contents_.files[*starts_[i].file].stored = share;
    } else {
      framing += share;
    }
  }
  contents_.framing = framing;
}

}  // namespace

Result<LayerContents> read_layer(ByteView blob, std::size_t layer, std::size_t max_entries,
                                 const ContentFilter& wants_content, const EntrySink& sink) {
  WINNOW_TRY(LayerStream stream, LayerStream::open(blob));
  return LayerReader(std::move(stream), layer, max_entries, wants_content, sink).read();
}

}  // namespace winnow
