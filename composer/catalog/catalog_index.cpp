#include "catalog/catalog_index.hpp"

#include <algorithm>
#include <compare>
#include <optional>
#include <tuple>
#include <utility>

namespace winnow {

namespace {

// Feeds by digest, the same feed once, whatever the order they were named in.
std::vector<LoadedFeed> sort_feeds(std::vector<LoadedFeed> feeds) {
  std::sort(feeds.begin(), feeds.end(), [](const LoadedFeed& a, const LoadedFeed& b) {
    return std::tie(a.feed.digest, a.feed.root) < std::tie(b.feed.digest, b.feed.root);
  });
  std::vector<LoadedFeed> once;
  for (LoadedFeed& feed : feeds) {
    if (once.empty() || once.back().feed.digest != feed.feed.digest) {
      once.push_back(std::move(feed));
      continue;
    }
    Feed& known = once.back().feed;
    known.also_at.push_back(std::move(feed.feed.root));
    if (known.installed.empty()) {  // the same packages, not of an image
      known.installed = std::move(feed.feed.installed);
      known.features = std::move(feed.feed.features);
    }
  }
  return once;
}

Result<CatalogComponent> take(IndexedComponent& indexed, std::uint32_t feed_id, const Feed& feed) {
  CatalogComponent component{std::move(indexed.identity), std::move(indexed.role), feed_id, indexed.manifest_digest, {},
                             std::move(indexed.provides)};
  component.files.reserve(indexed.files.size());
  for (const IndexedFile& file : indexed.files) {
    Result<WindowsPath> path = WindowsPath::parse(file.path);
    if (!path) {
      return fail(std::move(path)
                      .error()
                      .in_file((feed.root / "index.xml").string())
                      .with_note("component " + to_string(component.identity) + " names it"));
    }
    component.files.push_back({std::move(*path), file.size, file.digest});
  }
  return component;
}

Result<CatalogPackage> take(IndexedPackage& indexed, std::uint32_t feed_id, const Feed&) {
  return CatalogPackage{std::move(indexed.identity), std::move(indexed.identifier), indexed.product, feed_id,
                        indexed.manifest_digest};
}

template <class Entry>
tl::unexpected<Error> conflict(const std::string& what, const Entry& a, const Entry& b,
                               const std::vector<Feed>& feeds) {
  const auto [first, second] = std::minmax({feeds[a.feed].root.string(), feeds[b.feed].root.string()});
  return fail("cannot use " + what + " " + to_string(a.identity) + ": feeds " + first + " and " + second +
              " hold different manifests of it");
}

// Sorts by identity, then by feed, and keeps of equal entries the first.
template <class Entry>
Result<void> merge(std::vector<Entry>& entries, const std::string& what, const std::vector<Feed>& feeds) {
  const auto before = [](const Entry& a, const Entry& b) {
    const auto order = a.identity <=> b.identity;
    return order != 0 ? order < 0 : a.feed < b.feed;
  };
  const auto same = [](const Entry& a, const Entry& b) { return a.identity == b.identity; };
  std::sort(entries.begin(), entries.end(), before);
  for (std::size_t i = 1; i < entries.size(); ++i) {
    if (!same(entries[i - 1], entries[i])) continue;
    if (entries[i - 1].manifest_digest != entries[i].manifest_digest) {
      return conflict(what, entries[i - 1], entries[i], feeds);
    }
  }
  entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
  return {};
}

// Where a loader looks first.
int folder_rank(const WindowsPath& folder) {
  static const WindowsPath system32 = WindowsPath::parse("Windows\\System32").value();
  static const WindowsPath drivers = WindowsPath::parse("Windows\\System32\\drivers").value();
  return folder == system32 ? 0 : folder == drivers ? 1 : 2;
}

struct Provider {
  int rank = 0;
  WindowsPath folder;
  Version version;
  ComponentId id = 0;

  // Best first.
  bool operator<(const Provider& other) const {
    return std::tie(rank, folder, other.version, id) < std::tie(other.rank, other.folder, version, other.id);
  }
};

NameTable<ComponentId> find_providers(const std::vector<CatalogComponent>& components) {
  std::map<std::string, std::vector<Provider>, std::less<>> by_name;
  for (ComponentId id = 0; id < components.size(); ++id) {
    for (const CatalogFile& file : components[id].files) {
      WindowsPath folder = file.path.parent();
      const int rank = folder_rank(folder);
      by_name[ascii_lower(file.path.name())].push_back({rank, std::move(folder), components[id].identity.version, id});
    }
  }
  NameTable<ComponentId> table;
  for (auto& [name, providers] : by_name) {
    std::sort(providers.begin(), providers.end());
    std::vector<ComponentId>& ids = table[name];
    for (const Provider& provider : providers) {
      if (std::find(ids.begin(), ids.end(), provider.id) == ids.end()) ids.push_back(provider.id);
    }
  }
  return table;
}

template <class Id, class Entry>
void sort_newest_first(NameTable<Id>& table, const std::vector<Entry>& entries) {
  for (auto& [name, ids] : table) {
    std::sort(ids.begin(), ids.end(), [&](Id a, Id b) {
      return std::tie(entries[b].identity.version, a) < std::tie(entries[a].identity.version, b);
    });
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  }
}

void index_names(CatalogIndex& index) {
  index.providers = find_providers(index.components);
  for (const auto& [name, ids] : index.providers) index.module_names.insert(name);
  for (ComponentId id = 0; id < index.components.size(); ++id) {
    index.components_by_name[ascii_lower(index.components[id].identity.name)].push_back(id);
    for (const std::string& capability : index.components[id].provides) {
      index.capabilities[ascii_lower(capability)].push_back(id);
    }
  }
  for (PackageId id = 0; id < index.packages.size(); ++id) {
    const CatalogPackage& package = index.packages[id];
    index.packages_by_name[ascii_lower(package.identity.name)].push_back(id);
    if (!package.identifier.empty()) index.packages_by_name[ascii_lower(package.identifier)].push_back(id);
  }
  sort_newest_first(index.components_by_name, index.components);
  sort_newest_first(index.capabilities, index.components);
  sort_newest_first(index.packages_by_name, index.packages);
}

}  // namespace

int loader_rank(const CatalogComponent& component, std::string_view module) {
  int best = 3;
  for (const CatalogFile& file : component.files) {
    if (ascii_iequals(file.path.name(), module)) best = std::min(best, folder_rank(file.path.parent()));
  }
  return best;
}

Result<CatalogIndex> make_catalog_index(std::vector<LoadedFeed> feeds) {
  feeds = sort_feeds(std::move(feeds));
  CatalogIndex index;
  for (LoadedFeed& loaded : feeds) {
    const auto feed_id = static_cast<std::uint32_t>(index.feeds.size());
    for (IndexedComponent& indexed : loaded.index.components) {
      WINNOW_TRY(CatalogComponent component, take(indexed, feed_id, loaded.feed));
      index.components.push_back(std::move(component));
    }
    for (IndexedPackage& indexed : loaded.index.packages) {
      WINNOW_TRY(CatalogPackage package, take(indexed, feed_id, loaded.feed));
      index.packages.push_back(std::move(package));
    }
    index.feeds.push_back(std::move(loaded.feed));
  }
  WINNOW_CHECK(merge(index.components, "component", index.feeds));
  WINNOW_CHECK(merge(index.packages, "package", index.feeds));
  index_names(index);
  return index;
}

}  // namespace winnow
