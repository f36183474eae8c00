#include "plan/component_store.hpp"

#include <set>
#include <utility>

#include "base/utf16.hpp"
#include "catalog/feed_reader.hpp"
#include "manifest/store_keys.hpp"

namespace winnow {

namespace {

constexpr OwnerId kWinnow = 0;
constexpr std::string_view kPackageFolder = "Windows\\servicing\\Packages";
constexpr std::string_view kStore = "Windows\\WinSxS";
constexpr std::string_view kCatalogRoot = "Windows\\System32\\CatRoot\\{F750E6C3-38EE-11D1-85E5-00C04FC295EE}";
constexpr std::string_view kComponents = "HKEY_LOCAL_MACHINE\\COMPONENTS";
constexpr std::string_view kServicing =
    "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing";
constexpr std::string_view kWinners =
    "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\SideBySide\\Winners";

// Of a package or an update (servicing.md 8).
constexpr std::uint32_t kStaged = 0x40;
constexpr std::uint32_t kInstalled = 0x70;
constexpr std::uint32_t kPayloadRemoved = 0x40;  // CF of a component
constexpr std::uint32_t kVisible = 1;
constexpr std::uint32_t kHidden = 2;
constexpr std::uint32_t kAmd64 = 9;  // PROCESSOR_ARCHITECTURE_AMD64 and so on (winnt.h)
constexpr std::uint32_t kX86 = 0;
constexpr std::uint32_t kArm64 = 12;

WindowsPath below(std::string_view folder, const std::string& name) {
  return WindowsPath::parse(folder).value() / WindowsPath::parse(name).value_or(WindowsPath());
}

std::uint32_t architecture_code(const std::string& architecture) {
  if (architecture == "x86") return kX86;
  return architecture == "arm64" ? kArm64 : kAmd64;
}

ComponentRegistryValue binary_value(std::string name, ByteView data) {
  return {std::move(name),
          static_cast<std::uint32_t>(RegistryType::binary),
          Bytes(data.begin(), data.end()),
          false,
          false,
          false};
}

AssemblyIdentity without_version(AssemblyIdentity identity) {
  identity.version = {};
  return identity;
}

class StoreWriter {
 public:
  StoreWriter(const ComponentStoreInput& input, TreeBuilder& tree, RegistryBuilder& registry)
      : input_(input), tree_(tree), registry_(registry) {}

  Result<void> write() {
    add_foundation();
    for (const PackageId id : input_.packages.packages) WINNOW_CHECK(read_package(id));
    for (const PackageId id : input_.packages.packages) WINNOW_CHECK(add_package(id));
    find_superseded();
    for (const auto& [id, owner] : stored_) WINNOW_CHECK(add_component(id, owner));
    return {};
  }

 private:
  void add_key(std::string_view root, const std::string& path, std::vector<ComponentRegistryValue> values = {},
               OwnerId owner = kWinnow) {
    registry_.add({std::string(root) + (path.empty() ? "" : "\\" + path), "", std::move(values)}, owner, {});
  }
  void add_file(const WindowsPath& path, Bytes bytes, OwnerId owner) {
    const Digest digest = sha256(bytes);
    tree_.add_file(path, 0, input_.file_security, owner, Content::of_bytes(std::move(bytes)), digest, {});
  }

