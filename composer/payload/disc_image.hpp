// A disc image (ISO) as a list of files, read where they lie. UDF through libudfread where there is one: the ISO 9660
// side of Microsoft's discs holds a note only. Else ISO 9660 with Joliet or Rock Ridge through libarchive.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "payload/content.hpp"
#include "payload/payload_source.hpp"

namespace winnow {

// Limits against hostile discs.
inline constexpr std::size_t kMaxDiscDepth = 64;  // folders in folders; a loop of them ends here
inline constexpr std::size_t kMaxDiscEntries = 1'000'000;

// Whether a disc's volume descriptors stand where they should.
[[nodiscard]] Result<bool> is_disc(const Content& content);

// The files of a disc, sorted by path; links are left out. Errors "cannot read <file>: <reason>", "cannot take <entry>
// from <file>: <reason>".
[[nodiscard]] Result<std::vector<PayloadEntry>> read_disc(const std::filesystem::path& file);

}  // namespace winnow
