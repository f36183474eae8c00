// VolumeTree -> WIM file with one image, the metadata written by our own hand: libwim takes trees from the host's file
// system only, which has neither descriptors nor named streams. libwim compresses here, and judges in the tests.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/digest.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "image/disk/volume_tree.hpp"
#include "image/image_writer.hpp"
#include "plan/image_plan.hpp"

namespace winnow {

struct WimOptions {
  WimCompression compression = WimCompression::lzx;
  bool solid = false;     // all contents in one resource of 16 MiB chunks: smallest, but read from its start
  int level = 0;          // libwim's, 1 to 100; 0 = 20 for LZX, libwim's own default for the others
  bool bootable = false;  // the image is the one to boot
  bool integrity = true;  // table of SHA-1s for the file itself
  std::string name;       // of the image
  std::string description;
  std::string flags;         // edition id; "" = none
  std::string architecture;  // OCI's word: amd64
  Version os_version;
  std::int64_t created = 0;  // seconds since 1970
  Digest seed;               // of the plan; the file's GUID comes from it
};

// What an image made of `plan` says of itself; `tree` gives the seed.
[[nodiscard]] WimOptions wim_options(const ImagePlan& plan, const VolumeTree& tree, const WriteOptions& options);

// What a WIM cannot hold is an error by name: extended attributes, a reparse point with several names. It has no place
// for the time of the metadata's last change. Contents are read twice, blobs are kept once; of every blob its
// compressed chunks are held until the last is done (of a solid file: all).
[[nodiscard]] Result<WriteReport> write_wim(const VolumeTree& tree, const WimOptions& options,
                                            const std::filesystem::path& target, Progress& progress);

// The same as the content of a file of a disk. It waits in an unnamed file in `folder`.
struct PackedWim {
  Content content;
  WriteReport report;
};
[[nodiscard]] Result<PackedWim> pack_wim(const VolumeTree& tree, const WimOptions& options,
                                         const std::filesystem::path& folder, Progress& progress);

}  // namespace winnow
