#include "image/container/container_image.hpp"

#include <memory>
#include <utility>

#include "formats/oci.hpp"
#include "image/container/layer_blob.hpp"
#include "image/container/layer_writer.hpp"
#include "image/container/oci_documents.hpp"
#include "image/image_entries.hpp"
#include "image/step_timer.hpp"

namespace winnow {

namespace {

LayoutFile make_document(std::string name, const std::string& text) {
  const ByteView bytes = as_bytes(text);
  return {std::move(name), bytes.size(), {std::make_shared<Bytes>(bytes.begin(), bytes.end())}};
}

// What a progress bar counts towards.
ByteCount content_bytes(const std::vector<TreeEntry>& entries) {
  ByteCount total = 0;
  for (const TreeEntry& entry : entries) total += entry.size;
  return total;
}

Result<LayerBlob> make_layer(const ImagePlan& plan, Compression compression, int level, Progress& progress,
                             std::vector<StepTime>& steps) {
  const StepTimer hive_timer;
  WINNOW_TRY(const std::vector<TreeEntry> entries, image_entries(plan));
  steps.push_back({"hives", hive_timer.seconds()});

  const StepTimer layer_timer;
  WINNOW_TRY(const auto builder, LayerBlobBuilder::create(compression, level, content_bytes(entries), progress));
  WINNOW_CHECK(write_layer(plan, entries, *builder));
  WINNOW_TRY(LayerBlob layer, builder->finish());
  steps.push_back({"layer", layer_timer.seconds() - builder->compress_seconds()});
  steps.push_back({"compress", builder->compress_seconds()});
  return layer;
}

}  // namespace

Result<ContainerImage> make_container_image(const ImagePlan& plan, Compression compression, int level,
                                            DockerManifest docker_manifest, Progress& progress) {
  WINNOW_CHECK(check_image_name(plan.tag));
  ContainerImage image;
  WINNOW_TRY(LayerBlob layer, make_layer(plan, compression, level, progress, image.report.steps));
  const std::string config = print_config(plan, layer.diff_id);
  const std::string manifest = print_manifest(layer, config);
  const Digest config_digest = sha256(as_bytes(config));
  image.report.manifest = sha256(as_bytes(manifest));
  image.report.diff_id = layer.diff_id;
  image.report.logical = layer.logical;

  image.files.push_back(make_document(std::string(oci::kLayoutFile), print_layout_marker()));
  image.files.push_back(make_document(std::string(oci::kIndexFile), print_index(plan, manifest)));
  if (docker_manifest == DockerManifest::include) {
    image.files.push_back(
        make_document(std::string(oci::kDockerManifestFile), print_docker_manifest(plan, config_digest, layer.digest)));
  }
  image.files.push_back(make_document(blob_name(*image.report.manifest), manifest));
  image.files.push_back(make_document(blob_name(config_digest), config));
  image.files.push_back({blob_name(layer.digest), layer.size, std::move(layer.parts)});
  return image;
}

}  // namespace winnow
