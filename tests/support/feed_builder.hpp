// A small feed on disk, made from a terse description, for every test that needs one:
//
//   FeedBuilder feed;
//   feed.module("ntdll.dll").module("kernel32.dll", {.imports = {"ntdll.dll"}});
//   feed.role("base", {"ntdll.dll", "kernel32.dll"}, {.product = true});
//   auto catalog = Catalog::load({feed.write()});
//
// A member is named by its file ("ntdll.dll") or by its component ("Test-ntdll.dll"). What cannot be built throws
// std::runtime_error: a broken test, not a broken feed. Feeds that are to be broken are written first and damaged
// afterwards.
#pragma once

#include <algorithm>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/file_system.hpp"
#include "base/utf16.hpp"
#include "manifest/component_manifest.hpp"
#include "manifest/feed_index.hpp"
#include "manifest/macros.hpp"
#include "manifest/package_manifest.hpp"
#include "support/api_set_builder.hpp"
#include "support/pe_builder.hpp"

namespace winnow::testing {

struct FeedMember {
  std::vector<std::string> imports = {};        // modules, static; only module() uses these four
  std::vector<std::string> delay_imports = {};  // modules, as winebuild hides them
  std::vector<std::string> strings = {};        // in its data: names that nothing but strings mention
  std::string forwards_to = {};                 // what its one export, "Function", is: "kernelbase.Function"
  std::string folder = "$(runtime.system32)";
  Version version = {{1, 0, 0, 0}};
  std::vector<std::string> depends_on = {};  // members of this feed: install dependencies
  std::vector<ComponentRegistryKey> registry_keys = {};
  std::vector<ComponentService> services = {};
};

struct FeedRole {
  bool product = false;                    // releaseType="Product"
  std::vector<std::string> includes = {};  // other roles of this feed
  bool selectable = false;                 // the update that names the members is a feature, called as the role
  std::string title = {};
};

// One REG_SZ value, the usual registry content of a test.
[[nodiscard]] inline ComponentRegistryKey registry_text(std::string path, std::string name, std::string_view text) {
  ComponentRegistryValue value;
  value.name = std::move(name);
  value.data = to_utf16le(text, true).value();
  ComponentRegistryKey key;
  key.path = std::move(path);
  key.values.push_back(std::move(value));
  return key;
}

class FeedBuilder {
 public:
  explicit FeedBuilder(std::string name = "synthetic", std::string version = "1.0")
      : directory_(unwrap(TemporaryDirectory::create("winnow-feed"))) {
    index_.name = std::move(name);
    index_.version = std::move(version);
    index_.description = "A feed made by a test.";
  }

  // A component "Test-<file>" with one PE file (a .dll unless the name says otherwise) built from `member`.
  FeedBuilder& module(const std::string& file, const FeedMember& member = {}) {
    return this->file(file, build_module(file, member), member);
  }

  // apisetschema.dll with these contracts.
  FeedBuilder& api_sets(const std::vector<ApiSetContract>& contracts) {
    return file("apisetschema.dll", build_pe({.is_dll = true, .api_set_schema = build_api_set_schema(contracts)}));
  }

  // A component "Test-<file>" with one file of these bytes.
  FeedBuilder& file(const std::string& file, Bytes bytes, const FeedMember& member = {}) {
    ComponentManifest manifest;
    manifest.identity = identity("Test-" + file, member.version);
    manifest.registry_keys = member.registry_keys;
    manifest.services = member.services;
    ComponentFile description;
    description.name = description.source_name = file;
    description.destination = member.folder;
    manifest.files.push_back(std::move(description));
    return component(std::move(manifest), {{file, std::move(bytes)}}, member.depends_on);
  }
  FeedBuilder& file(const std::string& name, std::string_view text, const FeedMember& member = {}) {
    const ByteView bytes = as_bytes(text);
    return file(name, Bytes(bytes.begin(), bytes.end()), member);
  }

  // A component without files.
  FeedBuilder& registry(const std::string& component_name, std::vector<ComponentRegistryKey> keys) {
    ComponentManifest manifest;
    manifest.identity = identity(component_name, {{1, 0, 0, 0}});
    manifest.registry_keys = std::move(keys);
    return component(std::move(manifest), {});
  }

  // Any component. `payload` is by source name; sizes and digests of the manifest's files are filled in from it.
  FeedBuilder& component(ComponentManifest manifest, std::map<std::string, Bytes> payload,
                         std::vector<std::string> depends_on = {}) {
    for (ComponentFile& file : manifest.files) {
      const Bytes& bytes = payload.at(file.source_name);
      file.size = bytes.size();
      file.digest = sha256(bytes);
    }
    components_.push_back({std::move(manifest), std::move(payload), std::move(depends_on)});
    return *this;
  }

  // A package of which `identifier` is both the identifier and, as "Test-<identifier>-Package", the name.
  FeedBuilder& role(const std::string& identifier, const std::vector<std::string>& members, const FeedRole& role = {}) {
    roles_.push_back({identifier, members, role});
    return *this;
  }

  // Writes everything and returns the feed's folder, which lives as long as this object. May be called again.
  std::filesystem::path write() {
    std::filesystem::remove_all(root());
    index_.components.clear();
    index_.packages.clear();
    for (const Component& component : components_) write_component(component);
    for (const Role& role : roles_) write_role(role);
    const auto by_identity = [](const auto& a, const auto& b) { return a.identity < b.identity; };
    std::sort(index_.components.begin(), index_.components.end(), by_identity);
    std::sort(index_.packages.begin(), index_.packages.end(), by_identity);
    put(root() / "index.xml", print_feed_index(index_));
    return root();
  }

