#include "payload/wim_folders.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/round_up.hpp"
#include "base/utf16.hpp"
#include "formats/wim.hpp"
#include "payload/entry_path.hpp"
#include "payload/wim_file.hpp"

namespace winnow {

namespace {

// Of a directory entry.
constexpr std::size_t kAttributesAt = 8, kChildrenAt = 16, kHashAt = 64, kStreamsAt = 96, kShortNameAt = 98;
constexpr std::size_t kNameLengthAt = 100, kNameAt = 102;
// Of a stream entry.
constexpr std::size_t kStreamHashAt = 16, kStreamNameLengthAt = 36;
constexpr std::uint32_t kDirectory = 0x10, kReparsePoint = 0x400, kEncrypted = 0x4000;

Sha1Digest digest_at(ByteView bytes) {
  Sha1Digest digest;
  std::memcpy(digest.bytes.data(), bytes.data(), digest.bytes.size());
  return digest;
}

class FolderLister {
 public:
  FolderLister(ByteView metadata, const std::string& name)
      : metadata_(metadata), name_(name), entries_left_(metadata.size() / wim::kDentrySize + 1) {}

  Result<std::vector<WimFolderFile>> list() {
    const auto security = read_le<std::uint32_t>(metadata_, 0);
    if (!security) return fail("the folders of an image are empty");
    WINNOW_TRY(const Entry root, read_entry(round_up(std::max(*security, 8u), 8)));
    if (root.end == 0) return fail("the folders of an image have no root");
    if ((root.attributes & kDirectory) == 0) return fail("the root of an image is no folder");
    WINNOW_CHECK(list_folder(root.children, "", 0));
    return std::move(files_);
  }

 private:
  struct Entry {
    std::uint64_t end = 0;  // 0: the end of a list
    std::uint32_t attributes = 0;
    std::uint64_t children = 0;
    std::u16string name;
    Sha1Digest content;
  };

  Result<void> list_folder(std::uint64_t at, const std::string& path, std::size_t depth) {
    if (at == 0) return {};  // empty
    if (depth >= kMaxWimDepth) return fail("its folders are nested deeper than " + std::to_string(kMaxWimDepth));
    for (;;) {
      WINNOW_TRY(const Entry entry, read_entry(at));
      if (entry.end == 0) return {};
      at = entry.end;
      WINNOW_TRY(std::string below, join(path, entry.name));
      if ((entry.attributes & kReparsePoint) != 0) continue;
      if ((entry.attributes & kDirectory) != 0) {
        WINNOW_CHECK(list_folder(entry.children, below, depth + 1));
      } else if ((entry.attributes & kEncrypted) == 0) {
        files_.push_back({std::move(below), entry.content});
      }
    }
  }

  Result<Entry> read_entry(std::uint64_t at) {
    const auto length = read_le<std::uint64_t>(metadata_, at);
    if (!length) return fail("a folder lies outside the metadata of its image");
    if (*length <= wim::kListEnd) return Entry();
    const auto bytes = slice(metadata_, at, *length);
    if (!bytes || *length < wim::kDentrySize) return fail("an entry of a folder is cut off");
    if (entries_left_ == 0) return fail("its folders form a loop");
    --entries_left_;
    Entry entry;
    entry.attributes = read_le<std::uint32_t>(*bytes, kAttributesAt).value_or(0);
    entry.children = read_le<std::uint64_t>(*bytes, kChildrenAt).value_or(0);
    entry.content = digest_at(bytes->subspan(kHashAt));
    WINNOW_TRY(entry.name, read_name(*bytes));
    entry.end = round_up(at + *length, 8);
    const auto streams = read_le<std::uint16_t>(*bytes, kStreamsAt).value_or(0);
    for (std::uint16_t i = 0; i < streams; ++i) WINNOW_CHECK(read_stream(entry));
    return entry;
  }
  static Result<std::u16string> read_name(ByteView entry) {
    const auto size = read_le<std::uint16_t>(entry, kNameLengthAt).value_or(0);
    const auto bytes = slice(entry, kNameAt, size);
    if (!bytes || size % 2 != 0) return fail("a name of a folder's entry is cut off");
    std::u16string name(size / 2u, u'\0');
    for (std::size_t i = 0; i < name.size(); ++i) {
      name[i] = static_cast<char16_t>(read_le<std::uint16_t>(*bytes, 2 * i).value_or(0));
    }
    return name;
  }
  // An unnamed stream behind the entry is the content where the entry has none itself.
  Result<void> read_stream(Entry& entry) const {
    const auto length = read_le<std::uint64_t>(metadata_, entry.end);
    const auto bytes = length ? slice(metadata_, entry.end, *length) : std::nullopt;
    if (!bytes || *length < wim::kStreamEntrySize) return fail("a stream of a folder's entry is cut off");
    const bool is_unnamed = read_le<std::uint16_t>(*bytes, kStreamNameLengthAt).value_or(0) == 0;
    if (is_unnamed && entry.content == Sha1Digest{}) entry.content = digest_at(bytes->subspan(kStreamHashAt));
    entry.end = round_up(entry.end + *length, 8);
    return {};
  }

  Result<std::string> join(const std::string& folder, const std::u16string& name) {
    const std::optional<std::string> text = to_utf8(name);
    const std::string shown = quote_entry_name(folder + (folder.empty() ? "" : "/") + text.value_or("?"));
    const auto refuse = [&](const char* reason) {
      return fail("cannot take " + shown + " from " + name_ + ": " + reason);
    };
    if (!text) return refuse("its name is not well-formed UTF-16");
    if (text->empty() || text->find_first_of("/\\") != std::string::npos)
      return refuse("its name is no name of a file");
    if (*text == "." || *text == "..") return refuse("its path leaves its folder");
    std::string path = folder + (folder.empty() ? "" : "/") + *text;
    const auto checked = parse_entry_path(path);
    if (!checked) return refuse(checked.error().faults().front().message.c_str());
    return path;
  }

  ByteView metadata_;
  const std::string& name_;
  std::size_t entries_left_;
  std::vector<WimFolderFile> files_;
};

}  // namespace

Result<std::vector<WimFolderFile>> list_wim_folders(ByteView metadata, const std::string& name) {
  return FolderLister(metadata, name).list();
}

}  // namespace winnow
