// ImagePlan -> everything a container image consists of, as files of an OCI layout. The folder writer and the archive
// writer differ only in where they put them.
#pragma once

#include <string>
#include <vector>

#include "base/progress.hpp"
#include "image/container/byte_sink.hpp"
#include "image/image_writer.hpp"

namespace winnow {

struct LayoutFile {
  std::string name;  // "blobs/sha256/<hex>"
  ByteCount size = 0;
  std::vector<Chunk> parts;
};

struct ContainerImage {
  std::vector<LayoutFile> files;  // the marker first, the layer last
  WriteReport report;             // all but `stored` and the step "write"
};

enum class DockerManifest { leave_out, include };

// Steps in the report: "hives"; "layer" (reading, checking and framing files) and "compress" (time in and waiting for
// the compressor) add up to the wall time of both, which run side by side.
[[nodiscard]] Result<ContainerImage> make_container_image(const ImagePlan& plan, Compression compression, int level,
                                                          DockerManifest docker_manifest, Progress& progress);

}  // namespace winnow
