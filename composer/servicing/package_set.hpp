// One set of Windows' packages as media hold it: a cabinet, or the folder it was expanded to. Package manifests (.mum),
// component manifests (.manifest, plain or delta), security catalogs (.cat), and payload in folders named by key forms.
// Reading checks nothing but that the manifests are manifests; whom to trust says check_package_set.hpp.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "manifest/component_manifest.hpp"
#include "manifest/package_manifest.hpp"
#include "payload/content.hpp"
#include "payload/payload_source.hpp"
#include "payload/security_catalog.hpp"

namespace winnow {

inline constexpr ByteCount kMaxStoredManifest = ByteCount{64} << 20;

struct SetPackage {
  std::string file;  // in the set; "update.mum" only when it goes by no other name
  Bytes text;
  PackageManifest manifest;
};

struct SetFile {
  std::string path;  // in the set: "<key form>/<name>"
  Content content;
  std::size_t order = 0;  // among the files of the set: reading them so is fastest
};

struct SetComponent {
  std::string file;
  bool was_delta = false;
  Bytes text;  // expanded
  ComponentManifest manifest;
  std::vector<std::optional<SetFile>> payload;  // of each of manifest.files; nothing where the set has none
};

struct SetCatalog {
  std::string file;
  SecurityCatalog catalog;
  Digest digest;  // SHA-256 of its bytes
  ByteCount size = 0;
};

struct PackageSet {
  std::string name;                      // of the cabinet or folder, for messages
  std::vector<SetPackage> packages;      // by file; identical copies ("update.mum") once
  std::vector<SetComponent> components;  // by file
  std::vector<SetCatalog> catalogs;      // by file; identical copies once
  std::vector<std::string> unclaimed;    // files that no manifest names: "$filehashes$.dat"
};

// What lies at `source`, which is a cabinet or a folder. `dictionary` is what delta manifests are made against, empty
// when nobody gave it. Errors name the file: "cannot read <set>/<file>: …"; every manifest's faults are collected.
[[nodiscard]] Result<PackageSet> load_package_set(const std::filesystem::path& source, ByteView dictionary);
// The same of files that are already there.
[[nodiscard]] Result<PackageSet> read_package_set(std::vector<PayloadEntry> entries, const std::string& name,
                                                  ByteView dictionary);

}  // namespace winnow
