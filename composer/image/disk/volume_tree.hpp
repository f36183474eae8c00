// A file tree as NTFS and WIM know it: inodes, and dentries that name them. What every disk and WIM writer takes; the
// plan's own tree becomes one by volume_tree_of() (image/disk_image.hpp). Nothing here has been read yet.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/digest.hpp"
#include "base/result.hpp"
#include "payload/content.hpp"

namespace winnow {

// FILETIMEs: 100 ns since 1601-01-01 UTC.
struct FileTimes {
  std::uint64_t created = 0;
  std::uint64_t modified = 0;
  std::uint64_t changed = 0;  // the metadata
  std::uint64_t accessed = 0;
};

// Seconds since 1970 as a FILETIME.
[[nodiscard]] constexpr std::uint64_t to_filetime(std::int64_t seconds) {
  return (static_cast<std::uint64_t>(seconds) + 11'644'473'600ull) * 10'000'000ull;
}

struct NamedStream {
  std::u16string name;  // never empty
  Content content;
};

struct ReparsePoint {
  std::uint32_t tag = 0;
  Bytes data;  // after the 8-byte header (tag, length, reserved)
};

struct ExtendedAttribute {
  std::string name;        // ASCII, at most 255
  std::uint8_t flags = 0;  // 0x80 = the file cannot be understood without it
  Bytes value;
};

// What few files have.
struct InodeExtras {
  std::vector<NamedStream> streams;
  std::optional<ReparsePoint> reparse;
  std::vector<ExtendedAttribute> attributes;
  std::optional<ByteCount> hole;  // the unnamed stream is one hole of this size (its bytes lie in a WOF stream)
};

struct Inode {
  std::uint32_t attributes = 0;  // FILE_ATTRIBUTE_*; kAttributeDirectory says what it is
  std::uint32_t security = 0;    // index into VolumeTree::security_descriptors
  FileTimes times;
  std::optional<Content> content;  // the unnamed stream; files only, none = empty
  std::optional<Digest> digest;    // what the content must hash to, when somebody pinned it
  std::unique_ptr<InodeExtras> extras;

  [[nodiscard]] bool is_directory() const;
  [[nodiscard]] ByteCount data_size() const;  // of the unnamed stream
};

struct Dentry {
  std::uint32_t parent = 0;   // index into names, of a directory; the root is its own parent
  std::uint32_t inode = 0;    // index into inodes; several dentries of one inode are hard links
  std::u16string name;        // the root's is empty
  std::u16string short_name;  // the DOS name; empty = the long name serves, or there is none
};

struct VolumeTree {
  std::vector<Inode> inodes;                // [0] is the root directory
  std::vector<Dentry> names;                // [0] is the root; a parent comes before its children
  std::vector<Bytes> security_descriptors;  // self-relative
};

// "Windows\\System32", "" for the root; for messages: unpaired surrogates show as "?".
[[nodiscard]] std::string path_text(const VolumeTree& tree, std::uint32_t dentry);

// Why Windows cannot open a file of this name, as a predicate: "holds \":\""; "" when it can. The empty name, "." and
// ".." are the caller's to judge.
[[nodiscard]] std::string name_fault(std::u16string_view name);

// Fills `out` with the bytes from `offset` on. What is pinned is checked when `out` is all of it, or its beginning:
// every byte is asked for once, so one of the reads is that.
[[nodiscard]] Result<void> read_pinned(const Content& content, const std::optional<Digest>& digest, ByteCount offset,
                                       std::span<std::uint8_t> out);

}  // namespace winnow
