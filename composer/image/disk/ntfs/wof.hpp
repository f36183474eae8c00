// Files compressed as Windows' CompactOS does it: the content in a stream WofCompressedData, chunk by chunk, the
// unnamed stream one hole, a reparse point that tells Windows' overlay filter. Every NTFS driver without that filter
// sees the hole's zeros or an error; Windows since 10 and Linux' ntfs3 read the content (disk-measurements.md 5).
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/progress.hpp"
#include "base/result.hpp"
#include "image/disk/volume_tree.hpp"

namespace winnow {

// The numbers are those of the reparse point.
enum class WofFormat : std::uint8_t { xpress4k = 0, lzx = 1, xpress8k = 2, xpress16k = 3 };

struct WofReport {
  std::uint64_t files = 0;  // compressed
  ByteCount before = 0;     // of those: clusters, bytes
  ByteCount after = 0;
};

// Compresses, in parallel, every file that gets smaller by a cluster or more. Left alone: what boots before the filter
// is there (Windows\Boot, the loaders, hives, everything a boot driver loads from: System32\drivers, *.sys, the kernel
// and what it links to), files with streams of their own or a reparse point. The compressed bytes wait in an unnamed
// file in `folder`.
[[nodiscard]] Result<WofReport> compress_files(VolumeTree& tree, WofFormat format, const std::filesystem::path& folder,
                                               Progress& progress);

}  // namespace winnow
