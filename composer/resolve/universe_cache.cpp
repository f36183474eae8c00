#include "resolve/universe_cache.hpp"

#include <algorithm>
#include <set>
#include <system_error>
#include <tuple>
#include <vector>

#include "base/digest.hpp"
#include "base/log.hpp"
#include "base/utf16.hpp"
#include "resolve/request_reader.hpp"
#include "resolve/universe_builder.hpp"

namespace winnow {

namespace {

namespace fs = std::filesystem;

// To be raised whenever encode_universe() or what it calls makes another universe of the same feeds.
constexpr std::string_view kEncoding = "winnow-universe-encoding 5";
constexpr std::string_view kEnding = ".universe";
constexpr std::size_t kMostFiles = 64;

// All that encode_universe() depends on. Folders too: places in the universe name files below them.
std::string key_of(const Request& request, const Catalog& catalog, const UniverseRoots& roots) {
  std::string text = std::string(kEncoding) + "\n" + request.architecture + "\n";
  text += std::string(to_string(request.policy)) + "\n";
  text += request.measure == SizeMeasure::stored_alone ? "stored-alone\n" : "\n";
  const bool has_runtime = std::any_of(request.modules.begin(), request.modules.end(), [](const AppModule& module) {
    return ascii_iequals(module.path.name(), "coreclr.dll");
  });
  text += has_runtime ? "runtime\n" : "\n";
  for (const Feed& feed : catalog.feeds()) text += "feed " + feed.root.string() + " " + feed.digest.hex() + "\n";
  std::set<std::string> languages;
  for (const std::string& language : request.languages) languages.insert(ascii_lower(language));
  for (const std::string& language : languages) text += "language " + language + "\n";
  const auto add = [&](std::string_view what, ComponentId id) {
    text += std::string(what) + " " + key_form(catalog.components()[id].identity) + "\n";
  };
  for (const auto& [id, place] : excluded_components(request, catalog)) add("excluded", id);
  for (const ComponentId id : roots.named) add("named", id);
  for (const ComponentId id : roots.followed) add("root", id);
  return sha256(as_bytes(text)).hex();
}

void remove_oldest(const fs::path& folder) {
  std::vector<std::tuple<fs::file_time_type, fs::path>> files;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().extension() == kEnding) files.emplace_back(entry.last_write_time(ignored), entry.path());
  }
  if (files.size() <= kMostFiles) return;
  std::sort(files.begin(), files.end());
  for (std::size_t i = 0; i + kMostFiles < files.size(); ++i) fs::remove(std::get<1>(files[i]), ignored);
}

Result<EncodedUniverse> open_kept(const fs::path& file, const Catalog& catalog) {
  EncodedUniverse kept;
  WINNOW_TRY(kept.universe, UniverseFile::open(file));
  WINNOW_TRY(kept.components, components_of(kept.universe, catalog));
  return kept;
}

void keep(const Universe& universe, const fs::path& folder, const fs::path& file) {
  std::error_code ignored;
  fs::create_directories(folder, ignored);
  if (const auto written = UniverseFile::write(universe, file); !written) {
    log_info("nothing is kept for the next run: " + to_string(written.error()));
    return;
  }
  remove_oldest(folder);
}

}  // namespace

Result<EncodedUniverse> cached_universe(const fs::path& folder, const Request& request, const Catalog& catalog,
                                        const NeedReader& reader, const UniverseRoots& roots) {
  if (folder.empty()) return encode_universe(catalog, reader, roots, request.measure);
  const fs::path file = folder / (key_of(request, catalog, roots) + std::string(kEnding));
  std::error_code ignored;
  if (fs::exists(file, ignored)) {
    if (auto kept = open_kept(file, catalog)) return kept;
  }
  WINNOW_TRY(EncodedUniverse made, encode_universe(catalog, reader, roots, request.measure));
  keep(made.universe, folder, file);
  return made;
}

}  // namespace winnow
