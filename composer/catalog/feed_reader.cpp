#include "catalog/feed_reader.hpp"

#include <utility>

#include "base/file_system.hpp"
#include "manifest/macros.hpp"
#include "manifest/xml_text.hpp"

namespace winnow {

namespace {

// The text of `file`, whose SHA-256 must be `expected`.
Result<Bytes> read_pinned(const std::filesystem::path& file, const Digest& expected, const Feed& feed) {
  WINNOW_TRY(Bytes bytes, read_file(file, kMaxManifestBytes));
  const Digest actual = sha256(bytes);
  if (actual == expected) return bytes;
  return fail("cannot use " + file.string() + ": its SHA-256 is " + actual.hex() + ", expected " + expected.hex(),
              {"expected by " + (feed.root / "index.xml").string()});
}

tl::unexpected<Error> disagreement(const std::filesystem::path& file, const Feed& feed, const std::string& what) {
  return fail("cannot use " + file.string() + ": " + what, {"index: " + (feed.root / "index.xml").string()});
}

Result<WindowsPath> landing_path(const ComponentFile& file, const std::string& architecture) {
  WINNOW_TRY(const WindowsPath folder, expand_destination(file.destination, architecture));
  WINNOW_TRY(const WindowsPath name, WindowsPath::parse(file.name));
  return folder / name;
}

Result<void> check_files(const ComponentManifest& manifest, const CatalogComponent& component,
                         const std::filesystem::path& path, const Feed& feed) {
  std::size_t next = 0;
  for (const ComponentFile& file : manifest.files) {
    if (file.destination.empty()) continue;
    Result<WindowsPath> landing = landing_path(file, manifest.identity.architecture);
    if (!landing) return fail(std::move(landing).error().in_file(path.string()));
    const CatalogFile* indexed = next < component.files.size() ? &component.files[next++] : nullptr;
    if (indexed == nullptr || indexed->path != *landing || indexed->size != file.size ||
        indexed->digest != file.digest) {
      return disagreement(path, feed, "its file \"" + landing->text() + "\" is not the one its index names");
    }
  }
  if (next == component.files.size()) return {};
  return disagreement(path, feed, "it lacks the file \"" + component.files[next].path.text() + "\" of its index");
}

template <class Manifest>
Result<void> check_identity(const Manifest& manifest, const AssemblyIdentity& expected,
                            const std::filesystem::path& path, const Feed& feed) {
  if (manifest.identity == expected) return {};
  return disagreement(path, feed,
                      "it describes \"" + to_string(manifest.identity) + "\", not \"" + to_string(expected) + "\"");
}

}  // namespace

Result<LoadedFeed> load_feed(const std::filesystem::path& root) {
  const std::filesystem::path file = root / "index.xml";
  Result<Bytes> bytes = read_file(file, kMaxManifestBytes);
  if (!bytes) {
    return fail(std::move(bytes).error().with_note(
        "a feed is a folder with an index.xml, such as \"winnow feed open --output DIR\" makes"));
  }
  WINNOW_TRY(FeedIndex index, parse_feed_index(as_text(*bytes), file.string()));
  Feed feed{root, index.name, index.version, index.description, sha256(*bytes)};
  return LoadedFeed{std::move(feed), std::move(index)};
}

std::filesystem::path component_manifest_file(const Feed& feed, const AssemblyIdentity& identity) {
  return feed.root / "manifests" / (key_form(identity) + ".manifest");
}

std::filesystem::path package_manifest_file(const Feed& feed, const AssemblyIdentity& identity) {
  return feed.root / "packages" / (package_id(identity) + ".mum");
}

Result<ComponentManifest> load_component_manifest(const Feed& feed, const CatalogComponent& component) {
  const std::filesystem::path path = component_manifest_file(feed, component.identity);
  WINNOW_TRY(const Bytes bytes, read_pinned(path, component.manifest_digest, feed));
  WINNOW_TRY(ComponentManifest manifest, parse_component_manifest(as_text(bytes), path.string()));
  WINNOW_CHECK(check_identity(manifest, component.identity, path, feed));
  WINNOW_CHECK(check_files(manifest, component, path, feed));
  if (manifest.provides != component.provides) {
    return disagreement(path, feed, "it provides other capabilities than its index says");
  }
  return manifest;
}

Result<PackageManifest> load_package_manifest(const Feed& feed, const CatalogPackage& package) {
  const std::filesystem::path path = package_manifest_file(feed, package.identity);
  WINNOW_TRY(const Bytes bytes, read_pinned(path, package.manifest_digest, feed));
  WINNOW_TRY(PackageManifest manifest, parse_package_manifest(as_text(bytes), path.string()));
  WINNOW_CHECK(check_identity(manifest, package.identity, path, feed));
  return manifest;
}

std::filesystem::path payload_file(const Feed& feed, const AssemblyIdentity& identity, const ComponentFile& file) {
  // The manifest's parser has refused names that lead out of the folder. Of such a name, made in memory, nothing is
  // left here but the folder, which cannot be loaded.
  const WindowsPath source = WindowsPath::parse(file.source_name).value_or(WindowsPath());
  return feed.root / "payload" / key_form(identity) / source.with_slashes();
}

}  // namespace winnow
