#include "size_analyzer/scan_folder.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include "base/file_system.hpp"
#include "base/interrupt.hpp"
#include "base/utf16.hpp"
#include "image_reader/folder_tree.hpp"
#include "image_reader/volume_files.hpp"
#include "size_analyzer/image_examiner.hpp"

namespace winnow {

namespace fs = std::filesystem;

namespace {

constexpr ByteCount kMaxManifestBytes = 1 << 20;
constexpr std::string_view kPayloadFolder = "payload/";

// Docker's list of images, not any program's manifest.json.
bool is_docker_list(const fs::path& file) {
  const auto text = read_file(file, kMaxManifestBytes);
  if (!text) return false;
  const std::string_view start = as_text(*text);
  return start.starts_with('[') && start.find("\"Layers\"") != std::string_view::npos;
}

// What lies in a feed's folder, read once.
struct FeedPayload {
  std::map<Digest, ContentTraits> traits;
  std::map<Digest, ByteCount> stored;
  std::map<std::string, ByteCount> others;  // by first folder or file
  ByteCount total = 0;
};

Result<FeedPayload> read_payload(const fs::path& folder) {
  WINNOW_TRY(const auto entries, list_tree(folder));
  FeedPayload payload;
  for (const DirectoryEntry& entry : entries) {
    if (entry.is_directory) continue;
    if (interrupted()) return fail("interrupted");
    payload.total += entry.size;
    if (!entry.path.starts_with(kPayloadFolder)) {
      payload.others[entry.path.substr(0, entry.path.find('/'))] += entry.size;
      continue;
    }
    WINNOW_TRY(const MappedFile file, MappedFile::open(folder / entry.path));
    const Digest digest = sha256(file.bytes());
    payload.traits.try_emplace(digest, examine_content(entry.path.substr(entry.path.rfind('/') + 1), file.bytes()));
    payload.stored[digest] += entry.size;
  }
  return payload;
}

// "An open-source Win32 userland: the …" -> "an open-source Win32 userland", to stand inside a sentence.
std::string opening_words(const std::string& text) {
  std::string words = text.substr(0, text.find_first_of(":.;\n"));
  if (!words.empty()) words.front() = ascii_lower(words.substr(0, 1)).front();
  return words;
}

std::vector<ImageFile> files_of(const FeedIndex& index) {
  std::vector<ImageFile> files;
  std::set<std::pair<WindowsPath, Digest>> seen;
  for (const IndexedComponent& component : index.components) {
    for (const IndexedFile& indexed : component.files) {
      const auto path = WindowsPath::parse(indexed.path);
      if (!path || !seen.emplace(*path, indexed.digest).second) continue;
      ImageFile file;
      file.path = path->with_slashes();
      file.size = indexed.size;
      file.digest = indexed.digest;
      files.push_back(std::move(file));
    }
  }
  return files;
}

}  // namespace

FolderKind kind_of_folder(const fs::path& folder) {
  std::error_code code;
  if (fs::exists(folder / "index.xml", code)) return FolderKind::feed;
  const bool is_layout = fs::exists(folder / "oci-layout", code) || fs::exists(folder / "index.json", code) ||
                         is_docker_list(folder / "manifest.json");
  return is_layout ? FolderKind::layout : FolderKind::plain;
}

Result<void> scan_plain_folder(const fs::path& folder, ScannedImage& image) {
  image.format = "folder";
  VolumeImage volume;
  WINNOW_TRY(volume.tree, scan_folder(folder));
  ByteCount total = 0;
  for (const Inode& inode : volume.tree.inodes) {
    volume.stored.push_back(inode.content ? inode.content->size() : 0);
    total += volume.stored.back();
  }
  ImageExaminer examiner(image);
  const auto visitor = [&examiner](const ImageFile& file, ByteView content) { return examiner.see(file, content); };
  std::optional<Error> visitor_error;
  const auto read = read_volume_files(volume, folder, visitor, image.info, visitor_error);
  if (!read) {
    return fail(
        visitor_error
            ? *visitor_error
            : Error(Fault{{}, "cannot measure " + folder.string() + ": " + read.error().faults().front().message, {}}));
  }
  examiner.finish();
  image.info.stored = total;
  return {};
}

Result<void> scan_feed(const fs::path& folder, ScannedImage& image) {
  image.format = "feed";
  WINNOW_TRY(image.feed, FeedBaseline::load(folder));
  WINNOW_TRY(FeedPayload payload, read_payload(folder));
  const FeedIndex& index = image.feed->index();
  image.info.tag = index.name + " " + index.version;
  const std::string words = opening_words(index.description);
  if (!words.empty()) image.info.tag += ": " + words;
  image.info.files = files_of(index);
  image.info.stored = payload.total;
  for (ImageFile& file : image.info.files) {
    const auto traits = payload.traits.find(file.digest);
    image.traits.push_back(traits == payload.traits.end() ? ContentTraits() : traits->second);
    const auto stored = payload.stored.find(file.digest);
    if (stored != payload.stored.end()) file.stored = std::exchange(stored->second, 0);
  }
  ByteCount unused = 0;
  for (const auto& [digest, stored] : payload.stored) unused += stored;
  payload.others["payload that the index does not name"] += unused;
  for (const auto& [name, stored] : payload.others) {
    image.overheads.push_back({ByteKind::container_format, name, 0, {0, 0, stored}});
  }
  return {};
}

}  // namespace winnow
