#include "servicing/package_set.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

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
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const std::string& path = entries_[i].path;
      if (has_extension(path, ".mum")) take(i, &PackageSetReader::read_package);
      if (has_extension(path, ".manifest")) take(i, &PackageSetReader::read_component);
      if (has_extension(path, ".cat")) take(i, &PackageSetReader::read_catalog);
    }
    if (!faults_.empty()) return fail(std::move(faults_).error());
    for (SetComponent& component : set_.components) find_payload(component);
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      if (!claimed_.contains(i)) set_.unclaimed.push_back(entries_[i].path);
    }
    return std::move(set_);
  }

 private:
  using Reading = Result<void> (PackageSetReader::*)(const std::string& file, Bytes bytes);

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

  void take(std::size_t entry, Reading reading) {
    claimed_.insert(entry);
    Result<Bytes> bytes = load(entries_[entry]);
    if (!bytes) return faults_.add(bytes.error());
    if (auto done = (this->*reading)(entries_[entry].path, std::move(*bytes)); !done) faults_.add(done.error());
  }
  [[nodiscard]] Result<Bytes> load(const PayloadEntry& entry) const {
    if (entry.content.size() > kMaxStoredManifest) {
      return fail("cannot read " + shown(entry.path) + ": it has more than " + std::to_string(kMaxStoredManifest) +
                  " bytes");
    }
    WINNOW_TRY(const LoadedContent content, entry.content.load());
    return Bytes(content.bytes().begin(), content.bytes().end());
  }

  Result<void> read_package(const std::string& file, Bytes bytes) {
    for (const SetPackage& other : set_.packages) {
      if (other.text == bytes) return {};  // "update.mum" comes after the package's own name
    }
    WINNOW_TRY(PackageManifest manifest, parse_package_manifest(as_text(bytes), shown(file)));
    set_.packages.push_back({file, std::move(bytes), std::move(manifest)});
    return {};
  }
  Result<void> read_component(const std::string& file, Bytes bytes) {
    SetComponent component{file, is_delta_manifest(bytes), {}, {}, {}};
    if (component.was_delta && dictionary_.empty()) {
      return fail("cannot read " + shown(file) + ": it is a delta (DCM), and no dictionary was given",
                  {"give the wcp.dll of a Windows of your own with --dcm-dictionary"});
    }
    WINNOW_TRY(component.text, expand_manifest(bytes, dictionary_, shown(file)));
    WINNOW_TRY(component.manifest, parse_component_manifest(as_text(component.text), shown(file)));
    set_.components.push_back(std::move(component));
    return {};
  }
  Result<void> read_catalog(const std::string& file, Bytes bytes) {
    const Digest digest = sha256(bytes);
    if (!catalog_digests_.insert(digest).second) return {};
    WINNOW_TRY(SecurityCatalog catalog, SecurityCatalog::parse(bytes, shown(file)));
    set_.catalogs.push_back({file, std::move(catalog), digest, bytes.size()});
    return {};
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
      component.payload.back() = SetFile{entries_[*found].path, entries_[*found].content};
    }
  }

  std::vector<PayloadEntry> entries_;
  ByteView dictionary_;
  PackageSet set_;
  Diagnostics faults_;
  std::map<WindowsPath, std::size_t> places_;
  std::set<std::size_t> claimed_;
  std::set<Digest> catalog_digests_;
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
