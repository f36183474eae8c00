// The files of an image as data: what lands where, whose it is, with which metadata. Nothing here has been read yet.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/result.hpp"
#include "base/windows_path.hpp"
#include "payload/content.hpp"

namespace winnow {

// FILE_ATTRIBUTE_* (winnt.h)
inline constexpr std::uint32_t kAttributeReadOnly = 0x1;
inline constexpr std::uint32_t kAttributeHidden = 0x2;
inline constexpr std::uint32_t kAttributeSystem = 0x4;
inline constexpr std::uint32_t kAttributeDirectory = 0x10;
inline constexpr std::uint32_t kAttributeArchive = 0x20;

using OwnerId = std::uint32_t;  // index into ImagePlan::owners

enum class OwnerKind {
  component,  // of a feed
  app,        // the app's own files and settings
  winnow,     // what the composer makes: hives, provenance, parents nobody else claims
};

// An edge of the dependency graph between owners: whoever holds it needs `to`.
struct NeededOwner {
  OwnerId to = 0;
  std::string kind;  // to_string(ReasonKind): "import"
  std::string text;  // "ws2_32.dll imports KERNEL32.dll"

  auto operator<=>(const NeededOwner&) const = default;
};

struct Owner {
  OwnerKind kind = OwnerKind::winnow;
  std::string name;                     // "Wine-kernel32.dll", "node-hello", "winnow"
  std::string version;                  // "" where there is none
  std::string role;                     // of a component: the package it is counted under
  std::string reason;                   // of a component: the last step of why it is in, one line
  bool requested = false;               // the feed's product or the app manifest names it; so is the app itself
  std::vector<NeededOwner> needs = {};  // sorted, no duplicates
};

// Indexes of ImagePlan::security_descriptors for entries of which nobody says otherwise (windows-formats.md 1.5).
inline constexpr std::uint32_t kDirectorySecurity = 0;
inline constexpr std::uint32_t kFileSecurity = 1;

struct TreeEntry {
  WindowsPath path;
  std::uint32_t attributes = 0;  // bit kAttributeDirectory says what it is
  std::uint32_t security = 0;    // index into ImagePlan::security_descriptors
  std::int64_t time = 0;         // all four times: seconds since 1970-01-01 UTC
  OwnerId owner = 0;
  ByteCount size = 0;              // logical; 0 for directories
  Digest digest;                   // of the content; all zero for directories
  std::optional<Content> content;  // files only
  // Another name of the file at this path, which comes before it in image order; the root: it is none. All else here is
  // as of that file, but for the owner.
  WindowsPath link = {};

  [[nodiscard]] bool is_directory() const { return (attributes & kAttributeDirectory) != 0; }
};

// Entries in image order (WindowsPath's order): parents before children, no two names that differ only in case.
using FileTree = std::map<WindowsPath, TreeEntry>;

}  // namespace winnow
