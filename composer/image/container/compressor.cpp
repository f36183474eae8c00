#include "image/container/compressor.hpp"

#include <array>
#include <string>
#include <utility>

namespace winnow {

namespace {

struct Format {
  Compression compression;
  std::string_view name;
  int default_level;
  int max_level;
};
constexpr std::array<Format, 3> kFormats = {
    {{Compression::none, "none", 0, 0}, {Compression::gzip, "gzip", 6, 9}, {Compression::zstd, "zstd", 3, 19}}};

const Format& format_of(Compression compression) { return kFormats[static_cast<std::size_t>(compression)]; }

class PlainCompressor final : public Compressor {
 public:
  explicit PlainCompressor(ChunkOutput output) : output_(std::move(output)) {}
  Result<void> add(Chunk chunk) override {
    output_(std::move(chunk));
    return {};
  }
  Result<void> finish() override { return {}; }

 private:
  ChunkOutput output_;
};

}  // namespace

std::string_view to_string(Compression compression) { return format_of(compression).name; }

Result<std::unique_ptr<Compressor>> make_compressor(Compression compression, int level, unsigned threads,
                                                    ChunkOutput output) {
  const Format& format = format_of(compression);
  if (level < 0 || level > format.max_level) {
    const std::string known = format.max_level == 0 ? "it has none" : "it has 1 to " + std::to_string(format.max_level);
    return fail("cannot compress layer: " + std::string(format.name) + " has no level " + std::to_string(level) + ", " +
                known);
  }
  const int chosen = level == 0 ? format.default_level : level;
  switch (compression) {
    case Compression::gzip:
      return make_gzip_compressor(chosen, threads, std::move(output));
    case Compression::zstd:
      return make_zstd_compressor(chosen, threads, std::move(output));
    case Compression::none:
      break;
  }
  return std::make_unique<PlainCompressor>(std::move(output));
}

}  // namespace winnow
