#include "servicing/media_source.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <memory>
#include <system_error>
#include <utility>

#include "base/file_system.hpp"
#include "base/parallel.hpp"
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

tl::unexpected<Error> cannot_read(const std::string& path) {
  return fail("cannot read " + path + ": " + std::error_code(errno, std::generic_category()).message());
}

// The files of one folder of `root`, a line each with size and time, and the folders in it; one look at each.
Result<void> list_states(const std::string& root, const std::string& folder, std::vector<std::string>& lines,
                         std::vector<std::string>& folders) {
  const std::string path = folder.empty() ? root : root + "/" + folder;
  const std::unique_ptr<DIR, int (*)(DIR*)> listing(::opendir(path.c_str()), ::closedir);
  if (listing == nullptr) return cannot_read(path);
  while (const dirent* entry = ::readdir(listing.get())) {
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    const std::string below = folder.empty() ? name : folder + "/" + name;
    if (entry->d_type == DT_DIR) {
      folders.push_back(below);
      continue;
    }
    struct stat state {};
    if (::fstatat(::dirfd(listing.get()), name.c_str(), &state, AT_SYMLINK_NOFOLLOW) != 0) return cannot_read(path);
    if (S_ISDIR(state.st_mode)) {
      folders.push_back(below);
    } else if (S_ISREG(state.st_mode)) {
      lines.push_back(below + '\0' + std::to_string(state.st_size) + '\0' + std::to_string(state.st_mtim.tv_sec) + '.' +
                      std::to_string(state.st_mtim.tv_nsec) + '\n');
    } else {
      return fail("cannot take " + root + "/" + below + ": it is neither a file nor a folder");
    }
  }
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
  std::vector<std::string> lines, folders;
  WINNOW_CHECK(list_states(path.string(), "", lines, folders));
  while (!folders.empty()) {  // a level at a time, so that every core has some
    std::vector<std::vector<std::string>> below(folders.size()), found(folders.size());
    std::vector<Result<void>> listed(folders.size());
    parallel_for(folders.size(),
                 [&](std::size_t i) { listed[i] = list_states(path.string(), folders[i], found[i], below[i]); });
    folders.clear();
    for (std::size_t i = 0; i < listed.size(); ++i) {
      WINNOW_CHECK(listed[i]);
      std::move(found[i].begin(), found[i].end(), std::back_inserter(lines));
      std::move(below[i].begin(), below[i].end(), std::back_inserter(folders));
    }
  }
  std::sort(lines.begin(), lines.end());
  for (const std::string& line : lines) digest.update(as_bytes(line));
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
