#include "servicing/media_source.hpp"

#include <algorithm>
#include <utility>

#include "base/file_system.hpp"
#include "servicing/delta_dictionary.hpp"
#include "servicing/media_opener.hpp"

namespace winnow {

namespace {

namespace fs = std::filesystem;

Result<void> add_state(const fs::path& file, const std::string& name, Sha256& digest) {
  WINNOW_TRY(const InputFile input, InputFile::open(file));
  WINNOW_TRY(const FileState state, input.state());
  const std::string line = name + '\0' + std::to_string(state.size) + '\0' + std::to_string(state.modified) + '\n';
  digest.update(as_bytes(line));
  return {};
}

}  // namespace

Result<PackageSet> MediaSet::read(ByteView dictionary) const {
  WINNOW_TRY(std::vector<PayloadEntry> entries, files());
  return read_package_set(std::move(entries), name_, dictionary);
}

Result<Media> open_media(const fs::path& path, const MediaOptions& options) {
  MediaOpener opener(options);
  WINNOW_CHECK(opener.add_path(path));
  return std::move(opener).finish(path.string());
}

Result<Digest> media_fingerprint(const fs::path& path, const MediaOptions& options) {
  Sha256 digest;
  digest.update(as_bytes("winnow-media-1\n" + fs::absolute(path).lexically_normal().string() + '\n'));
  digest.update(as_bytes(options.image + '\n'));
  std::error_code ignored;
  if (!fs::is_directory(path, ignored)) {
    WINNOW_CHECK(add_state(path, "", digest));
    return std::move(digest).finish();
  }
  WINNOW_TRY(const std::vector<DirectoryEntry> listed, list_tree(path));
  for (const DirectoryEntry& entry : listed) {
    if (!entry.is_directory) WINNOW_CHECK(add_state(path / entry.path, entry.path, digest));
  }
  return std::move(digest).finish();
}

Result<Bytes> media_dictionary(const Media& media) {
  for (const MediaSet& set : media.sets) {
    if (!set.dictionary_file || set.dictionary_file->size() > kMaxDictionarySource) continue;
    WINNOW_TRY(const LoadedContent loaded, set.dictionary_file->load());
    return delta_dictionary_of(loaded.bytes(), "wcp.dll of " + set.name());
  }
  return Bytes();
}

}  // namespace winnow
