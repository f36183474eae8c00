#include "feed/feed_writer.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/file_system.hpp"
#include "manifest/macros.hpp"

namespace winnow {

Result<void> FeedWriter::add(const ComponentManifest& component, const std::string& role) {
  IndexedComponent indexed{component.identity, role, {}, {}, component.provides};
  WINNOW_TRY(indexed.manifest_digest,
             write("manifests/" + key_form(component.identity) + ".manifest", print_component_manifest(component)));
  for (const ComponentFile& file : component.files) {
    WINNOW_TRY(const WindowsPath folder, expand_destination(file.destination, component.identity.architecture));
    WINNOW_TRY(const WindowsPath name, WindowsPath::parse(file.name));
    indexed.files.push_back({(folder / name).text(), file.size, file.digest});
  }
  index_.components.push_back(std::move(indexed));
  return {};
}

Result<void> FeedWriter::add(const PackageManifest& package) {
  IndexedPackage indexed{package.identity, package.identifier, package.release_type == "Product", {}};
  WINNOW_TRY(indexed.manifest_digest,
             write("packages/" + package_id(package.identity) + ".mum", print_package_manifest(package)));
  index_.packages.push_back(std::move(indexed));
  return {};
}

Result<void> FeedWriter::finish() {
  const auto by_identity = [](const auto& a, const auto& b) { return a.identity < b.identity; };
  std::sort(index_.packages.begin(), index_.packages.end(), by_identity);
  std::sort(index_.components.begin(), index_.components.end(), by_identity);
  WINNOW_CHECK(write("index.xml", print_feed_index(index_)));
  return {};
}

Result<Digest> FeedWriter::write(const std::string& path, const std::string& text) const {
  const std::filesystem::path file = folder_ / path;
  std::error_code fault;
  std::filesystem::create_directories(file.parent_path(), fault);
  if (fault) return fail("cannot make folder " + file.parent_path().string() + ": " + fault.message());
  WINNOW_CHECK(write_file(file, as_bytes(text)));
  return sha256(as_bytes(text));
}

}  // namespace winnow
