#include "servicing/media_opener.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <set>
#include <utility>

#include "payload/cabinet.hpp"
#include "payload/disc_image.hpp"
#include "payload/open_file.hpp"
#include "servicing/component_store.hpp"
#include "servicing/wim_images.hpp"

namespace winnow {

namespace {

namespace fs = std::filesystem;

constexpr ByteCount kMagicSize = 8;

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

Result<std::vector<PayloadEntry>> unpack_content(const Content& content, const std::string& name) {
  WINNOW_TRY(LoadedContent loaded, content.load());
  const auto kept = std::make_shared<const LoadedContent>(std::move(loaded));
  return unpack_cabinet({kept, kept->bytes()}, name);
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
  named_ = path;
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return add_folder(path);
  WINNOW_TRY(const bool is_media, add_host_file(path, 0));
  if (is_media) return {};
  // An archive of any kind with an expanded package; or an error that says what it is not.
  return add_set({path.string(), MediaSet::Kind::cabinet, [path]() -> Result<std::vector<PayloadEntry>> {
                    WINNOW_TRY(Payload payload, load_payload(path, std::nullopt));
                    return std::move(payload.entries);
                  }});
}

Result<bool> MediaOpener::add_host_file(const fs::path& file, int depth) {
  WINNOW_TRY(const Content content, open_file_content(file));
  Bytes start(static_cast<std::size_t>(std::min<ByteCount>(content.size(), kMagicSize)));
  WINNOW_CHECK(content.read(0, start));
  const std::string name = file.string();
  if (is_cabinet(start)) {
    const Content mapped = Content::of_file(file, content.size());
    WINNOW_CHECK(has_extension(name, ".msu") ? add_update(mapped, name, depth) : add_cabinet(mapped, name));
  } else if (is_wim(start)) {
    WINNOW_CHECK(add_wim(content, name, depth));
  } else {
    WINNOW_TRY(const bool is_a_disc, is_disc(content));
    if (!is_a_disc) return add_image(file);
    WINNOW_TRY(std::vector<PayloadEntry> files, read_disc(file));
    WINNOW_CHECK(add_tree(std::move(files), name, TreeKind::disc, depth + 1));
  }
  return true;
}

Result<bool> MediaOpener::add_image(const fs::path& image) {
  if (!options_.read_image) return false;
  const PathFilter is_wanted = [](std::string_view path) { return is_store_file(path) || is_software_hive(path); };
  WINNOW_TRY(std::optional<std::vector<PayloadEntry>> files, options_.read_image(image, is_wanted));
  if (!files) return false;
  if (!has_component_store(*files)) {
    return fail("cannot find packages in " + image.string() + ": the image has no component store",
                {"its manifests would lie in Windows/WinSxS/Manifests and Windows/servicing/Packages"});
  }
  WINNOW_CHECK(add_store(std::move(*files), image.string()));
  return true;
}

Result<void> MediaOpener::add_folder(const fs::path& folder) {
  std::error_code ignored;
  if (fs::exists(folder / "index.json", ignored) || fs::exists(folder / "manifest.json", ignored)) {
    WINNOW_TRY(const bool is_image, add_image(folder));
    if (is_image) return {};
  }
  WINNOW_TRY(Payload payload, load_payload(folder, std::nullopt));
  std::vector<PayloadEntry> files;
  for (PayloadEntry& file : payload.entries) {
    bool is_opened = false;
    const bool is_disk = has_extension(file.path, ".vhd") || has_extension(file.path, ".vhdx");
    if (is_disk || has_extension(file.path, ".iso")) {
      WINNOW_TRY(is_opened, add_host_file(folder / file.path, 0));
    }
    if (!is_opened) files.push_back(std::move(file));
  }
  return add_tree(std::move(files), folder.string(), TreeKind::folder, 0);
}

Result<void> MediaOpener::add_tree(std::vector<PayloadEntry> files, const std::string& name, TreeKind kind, int depth) {
  if (depth > kMaxMediaDepth) {
    return fail("cannot open " + name + ": it is the level " + std::to_string(depth) + " of media in media, at most " +
                std::to_string(kMaxMediaDepth) + " are opened");
  }
  if (has_component_store(files)) return add_store(std::move(files), name);
  std::vector<PayloadEntry> others;
  for (PayloadEntry& file : files) {
    WINNOW_TRY(const bool is_media, add_inner_file(file, name + "/" + file.path, depth + 1));
    if (!is_media) others.push_back(std::move(file));
  }
  return add_manifest_folders(std::move(others), name, kind);
}

Result<bool> MediaOpener::add_inner_file(const PayloadEntry& file, const std::string& name, int depth) {
  if (has_extension(file.path, ".cab")) {
    WINNOW_CHECK(add_cabinet(file.content, name));
  } else if (has_extension(file.path, ".msu")) {
    WINNOW_CHECK(add_update(file.content, name, depth));
  } else if (has_extension(file.path, ".wim") || has_extension(file.path, ".esd")) {
    WINNOW_CHECK(add_wim(file.content, name, depth));
  } else {
    return false;
  }
  return true;
}

// A cabinet or WIM file with the cabinets of an update.
Result<void> MediaOpener::add_update(const Content& content, const std::string& name, int depth) {
  Bytes start(static_cast<std::size_t>(std::min<ByteCount>(content.size(), kMagicSize)));
  WINNOW_CHECK(content.read(0, start));
  if (is_wim(start)) return add_wim(content, name, depth);
  WINNOW_TRY(std::vector<PayloadEntry> files, unpack_content(content, name));
  return add_tree(std::move(files), name, TreeKind::disc, depth + 1);
}

Result<void> MediaOpener::add_wim(const Content& content, const std::string& name, int depth) {
  WINNOW_TRY(WimReader file, WimReader::open(content, name));
  WINNOW_TRY(std::vector<MediaImage> images, parse_wim_images(file.xml(), file.image_count(), name));
  wims_.push_back({std::move(file), images_.size(), depth});
  images_.insert(images_.end(), std::make_move_iterator(images.begin()), std::make_move_iterator(images.end()));
  return {};
}

Result<void> MediaOpener::add_wim_image(const OpenWim& wim, std::size_t image) {
  MediaImage& row = images_[image];
  row.is_open = true;
  WINNOW_TRY(std::vector<PayloadEntry> files, wim.file.files(row.index));
  return add_tree(std::move(files), row.file + "/" + std::to_string(row.index), TreeKind::disc, wim.depth + 1);
}

// WIM files that lie in images are found on the way: those with one image are opened too.
Result<Media> MediaOpener::finish(const std::string& name) && {
  const bool is_wim_named = wims_.size() == 1 && images_.size() > 1 && images_.front().file == named_.string();
  std::optional<std::size_t> chosen;
  if (is_wim_named || !options_.image.empty()) {
    WINNOW_TRY(chosen, choose_wim_image(images_, options_.image, name));
  }
  for (std::size_t i = 0; i < wims_.size(); ++i) {
    const OpenWim wim = wims_[i];
    const std::size_t count = wim.file.image_count();
    const bool has_chosen = chosen && *chosen >= wim.first_image && *chosen < wim.first_image + count;
    if (has_chosen) WINNOW_CHECK(add_wim_image(wim, *chosen));
    if (!chosen && count == 1) WINNOW_CHECK(add_wim_image(wim, wim.first_image));
  }
  if (sets_.empty() && images_.empty()) {
    return fail("cannot find packages in " + name + ": it has no cabinet and no manifest");
  }
  if (sets_.empty() &&
      std::any_of(images_.begin(), images_.end(), [](const MediaImage& image) { return image.is_open; })) {
    return fail("cannot find packages in " + name + ": it has no cabinet, no manifest and no component store");
  }
  std::sort(sets_.begin(), sets_.end(), [](const MediaSet& a, const MediaSet& b) { return a.name() < b.name(); });
  return Media{name, std::move(sets_), std::move(images_)};
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
  return add_set({name, MediaSet::Kind::cabinet, [content, name] { return unpack_content(content, name); }});
}

}  // namespace winnow
