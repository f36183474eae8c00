// What the indexes of all feeds say together: components and packages in the order of their ids, and who is found by
// which name. Plain data, built once.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/utf16.hpp"
#include "catalog/catalog.hpp"
#include "catalog/feed_reader.hpp"

namespace winnow {

// Keys are lower case.
template <class Id>
using NameTable = std::map<std::string, std::vector<Id>, std::less<>>;

struct CatalogIndex {
  std::vector<Feed> feeds;  // by digest; a feed that is there twice counts once
  std::vector<CatalogComponent> components;
  std::vector<CatalogPackage> packages;
  NameTable<ComponentId> providers;           // by file name, best first
  NameTable<ComponentId> components_by_name;  // newest first
  NameTable<ComponentId> capabilities;        // newest first
  NameTable<PackageId> packages_by_name;      // newest first, under the name and under the identifier
  std::set<std::string, std::less<>> module_names;
};

// Error when two feeds hold one identity with different manifests, or an index names a path no image can hold.
[[nodiscard]] Result<CatalogIndex> make_catalog_index(std::vector<LoadedFeed> feeds);

// The ids under `name` in any case; empty when there are none.
template <class Id>
[[nodiscard]] std::span<const Id> find_by_name(const NameTable<Id>& table, std::string_view name) {
  const auto found = table.find(ascii_lower(name));
  if (found == table.end()) return {};
  return found->second;
}

}  // namespace winnow
