#include "image_reader/layer_stream.hpp"

#include <algorithm>

#include "image_reader/archive_handle.hpp"
#include "image_reader/image_reader.hpp"

namespace winnow {

ByteCount StoredPositions::at(ByteCount tar_position) const {
  const auto after = std::upper_bound(points_.begin(), points_.end(), tar_position,
                                      [](ByteCount position, const Point& point) { return position < point.tar; });
  const Point& low = *std::prev(after);  // the first point is at 0, so there is one
  if (after == points_.end()) return low.blob;
  const ByteCount tar_length = after->tar - low.tar;
  const ByteCount blob_length = after->blob - low.blob;
  if (tar_length == blob_length) return low.blob + (tar_position - low.tar);  // a plain blob, of any size
  // No overflow: libarchive's blocks of unpacked bytes are at most 128 KiB, a blob is far below 2^47 bytes.
  return low.blob + (tar_position - low.tar) * blob_length / tar_length;
}

struct LayerStream::State {
  ArchiveHandle handle{archive_read_new()};
  ByteView blob;
  StoredPositions positions;
  ByteCount unpacked = 0;
};

LayerStream::LayerStream(std::unique_ptr<State> state) : state_(std::move(state)) {}
LayerStream::~LayerStream() = default;
LayerStream::LayerStream(LayerStream&&) noexcept = default;

ByteCount LayerStream::unpacked() const { return state_->unpacked; }
const StoredPositions& LayerStream::positions() const { return state_->positions; }

Result<LayerStream> LayerStream::open(ByteView blob) {
  auto state = std::make_unique<State>();
  state->blob = blob;
  archive* handle = state->handle.get();
  archive_read_support_filter_gzip(handle);
  archive_read_support_filter_zstd(handle);
  archive_read_support_format_raw(handle);  // "raw" is any bytes as one member: here, the tar as such
  archive_entry* entry = nullptr;
  if (archive_read_open_memory(handle, blob.data(), blob.size()) != ARCHIVE_OK ||
      archive_read_next_header(handle, &entry) != ARCHIVE_OK) {
    return fail(archive_reason(handle));
  }
  return LayerStream(std::move(state));
}

Result<ByteView> LayerStream::next() {
  archive* handle = state_->handle.get();
  const void* block = nullptr;
  std::size_t length = 0;
  la_int64_t offset = 0;
  const int status = archive_read_data_block(handle, &block, &length, &offset);
  if (status == ARCHIVE_EOF) {
    state_->positions.add(state_->unpacked, state_->blob.size());
    return ByteView();
  }
  if (status != ARCHIVE_OK) return fail(archive_reason(handle));
  state_->unpacked += length;
  if (state_->unpacked > kMaxLayerTarBytes) {
    return fail("it unpacks to more than " + std::to_string(kMaxLayerTarBytes) + " bytes");
  }
  const bool is_plain = archive_filter_code(handle, 0) == ARCHIVE_FILTER_NONE;
  const auto consumed = static_cast<ByteCount>(archive_filter_bytes(handle, -1));
  state_->positions.add(state_->unpacked,
                        is_plain ? state_->unpacked : std::min<ByteCount>(consumed, state_->blob.size()));
  return ByteView(static_cast<const std::uint8_t*>(block), length);
}

}  // namespace winnow
