// STEP 2: all that could be installed, indexed. Feeds go in; the providers of a module, a role, a component come out.
// Opening reads the indexes only; a manifest is read, and checked against its digest, when somebody asks for it.
// Every const member may be called from many threads at once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/windows_path.hpp"
#include "binary/api_set.hpp"
#include "binary/binary_needs.hpp"
#include "catalog/feed_store.hpp"
#include "manifest/component_manifest.hpp"
#include "manifest/feed_index.hpp"
#include "manifest/package_manifest.hpp"
#include "payload/content.hpp"
#include "servicing/check_package_set.hpp"
#include "servicing/media_source.hpp"

namespace winnow {

using ComponentId = std::uint32_t;  // index into Catalog::components(), stable for one catalog
using PackageId = std::uint32_t;    // index into Catalog::packages()

// What feeds are made of: a folder with an index.xml, or media with Windows' own packages (media_feed.hpp).
enum class FeedKind { folder, media };

struct Feed {
  std::filesystem::path root;
  std::string name;
  std::string version;
  std::string description;
  Digest digest;  // pins every manifest and all payload: SHA-256 of index.xml, of media that of the index made of them
  FeedKind kind = FeedKind::folder;
  std::shared_ptr<const FeedStore> store = {};
  // Of media. Packages that none of the others names: what an update consists of.
  std::vector<AssemblyIdentity> outermost = {};
  // What an existing image has: the outermost of its packages, and the features that are on.
  std::vector<AssemblyIdentity> installed = {};
  std::vector<std::string> features = {};
  std::vector<std::filesystem::path> also_at = {};  // other places where the same packages were found
};

// How media are read.
struct FeedOptions {
  TrustPolicy trust;
  Bytes dictionary;    // of manifests that are deltas (DCM); empty: that of a wcp.dll of the media, if there is one
  MediaOptions media;  // which image of a WIM, and what reads other people's images
  std::filesystem::path cache;  // folder for what later runs can use; empty = none
};

struct CatalogFile {
  WindowsPath path;  // where it lands
  ByteCount size = 0;
  Digest digest;
};

struct CatalogComponent {
  AssemblyIdentity identity;
  std::string role;
  std::uint32_t feed = 0;  // index into Catalog::feeds()
  Digest manifest_digest;
  std::vector<CatalogFile> files;
  std::vector<std::string> provides = {};  // capabilities
};

struct CatalogPackage {
  AssemblyIdentity identity;
  std::string identifier;
  bool product = false;
  std::uint32_t feed = 0;
  Digest manifest_digest;
};

// Where a loader finds `module` among the component's files: 0 = System32, 1 = System32\drivers, 2 = another folder, 3
// = it has no such file.
[[nodiscard]] int loader_rank(const CatalogComponent& component, std::string_view module);

class Catalog {
 public:
  // Ids do not depend on the order of `feeds`: feeds are sorted by digest, components and packages by identity. What
  // several feeds hold alike is there once, as of the first of them. Error when a feed cannot be read, or two feeds
  // hold the same identity with different manifests (both named).
  [[nodiscard]] static Result<Catalog> load(const std::vector<std::filesystem::path>& feeds,
                                            const FeedOptions& options = {});
  ~Catalog();
  Catalog(Catalog&&) noexcept;
  Catalog& operator=(Catalog&&) noexcept;

  [[nodiscard]] std::span<const Feed> feeds() const;
  // What was loaded from there; it must have been among the feeds.
  [[nodiscard]] const Feed& feed_at(const std::filesystem::path& root) const;
  [[nodiscard]] std::span<const CatalogComponent> components() const;
  [[nodiscard]] std::span<const CatalogPackage> packages() const;

  // Ids whose file name (last component, any case) is `module`: those in Windows\System32 first, then System32\drivers,
  // then other folders; newest version first within a folder, then by id. Empty when nobody provides it.
  [[nodiscard]] std::span<const ComponentId> providers_of(std::string_view module) const;
  // All file names of the feeds, lower case: the names worth looking for in strings.
  [[nodiscard]] const std::set<std::string, std::less<>>& module_names() const;
  // By exact name, any case, newest first.
  [[nodiscard]] std::vector<ComponentId> components_named(std::string_view name) const;
  // Those that provide a capability, by exact name, newest first.
  [[nodiscard]] std::vector<ComponentId> components_providing(std::string_view capability) const;
  [[nodiscard]] std::optional<ComponentId> find(const AssemblyIdentity& identity) const;
  [[nodiscard]] std::vector<PackageId> packages_named(std::string_view identifier_or_name) const;
  [[nodiscard]] std::optional<PackageId> find_package(const AssemblyIdentity& identity) const;
  // The component or package identifier, or module name, nearest to `name` by edit distance (ties: first in order); ""
  // when none is near.
  [[nodiscard]] std::string nearest_role(std::string_view name) const;
  [[nodiscard]] std::string nearest_component(std::string_view name) const;
  [[nodiscard]] std::string nearest_module(std::string_view name) const;

  // The API-set schema of the first feed that has an apisetschema.dll; empty when none has.
  [[nodiscard]] Result<const ApiSetSchema*> api_sets() const;
  // The component that brings that apisetschema.dll, if any.
  [[nodiscard]] std::optional<ComponentId> api_set_component() const;

  // Read on first use, then kept. Errors name the file in the feed; a digest that differs from the index is one, and so
  // is a manifest that describes something else than its index says.
  [[nodiscard]] Result<const ComponentManifest*> manifest(ComponentId id) const;
  [[nodiscard]] Result<const PackageManifest*> package_manifest(PackageId id) const;
  // Needs of the component's files that are PE files, in the order of CatalogComponent::files (others have empty
  // needs). `named` is empty unless `with_strings`. The payload's SHA-256 is not checked here but where its bytes are
  // used, when the image is written.
  [[nodiscard]] Result<const std::vector<BinaryNeeds>*> needs(ComponentId id, bool with_strings) const;
  // Bytes of each of CatalogComponent::files compressed on its own. Reads them all; nothing is kept.
  [[nodiscard]] Result<std::vector<ByteCount>> stored_alone(ComponentId id) const;
  // What the component's module of that file name (any case) exports, as read_exports() says; empty when it has none.
  [[nodiscard]] Result<const ExportNames*> exports(ComponentId id, std::string_view module) const;
  // Where the bytes of `file`, one of the component's manifest, are.
  [[nodiscard]] Content payload(ComponentId id, const ComponentFile& file) const;
  [[nodiscard]] const FeedStore& store_of(ComponentId id) const { return *feeds()[components()[id].feed].store; }
  [[nodiscard]] std::string manifest_file(ComponentId id) const;  // path of the manifest, for messages

 private:
  struct State;
  explicit Catalog(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace winnow
