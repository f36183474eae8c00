// Archives as lists of files: what load_payload() and load_debian_package() share.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "payload/archive_reader.hpp"
#include "payload/content.hpp"
#include "payload/payload_source.hpp"

namespace winnow {

// The archive `file`, mapped; its size is checked against kMaxArchiveBytes.
[[nodiscard]] Result<SharedBytes> map_archive(const std::filesystem::path& file);

enum class SymbolicLinks { refused, left_out };

// The files of the tar or zip `archive`, as Payload::entries. `name` stands for it in messages.
[[nodiscard]] Result<std::vector<PayloadEntry>> unpack_archive(const SharedBytes& archive, const std::string& name,
                                                               SymbolicLinks links);

// What all entries of an archive of this size may unpack to (kMaxUnpackedBytes, kMaxUnpackedRatio, kMinUnpackedLimit).
[[nodiscard]] ByteCount unpacked_limit(ByteCount archive_size);
// All files that `reader` gives, sorted. `name` stands for the archive in messages.
[[nodiscard]] Result<std::vector<PayloadEntry>> take_entries(ArchiveReader& reader, const std::string& name,
                                                             SymbolicLinks links);

// Sorts by path. Error "cannot take <entry> from <name>: it occurs twice".
[[nodiscard]] Result<void> sort_entries(std::vector<PayloadEntry>& entries, const std::string& name);

[[nodiscard]] bool is_debian_package(ByteView archive);
// load_debian_package() of a package in memory.
[[nodiscard]] Result<DebianPackage> unpack_debian_package(const SharedBytes& package, const std::string& name);

}  // namespace winnow
