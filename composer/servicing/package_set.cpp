#include "servicing/package_set.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <variant>

#include "base/file_system.hpp"
#include "base/parallel.hpp"
#include "base/windows_path.hpp"
#include "payload/pa30.hpp"
#include "servicing/component_store.hpp"

namespace winnow {

namespace {

class PackageSetReader {
 public:
  PackageSetReader(std::vector<PayloadEntry> entries, std::string name, ByteView dictionary)
      : entries_(std::move(entries)), dictionary_(dictionary) {
    set_.name = std::move(name);
  }

  Result<PackageSet> read() {
    WINNOW_CHECK(index());
    read_manifests();
    if (!faults_.empty()) return fail(std::move(faults_).error());
    for (SetComponent& component : set_.components) find_payload(component);
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      if (!claimed_.contains(i)) set_.unclaimed.push_back(entries_[i].path);
    }
    std::sort(set_.unclaimed.begin(), set_.unclaimed.end());
    return std::move(set_);
  }

 private:
  // What one file turned out to be.
  using Part = std::variant<std::monostate, SetPackage, SetComponent, SetCatalog>;

  // A cabinet's names are checked when it is unpacked; those of a folder are not yet.
  Result<void> index() {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      Result<WindowsPath> path = WindowsPath::parse(entries_[i].path);
      if (!path) return fail("cannot take a file from " + set_.name + ": " + path.error().faults().front().message);
      const auto [other, is_new] = places_.emplace(std::move(*path), i);
      if (is_new) continue;
      return fail("cannot take \"" + entries_[i].path + "\" from " + set_.name + ": it differs from \"" +
                  entries_[other->second].path + "\" only in case");
    }
    return {};
  }

  [[nodiscard]] std::string shown(const std::string& file) const { return set_.name + "/" + file; }

  // Read in the order in which the entries came, which is how they lie on their medium; put together by their paths.
  void read_manifests() {
    std::vector<std::size_t> files;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      if (is_read(entries_[i].path)) files.push_back(i);
    }
    std::vector<Result<Part>> parts(files.size());
    parallel_for(files.size(), [&](std::size_t i) { parts[i] = read_part(entries_[files[i]]); });
    std::map<std::string_view, std::size_t> by_path;
    for (std::size_t i = 0; i < files.size(); ++i) by_path.emplace(entries_[files[i]].path, i);
    for (const auto& [path, i] : by_path) {
      claimed_.insert(files[i]);
      if (!parts[i]) {
        faults_.add(parts[i].error());
      } else {
        add(std::move(*parts[i]));
      }
    }
  }
  static bool is_read(std::string_view path) {
    return has_extension(path, ".mum") || has_extension(path, ".manifest") || has_extension(path, ".cat");
  }
  [[nodiscard]] Result<Part> read_part(const PayloadEntry& entry) const {
    WINNOW_TRY(Bytes bytes, load(entry));
    if (has_extension(entry.path, ".mum")) return read_package(entry.path, std::move(bytes));
    if (has_extension(entry.path, ".manifest")) return read_component(entry.path, bytes);
    WINNOW_TRY(SecurityCatalog catalog, SecurityCatalog::parse(bytes, shown(entry.path)));
    return SetCatalog{entry.path, std::move(catalog), sha256(bytes), bytes.size()};
  }
  // Of identical copies the first stays: "update.mum" comes after the package's own name.
  void add(Part part) {
    if (auto* package = std::get_if<SetPackage>(&part)) {
      if (seen_.insert(sha256(package->text)).second) set_.packages.push_back(std::move(*package));
    } else if (auto* component = std::get_if<SetComponent>(&part)) {
      set_.components.push_back(std::move(*component));
    } else if (auto* catalog = std::get_if<SetCatalog>(&part)) {
      if (seen_.insert(catalog->digest).second) set_.catalogs.push_back(std::move(*catalog));
    }
  }

  [[nodiscard]] Result<Bytes> load(const PayloadEntry& entry) const {
    if (entry.content.size() > kMaxStoredManifest) {
      return fail("cannot read " + shown(entry.path) + ": it has more than " + std::to_string(kMaxStoredManifest) +
                  " bytes");
    }
    auto content = entry.content.load();
    if (!content) return fail(std::move(content).error().with_note("wanted for " + shown(entry.path)));
    return Bytes(content->bytes().begin(), content->bytes().end());
  }
  [[nodiscard]] Result<Part> read_package(const std::string& file, Bytes bytes) const {
    WINNOW_TRY(PackageManifest manifest, parse_package_manifest(as_text(bytes), shown(file)));
    return SetPackage{file, std::move(bytes), std::move(manifest)};
  }
  [[nodiscard]] Result<Part> read_component(const std::string& file, ByteView bytes) const {
    SetComponent component{file, is_delta_manifest(bytes), {}, {}, {}};
    if (component.was_delta && dictionary_.empty()) {
      return fail("cannot read " + shown(file) + ": it is a delta (DCM), and no dictionary was given",
                  {"give the wcp.dll of a Windows of your own with --dcm-dictionary"});
    }
    WINNOW_TRY(component.text, expand_manifest(bytes, dictionary_, shown(file)));
    WINNOW_TRY(component.manifest, parse_component_manifest(as_text(component.text), shown(file)));
    return component;
  }

  // "<key form>/<name>" beside the manifest, else the same by the file's other name, else the same beside the folder of
  // the manifest (WinSxS/Manifests).
  void find_payload(SetComponent& component) {
    const WindowsPath folder = WindowsPath::parse(component.file).value().parent();
    const WindowsPath own = WindowsPath::parse(key_form(component.manifest.identity)).value_or(WindowsPath());
    for (const ComponentFile& file : component.manifest.files) {
      std::optional<std::size_t> found;
      for (const std::string* name : {&file.name, &file.source_name}) {
        const auto tail = WindowsPath::parse(*name);
        for (const WindowsPath& base : {folder, folder.parent()}) {
          if (found || !tail) continue;
          const auto place = places_.find(base / own / *tail);
          if (place != places_.end()) found = place->second;
        }
      }
      component.payload.emplace_back();
      if (!found) continue;
      claimed_.insert(*found);
      component.payload.back() = SetFile{entries_[*found].path, entries_[*found].content, *found};
    }
  }

  std::vector<PayloadEntry> entries_;
  ByteView dictionary_;
  PackageSet set_;
  Diagnostics faults_;
  std::map<WindowsPath, std::size_t> places_;
  std::set<std::size_t> claimed_;
  std::set<Digest> seen_;  // packages and catalogs
};

}  // namespace

Result<PackageSet> read_package_set(std::vector<PayloadEntry> entries, const std::string& name, ByteView dictionary) {
  return PackageSetReader(std::move(entries), name, dictionary).read();
}

Result<PackageSet> load_package_set(const std::filesystem::path& source, ByteView dictionary) {
  WINNOW_TRY(Payload payload, load_payload(source, std::nullopt));
  if (std::filesystem::is_directory(source)) {
    std::erase_if(payload.entries, [](const PayloadEntry& entry) { return has_extension(entry.path, ".cab"); });
  }
  return read_package_set(std::move(payload.entries), source.string(), dictionary);
}

}  // namespace winnow
