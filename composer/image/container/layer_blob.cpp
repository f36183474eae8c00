#include "image/container/layer_blob.hpp"

#include <algorithm>
#include <utility>

#include "base/parallel.hpp"
#include "image/step_timer.hpp"

namespace winnow {

LayerBlobBuilder::LayerBlobBuilder(Compression compression, ByteCount expected, Progress& progress)
    : progress_(progress), expected_(expected) {
  blob_.compression = compression;
  pending_.reserve(kChunkSize);
}

Result<std::unique_ptr<LayerBlobBuilder>> LayerBlobBuilder::create(Compression compression, int level,
                                                                   ByteCount expected, Progress& progress) {
  std::unique_ptr<LayerBlobBuilder> builder(new LayerBlobBuilder(compression, expected, progress));
  progress.begin_step("compress layer", expected);
  WINNOW_TRY(builder->compressor_, make_compressor(compression, level, core_count(),
                                                   [raw = builder.get()](Chunk part) { raw->store(std::move(part)); }));
  return builder;
}

Result<void> LayerBlobBuilder::write(ByteView bytes) {
  while (!bytes.empty()) {
    const std::size_t count = std::min(bytes.size(), kChunkSize - pending_.size());
    pending_.insert(pending_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
    bytes = bytes.subspan(count);
    if (pending_.size() == kChunkSize) WINNOW_CHECK(pass_on());
  }
  return {};
}

Result<void> LayerBlobBuilder::pass_on() {
  const auto chunk = std::make_shared<Bytes>(std::exchange(pending_, {}));
  pending_.reserve(kChunkSize);
  blob_.logical += chunk->size();
  tar_hash_.add(chunk);
  const StepTimer timer;
  WINNOW_CHECK(compressor_->add(chunk));
  compress_seconds_ += timer.seconds();
  progress_.advance(std::min(blob_.logical, expected_));
  return {};
}

void LayerBlobBuilder::store(Chunk part) {
  blob_.size += part->size();
  if (blob_.compression != Compression::none) blob_hash_.add(part);
  blob_.parts.push_back(std::move(part));
}

Result<LayerBlob> LayerBlobBuilder::finish() {
  if (!pending_.empty()) WINNOW_CHECK(pass_on());
  const StepTimer timer;
  WINNOW_CHECK(compressor_->finish());
  blob_.diff_id = tar_hash_.finish();
  blob_.digest = blob_.compression == Compression::none ? blob_.diff_id : blob_hash_.finish();
  compress_seconds_ += timer.seconds();
  return std::move(blob_);
}

}  // namespace winnow
