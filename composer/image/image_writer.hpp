// STEP 5: plan -> bytes. One table of writers; the output's name or --format picks one.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "image/disk/ntfs/ntfs_volume.hpp"
#include "image/disk_image.hpp"
#include "plan/image_plan.hpp"

namespace winnow {

enum class Compression { none, gzip, zstd };

enum class WimCompression { none, xpress, lzx, lzms };

struct WimSettings {
  WimCompression compression = WimCompression::lzx;
  bool solid = false;  // all contents in one resource: smallest, but read from its start
};

struct WriteOptions {
  std::optional<Compression> compression;  // of layers; the format's default (gzip) when absent
  int level = 0;                           // 0 = the compressor's default (gzip 6, zstd 3)
  DiskOptions disk = {};                   // VHD, VHDX, raw
  WimSettings wim = {};
};

struct StepTime {
  std::string step;
  double seconds = 0;
};

struct WriteReport {
  ByteCount stored = 0;              // size of the finished output; of a disk with its holes
  ByteCount logical = 0;             // bytes of the layer before compression, of the disk as a machine sees it
  std::optional<Digest> diff_id;     // of the uncompressed layer; container images only
  std::optional<Digest> manifest;    // of the image manifest; container images only
  std::optional<NtfsReport> volume;  // of the Windows volume; disks only
  std::vector<std::string> notes;    // what somebody who uses the output must know: "does not boot by itself: …"
  std::vector<StepTime> steps;       // for people and benchmarks; never part of an output
};

class ImageWriter {
 public:
  virtual ~ImageWriter() = default;
  [[nodiscard]] virtual std::string_view format() const = 0;  // "oci-archive", "vhd"
  // The output appears complete or not at all (base/file_system.hpp).
  [[nodiscard]] virtual Result<WriteReport> write(const ImagePlan& plan, const std::filesystem::path& target,
                                                  const WriteOptions& options, Progress& progress) const = 0;
};

// The writer for `target` by its name: x.tar, x.vhd, x.vhdx, x.raw, x.img, x.wim; an existing folder, a name that ends
// in
// "/" or has no ending -> oci-layout; anything else that exists and is no regular file -> oci-archive. Or the writer
// called `format` when that is not empty. Error with the known formats otherwise.
[[nodiscard]] Result<const ImageWriter*> find_image_writer(const std::filesystem::path& target,
                                                           std::string_view format);
[[nodiscard]] std::vector<const ImageWriter*> image_writers();

}  // namespace winnow
