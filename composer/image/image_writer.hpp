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
#include "plan/image_plan.hpp"

namespace winnow {

enum class Compression { none, gzip, zstd };

struct WriteOptions {
  std::optional<Compression> compression;  // of layers; the format's default (gzip) when absent
  int level = 0;                           // 0 = the compressor's default (gzip 6, zstd 3)
};

struct StepTime {
  std::string step;
  double seconds = 0;
};

struct WriteReport {
  ByteCount stored = 0;         // size of the finished output
  ByteCount logical = 0;        // bytes of the layer before compression
  Digest diff_id;               // of the uncompressed layer
  Digest manifest;              // of the image manifest
  std::vector<StepTime> steps;  // for people and benchmarks; never part of an output
};

class ImageWriter {
 public:
  virtual ~ImageWriter() = default;
  [[nodiscard]] virtual std::string_view format() const = 0;  // "oci-archive", "oci-layout"
  // The output appears complete or not at all (base/file_system.hpp).
  [[nodiscard]] virtual Result<WriteReport> write(const ImagePlan& plan, const std::filesystem::path& target,
                                                  const WriteOptions& options, Progress& progress) const = 0;
};

// The writer for `target` by its name: "x.tar" and anything that exists and is neither a regular file nor a folder ->
// oci-archive; an existing folder, a name that ends in "/" or has no ending -> oci-layout. Or the writer called
// `format` when that is not empty. Error with the known formats otherwise.
[[nodiscard]] Result<const ImageWriter*> find_image_writer(const std::filesystem::path& target,
                                                           std::string_view format);
[[nodiscard]] std::vector<const ImageWriter*> image_writers();

}  // namespace winnow
