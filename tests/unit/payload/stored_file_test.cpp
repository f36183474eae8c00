// Files in the compressed forms of a component store, made here: libwim compresses the blocks of LZMS.
#include "payload/stored_file.hpp"

#include <gtest/gtest.h>
#include <wimlib.h>

#include <string>

#include "support/pa30_builder.hpp"

namespace winnow {
namespace {

std::string u32(std::size_t number) {
  std::string text;
  for (int i = 0; i < 4; ++i) text += static_cast<char>(number >> (8 * i) & 0xFF);
  return text;
}
std::string lzms_block(const std::string& content) {
  wimlib_compressor* compressor = nullptr;
  EXPECT_EQ(wimlib_create_compressor(WIMLIB_COMPRESSION_TYPE_LZMS, content.size(), 0, &compressor), 0);
  std::string packed(content.size(), '\0');
  const std::size_t size =
      wimlib_compress(content.data(), content.size(), packed.data(), packed.size() - 1, compressor);
  wimlib_free_compressor(compressor);
  packed.resize(size);
  if (size == 0) packed = content;
  return u32(packed.size() + 4) + u32(content.size()) + packed;
}
std::string expanded(const std::string& stored) {
  const auto content =
      expand_stored_file(Content::of_bytes({as_bytes(stored).begin(), as_bytes(stored).end()}), "f.dll");
  if (!content) return to_string(content.error());
  const auto loaded = content->load();
  if (!loaded) return to_string(loaded.error());
  EXPECT_EQ(loaded->bytes().size(), content->size());
  return std::string(as_text(loaded->bytes()));
}

TEST(StoredFile, PlainOnesStayWhatTheyAre) {
  for (const std::string& text : std::vector<std::string>{"", "MZ", "MZ plain", "DCS", "DCM\x01 a manifest, say"})
    EXPECT_EQ(expanded(text), text);
}

TEST(StoredFile, BlocksOfLzms) {
  std::string first, second = "short";
  for (int i = 0; i < 5000; ++i) first += std::to_string(i % 77) + " lines ";
  const std::string stored =
      std::string("DCS\x01", 4) + u32(2) + u32(first.size() + second.size()) + lzms_block(first) + lzms_block(second);
  EXPECT_LT(stored.size(), first.size() / 4);
  EXPECT_EQ(expanded(stored), first + second);
  // Parts of it, in any order.
  const Content content =
      expand_stored_file(Content::of_bytes({as_bytes(stored).begin(), as_bytes(stored).end()}), "f.dll").value();
  Bytes part(100);
  ASSERT_TRUE(content.read(first.size() - 95, part));
  EXPECT_EQ(as_text(part), first.substr(first.size() - 95) + second);
  ASSERT_TRUE(content.read(10, part));
  EXPECT_EQ(as_text(part), first.substr(10, 100));
  EXPECT_EQ(expanded(stored.substr(0, stored.size() - 1)), "cannot expand f.dll: a block is cut off");
  std::string longer = stored;
  longer[8] = static_cast<char>(longer[8] + 1);
  EXPECT_EQ(expanded(longer), "cannot expand f.dll: its blocks hold less than it says");
  EXPECT_EQ(expanded(std::string("DCS\x01", 4) + u32(1) + u32(0x7FFFFFFF)),
            "cannot expand f.dll: it has more than 1073741824 bytes");
}

TEST(StoredFile, DeltasAgainstNothing) {
  const Bytes nothing;
  testing::Pa30Builder delta(nothing);
  delta.literals("MZ of a delta");
  EXPECT_EQ(expanded(std::string("DCN\x01", 4) + std::string(as_text(delta.delta()))), "MZ of a delta");
  EXPECT_EQ(expanded(std::string("DCN\x01PA30", 8)), "cannot apply delta f.dll: it ends in its header");
}

TEST(StoredFile, FormsThatNeedMoreThanTheFile) {
  EXPECT_EQ(expanded(std::string("DCD\x01\x01\x00\x7c\x4f\x00\x00\x0a\x00PA30", 16)),
            "cannot expand f.dll: it is kept as what differs (DCD) from the same file of version 10.0.20348.1 of its "
            "component");
  EXPECT_EQ(expanded("DCX\x01zzzz"), "cannot expand f.dll: it is compressed as DCX, which is not known here");
}

}  // namespace
}  // namespace winnow
