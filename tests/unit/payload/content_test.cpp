#include "payload/content.hpp"

#include <gtest/gtest.h>

#include <string>

namespace winnow {
namespace {

class ContentTest : public ::testing::Test {
 protected:
  std::filesystem::path put(const std::string& name, const std::string& text) {
    const auto path = directory_.path() / name;
    EXPECT_TRUE(write_file(path, as_bytes(text)));
    return path;
  }

  TemporaryDirectory directory_ = TemporaryDirectory::create("winnow-content").value();
};

std::string message(const Result<LoadedContent>& result) { return result ? "loaded" : to_string(result.error()); }

TEST_F(ContentTest, AFileIsReadWhenItIsLoaded) {
  const Content content = Content::of_file(put("a", "hello"), 5);
  EXPECT_EQ(content.size(), 5u);
  EXPECT_EQ(as_text(content.load()->bytes()), "hello");
}

TEST_F(ContentTest, AnEmptyFileIsContentToo) {
  EXPECT_TRUE(Content::of_file(put("empty", ""), 0).load()->bytes().empty());
}

TEST_F(ContentTest, BytesInMemoryLiveAsLongAsWhatWasLoaded) {
  auto content = std::make_unique<Content>(Content::of_bytes({1, 2, 3}));
  const LoadedContent loaded = content->load().value();
  EXPECT_EQ(content->size(), 3u);
  content.reset();
  EXPECT_EQ(to_hex(loaded.bytes()), "010203");
}

TEST_F(ContentTest, APartOfSharedBytesKeepsThemAlive) {
  auto owner = std::make_shared<const std::string>("0123456789");
  const Content content = Content::of_shared(owner, as_bytes(*owner).subspan(3, 4));
  owner.reset();
  EXPECT_EQ(content.size(), 4u);
  EXPECT_EQ(as_text(content.load()->bytes()), "3456");
}

TEST_F(ContentTest, AFileThatIsGoneOrHasChangedItsSizeIsAnError) {
  const auto path = put("a", "hello!");
  EXPECT_EQ(message(Content::of_file(path, 5).load()), "cannot read " + path.string() + ": it has 6 bytes, expected 5");
  std::filesystem::remove(path);
  EXPECT_EQ(message(Content::of_file(path, 5).load()), "cannot read " + path.string() + ": no such file or directory");
}

TEST_F(ContentTest, AWrongDigestNamesBoth) {
  const Digest digest = sha256(as_bytes("hello"));
  const Digest other = sha256(as_bytes("world"));
  const auto path = put("a", "hello");
  EXPECT_EQ(as_text(Content::of_file(path, 5).load_verified(digest)->bytes()), "hello");
  EXPECT_EQ(message(Content::of_file(path, 5).load_verified(other)),
            "cannot use " + path.string() + ": its SHA-256 is " + digest.hex() + ", expected " + other.hex());
  EXPECT_EQ(message(Content::of_bytes({'h'}).load_verified(other)),
            "cannot use bytes in memory: its SHA-256 is " + sha256(as_bytes("h")).hex() + ", expected " + other.hex());
}

}  // namespace
}  // namespace winnow
