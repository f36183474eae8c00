// Everything that was measured on one image: what each byte is, whose it is, why it is there. The stored report is this
// value as JSON (facts_json.hpp); tables, differences, budgets, history and pages are views of it and read no image.
//
// Invariants (check_facts): in each of the three measures the files and the overheads add up to `total`; the parts of a
// file never exceed it; `total.stored` is the size of the image as it lies on disk, to the byte; on a disk
// `total.allocated` is the size of the virtual disk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace winnow {

// The three measures, never confused.
struct Sizes {
  ByteCount logical = 0;    // length of contents; what has several names counts once
  ByteCount allocated = 0;  // clusters; of an image that is no volume: those of 4 KiB it would take on one
  ByteCount stored = 0;     // bytes of the image as it lies on disk, after compression and sharing

  Sizes& operator+=(const Sizes& other);
  friend bool operator==(const Sizes&, const Sizes&) = default;
};

enum class Measure { logical, allocated, stored };
[[nodiscard]] std::string_view to_string(Measure measure);
[[nodiscard]] ByteCount value_of(const Sizes& sizes, Measure measure);

// What bytes are. Every byte of an image is of exactly one kind.
enum class ByteKind {
  executable,      // a PE program
  library,         // a PE module
  driver,          // a PE file that a driver service names, or of the native subsystem
  service_binary,  // a PE file that a service's ImagePath or ServiceDll names
  language,        // .mui, and modules of resources only for one language
  font,
  nls,  // tables of code pages, sorting, case
  registry_hive,
  component_store,  // WinSxS: manifests, catalogs, what is not projected
  update_payload,   // superseded versions, deltas, servicing packages
  data,             // any other file
  debug_section,    // these four: parts of files
  signature,        // Authenticode, in the PE file
  slack,            // after the end of the content in its last cluster; in a hive: free cells
  named_stream,
  file_table,  // from here on bytes of no file: MFT records, directory entries of a WIM, tar headers
  directory_index,
  file_system,      // bitmap, log, security descriptors, boot records; a FAT
  partition_table,  // and padding between partitions
  free_space,
  container_format,  // headers, tables and padding of VHD, VHDX, WIM; documents of a container image
  unclaimed,         // bytes that nothing explains
};
inline constexpr std::size_t kByteKindCount = static_cast<std::size_t>(ByteKind::unclaimed) + 1;
[[nodiscard]] std::string_view to_string(ByteKind kind);  // "service binary"

enum class OwnerType { component, app, winnow, nobody };
inline constexpr std::size_t kOwnerTypeCount = static_cast<std::size_t>(OwnerType::nobody) + 1;
[[nodiscard]] std::string_view to_string(OwnerType kind);

// Where it is known from whose a file is; the report says which.
enum class OwnerBasis {
  provenance,        // Windows\winnow\provenance.json in the image
  feed,              // a feed's index has the same path and content
  component_store,   // WinSxS manifests and folder names
  version_resource,  // the file's own company and product name
  path,              // the folder it lies in
  none,
};
inline constexpr std::size_t kOwnerBasisCount = static_cast<std::size_t>(OwnerBasis::none) + 1;
[[nodiscard]] std::string_view to_string(OwnerBasis basis);

using OwnerIndex = std::uint32_t;
inline constexpr OwnerIndex kNobody = 0;  // owners[0] is always there: kind nobody

// An edge of the dependency graph: the owner that holds it needs `to`.
struct OwnerNeed {
  OwnerIndex to = 0;
  std::string kind;  // "import", "delay import", "dependency", "named", …: winnow's ReasonKind in words
  std::string text;  // "imports KERNEL32.dll"
  friend bool operator==(const OwnerNeed&, const OwnerNeed&) = default;
};

struct OwnerFacts {
  OwnerType kind = OwnerType::nobody;
  OwnerBasis basis = OwnerBasis::none;
  std::string name;              // component, app; "winnow"; "unclaimed"
  std::string version;           // "" when unknown
  std::string package;           // package or role it is counted under; "" for none
  std::string architecture;      // "amd64", "" = neutral or unknown
  std::string reason;            // why it is there: "node.exe imports KERNEL32.dll"
  bool is_requested = false;     // the request names it (or its role), the app itself included
  std::vector<OwnerNeed> needs;  // sorted by `to`, kind, text
  friend bool operator==(const OwnerFacts&, const OwnerFacts&) = default;
};

// Bytes inside a file that are of another kind or owner than the file; the rest of the file is the file's own.
struct FilePart {
  ByteKind kind = ByteKind::slack;
  OwnerIndex owner = kNobody;  // kNobody: the file's
  std::string name;            // ".debug_info", "Zone.Identifier", "values of SOFTWARE"
  Sizes sizes;
  friend bool operator==(const FilePart&, const FilePart&) = default;
};

