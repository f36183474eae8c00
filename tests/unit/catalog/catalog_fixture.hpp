// What the catalog tests compare, as text.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "catalog/catalog.hpp"
#include "support/feed_builder.hpp"

namespace winnow::testing {

// The catalog of feeds that must be fine.
[[nodiscard]] inline Catalog load(const std::vector<std::filesystem::path>& feeds) {
  auto catalog = Catalog::load(feeds);
  if (!catalog) throw std::runtime_error(to_string(catalog.error()));
  return std::move(*catalog);
}

template <class T>
[[nodiscard]] std::string message(const Result<T>& result) {
  return result ? "no error" : to_string(result.error());
}

// "Test-a.dll 1.0.0.0, Test-b.dll 2.0.0.0"
template <class Ids>
[[nodiscard]] std::string names(const Catalog& catalog, const Ids& ids) {
  std::string text;
  for (const ComponentId id : ids) {
    const AssemblyIdentity& identity = catalog.components()[id].identity;
    text += (text.empty() ? "" : ", ") + identity.name + " " + to_string(identity.version);
  }
  return text;
}

// Everything a catalog knows without opening a manifest.
[[nodiscard]] inline std::string describe(const Catalog& catalog) {
  std::string text;
  for (const Feed& feed : catalog.feeds()) text += "feed " + feed.name + " " + feed.digest.hex() + "\n";
  for (const CatalogComponent& component : catalog.components()) {
    text += to_string(component.identity) + " role " + component.role + " feed " + std::to_string(component.feed) +
            " " + component.manifest_digest.hex() + "\n";
    for (const CatalogFile& file : component.files) {
      text += "  " + file.path.text() + " " + std::to_string(file.size) + " " + file.digest.hex() + "\n";
    }
  }
  for (const CatalogPackage& package : catalog.packages()) {
    text += to_string(package.identity) + " " + package.identifier + (package.product ? " product" : "") + " feed " +
            std::to_string(package.feed) + "\n";
  }
  for (const std::string& module : catalog.module_names()) {
    text += module + ": " + names(catalog, catalog.providers_of(module)) + "\n";
  }
  return text;
}

// The feed's one file whose path ends in `ending`.
[[nodiscard]] inline std::filesystem::path file_in(const std::filesystem::path& root, const std::string& ending) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.path().string().ends_with(ending)) return entry.path();
  }
  throw std::runtime_error("no file ends in " + ending);
}

}  // namespace winnow::testing
