// The documents of a container image: do they say what section 2 of windows-formats.md wants, do they agree with each
// other and with the blobs they name.
#pragma once

#include "image/container/image_files.hpp"
#include "image/container/verify_image.hpp"

namespace winnow {

// Everything reachable from index.json, and manifest.json against it when there is one.
[[nodiscard]] VerifyReport check_oci_image(const ImageFiles& files);
// Everything reachable from manifest.json.
[[nodiscard]] VerifyReport check_docker_archive(const ImageFiles& files);

}  // namespace winnow
