#include "servicing/media_opener.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "base/file_system.hpp"
#include "payload/cabinet.hpp"
#include "servicing/component_store.hpp"

namespace winnow {

namespace {

namespace fs = std::filesystem;

bool is_inner_media(std::string_view path) { return has_extension(path, ".cab"); }
bool is_manifest(std::string_view path) { return has_extension(path, ".mum") || has_extension(path, ".manifest"); }

MediaSet::FilesReader always(std::vector<PayloadEntry> files) {
  const auto shared = std::make_shared<const std::vector<PayloadEntry>>(std::move(files));
  return [shared]() -> Result<std::vector<PayloadEntry>> { return *shared; };
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}
bool is_below(std::string_view path, std::string_view folder) {
  return folder.empty() || (path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/');
}

// The topmost folders that hold a .mum file.
std::vector<std::string> package_folders(const std::vector<PayloadEntry>& files) {
  std::set<std::string> all;
  for (const PayloadEntry& file : files) {
    if (has_extension(file.path, ".mum")) all.insert(folder_of(file.path));
  }
  std::vector<std::string> topmost;
  for (const std::string& folder : all) {
    const auto holds = [&](const std::string& other) { return is_below(folder, other); };
    if (std::none_of(topmost.begin(), topmost.end(), holds)) topmost.push_back(folder);
  }
  return topmost;
}

}  // namespace

Result<void> MediaOpener::add_set(MediaSet set) {
  if (sets_.size() >= kMaxMediaSets) {
    return fail("cannot open " + set.name() + ": the media hold more than " + std::to_string(kMaxMediaSets) +
                " sets of packages");
  }
  sets_.push_back(std::move(set));
  return {};
}

Result<void> MediaOpener::add_path(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return add_folder(path);
  WINNOW_TRY(const MappedFile file, MappedFile::open(path));  // says why it cannot be read
  return add_set({path.string(), MediaSet::Kind::cabinet, [path]() -> Result<std::vector<PayloadEntry>> {
                    WINNOW_TRY(Payload payload, load_payload(path, std::nullopt));
                    return std::move(payload.entries);
                  }});
}

Result<void> MediaOpener::add_folder(const fs::path& folder) {
  WINNOW_TRY(Payload payload, load_payload(folder, std::nullopt));
  return add_tree(std::move(payload.entries), folder.string(), TreeKind::folder, 0);
}

Result<void> MediaOpener::add_tree(std::vector<PayloadEntry> files, const std::string& name, TreeKind kind, int depth) {
  if (has_component_store(files)) return add_store(std::move(files), name);
  WINNOW_CHECK(add_inner_media(files, name, depth));
  std::erase_if(files, [](const PayloadEntry& file) { return is_inner_media(file.path); });
  return add_manifest_folders(std::move(files), name, kind);
}

Result<void> MediaOpener::add_inner_media(const std::vector<PayloadEntry>& files, const std::string& name, int depth) {
  if (depth >= kMaxMediaDepth) return {};
  for (const PayloadEntry& file : files) {
    if (has_extension(file.path, ".cab")) WINNOW_CHECK(add_cabinet(file.content, name + "/" + file.path));
  }
  return {};
}

Result<void> MediaOpener::add_store(std::vector<PayloadEntry> files, const std::string& name) {
  std::optional<Content> hive, dictionary;
  for (const PayloadEntry& file : files) {
    if (is_software_hive(file.path)) hive = file.content;
    if (is_dictionary_file(file.path)) dictionary = file.content;
  }
  std::erase_if(files, [](const PayloadEntry& file) { return !is_store_file(file.path); });
  MediaSet set(name, MediaSet::Kind::store, always(std::move(files)));
  set.software_hive = std::move(hive);
  set.dictionary_file = std::move(dictionary);
  return add_set(std::move(set));
}

Result<void> MediaOpener::add_manifest_folders(std::vector<PayloadEntry> files, const std::string& name,
                                               TreeKind kind) {
  if (kind == TreeKind::folder) {
    const auto has_manifest = [](const PayloadEntry& file) { return is_manifest(file.path); };
    if (std::none_of(files.begin(), files.end(), has_manifest)) return {};
    return add_set({name, MediaSet::Kind::folder, always(std::move(files))});
  }
  for (const std::string& folder : package_folders(files)) {
    std::vector<PayloadEntry> part;
    for (const PayloadEntry& file : files) {
      if (!is_below(file.path, folder)) continue;
      part.push_back({file.path.substr(folder.empty() ? 0 : folder.size() + 1), file.content});
    }
    WINNOW_CHECK(
        add_set({folder.empty() ? name : name + "/" + folder, MediaSet::Kind::folder, always(std::move(part))}));
  }
  return {};
}

Result<void> MediaOpener::add_cabinet(const Content& content, const std::string& name) {
  return add_set({name, MediaSet::Kind::cabinet, [content, name]() -> Result<std::vector<PayloadEntry>> {
                    WINNOW_TRY(LoadedContent loaded, content.load());
                    const auto kept = std::make_shared<const LoadedContent>(std::move(loaded));
                    return unpack_cabinet({kept, kept->bytes()}, name);
                  }});
}

Result<Media> MediaOpener::finish(const std::string& name) && {
  if (sets_.empty() && images_.empty()) {
    return fail("cannot find packages in " + name + ": it has no cabinet and no manifest");
  }
  std::sort(sets_.begin(), sets_.end(), [](const MediaSet& a, const MediaSet& b) { return a.name() < b.name(); });
  return Media{name, std::move(sets_), std::move(images_)};
}

}  // namespace winnow