  // What a store has before anything is in it (servicing.md 10).
  void add_foundation() {
    for (const char* folder : {"Backup", "Catalogs", "FileMaps", "Manifests"}) {
      tree_.add_directory(below(kStore, folder), 0, input_.directory_security, kWinnow, {});
    }
    tree_.add_directory(WindowsPath::parse(kStore).value(), 0, input_.directory_security, kWinnow, {});
    tree_.add_directory(WindowsPath::parse(kPackageFolder).value(), 0, input_.directory_security, kWinnow, {});
    tree_.add_directory(WindowsPath::parse("Windows\\servicing\\Sessions").value(), 0, input_.directory_security,
                        kWinnow, {});
    std::uint32_t code = kAmd64;
    if (!input_.packages.packages.empty()) {
      code = architecture_code(input_.catalog.packages()[input_.packages.packages.front()].identity.architecture);
    }
    Bytes format;
    for (const char c : std::string_view("0.0.0.6")) ByteWriter(format).le16(static_cast<std::uint16_t>(c));
    add_key(kComponents, "", {binary_value("StoreFormatVersion", format), registry_dword("StoreArchitecture", code)});
    for (const char* path :
         {"CanonicalData\\Catalogs", "CanonicalData\\Deployments", "DerivedData\\Components",
          "DerivedData\\VersionedIndex", "Installers", "NonCanonicalData", "ServicingStackVersions"}) {
      add_key(kComponents, path);
    }
    add_key(kServicing, "", {registry_dword("ProcessorArchitecture", code)});
  }

  Result<void> read_package(PackageId id) {
    WINNOW_TRY(const PackageManifest* manifest, input_.catalog.package_manifest(id));
    present_.emplace(ascii_lower(package_id(manifest->identity)), id);
    for (const PackageUpdate& update : manifest->updates) {
      for (const PackageReference& reference : update.references) {
        if (reference.kind == PackageReference::Kind::package) {
          const std::string child = ascii_lower(package_id(reference.identity));
          owners_[child].insert(package_id(manifest->identity));
          if (reference.integrate == "hidden") hidden_.insert(child);
        } else if (const auto deployment = input_.catalog.find(reference.identity)) {
          claims_[*deployment].push_back({id, update.name});
        }
      }
    }
    return {};
  }

  Result<void> add_package(PackageId id) {
    const CatalogPackage& package = input_.catalog.packages()[id];
    const FeedStore& store = *input_.catalog.feeds()[package.feed].store;
    WINNOW_TRY(const PackageManifest* manifest, input_.catalog.package_manifest(id));
    WINNOW_TRY(Bytes text, store.package_text(package));
    const std::string name = package_id(package.identity);
    add_file(below(kPackageFolder, name + ".mum"), std::move(text), kWinnow);
    if (const auto catalog = store.catalog_of(package)) {
      const WindowsPath path = below(kPackageFolder, name + ".cat");
      tree_.add_file(path, 0, input_.file_security, kWinnow, catalog->content, catalog->digest, {});
      tree_.add_link(below(kCatalogRoot, name + ".cat"), path, kWinnow, {});
      keep_catalog(*catalog, path);
    }
    add_package_state(*manifest, name);
    return {};
  }

  // A catalog lies in the store once, under its digest, whoever is signed by it.
  void keep_catalog(const SigningCatalog& catalog, const WindowsPath& path) {
    if (!catalogs_.insert(catalog.digest).second) return;
    tree_.add_link(below(std::string(kStore) + "\\Catalogs", catalog.digest.hex() + ".cat"), path, kWinnow, {});
    add_key(kComponents, "CanonicalData\\Catalogs\\" + catalog.digest.hex());
  }

