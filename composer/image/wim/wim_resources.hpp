// Resources of a WIM: compressed chunk by chunk, written one after the other, each known by a header.
#pragma once

#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "base/file_system.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "base/spill_file.hpp"
#include "image/wim/wim_blobs.hpp"
#include "image/wim/wim_compressor.hpp"

namespace winnow {

struct WimResource {
  ByteCount stored = 0;
  ByteCount offset = 0;
  ByteCount size = 0;
  std::uint8_t flags = 0;

  // 24 bytes.
  void append_to(Bytes& out) const;
};

// The file being written, front to back behind its header, and the SHA-1 of each 10 MiB of it.
class WimFile {
 public:
  [[nodiscard]] static Result<WimFile> create(const std::filesystem::path& target);
  // A temporary file that is still empty; finish() gives it no name.
  [[nodiscard]] static Result<WimFile> create(std::shared_ptr<SpillFile> file);

  [[nodiscard]] Result<void> write(ByteView bytes);
  // Bytes as a resource that is not compressed.
  [[nodiscard]] Result<WimResource> write_plain(ByteView bytes, std::uint8_t flags);
  // SHA-1s of all written up to now.
  [[nodiscard]] std::vector<Sha1Digest> end_hashes();
  // The header goes to the front and the file gets its name.
  [[nodiscard]] Result<void> finish(ByteView header);
  [[nodiscard]] ByteCount position() const { return position_; }

 private:
  using Place = std::variant<OutputFile, std::shared_ptr<SpillFile>>;
  explicit WimFile(Place file);
  Result<void> write_at(ByteCount offset, ByteView bytes);

  Place file_;
  ByteCount position_;
  Sha1 hash_;
  ByteCount hashed_ = 0;  // by hash_
  std::vector<Sha1Digest> hashes_;
};

class ResourceWriter {
 public:
  [[nodiscard]] static Result<ResourceWriter> create(WimFile& file, const WimOptions& options);

  // One resource for each blob, in order.
  [[nodiscard]] Result<std::vector<WimResource>> write_blobs(const std::vector<WimBlob>& blobs, Progress& progress);
  // All blobs in one resource; its header comes first, then one for each blob.
  [[nodiscard]] Result<std::vector<WimResource>> write_solid(const std::vector<WimBlob>& blobs,
                                                             const WimOptions& options, Progress& progress);
  [[nodiscard]] Result<WimResource> write_one(ByteView bytes, std::uint8_t flags);

 private:
  ResourceWriter(WimFile& file, std::optional<WimCompressor> compressor, std::size_t chunk_size)
      : file_(file), compressor_(std::move(compressor)), chunk_size_(chunk_size) {}
  [[nodiscard]] Result<std::vector<WimResource>> write_batch(const std::vector<ByteView>& contents, std::uint8_t flags);
  [[nodiscard]] Result<WimResource> write_chunks(ByteView bytes, std::span<const Bytes> compressed, std::uint8_t flags);

  WimFile& file_;
  std::optional<WimCompressor> compressor_;  // absent: nothing is compressed
  std::size_t chunk_size_;
};

// Of resources that are not solid.
[[nodiscard]] std::uint32_t wim_chunk_size(WimCompression format);

}  // namespace winnow
