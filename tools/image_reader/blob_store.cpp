#include "image_reader/blob_store.hpp"

#include <archive_entry.h>

#include <utility>

#include "image_reader/archive_handle.hpp"
#include "image_reader/image_reader.hpp"

namespace winnow {

namespace fs = std::filesystem;

namespace {

// "./index.json" and "index.json" are one name.
std::string member_name(archive_entry* entry) {
  const char* name = archive_entry_pathname(entry);
  std::string text = name == nullptr ? "" : name;
  if (text.starts_with("./")) text.erase(0, 2);
  return text;
}

// The content of the current member as a view into `tar`. libarchive hands out pointers into a memory archive; a member
// it has to rebuild (sparse) is none we take.
Result<ByteView> member_content(archive* handle, archive_entry* entry, ByteView tar, const std::string& name) {
  const auto size = static_cast<std::uint64_t>(archive_entry_size(entry));
  if (size == 0) return tar.first(0);
  const void* block = nullptr;
  std::size_t length = 0;
  la_int64_t offset = 0;
  const int status = archive_read_data_block(handle, &block, &length, &offset);
  if (status < ARCHIVE_WARN) return fail(archive_reason(handle));
  const auto* data = static_cast<const std::uint8_t*>(block);
  const bool is_whole = status == ARCHIVE_OK && offset == 0 && length == size;
  if (!is_whole || std::less<>()(data, tar.data()) || std::less<>()(tar.data() + tar.size(), data + length)) {
    return fail("its member " + name + " is cut short or sparse");
  }
  return ByteView(data, length);
}

}  // namespace

Result<BlobStore> BlobStore::open(const fs::path& image) {
  std::error_code ignored;
  return fs::is_directory(image, ignored) ? open_folder(image) : open_archive(image);
}

const ByteView* BlobStore::find(const std::string& name) const {
  const auto found = blobs_.find(name);
  return found == blobs_.end() ? nullptr : &found->second;
}

Result<BlobStore> BlobStore::open_folder(const fs::path& folder) {
  BlobStore store;
  WINNOW_TRY(const auto entries, list_tree(folder));
  if (entries.size() > kMaxImageEntries)
    return fail("it holds more than " + std::to_string(kMaxImageEntries) + " files");
  for (const DirectoryEntry& entry : entries) {
    if (entry.is_directory) continue;
    WINNOW_TRY(MappedFile file, MappedFile::open(folder / entry.path));
    store.stored_ += file.bytes().size();
    store.blobs_.emplace(entry.path, file.bytes());
    store.files_.push_back(std::move(file));
  }
  return store;
}

Result<BlobStore> BlobStore::open_archive(const fs::path& path) {
  BlobStore store;
  WINNOW_TRY(MappedFile file, MappedFile::open(path));
  const ByteView tar = file.bytes();
  store.files_.push_back(std::move(file));
  store.stored_ = tar.size();
  WINNOW_CHECK(store.read_members(tar));
  return store;
}

Result<void> BlobStore::read_members(ByteView tar) {
  const ArchiveHandle handle(archive_read_new());
  archive_read_support_format_tar(handle.get());
  if (archive_read_open_memory(handle.get(), tar.data(), tar.size()) != ARCHIVE_OK) {
    return fail("it is no tar archive: " + archive_reason(handle.get()));
  }
  archive_entry* entry = nullptr;
  for (std::size_t count = 0;; ++count) {
    const int status = archive_read_next_header(handle.get(), &entry);
    if (status == ARCHIVE_EOF) return {};
    if (status < ARCHIVE_WARN) {
      return fail((count == 0 ? "it is no tar archive: " : "") + archive_reason(handle.get()));
    }
    if (count == kMaxImageEntries) return fail("it holds more than " + std::to_string(kMaxImageEntries) + " members");
    if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != nullptr) continue;
    const std::string name = member_name(entry);
    WINNOW_TRY(const ByteView content, member_content(handle.get(), entry, tar, name));
    if (!blobs_.emplace(name, content).second) return fail("its member " + name + " occurs twice");
  }
}

}  // namespace winnow
