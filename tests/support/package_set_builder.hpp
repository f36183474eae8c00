// A set of packages of our own, as Microsoft's come in cabinets: a package, a deployment, two components (one manifest
// a delta, one plain) with payload, a signed catalog, and everything a test wants changed.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "manifest/component_manifest.hpp"
#include "manifest/package_manifest.hpp"
#include "payload/content.hpp"
#include "payload/payload_source.hpp"
#include "support/cabinet_builder.hpp"
#include "support/pa30_builder.hpp"
#include "support/security_catalog_builder.hpp"

namespace winnow::testing {

class PackageSetBuilder {
 public:
  PackageSetBuilder() {
    add_component("Test-Server", {{"server.exe", "MZ server"}, {"server.cfg", "port=22\n"}}, true);
    add_component("Test-Library", {{"library.dll", "MZ library"}}, false);
    ComponentManifest deployment;
    deployment.identity = identity("Test-Deployment");
    for (const char* name : {"Test-Server", "Test-Library"}) {
      deployment.dependencies.push_back({identity(name), DependencyType::install, false, 0});
    }
    add_manifest(deployment, false);
    PackageManifest package;
    package.identity = identity("Test-Package");
    package.identity.version_scope.clear();
    package.identifier = "Test";
    package.release_type = "OnDemand Pack";
    package.updates.emplace_back();
    package.updates.back().name = "all";
    package.updates.back().references = {{PackageReference::Kind::component, identity("Test-Deployment")}};
    const std::string text = print_package_manifest(package);
    files[package_id(package.identity) + ".mum"] = files["update.mum"] = text;
    signed_texts.push_back(text);
    files["$filehashes$.dat"] = "[sha256]\n";
  }

  static AssemblyIdentity identity(const std::string& name) {
    AssemblyIdentity identity;
    identity.name = name;
    identity.version = {{10, 0, 19041, 1}};
    identity.architecture = "amd64";
    identity.public_key_token = "1234567890abcdef";
    identity.version_scope = "nonSxS";
    return identity;
  }
  [[nodiscard]] static std::string folder_of(const std::string& name) { return key_form(identity(name)); }
  // What manifests are deltas against here; none of anybody else's.
  [[nodiscard]] static Bytes dictionary() {
    ComponentManifest manifest;
    manifest.identity = identity("Dictionary");
    const std::string text = print_component_manifest(manifest);
    return {as_bytes(text).begin(), as_bytes(text).end()};
  }
  // The catalog "update.cat" over signed_texts; every second one by SHA-1, as Microsoft's do.
  PackageSetBuilder& sign(const TestSigner* signer) {
    SecurityCatalogBuilder catalog;
    for (std::size_t i = 0; i < signed_texts.size(); ++i) {
      i % 2 == 0 ? catalog.sha256_of(signed_texts[i]) : catalog.sha1_of(signed_texts[i]);
    }
    files["update.cat"] = std::string(as_text(catalog.finish(signer)));
    return *this;
  }
  // Names with '/'.
  [[nodiscard]] Bytes cabinet(CabinetBuilder::Method method = CabinetBuilder::Method::mszip) const {
    CabinetBuilder builder(method);
    for (const auto& [name, content] : files) {
      std::string stored = name;
      std::replace(stored.begin(), stored.end(), '/', '\\');
      builder.file(stored, content);
    }
    return builder.reserve(20, 0, 0).behind(std::string(100, 'S')).finish();
  }
  [[nodiscard]] std::vector<PayloadEntry> entries() const {
    std::vector<PayloadEntry> entries;
    for (const auto& [name, content] : files) {
      entries.push_back({name, Content::of_bytes({as_bytes(content).begin(), as_bytes(content).end()})});
    }
    return entries;
  }

  std::map<std::string, std::string> files;  // content by path
  std::vector<std::string> signed_texts;     // manifests, expanded

 private:
  void add_component(const std::string& name, const std::map<std::string, std::string>& payload, bool as_delta) {
    ComponentManifest manifest;
    manifest.identity = identity(name);
    for (const auto& [file, content] : payload) {
      ComponentFile entry;
      entry.name = entry.source_name = file;
      entry.destination = "$(runtime.system32)";
      entry.digest = sha256(as_bytes(content));
      manifest.files.push_back(entry);
      files[folder_of(name) + "/" + file] = content;
    }
    add_manifest(manifest, as_delta);
  }
  void add_manifest(const ComponentManifest& manifest, bool as_delta) {
    const std::string text = print_component_manifest(manifest);
    std::string& stored = files[key_form(manifest.identity) + ".manifest"];
    stored = text;
    signed_texts.push_back(text);
    if (!as_delta) return;
    const Bytes source = dictionary();
    std::size_t shared = 0;
    while (shared < source.size() && shared < text.size() &&
           source[shared] == static_cast<unsigned char>(text[shared])) {
      ++shared;
    }
    Pa30Builder delta(source);
    delta.copy_source(0, shared).literals(text.substr(shared));
    stored = std::string("DCM\x01", 4) + std::string(as_text(delta.delta()));
  }
};

}  // namespace winnow::testing
