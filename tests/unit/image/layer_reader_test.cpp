#include "image/container/layer_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image/container/compressor.hpp"
#include "unit/image/layer_fixture.hpp"

namespace winnow {
namespace {

using test::TarItem;

// Names and sizes of all entries, or the error.
std::string read_names(std::string_view tar) {
  MemorySource source(as_bytes(tar));
  LayerReader reader(source);
  std::string names;
  for (;;) {
    const auto entry = reader.next();
    if (!entry) return to_string(entry.error());
    if (!*entry) return names;
    names += (*entry)->name + " " + std::to_string((*entry)->size) + "\n";
  }
}

Bytes compress(std::string_view text, Compression compression) {
  Bytes blob;
  auto compressor = make_compressor(compression, 0, 2,
                                    [&](const Chunk& part) { blob.insert(blob.end(), part->begin(), part->end()); });
  EXPECT_TRUE((*compressor)->add(std::make_shared<Bytes>(test::bytes_of(text))));
  EXPECT_TRUE((*compressor)->finish());
  return blob;
}

Result<Bytes> unpack(ByteView blob) {
  WINNOW_TRY(const auto stream, open_layer_stream(blob));
  Bytes all;
  Bytes buffer(100000);
  for (;;) {
    WINNOW_TRY(const std::size_t count, stream->read(buffer));
    if (count == 0) return all;
    all.insert(all.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(count));
  }
}

TEST(LayerReader, ReadsHeadersAndRecords) {
  const std::string tar = test::tar_of({{"a", '0', "hello", "", {}},
                                        {"short", '0', "x", "", {{"path", "long/" + std::string(200, 'n')}}},
                                        {"d", '5', "", "", {{"mtime", "5.5"}}}});
  EXPECT_EQ(read_names(tar), "a 5\nlong/" + std::string(200, 'n') + " 1\nd 0\n");
}

TEST(LayerReader, GivesContent) {
  const std::string tar = test::tar_of({{"a", '0', std::string(700, 'a'), "", {}}, {"b", '0', "bee", "", {}}});
  MemorySource source(as_bytes(tar));
  LayerReader reader(source);
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(to_string(reader.read_content(699).error()), "cannot read layer: \"a\" is larger than 699 bytes");
  EXPECT_EQ(as_text(*reader.read_content(700)), std::string(700, 'a'));
  const auto second = reader.next();
  EXPECT_EQ((*second)->content_offset, 2048u);
  EXPECT_EQ(as_text(*reader.read_content(3)), "bee");
}

TEST(LayerReader, SaysWhatIsWrong) {
  const auto one = [](TarItem item) { return read_names(test::tar_of({std::move(item)})); };
  EXPECT_EQ(one({"a", '0', "", "", {}, std::string(8, 'x')}),
            "cannot read layer: the header at byte 0 is not of a ustar archive");
  EXPECT_EQ(one({"", '0', "", "", {}}), "cannot read layer: the entry at byte 0 has a name that cannot be");
  EXPECT_EQ(one({"a", 'g', "", "", {}}), "cannot read layer: there is a global header at byte 0");
  EXPECT_EQ(one({"a", '0', "", "", {{"size", "99999999999999999999"}}}),
            "cannot read layer: the entry at byte 1024 has a size that cannot be");
  EXPECT_EQ(one({"a", '0', "", "", {{"size", "7000"}}}), "cannot read layer: the content of \"a\" is cut off");
  EXPECT_EQ(one({"a", 'x', "9 a=b\n", "", {}}), "cannot read layer: the extended header at byte 512 is malformed");
  EXPECT_EQ(one({"a", 'x', "6 a=b\n6 a=c\n", "", {}}), "cannot read layer: an extended header has two records a");
  EXPECT_EQ(one({"a", 'x', "6 a=b\n", "", {}}), "cannot read layer: an extended header is the last thing in it");
  EXPECT_EQ(one({"a", 'x', std::string((1 << 20) + 1, 'x'), "", {}}),
            "cannot read layer: an extended header has 1048577 bytes");
}

TEST(LayerStream, UnpacksWhatWasPacked) {
  const std::string text = test::tar_of(test::sound_layer());
  for (const Compression compression : {Compression::none, Compression::gzip, Compression::zstd}) {
    const Bytes blob = compress(text, compression);
    EXPECT_EQ(is_compressed(blob), compression != Compression::none);
    const auto unpacked = unpack(blob);
    ASSERT_TRUE(unpacked) << to_string(unpacked.error());
    EXPECT_TRUE(as_text(*unpacked) == text);
  }
}

TEST(LayerStream, TruncationIsAnErrorAtEveryOffset) {
  for (const Compression compression : {Compression::gzip, Compression::zstd}) {
    const Bytes blob = compress(std::string(3000, 'a') + "tail", compression);
    for (std::size_t size = 4; size < blob.size(); ++size) {
      EXPECT_FALSE(unpack(ByteView(blob).first(size))) << size;
    }
  }
}

TEST(LayerStream, RefusesTrailingBytes) {
  Bytes blob = compress("text", Compression::gzip);
  blob.push_back(0);
  EXPECT_EQ(to_string(unpack(blob).error()), "cannot unpack layer: bytes follow its gzip stream");
}

TEST(LayerStream, RefusesBombs) {
  const Bytes blob = compress(std::string(65 << 20, '\0'), Compression::gzip);
  EXPECT_EQ(to_string(unpack(blob).error()), "cannot unpack layer: it unpacks to more than 67108864 bytes");
}

}  // namespace
}  // namespace winnow