  // Values of which servicing.md gives the names only are written as it spells them: PackageIndex and PackageDetect.
  void add_package_state(const PackageManifest& manifest, const std::string& name) {
    const std::string key = "Packages\\" + name;
    const std::uint64_t time = (static_cast<std::uint64_t>(input_.epoch) + 11'644'473'600ull) * 10'000'000ull;
    const bool is_hidden = hidden_.contains(ascii_lower(name));
    add_key(kServicing, key,
            {registry_text("InstallClient", "winnow"), registry_text("InstallName", name + ".mum"),
             registry_dword("CurrentState", kInstalled), registry_dword("Visibility", is_hidden ? kHidden : kVisible),
             registry_dword("SelfUpdate", 0), registry_dword("Trusted", 1),
             registry_dword("InstallTimeHigh", static_cast<std::uint32_t>(time >> 32)),
             registry_dword("InstallTimeLow", static_cast<std::uint32_t>(time))});
    std::set<std::string> owners = owners_[ascii_lower(name)];
    for (const PackageParent& parent : manifest.parents) {
      for (const AssemblyIdentity& identity : parent.identities) {
        add_key(kServicing, "PackageDetect\\" + package_id(without_version(identity)),
                {registry_dword(name, kInstalled)});
      }
    }
    if (owners.empty()) owners.insert(name);  // nobody's child keeps itself
    std::vector<ComponentRegistryValue> owner_values;
    for (const std::string& owner : owners) owner_values.push_back(registry_dword(owner, 0));
    add_key(kServicing, key + "\\Owners", std::move(owner_values));
    std::vector<ComponentRegistryValue> updates;
    for (const PackageUpdate& update : manifest.updates) {
      updates.push_back(registry_dword(update.name, is_on(update) ? kInstalled : kStaged));
    }
    if (!updates.empty()) add_key(kServicing, key + "\\Updates", std::move(updates));
    add_key(kServicing, "PackageIndex\\" + package_id(without_version(manifest.identity)),
            {registry_dword(name, kInstalled)});
  }

  // An update is on when what it names is in the image.
  [[nodiscard]] bool is_on(const PackageUpdate& update) const {
    for (const PackageReference& reference : update.references) {
      if (reference.kind == PackageReference::Kind::package) {
        if (present_.contains(ascii_lower(package_id(reference.identity)))) return true;
      } else if (const auto id = input_.catalog.find(reference.identity); id && stored_.contains(*id)) {
        return true;
      }
    }
    return update.references.empty() && !update.selectable;
  }

  // Older versions stay in the store, so that an update can be taken back. They count as their winner's.
  void find_superseded() {
    std::map<std::string, OwnerId> winners;
    for (const auto& [id, owner] : input_.owners) {
      winners.emplace(family_key(input_.catalog.components()[id].identity), owner);
    }
    for (const ComponentId id : input_.packages.superseded) {
      const auto winner = winners.find(family_key(input_.catalog.components()[id].identity));
      stored_.emplace(id, winner == winners.end() ? kWinnow : winner->second);
    }
  }
  [[nodiscard]] bool is_superseded(ComponentId id) const { return !input_.owners.contains(id); }

  Result<void> add_component(ComponentId id, OwnerId owner) {
    const CatalogComponent& component = input_.catalog.components()[id];
    const FeedStore& store = input_.catalog.store_of(id);
    WINNOW_TRY(const ComponentManifest* manifest, input_.catalog.manifest(id));
    WINNOW_TRY(Bytes text, store.component_text(component));
    const std::string key = key_form(component.identity);
    const std::string identity = store_identity_text(component.identity);
    std::vector<ComponentRegistryValue> values = {binary_value("S256H", sha256(text).bytes),
                                                  binary_value("identity", as_bytes(identity))};
    add_file(below(std::string(kStore) + "\\Manifests", key + ".manifest"), std::move(text), owner);
    if (is_superseded(id) && !store.has_payload(component)) {
      values.push_back(registry_dword("CF", kPayloadRemoved));
    } else {
      WINNOW_CHECK(add_payload(*manifest, id, key, owner));
    }
    for (const ComponentFile& file : manifest->files)
      values.push_back(registry_dword("f!" + store_file_value(file.name), 1));
    for (const ComponentId deployment : deployments_of(id)) {
      values.push_back(binary_value("c!" + deployment_key(input_.catalog.components()[deployment].identity), {}));
    }
    add_key(kComponents, "DerivedData\\Components\\" + key, std::move(values), owner);
    if (claims_.contains(id)) add_deployment(id, identity, owner);
    if (ascii_iequals(component.identity.version_scope, "nonSxS")) add_winner(id, owner);
    return {};
  }

  Result<void> add_payload(const ComponentManifest& manifest, ComponentId id, const std::string& key, OwnerId owner) {
    if (manifest.files.empty()) return {};
    const WindowsPath folder = below(kStore, key);
    tree_.add_directory(folder, 0, input_.directory_security, owner, {});
    for (const ComponentFile& file : manifest.files) {
      WINNOW_TRY(const WindowsPath name, WindowsPath::parse(file.name));
      if (file.destination.empty() || is_superseded(id)) {
        tree_.add_file(folder / name, file.attributes, input_.file_security, owner, input_.catalog.payload(id, file),
                       file.digest, {});
        continue;
      }
      WINNOW_TRY(const WindowsPath landing, landing_path(file, manifest.identity.architecture));
      tree_.add_link(folder / name, landing, owner, {});
    }
    return {};
  }

  // The deployments that pull the component in: those that packages name, and what they depend on.
  const std::set<ComponentId>& deployments_of(ComponentId id) {
    if (!owning_) {
      owning_.emplace();
      for (const auto& [deployment, claims] : claims_) {
        std::vector<ComponentId> queue = {deployment};
        while (!queue.empty()) {
          const ComponentId next = queue.back();
          queue.pop_back();
          if (!stored_.contains(next) || !(*owning_)[next].insert(deployment).second) continue;
          const auto manifest = input_.catalog.manifest(next);
          if (!manifest) continue;  // add_component() says so
          for (const ComponentDependency& dependency : (*manifest)->dependencies) {
            const auto part = input_.catalog.find(dependency.identity);
            if (part && dependency.type == DependencyType::install) queue.push_back(*part);
          }
        }
      }
    }
    return (*owning_)[id];
  }

  void add_deployment(ComponentId id, const std::string& identity, OwnerId owner) {
    const CatalogComponent& component = input_.catalog.components()[id];
    const std::string key = deployment_key(component.identity);
    std::vector<ComponentRegistryValue> values = {binary_value("appid", as_bytes(identity))};
    const auto catalog = input_.catalog.store_of(id).catalog_of(component);
    if (catalog) {
      values.push_back(registry_text("CatalogThumbprint", catalog->digest.hex()));
      add_key(kComponents, "CanonicalData\\Catalogs\\" + catalog->digest.hex(), {binary_value(key, {})});
    }
    for (const auto& [package, update] : claims_.at(id)) {
      const std::string name = package_id(input_.catalog.packages()[package].identity);
      Bytes data;
      ByteWriter out(data);
      const std::string text = update.empty() ? name : name + "." + update;
      out.le32(static_cast<std::uint32_t>(text.size()));
      out.le32(update.empty() ? 0 : 1);
      out.text(text);
      for (const char* kind : {"p!", "s!", "i!"})
        values.push_back(binary_value(kind + store_owner_value(name, update), data));
    }
    add_key(kComponents, "CanonicalData\\Deployments\\" + key, std::move(values), owner);
  }

  // Every version is a value; the one that counts is the key's own.
  void add_winner(ComponentId id, OwnerId owner) {
    const AssemblyIdentity& identity = input_.catalog.components()[id].identity;
    const std::string version = to_string(identity.version);
    const std::string major =
        std::to_string(identity.version.parts[0]) + "." + std::to_string(identity.version.parts[1]);
    const Bytes present = {1};
    std::vector<ComponentRegistryValue> values = {binary_value(version, present)};
    if (!is_superseded(id)) values.push_back(registry_text("", version));
    add_key(kWinners, family_key(identity) + "\\" + major, std::move(values), owner);
  }

  struct Claim {
    PackageId package;
    std::string update;
  };

  const ComponentStoreInput& input_;
  std::map<ComponentId, OwnerId> stored_ = input_.owners;  // and of what is superseded
  TreeBuilder& tree_;
  RegistryBuilder& registry_;
  std::map<std::string, PackageId> present_;             // by package id, lower case
  std::map<std::string, std::set<std::string>> owners_;  // of a package: who names it
  std::set<std::string> hidden_;
  std::map<ComponentId, std::vector<Claim>> claims_;  // of a deployment: the updates that name it
  std::optional<std::map<ComponentId, std::set<ComponentId>>> owning_;
  std::set<Digest> catalogs_;
};

}  // namespace

Result<void> add_component_store(const ComponentStoreInput& input, TreeBuilder& tree, RegistryBuilder& registry) {
  return StoreWriter(input, tree, registry).write();
}

}  // namespace winnow
