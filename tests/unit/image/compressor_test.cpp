#include "image/container/compressor.hpp"

#include <gtest/gtest.h>

#include <random>

namespace winnow {
namespace {

// Text with repeats near and far, some of it across chunk borders.
std::vector<Chunk> make_chunks(std::size_t count) {
  std::mt19937 random(7);
  std::vector<Chunk> chunks;
  for (std::size_t i = 0; i < count; ++i) {
    Bytes bytes(i + 1 == count ? kChunkSize / 3 : kChunkSize);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>("winnow "[random() % 7]);
    chunks.push_back(std::make_shared<Bytes>(std::move(bytes)));
  }
  return chunks;
}

Bytes compress(Compression compression, int level, unsigned threads, const std::vector<Chunk>& chunks) {
  Bytes out;
  auto compressor = make_compressor(compression, level, threads,
                                    [&](const Chunk& part) { out.insert(out.end(), part->begin(), part->end()); });
  EXPECT_TRUE(compressor);
  for (const Chunk& chunk : chunks) EXPECT_TRUE((*compressor)->add(chunk));
  EXPECT_TRUE((*compressor)->finish());
  return out;
}

TEST(Compressor, BytesDoNotDependOnThreads) {
  const std::vector<Chunk> chunks = make_chunks(40);  // more than zstd's job size
  for (const Compression compression : {Compression::gzip, Compression::zstd}) {
    const Bytes one = compress(compression, 1, 1, chunks);
    EXPECT_TRUE(compress(compression, 1, 2, chunks) == one) << to_string(compression);
    EXPECT_TRUE(compress(compression, 1, 7, chunks) == one) << to_string(compression);
  }
}

TEST(Compressor, EmptyGzipIsAsTheRfcHasIt) {
  EXPECT_EQ(to_hex(compress(Compression::gzip, 0, 2, {})), "1f8b08000000000000ff03000000000000000000");
}

TEST(Compressor, CanBeGivenUp) {
  for (const Compression compression : {Compression::none, Compression::gzip, Compression::zstd}) {
    auto compressor = make_compressor(compression, 0, 3, [](const Chunk&) {});
    for (const Chunk& chunk : make_chunks(3)) EXPECT_TRUE((*compressor)->add(chunk));
  }
}

TEST(Compressor, KnowsItsLevels) {
  const auto error = [](Compression compression, int level) {
    return to_string(make_compressor(compression, level, 1, [](const Chunk&) {}).error());
  };
  EXPECT_EQ(error(Compression::gzip, 10), "cannot compress layer: gzip has no level 10, it has 1 to 9");
  EXPECT_EQ(error(Compression::zstd, -1), "cannot compress layer: zstd has no level -1, it has 1 to 19");
  EXPECT_EQ(error(Compression::none, 1), "cannot compress layer: none has no level 1, it has none");
}

}  // namespace
}  // namespace winnow
