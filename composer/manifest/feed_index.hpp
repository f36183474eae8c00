// The index of a feed (`index.xml` at its root): what is in it, without opening anything else. Every manifest is named
// with its SHA-256 and every manifest names its payload with SHA-256, so the digest of the index pins the whole feed.
//
// Layout of a feed on disk:
//   index.xml
//   packages/<package id>.mum
//   manifests/<key form>.manifest
//   payload/<key form>/<file>
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/digest.hpp"
#include "base/result.hpp"
#include "manifest/assembly_identity.hpp"

namespace winnow {

// One file a component brings, where it lands: enough to find the provider of a module and to count a feed.
struct IndexedFile {
  std::string path;  // in the image: "Windows\System32\kernel32.dll", macros expanded
  ByteCount size = 0;
  Digest digest;

  bool operator==(const IndexedFile&) const = default;
};

struct IndexedComponent {
  AssemblyIdentity identity;
  std::string role;        // the package it is counted under in reports (its first), by identifier
  Digest manifest_digest;  // of manifests/<key form>.manifest
  std::vector<IndexedFile> files;
  std::vector<std::string> provides = {};  // capabilities, as in its manifest

  bool operator==(const IndexedComponent&) const = default;
};

struct IndexedPackage {
  AssemblyIdentity identity;
  std::string identifier;  // as PackageManifest::identifier
  bool product = false;    // releaseType="Product"
  Digest manifest_digest;  // of packages/<package id>.mum

  bool operator==(const IndexedPackage&) const = default;
};

struct FeedIndex {
  std::string name;                          // "open"
  std::string version;                       // of the source: "8.0~repack-4"
  std::string description;                   // what it is, and what it is not
  std::vector<IndexedPackage> packages;      // sorted by identity
  std::vector<IndexedComponent> components;  // sorted by identity

  bool operator==(const FeedIndex&) const = default;
};

[[nodiscard]] Result<FeedIndex> parse_feed_index(std::string_view text, const std::string& file);
[[nodiscard]] std::string print_feed_index(const FeedIndex& index);

}  // namespace winnow
