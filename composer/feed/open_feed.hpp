// The open feed: Debian's libwine, an open-source Win32 userland, cut into components and packages in the vocabulary of
// Windows servicing. What belongs together is said in packages/open, everything else is read from libwine itself.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "feed/stripped_modules.hpp"

namespace winnow {

struct OpenFeedOptions {
  std::filesystem::path output;       // becomes the feed; replaced when it is an earlier feed
  std::filesystem::path description;  // packages/open: feed.txt, strings.inf, bcryptprimitives/
  std::filesystem::path root = "/";   // below which libwine is installed; not looked at when there are packages
  std::vector<std::filesystem::path> packages;  // .deb files: libwine and libz-mingw-w64; empty = the installed ones
  MingwTools tools;
};

// One package, as a line of packages/open/README.md.
struct OpenFeedRole {
  std::string name;
  std::string title;
  std::size_t components = 0;  // that it names itself
  ByteCount bytes = 0;         // logical, of their files
};

struct OpenFeedReport {
  std::string version;  // of libwine
  std::size_t components = 0;
  std::size_t packages = 0;
  std::size_t modules = 0;               // PE modules
  std::size_t files = 0;                 // in payload/
  ByteCount module_bytes = 0;            // logical, stripped
  ByteCount table_bytes = 0;             // NLS tables
  ByteCount bytes_before_stripping = 0;  // of the modules
  std::size_t services = 0;
  std::size_t registry_keys = 0;     // distinct, with the keys above them
  std::size_t registry_values = 0;   // distinct
  std::size_t contested_values = 0;  // set by several components to different data; one wins, the others yield
  std::size_t ignored_lines = 0;     // registry lines that only delete
  std::vector<OpenFeedRole> roles;   // in the order of feed.txt
  std::vector<std::string> left_out_services;  // whose program libwine does not have
  std::vector<std::string> unmatched_members;  // "feed.txt:12: name" that no component of this libwine answers to
};

// Makes the feed in options.output: complete or not at all, and the same bytes for the same libwine and description.
[[nodiscard]] Result<OpenFeedReport> make_open_feed(const OpenFeedOptions& options, Progress& progress);

}  // namespace winnow
