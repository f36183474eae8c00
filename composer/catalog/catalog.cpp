#include "catalog/catalog.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/nearest_name.hpp"
#include "base/parallel.hpp"
#include "binary/pe_file.hpp"
#include "catalog/catalog_index.hpp"
#include "catalog/feed_reader.hpp"
#include "catalog/lazy.hpp"
#include "payload/gzip_buffer.hpp"

namespace winnow {

namespace {

constexpr std::string_view kApiSetModule = "apisetschema.dll";
constexpr std::string_view kApiSetSection = ".apiset";

// The entry with this identity among entries sorted by it.
template <class Entry>
std::optional<std::uint32_t> find_identity(const std::vector<Entry>& entries, const AssemblyIdentity& identity) {
  const auto before = [](const Entry& entry, const AssemblyIdentity& wanted) { return entry.identity < wanted; };
  const auto found = std::lower_bound(entries.begin(), entries.end(), identity, before);
  if (found == entries.end() || found->identity != identity) return std::nullopt;
  return static_cast<std::uint32_t>(found - entries.begin());
}

// The manifest's files that land in the image: CatalogComponent::files, in the same order.
std::vector<const ComponentFile*> projected_files(const ComponentManifest& manifest) {
  std::vector<const ComponentFile*> files;
  for (const ComponentFile& file : manifest.files) {
    if (!file.destination.empty()) files.push_back(&file);
  }
  return files;
}

}  // namespace

// By file name, lower case.
using ExportTables = std::map<std::string, ExportNames, std::less<>>;

struct Catalog::State {
  struct ComponentCache {
    Lazy<ComponentManifest> manifest;
    std::array<Lazy<std::vector<BinaryNeeds>>, 2> needs;  // [with_strings]
    Lazy<ExportTables> exports;
  };

  explicit State(CatalogIndex made)
      : index(std::move(made)), components(index.components.size()), packages(index.packages.size()) {}

