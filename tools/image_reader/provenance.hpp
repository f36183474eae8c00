// Who put what on an image, as the image itself says: Windows\winnow\provenance.json, written by the composer. Only
// images made by winnow have it.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "base/windows_path.hpp"

namespace winnow {

// Where the composer puts it, as ImageFile::path spells it; compared without case.
inline constexpr std::string_view kProvenancePath = "Windows/winnow/provenance.json";

inline constexpr std::string_view kProvenanceSchema = "winnow-provenance-1";

struct ProvenanceOwner {
  enum class Kind { winnow, component, app };
  Kind kind = Kind::winnow;
  std::string name;
  std::string version;
  std::string role;    // package a component is counted under; "" for the other kinds
  std::string reason;  // why it is there
  struct Need {
    std::size_t to = 0;  // index into Provenance::owners
    std::string kind;    // "import", "delay import", "dependency", …
    std::string text;    // "ws2_32.dll imports KERNEL32.dll"
  };
  bool requested = false;        // the request names it
  std::vector<Need> needs = {};  // of other owners
};

struct ProvenanceFeed {
  std::string name;
  std::string version;
  std::string digest;
};

// What one owner put into one hive.
struct ProvenanceRegistry {
  std::string hive;
  std::size_t owner = 0;  // index into Provenance::owners
  std::uint64_t keys = 0;
  std::uint64_t values = 0;
  ByteCount bytes = 0;
};

struct Provenance {
  std::string name;
  std::string version;
  std::string os_version;
  std::uint64_t time = 0;             // seconds since 1970; 0 = none
  std::string manifest_digest;        // "sha256:…"
  std::vector<std::string> requests;  // "role shell-ui", "needs app"
  std::vector<std::string> omitted;   // components left out by force
  std::vector<ProvenanceFeed> feeds;
  std::vector<ProvenanceOwner> owners;
  std::map<WindowsPath, std::size_t> files;        // index into `owners`
  std::map<WindowsPath, std::size_t> directories;  // the same
  std::vector<ProvenanceRegistry> registry;
};

// Error "cannot parse provenance.json: <reason>".
[[nodiscard]] Result<Provenance> parse_provenance(const Json& json);

}  // namespace winnow