inline constexpr std::uint32_t kNoContent = 0xFFFFFFFF;

// One name of a file. Names that share their content have the same `content`: hard links divide all three sizes among
// the owners of the names, equal blobs of a WIM only the stored ones; within one owner the first name has all.
struct FileFacts {
  std::string path;  // '/' between components: "Windows/System32/kernel32.dll"
  OwnerIndex owner = kNobody;
  ByteKind kind = ByteKind::data;
  std::string language;                // BCP 47 as Windows writes it: "en-US"; "" = neutral
  std::string architecture;            // "amd64", "x86", "arm64"; "" = none
  std::uint32_t layer = 0;             // index into ImageFacts::layers; 0 when there are none
  std::string digest;                  // SHA-256 of the content, hex; "" when it was not read
  std::uint32_t content = kNoContent;  // equal for names that share stored bytes; kNoContent: nobody else's
  bool is_shadowed = false;            // a later layer has the same path: stored, but never seen
  Sizes sizes;
  std::vector<FilePart> parts;
  friend bool operator==(const FileFacts&, const FileFacts&) = default;
};

// Bytes of no file.
struct OverheadFacts {
  ByteKind kind = ByteKind::unclaimed;
  std::string name;  // "MFT records of files", "free clusters in stored blocks", "tar headers"
  std::uint32_t layer = 0;
  Sizes sizes;
  friend bool operator==(const OverheadFacts&, const OverheadFacts&) = default;
};

struct ImageLayerFacts {
  std::string digest;  // "sha256:…"
  ByteCount stored = 0;
  ByteCount unpacked = 0;
  friend bool operator==(const ImageLayerFacts&, const ImageLayerFacts&) = default;
};

struct FeedFacts {
  std::string name;
  std::string version;
  std::string digest;
  friend bool operator==(const FeedFacts&, const FeedFacts&) = default;
};

// A service or driver of the SYSTEM hive.
struct ServiceFacts {
  std::string name;
  std::string start;  // "boot", "system", "automatic", "manual", "disabled"
  bool is_driver = false;
  bool listens = false;  // its manifest declares it
  std::string file;      // path as FileFacts spells it; "" when it is not in the image
  OwnerIndex owner = kNobody;
  friend bool operator==(const ServiceFacts&, const ServiceFacts&) = default;
};

// Any-of decisions that the composer wrote down.
struct ChoiceFacts {
  std::string need;                       // "provider of api-ms-win-core-foo-l1-1-0"
  std::string chosen;                     // owner's name
  std::vector<std::string> alternatives;  // others it could have been, sorted
  friend bool operator==(const ChoiceFacts&, const ChoiceFacts&) = default;
};

// Counts beside bytes. What could not be counted (no hive, no manifest) is absent, not 0.
struct CountFacts {
  std::string name;  // "files", "executables", "libraries", "drivers", "services automatic", "registry keys",
                     // "registry values", "scheduled tasks", "listening services", "COM classes"
  std::uint64_t value = 0;
  friend bool operator==(const CountFacts&, const CountFacts&) = default;
};

struct ImageFacts {
  std::string name;    // file name of the image, or the name given when it was saved
  std::string format;  // "dynamic VHD", "WIM", "container image", "folder", "feed"
  std::string tag;
  std::string os_version;
  std::string architecture;
  std::uint64_t time = 0;              // seconds since 1970, of the image's provenance; 0 = it says none
  bool allocated_is_measured = false;  // by a volume's own clusters; else computed for clusters of 4 KiB
  ByteCount cluster_size = 4096;
  std::string manifest_digest;        // of the app manifest, "sha256:…", as the image says; "" when it does not
  std::vector<std::string> requests;  // "role shell-ui", "app node-hello 18.20.8", sorted; of the image's provenance
  std::vector<FeedFacts> feeds;
  std::vector<ImageLayerFacts> layers;
  std::vector<OwnerFacts> owners;           // [0] is nobody; the others sorted by kind, package, name, version
  std::vector<FileFacts> files;             // sorted by path, layer, owner; no directories
  std::vector<OverheadFacts> overheads;     // sorted by kind, name, layer
  std::vector<ServiceFacts> services;       // sorted by name
  std::vector<ChoiceFacts> choices;         // sorted by need
  std::vector<CountFacts> counts;           // in the order of CountFacts' comment
  std::vector<CountFacts> component_store;  // bytes, as DISM's AnalyzeComponentStore has them: "Explorer size", …;
                                            // empty without a WinSxS
  std::vector<std::string> warnings;        // what was met and not understood, each with its place
  Sizes total;
  friend bool operator==(const ImageFacts&, const ImageFacts&) = default;
};

// Error "cannot trust the facts of <image>: <what> …", which is a bug of the analyzer or a damaged stored report.
[[nodiscard]] Result<void> check_facts(const ImageFacts& facts);

}  // namespace winnow
