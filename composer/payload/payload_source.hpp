// Where bytes come from: a folder, an archive of any kind libarchive reads (zip, tar, tgz, deb, nupkg, cab), as one
// list of files.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/result.hpp"
#include "payload/content.hpp"

namespace winnow {

// Limits against hostile archives.
inline constexpr ByteCount kMaxArchiveBytes = 4ull << 30;    // the archive file itself
inline constexpr ByteCount kMaxUnpackedBytes = 16ull << 30;  // all entries together
inline constexpr ByteCount kMaxUnpackedRatio = 200;          // and no more than this many times the archive's size,
inline constexpr ByteCount kMinUnpackedLimit = 64ull << 20;  // or this when that is more
inline constexpr std::size_t kMaxArchiveEntries = 2'000'000;

struct PayloadEntry {
  std::string path;  // relative, '/' between components, as stored ("./" dropped); never absolute, no ".."
  Content content;
};

struct Payload {
  std::vector<PayloadEntry> entries;  // files only, sorted bytewise by path, no path twice
  std::optional<Digest> digest;       // of the archive file; none for a folder
};

// A folder: list_tree(). A file: an archive; its SHA-256 must be `expected` when given:
// "cannot use <path>: its SHA-256 is <a>, expected <b>".
// Links, devices, sparse files, absolute paths, ".." and a path that occurs twice inside an archive are errors that
// name the entry: "cannot take <entry> from <path>: <reason>". '\' in a name counts as '/'. Of a Debian package: its
// data, as load_debian_package() gives it. Entries that an archive stores uncompressed stay in the mapped file.
[[nodiscard]] Result<Payload> load_payload(const std::filesystem::path& source, const std::optional<Digest>& expected);

// The files of a Debian package (data.tar.* inside the ar archive), and the named fields of its control file.
struct DebianPackage {
  std::string name;
  std::string version;
  std::string architecture;
  std::vector<PayloadEntry> entries;  // as Payload::entries; symbolic links are left out
};
[[nodiscard]] Result<DebianPackage> load_debian_package(const std::filesystem::path& file);

}  // namespace winnow
