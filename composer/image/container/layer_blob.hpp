// A layer on its way from tar bytes to the blob that is stored: cut into chunks, hashed and compressed while it is
// being made. In memory at any time: some chunks of the tar, and the compressed blob.
#pragma once

#include <memory>
#include <vector>

#include "base/digest.hpp"
#include "base/progress.hpp"
#include "image/container/byte_sink.hpp"
#include "image/container/compressor.hpp"
#include "image/container/hash_thread.hpp"

namespace winnow {

struct LayerBlob {
  std::vector<Chunk> parts;  // of the compressed stream
  ByteCount size = 0;        // of the compressed stream
  Digest digest;             // of the compressed stream
  ByteCount logical = 0;     // of the tar
  Digest diff_id;            // of the tar
  Compression compression = Compression::gzip;
};

class LayerBlobBuilder final : public ByteSink {
 public:
  // `expected`: about how many bytes will be written, for `progress`.
  [[nodiscard]] static Result<std::unique_ptr<LayerBlobBuilder>> create(Compression compression, int level,
                                                                        ByteCount expected, Progress& progress);

  Result<void> write(ByteView bytes) override;
  // Called once, after the last byte.
  [[nodiscard]] Result<LayerBlob> finish();
  // Time spent in (and waiting for) the compressor so far.
  [[nodiscard]] double compress_seconds() const { return compress_seconds_; }

 private:
  LayerBlobBuilder(Compression compression, ByteCount expected, Progress& progress);
  Result<void> pass_on();
  void store(Chunk part);

  Progress& progress_;
  ByteCount expected_;
  LayerBlob blob_;
  Bytes pending_;
  HashThread tar_hash_;
  HashThread blob_hash_;
  double compress_seconds_ = 0;
  std::unique_ptr<Compressor> compressor_;  // calls store(), so it goes first
};

}  // namespace winnow
