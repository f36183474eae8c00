// What media or an image hold, as lists to look at: packages with their state and payload, components, features.
// Nothing is checked; that is examine_media()'s.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "servicing/media_source.hpp"

namespace winnow {

struct ListedPackage {
  AssemblyIdentity identity;
  std::string release_type;
  std::string display_name;
  std::optional<std::uint32_t> state;  // of an image: CurrentState; none when the image knows nothing of it
  bool has_manifest = true;            // false: the image knows it, its manifest is not there
  // Of the components that the package itself brings in, by exact reference and as far as the media have them; packages
  // inside it count for themselves.
  std::size_t components = 0;
  std::size_t files = 0;
  ByteCount payload = 0;
  std::string file;  // of the manifest: "<set>/<file>"
};

struct ListedComponent {
  AssemblyIdentity identity;
  bool is_deployment = false;
  std::size_t files = 0;
  std::size_t missing_files = 0;  // named by the manifest and not there
  ByteCount payload = 0;
  std::string file;
};

struct ListedFeature {
  std::string name;
  std::string package;  // package id
  std::string display_name;
  bool is_on_by_default = false;
  std::vector<std::string> needs;  // features that must be on before it is applicable: any of them
};

struct MediaListing {
  std::vector<ListedPackage> packages;      // by identity, the same in several sets once
  std::vector<ListedComponent> components;  // by identity
  std::vector<ListedFeature> features;      // by package and order
  bool has_states = false;                  // a hive told them
  std::vector<Fault> faults;                // sets that could not be read
};

// Reads every set.
[[nodiscard]] Result<MediaListing> list_media(const Media& media, ByteView dictionary, const HiveKeysReader& read_hive);

}  // namespace winnow