  CatalogIndex index;
  std::vector<ComponentCache> components;       // by ComponentId
  std::vector<Lazy<PackageManifest>> packages;  // by PackageId
  Lazy<ApiSetSchema> api_sets;
};

Catalog::Catalog(std::unique_ptr<State> state) : state_(std::move(state)) {}
Catalog::~Catalog() = default;
Catalog::Catalog(Catalog&&) noexcept = default;
Catalog& Catalog::operator=(Catalog&&) noexcept = default;

Result<Catalog> Catalog::load(const std::vector<std::filesystem::path>& feeds, const FeedOptions& options) {
  std::vector<Result<LoadedFeed>> loaded(feeds.size());
  parallel_for(feeds.size(), [&](std::size_t i) { loaded[i] = load_feed(feeds[i], options); });
  Diagnostics faults;
  std::vector<LoadedFeed> usable;
  for (Result<LoadedFeed>& feed : loaded) {
    if (feed) {
      usable.push_back(std::move(*feed));
    } else {
      faults.add(feed.error());
    }
  }
  if (!faults.empty()) return fail(std::move(faults).error());
  WINNOW_TRY(CatalogIndex index, make_catalog_index(std::move(usable)));
  return Catalog(std::make_unique<State>(std::move(index)));
}

std::span<const Feed> Catalog::feeds() const { return state_->index.feeds; }
const Feed& Catalog::feed_at(const std::filesystem::path& root) const {
  return *std::find_if(feeds().begin(), feeds().end(), [&](const Feed& feed) {
    return feed.root == root || std::find(feed.also_at.begin(), feed.also_at.end(), root) != feed.also_at.end();
  });
}
std::span<const CatalogComponent> Catalog::components() const { return state_->index.components; }
std::span<const CatalogPackage> Catalog::packages() const { return state_->index.packages; }

std::span<const ComponentId> Catalog::providers_of(std::string_view module) const {
  return find_by_name(state_->index.providers, module);
}

const std::set<std::string, std::less<>>& Catalog::module_names() const { return state_->index.module_names; }

std::vector<ComponentId> Catalog::components_named(std::string_view name) const {
  const auto ids = find_by_name(state_->index.components_by_name, name);
  return {ids.begin(), ids.end()};
}

std::vector<ComponentId> Catalog::components_providing(std::string_view capability) const {
  const auto ids = find_by_name(state_->index.capabilities, capability);
  return {ids.begin(), ids.end()};
}

std::optional<ComponentId> Catalog::find(const AssemblyIdentity& identity) const {
  return find_identity(state_->index.components, identity);
}

std::vector<PackageId> Catalog::packages_named(std::string_view identifier_or_name) const {
  const auto ids = find_by_name(state_->index.packages_by_name, identifier_or_name);
  return {ids.begin(), ids.end()};
}

std::optional<PackageId> Catalog::find_package(const AssemblyIdentity& identity) const {
  return find_identity(state_->index.packages, identity);
}

std::string Catalog::nearest_role(std::string_view name) const {
  std::vector<std::string_view> names;
  for (const CatalogPackage& package : packages()) {
    names.push_back(package.identifier.empty() ? package.identity.name : package.identifier);
  }
  return nearest_name(name, names);
}

std::string Catalog::nearest_component(std::string_view name) const {
  std::vector<std::string_view> names;
  for (const CatalogComponent& component : components()) names.push_back(component.identity.name);
  return nearest_name(name, names);
}

std::string Catalog::nearest_module(std::string_view name) const { return nearest_name(name, module_names()); }

Result<const ApiSetSchema*> Catalog::api_sets() const {
  return state_->api_sets.get([&]() -> Result<ApiSetSchema> {
    const auto id = api_set_component();
    if (!id) return ApiSetSchema();
    WINNOW_TRY(const ComponentManifest* description, manifest(*id));
    const auto files = projected_files(*description);
    const auto file = std::find_if(files.begin(), files.end(),
                                   [](const ComponentFile* f) { return ascii_iequals(f->name, kApiSetModule); });
    if (file == files.end()) return ApiSetSchema();
    WINNOW_TRY(const LoadedContent loaded, payload(*id, **file).load());
    const std::string name = store_of(*id).payload_name(components()[*id], **file);
    WINNOW_TRY(const PeFile module, PeFile::parse(loaded.bytes(), name));
    const auto section = module.section(kApiSetSection);
    if (!section) return fail("cannot read API-set schema " + name + ": it has no section .apiset");
    return ApiSetSchema::parse(*section, name);
  });
}

std::optional<ComponentId> Catalog::api_set_component() const {
  const auto providers = providers_of(kApiSetModule);
  const auto first_feed = [&](ComponentId a, ComponentId b) { return components()[a].feed < components()[b].feed; };
  const auto best = std::min_element(providers.begin(), providers.end(), first_feed);
  if (best == providers.end()) return std::nullopt;
  return *best;
}

Result<const ComponentManifest*> Catalog::manifest(ComponentId id) const {
  return state_->components[id].manifest.get([&] { return store_of(id).component(components()[id]); });
}

Result<const PackageManifest*> Catalog::package_manifest(PackageId id) const {
  const CatalogPackage& package = packages()[id];
  return state_->packages[id].get([&] { return feeds()[package.feed].store->package(package); });
}

Result<const std::vector<BinaryNeeds>*> Catalog::needs(ComponentId id, bool with_strings) const {
  return state_->components[id].needs[with_strings].get([&]() -> Result<std::vector<BinaryNeeds>> {
    WINNOW_TRY(const ComponentManifest* description, manifest(id));
    static const std::set<std::string, std::less<>> none;
    std::vector<BinaryNeeds> needs;
    for (const ComponentFile* file : projected_files(*description)) {
      needs.emplace_back();
      // A SHA-256 of every candidate's bytes would cost more than all the rest of resolving: see the declaration.
      WINNOW_TRY(const LoadedContent loaded, payload(id, *file).load());
      if (!looks_like_pe(loaded.bytes())) continue;
      const std::string name = store_of(id).payload_name(components()[id], *file);
      WINNOW_TRY(needs.back(), read_binary_needs(loaded.bytes(), name, with_strings ? module_names() : none));
    }
    return needs;
  });
}

Result<std::vector<ByteCount>> Catalog::stored_alone(ComponentId id) const {
  WINNOW_TRY(const ComponentManifest* description, manifest(id));
  std::vector<ByteCount> sizes;
  for (const ComponentFile* file : projected_files(*description)) {
    WINNOW_TRY(const LoadedContent loaded, payload(id, *file).load());
    sizes.push_back(deflated_size(loaded.bytes()));
  }
  return sizes;
}

Result<const ExportNames*> Catalog::exports(ComponentId id, std::string_view module) const {
  WINNOW_TRY(const ExportTables* tables, state_->components[id].exports.get([&]() -> Result<ExportTables> {
    WINNOW_TRY(const ComponentManifest* description, manifest(id));
    ExportTables made;
    for (const ComponentFile* file : projected_files(*description)) {
      WINNOW_TRY(const LoadedContent loaded, payload(id, *file).load());
      if (!looks_like_pe(loaded.bytes())) continue;
      const std::string name = store_of(id).payload_name(components()[id], *file);
      WINNOW_TRY(made[ascii_lower(file->name)], read_exports(loaded.bytes(), name));
    }
    return made;
  }));
  static const ExportNames kNothing;
  const auto found = tables->find(ascii_lower(module));
  return found == tables->end() ? &kNothing : &found->second;
}

Content Catalog::payload(ComponentId id, const ComponentFile& file) const {
  return store_of(id).payload(components()[id], file);
}

std::string Catalog::manifest_file(ComponentId id) const { return store_of(id).manifest_name(components()[id]); }

}  // namespace winnow
