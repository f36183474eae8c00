// What a history keeps of one build of one image: enough to say later which build brought a component, which one grew
// it, and why. Single files are not kept: a stored report is the place for them (`winnow size --save`).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/result.hpp"
#include "size_analyzer/image_facts.hpp"

namespace winnow {

// One owner with one version; its bytes are those of its files and of its parts of other files.
struct OwnerRecord {
  OwnerType kind = OwnerType::nobody;
  std::string name;
  std::string package;
  std::string architecture;
  std::string version;
  std::string reason;
  bool is_requested = false;
  std::uint64_t files = 0;
  Sizes sizes;
  friend bool operator==(const OwnerRecord&, const OwnerRecord&) = default;
};

struct KindRecord {
  std::string kind;  // to_string(ByteKind)
  Sizes sizes;
  friend bool operator==(const KindRecord&, const KindRecord&) = default;
};

struct BuildRecord {
  std::string series;                // what is built again and again: "node-hello"
  std::string label;                 // which build: "1042", a commit
  std::optional<std::int64_t> time;  // seconds since 1970
  // What the image stands on and its maker does not build: names of the feeds, a Windows base image. Series with one
  // base that move at once have one cause. "" when nothing is known.
  std::string base;
  std::string product;       // the series without its base: the same image on another base has the same one
  bool is_imported = false;  // only total.logical is known
  Sizes total;
  std::string image;
  std::string format;
  std::string tag;
  std::string os_version;
  std::string architecture;
  std::string manifest_digest;
  std::vector<std::string> requests;
  std::vector<FeedFacts> feeds;
  std::vector<OwnerRecord> owners;  // sorted by kind, name, package, architecture, version: no two alike
  std::vector<KindRecord> kinds;    // in the order of ByteKind, those with bytes; they add up to `total`
  std::vector<CountFacts> counts;
};

struct BuildName {
  std::string series;  // "" = the image's tag without its version, else its name without extension
  std::string label;
  std::string base;                  // "" = the names of its feeds
  std::optional<std::int64_t> time;  // nullopt = the image's own time; where it has none, none
};

// Error when the facts have sizes beyond 2^62 bytes.
[[nodiscard]] Result<BuildRecord> record_build(const ImageFacts& facts, const BuildName& name);

// SHA-256 of all that a record says: equal for equal records.
[[nodiscard]] Digest digest_of(const BuildRecord& record);

}  // namespace winnow
