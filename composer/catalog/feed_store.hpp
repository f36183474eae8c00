// Where the manifests and the payload of a feed are: in folders beside its index, or inside media with Windows' own
// packages. Every const member may be called from many threads at once.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/digest.hpp"
#include "base/result.hpp"
#include "manifest/component_manifest.hpp"
#include "manifest/package_manifest.hpp"
#include "payload/content.hpp"

namespace winnow {

struct CatalogComponent;
struct CatalogPackage;

// A security catalog (.cat) that names a manifest.
struct SigningCatalog {
  Digest digest;  // SHA-256 of its bytes
  Content content;
};

class FeedStore {
 public:
  virtual ~FeedStore() = default;

  // The manifest, checked against the digest of the index and against what the index says of it. Sizes of files are
  // known. Errors name the file.
  [[nodiscard]] virtual Result<ComponentManifest> component(const CatalogComponent& component) const = 0;
  [[nodiscard]] virtual Result<PackageManifest> package(const CatalogPackage& package) const = 0;
  // The manifest's bytes, deltas expanded.
  [[nodiscard]] virtual Result<Bytes> component_text(const CatalogComponent& component) const = 0;
  [[nodiscard]] virtual Result<Bytes> package_text(const CatalogPackage& package) const = 0;
  // What signs it; nothing where nobody does.
  [[nodiscard]] virtual std::optional<SigningCatalog> catalog_of(const CatalogComponent& component) const = 0;
  [[nodiscard]] virtual std::optional<SigningCatalog> catalog_of(const CatalogPackage& package) const = 0;
  // Bytes of a file of the component's manifest; what is not there says so when it is loaded.
  [[nodiscard]] virtual Content payload(const CatalogComponent& component, const ComponentFile& file) const = 0;

  // Whether all of its payload can be had. False for what an image keeps of superseded components: nothing, or what
  // differs from another version; their payload() says so when it is loaded.
  [[nodiscard]] virtual bool has_payload(const CatalogComponent& component) const = 0;

  // For messages.
  [[nodiscard]] virtual std::string manifest_name(const CatalogComponent& component) const = 0;
  [[nodiscard]] virtual std::string manifest_name(const CatalogPackage& package) const = 0;
  [[nodiscard]] virtual std::string payload_name(const CatalogComponent& component,
                                                 const ComponentFile& file) const = 0;
};

}  // namespace winnow
