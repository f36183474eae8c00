// What media with Windows' packages come to, as plain data: the index of a feed, and beside each of its rows where
// manifest, payload and signature are. Made once from the media, then kept (media_cache.hpp).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/digest.hpp"
#include "base/result.hpp"
#include "manifest/feed_index.hpp"

namespace winnow {

inline constexpr std::uint32_t kNoCatalog = 0xFFFFFFFF;

// Where a manifest was found.
struct MediaPlace {
  std::uint32_t source = 0;            // index into MediaIndex::sources
  std::string file;                    // in the source
  std::uint32_t catalog = kNoCatalog;  // index into MediaIndex::catalogs: what signs it

  bool operator==(const MediaPlace&) const = default;
};

// Whether a file is kept in a compressed form of component stores (payload/stored_file.hpp).
enum class PayloadForm : std::uint32_t {
  plain,
  packed,
  closed,   // it cannot be expanded here
  unknown,  // nobody looked, since that costs reading: inside a WIM, a disc, a disk
};

struct MediaFile {
  std::string name;      // as in the manifest
  std::string path;      // in the component's source; "" = it is not there
  ByteCount size = 0;    // expanded; as stored where the form is unknown or closed
  ByteCount stored = 0;  // in the source
  PayloadForm form = PayloadForm::plain;

  bool operator==(const MediaFile&) const = default;
};

struct MediaCatalog {
  std::uint32_t source = 0;
  std::string file;
  Digest digest;  // SHA-256 of its bytes
  ByteCount size = 0;

  bool operator==(const MediaCatalog&) const = default;
};

struct MediaIndex {
  FeedIndex feed;
  Digest digest;                       // of the feed: the same packages come to the same digest wherever they lie
  std::vector<std::string> sources;    // cabinets and folders, as open_media() names them
  std::vector<MediaCatalog> catalogs;  // by source and file
  std::vector<MediaPlace> packages;    // of each of feed.packages
  std::vector<MediaPlace> components;  // of each of feed.components
  std::vector<std::vector<MediaFile>> payload;  // of each of feed.components: of each file of its manifest
  std::vector<AssemblyIdentity> outermost;      // packages that none of the others names
  std::vector<AssemblyIdentity> installed;      // on the images whose component stores these are; their outermost
  std::vector<std::string> features;            // and those that are on there

  bool operator==(const MediaIndex&) const = default;
};

// Manifests by digest, deltas expanded.
using ManifestTexts = std::map<Digest, Bytes>;

// As bytes and back. Error "cannot read an index of media: it is damaged".
[[nodiscard]] Bytes encode_media_index(const MediaIndex& index);
[[nodiscard]] Result<MediaIndex> decode_media_index(ByteView bytes);

}  // namespace winnow
