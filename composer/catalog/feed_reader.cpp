#include "catalog/feed_reader.hpp"

#include <utility>

#include "base/file_system.hpp"
#include "catalog/media_feed.hpp"
#include "manifest/macros.hpp"
#include "manifest/xml_text.hpp"

namespace winnow {

namespace {

// Manifests and payload in folders beside index.xml.
class FolderStore final : public FeedStore {
 public:
  explicit FolderStore(std::filesystem::path root) : root_(std::move(root)) {}

  Result<ComponentManifest> component(const CatalogComponent& component) const override {
    const std::string path = manifest_name(component);
    WINNOW_TRY(const Bytes bytes, component_text(component));
    WINNOW_TRY(ComponentManifest manifest, parse_component_manifest(as_text(bytes), path));
    WINNOW_CHECK(check_identity(manifest.identity, component.identity, path));
    WINNOW_CHECK(check_files(manifest, component, path));
    if (manifest.provides != component.provides) {
      return disagreement(path, "it provides other capabilities than its index says");
    }
    return manifest;
  }
  Result<PackageManifest> package(const CatalogPackage& package) const override {
    const std::string path = manifest_name(package);
    WINNOW_TRY(const Bytes bytes, package_text(package));
    WINNOW_TRY(PackageManifest manifest, parse_package_manifest(as_text(bytes), path));
    WINNOW_CHECK(check_identity(manifest.identity, package.identity, path));
    return manifest;
  }
  Result<Bytes> component_text(const CatalogComponent& component) const override {
    return read_pinned(manifest_name(component), component.manifest_digest);
  }
  Result<Bytes> package_text(const CatalogPackage& package) const override {
    return read_pinned(manifest_name(package), package.manifest_digest);
  }
  std::optional<SigningCatalog> catalog_of(const CatalogComponent&) const override { return std::nullopt; }
  std::optional<SigningCatalog> catalog_of(const CatalogPackage&) const override { return std::nullopt; }
  bool has_payload(const CatalogComponent&) const override { return true; }
  Content payload(const CatalogComponent& component, const ComponentFile& file) const override {
    return Content::of_file(payload_name(component, file), file.size);
  }
  std::string manifest_name(const CatalogComponent& component) const override {
    return (root_ / "manifests" / (key_form(component.identity) + ".manifest")).string();
  }
  std::string manifest_name(const CatalogPackage& package) const override {
    return (root_ / "packages" / (package_id(package.identity) + ".mum")).string();
  }
  std::string payload_name(const CatalogComponent& component, const ComponentFile& file) const override {
    // The manifest's parser has refused names that lead out of the folder. Of such a name, made in memory, nothing is
    // left here but the folder, which cannot be loaded.
    const WindowsPath source = WindowsPath::parse(file.source_name).value_or(WindowsPath());
    return (root_ / "payload" / key_form(component.identity) / source.with_slashes()).string();
  }

 private:
  [[nodiscard]] std::string index_file() const { return (root_ / "index.xml").string(); }

  // The text of `file`, whose SHA-256 must be `expected`.
  [[nodiscard]] Result<Bytes> read_pinned(const std::string& file, const Digest& expected) const {
    WINNOW_TRY(Bytes bytes, read_file(file, kMaxManifestBytes));
    const Digest actual = sha256(bytes);
    if (actual == expected) return bytes;
    return fail("cannot use " + file + ": its SHA-256 is " + actual.hex() + ", expected " + expected.hex(),
                {"expected by " + index_file()});
  }
  [[nodiscard]] tl::unexpected<Error> disagreement(const std::string& file, const std::string& what) const {
    return fail("cannot use " + file + ": " + what, {"index: " + index_file()});
  }
  [[nodiscard]] Result<void> check_identity(const AssemblyIdentity& found, const AssemblyIdentity& expected,
                                            const std::string& path) const {
    if (found == expected) return {};
    return disagreement(path, "it describes \"" + to_string(found) + "\", not \"" + to_string(expected) + "\"");
  }
  [[nodiscard]] Result<void> check_files(const ComponentManifest& manifest, const CatalogComponent& component,
                                         const std::string& path) const {
    std::size_t next = 0;
    for (const ComponentFile& file : manifest.files) {
      if (file.destination.empty()) continue;
      Result<WindowsPath> landing = landing_path(file, manifest.identity.architecture);
      if (!landing) return fail(std::move(landing).error().in_file(path));
      const CatalogFile* indexed = next < component.files.size() ? &component.files[next++] : nullptr;
      if (indexed == nullptr || indexed->path != *landing || indexed->size != file.size ||
          indexed->digest != file.digest) {
        return disagreement(path, "its file \"" + landing->text() + "\" is not the one its index names");
      }
    }
    if (next == component.files.size()) return {};
    return disagreement(path, "it lacks the file \"" + component.files[next].path.text() + "\" of its index");
  }

  std::filesystem::path root_;
};

Result<LoadedFeed> load_folder_feed(const std::filesystem::path& root) {
  const std::filesystem::path file = root / "index.xml";
  WINNOW_TRY(const Bytes bytes, read_file(file, kMaxManifestBytes));
  WINNOW_TRY(FeedIndex index, parse_feed_index(as_text(bytes), file.string()));
  Feed feed{root,
            index.name,
            index.version,
            index.description,
            sha256(bytes),
            FeedKind::folder,
            std::make_shared<FolderStore>(root)};
  return LoadedFeed{std::move(feed), std::move(index)};
}

}  // namespace

Result<WindowsPath> landing_path(const ComponentFile& file, const std::string& architecture) {
  WINNOW_TRY(const WindowsPath folder, expand_destination(file.destination, architecture));
  WINNOW_TRY(const WindowsPath name,
             WindowsPath::parse(file.destination_name.empty() ? file.name : file.destination_name));
  return folder / name;
}

Result<LoadedFeed> load_feed(const std::filesystem::path& root, const FeedOptions& options) {
  std::error_code ignored;
  if (std::filesystem::exists(root / "index.xml", ignored)) return load_folder_feed(root);
  return load_media_feed(root, options);
}

}  // namespace winnow