  [[nodiscard]] std::filesystem::path root() const { return directory_.path() / "feed"; }
  // As written last.
  [[nodiscard]] const FeedIndex& index() const { return index_; }

  // The identity that a component or package of this builder has.
  [[nodiscard]] static AssemblyIdentity identity(std::string name, const Version& version) {
    AssemblyIdentity identity;
    identity.name = std::move(name);
    identity.version = version;
    identity.architecture = "amd64";
    identity.public_key_token = "0123456789abcdef";
    identity.version_scope = "nonSxS";
    return identity;
  }

 private:
  struct Component {
    ComponentManifest manifest;
    std::map<std::string, Bytes> payload;
    std::vector<std::string> depends_on;
  };
  struct Role {
    std::string identifier;
    std::vector<std::string> members;
    FeedRole options;
  };

  template <class T>
  static T unwrap(Result<T> result) {
    if (!result) throw std::runtime_error(to_string(result.error()));
    return std::move(*result);
  }

  static void put(const std::filesystem::path& path, std::string_view text) { put(path, as_bytes(text)); }
  static void put(const std::filesystem::path& path, ByteView bytes) {
    std::filesystem::create_directories(path.parent_path());
    const auto written = write_file(path, bytes);
    if (!written) throw std::runtime_error(to_string(written.error()));
  }

  // The identities of the component called `name`, or of all components that have a file of that name.
  [[nodiscard]] std::vector<AssemblyIdentity> members_named(const std::string& name) const {
    std::vector<AssemblyIdentity> found;
    for (const Component& component : components_) {
      const auto has_name = [&](const ComponentFile& file) { return ascii_iequals(file.name, name); };
      const auto& files = component.manifest.files;
      if (component.manifest.identity.name == name || std::any_of(files.begin(), files.end(), has_name)) {
        found.push_back(component.manifest.identity);
      }
    }
    if (found.empty()) throw std::runtime_error("FeedBuilder: no member is called " + name);
    return found;
  }

  void write_component(const Component& component) {
    ComponentManifest manifest = component.manifest;
    for (const std::string& name : component.depends_on) {
      for (AssemblyIdentity& identity : members_named(name)) manifest.dependencies.push_back({std::move(identity)});
    }
    const std::string key = key_form(manifest.identity);
    const std::string text = print_component_manifest(manifest);
    put(root() / "manifests" / (key + ".manifest"), text);
    IndexedComponent indexed{manifest.identity, role_of(manifest), sha256(as_bytes(text)), {}, manifest.provides};
    for (const ComponentFile& file : manifest.files) {
      put(root() / "payload" / key / file.source_name, component.payload.at(file.source_name));
      if (file.destination.empty()) continue;  // not projected: nowhere in the image
      const WindowsPath folder = unwrap(expand_destination(file.destination, manifest.identity.architecture));
      const std::string& name = file.destination_name.empty() ? file.name : file.destination_name;
      indexed.files.push_back({(folder / unwrap(WindowsPath::parse(name))).text(), file.size, file.digest});
    }
    index_.components.push_back(std::move(indexed));
  }

  // The first role that names the component.
  [[nodiscard]] std::string role_of(const ComponentManifest& manifest) const {
    for (const Role& role : roles_) {
      for (const std::string& member : role.members) {
        const auto identities = members_named(member);
        if (std::find(identities.begin(), identities.end(), manifest.identity) != identities.end()) {
          return role.identifier;
        }
      }
    }
    return "";
  }

  static AssemblyIdentity role_identity(const std::string& identifier) {
    return identity("Test-" + identifier + "-Package", {{1, 0, 0, 0}});
  }

  void write_role(const Role& role) {
    PackageManifest package;
    package.identity = role_identity(role.identifier);
    package.identifier = role.identifier;
    package.release_type = role.options.product ? "Product" : "OnDemand Pack";
    package.display_name = role.options.title;
    PackageUpdate update;
    update.name = role.identifier;
    update.selectable = role.options.selectable;
    for (const std::string& include : role.options.includes) {
      update.references.push_back({PackageReference::Kind::package, role_identity(include)});
    }
    for (const std::string& member : role.members) {
      for (AssemblyIdentity& identity : members_named(member)) {
        update.references.push_back({PackageReference::Kind::component, std::move(identity)});
      }
    }
    package.updates.push_back(std::move(update));
    const std::string text = print_package_manifest(package);
    put(root() / "packages" / (package_id(package.identity) + ".mum"), text);
    index_.packages.push_back({package.identity, role.identifier, role.options.product, sha256(as_bytes(text))});
  }

  static Bytes build_module(const std::string& file, const FeedMember& member) {
    PeDescription description;
    description.is_dll = !file.ends_with(".exe");
    description.is_wine_builtin = true;
    for (const std::string& module : member.imports) description.imports.push_back({module, {"Function"}});
    for (const std::string& module : member.delay_imports) {
      description.hidden_delay_imports.push_back({module, {"Function"}});
    }
    description.strings = member.strings;
    description.exports = {{"Function", member.forwards_to}};
    description.export_name = file;
    return build_pe(description);
  }

  TemporaryDirectory directory_;
  FeedIndex index_;
  std::vector<Component> components_;
  std::vector<Role> roles_;
};

}  // namespace winnow::testing
