// The JSON documents of a container image, as text with one spelling (windows-formats.md 2.1 and 2.4).
#pragma once

#include <string>

#include "base/digest.hpp"
#include "base/result.hpp"
#include "image/container/layer_blob.hpp"
#include "plan/image_plan.hpp"

namespace winnow {

// "sha256:<hex>"
[[nodiscard]] std::string print_digest(const Digest& digest);
// "blobs/sha256/<hex>", a name inside a layout.
[[nodiscard]] std::string blob_name(const Digest& digest);

[[nodiscard]] std::string print_config(const ImagePlan& plan, const Digest& diff_id);
[[nodiscard]] std::string print_manifest(const LayerBlob& layer, std::string_view config);
[[nodiscard]] std::string print_index(const ImagePlan& plan, std::string_view manifest);
[[nodiscard]] std::string print_layout_marker();
// manifest.json, for readers of docker archives.
[[nodiscard]] std::string print_docker_manifest(const ImagePlan& plan, const Digest& config, const Digest& layer);

// Error "cannot name image \"<tag>\": <reason>" when loaders would refuse the name.
[[nodiscard]] Result<void> check_image_name(const std::string& tag);
// "docker.io/library/node-hello:1.0" for "node-hello:1.0".
[[nodiscard]] std::string full_image_name(const std::string& tag);

}  // namespace winnow
