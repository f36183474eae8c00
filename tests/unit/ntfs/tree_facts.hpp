// What a volume tree says of each of its names, as text by field, and what two libraries of others say of a volume that
// was made from it: libfsntfs, and libwim through libntfs-3g. Every reader fills in the fields it can see.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "image/disk/volume_tree.hpp"

namespace winnow::ntfs::testing {

using Facts = std::map<std::string, std::string>;  // field -> value
using TreeFacts = std::map<std::string, Facts>;    // path, "/" between names, "" = the root -> its facts

// A value that a reader cannot see of this file, though of others.
inline constexpr std::string_view kNotShown = "(not shown)";

[[nodiscard]] TreeFacts facts_of_tree(const VolumeTree& tree);
// Of an NTFS volume in a file. A reader that refuses anything is a std::runtime_error.
[[nodiscard]] TreeFacts facts_by_libfsntfs(const std::filesystem::path& volume);
[[nodiscard]] TreeFacts facts_by_libwim(const std::filesystem::path& volume);

// What `read` says otherwise than `expected`, in the fields that `read` knows of any name; at most 20 lines.
[[nodiscard]] std::vector<std::string> disagreements(const TreeFacts& expected, const TreeFacts& read);

// How the facts spell a stream's bytes: "5 bytes, SHA-1 …".
[[nodiscard]] std::string stream_text(ByteView bytes);
[[nodiscard]] std::string stream_text(ByteCount size, ByteView sha1);
// Adds to each name the others of its file: files of one number are one.
void add_links(TreeFacts& facts, const std::map<std::string, std::uint64_t>& numbers);

}  // namespace winnow::ntfs::testing
