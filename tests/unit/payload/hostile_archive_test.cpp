// Archives made to do harm. Each is one clear error that names the archive and the entry.
#include <gtest/gtest.h>
#include <libdeflate.h>

#include <algorithm>
#include <string>

#include "payload/gzip_buffer.hpp"
#include "unit/payload/archive_builder.hpp"
#include "unit/payload/payload_text.hpp"

namespace winnow {
namespace {

using testing::ArchiveBuilder;
using testing::ArchiveFilter;
using testing::ArchiveFormat;
using testing::unpacked;

std::string refused(const std::string& path, ArchiveFormat format = ArchiveFormat::pax) {
  return unpacked(ArchiveBuilder(format).file("good", "x").file(path, "y").finish());
}

TEST(HostileArchive, PathsThatLeadOut) {
  EXPECT_EQ(refused("../x"), "cannot take \"../x\" from a.tar: its path has a \"..\" component");
  EXPECT_EQ(refused("a/../../x"), "cannot take \"a/../../x\" from a.tar: its path has a \"..\" component");
  EXPECT_EQ(refused("a\\..\\x"), "cannot take \"a\\..\\x\" from a.tar: its path has a \"..\" component");
  EXPECT_EQ(refused("/etc/passwd"), "cannot take \"/etc/passwd\" from a.tar: its path is absolute");
  EXPECT_EQ(refused("C:\\x"), "cannot take \"C:\\x\" from a.tar: its path is absolute");
  EXPECT_EQ(refused("../x", ArchiveFormat::zip), "cannot take \"../x\" from a.tar: its path has a \"..\" component");
  EXPECT_EQ(refused("a\x01", ArchiveFormat::ustar),
            "cannot take \"a\\x01\" from a.tar: its path holds a control character");
  EXPECT_EQ(refused("a\xFF", ArchiveFormat::ustar), "cannot take \"a\\xff\" from a.tar: its path is not UTF-8");
  EXPECT_EQ(unpacked(ArchiveBuilder(ArchiveFormat::pax).directory("../d").finish()),
            "cannot take \"../d/\" from a.tar: its path has a \"..\" component");
}

TEST(HostileArchive, WhatIsNoFile) {
  const auto only = [](ArchiveBuilder&& builder) { return unpacked(builder.finish()); };
  EXPECT_EQ(only(std::move(ArchiveBuilder(ArchiveFormat::pax).symbolic_link("l", "/etc"))),
            "cannot take \"l\" from a.tar: it is a symbolic link");
  EXPECT_EQ(only(std::move(ArchiveBuilder(ArchiveFormat::zip).symbolic_link("l", "/etc"))),
            "cannot take \"l\" from a.tar: it is a symbolic link");
  EXPECT_EQ(only(std::move(ArchiveBuilder(ArchiveFormat::pax).file("f", "x").hard_link("l", "f"))),
            "cannot take \"l\" from a.tar: it is a hard link");
  for (const unsigned type : {AE_IFIFO, AE_IFCHR, AE_IFBLK}) {
    EXPECT_EQ(only(std::move(ArchiveBuilder(ArchiveFormat::pax).special("s", type))),
              "cannot take \"s\" from a.tar: it is a device, a FIFO or a socket");
  }
  EXPECT_EQ(only(std::move(ArchiveBuilder(ArchiveFormat::pax).sparse_file("s", 4096, "x"))),
            "cannot take \"s\" from a.tar: it is a sparse file");
}

TEST(HostileArchive, TheSamePathTwice) {
  EXPECT_EQ(refused("good"), "cannot take \"good\" from a.tar: it occurs twice");
  EXPECT_EQ(refused("./good"), "cannot take \"good\" from a.tar: it occurs twice");
  EXPECT_EQ(refused("good", ArchiveFormat::zip), "cannot take \"good\" from a.tar: it occurs twice");
}

// Windows' rules are the plan's: here these are two files.
TEST(HostileArchive, NamesThatDifferInCaseAreLeftToThePlan) { EXPECT_EQ(refused("GOOD"), "GOOD=y\ngood=x\n"); }

TEST(HostileArchive, ABombStopsAtTheLimit) {
  const std::string zeros(static_cast<std::size_t>(kMinUnpackedLimit) / 2 + 1, '\0');
  for (const auto filter : {ArchiveFilter::gzip, ArchiveFilter::zstd}) {
    const Bytes bomb = ArchiveBuilder(ArchiveFormat::ustar, filter).file("a", zeros).file("b", zeros).finish();
    ASSERT_LT(bomb.size(), 200'000u);
    EXPECT_EQ(unpacked(bomb), "cannot take \"b\" from a.tar: the archive unpacks to more than 67108864 bytes");
  }
}

// A prefix of an archive is an error, or (a tar cut between two entries) a shorter list; never something else.
template <class Unpack>
void check_truncations(const Bytes& archive, const std::string& whole, const Unpack& unpack) {
  EXPECT_EQ(unpack(archive), whole);
  for (std::size_t size = 0; size < archive.size(); ++size) {
    const std::string text = unpack(Bytes(archive.begin(), archive.begin() + static_cast<std::ptrdiff_t>(size)));
    EXPECT_TRUE(text.starts_with("cannot ") || whole.starts_with(text)) << size << ": " << text;
  }
}

TEST(HostileArchive, TruncatedAtEveryOffset) {
  for (const auto format : {ArchiveFormat::pax, ArchiveFormat::zip, ArchiveFormat::stored_zip}) {
    const Bytes archive = ArchiveBuilder(format).file("a", "first").file("b", "second").finish();
    check_truncations(archive, "a=first\nb=second\n", unpacked);
  }
  for (const auto filter : {ArchiveFilter::gzip, ArchiveFilter::bzip2, ArchiveFilter::xz, ArchiveFilter::zstd}) {
    const Bytes archive = ArchiveBuilder(ArchiveFormat::ustar, filter).file("a", "first").file("b", "x").finish();
    check_truncations(archive, "a=first\nb=x\n", unpacked);
  }
}

TEST(HostileArchive, OneByteWrongAtEveryOffset) {
  for (const auto format : {ArchiveFormat::ustar, ArchiveFormat::zip}) {
    const Bytes archive = ArchiveBuilder(format).file("a", "first").file("b", "second").finish();
    for (std::size_t i = 0; i < archive.size(); ++i) {
      for (const int flip : {0xFF, 0x80, 0x01}) {
        Bytes wrong = archive;
        wrong[i] = static_cast<std::uint8_t>(wrong[i] ^ flip);
        const std::string text = unpacked(std::move(wrong));
        EXPECT_TRUE(text.empty() || text.starts_with("cannot ") || text.find('=') != std::string::npos) << i;
      }
    }
  }
}

TEST(HostileArchive, AZipCutShortHasNoDirectory) {
  Bytes archive = ArchiveBuilder(ArchiveFormat::zip).file("a", "first").file("b", "second").finish();
  archive.resize(archive.size() - 30);
  EXPECT_EQ(unpacked(archive), "cannot unpack a.tar: unrecognized archive format");
}

TEST(HostileArchive, ATarCutInsideAnEntry) {
  Bytes archive = ArchiveBuilder(ArchiveFormat::ustar).file("a", std::string(2000, 'x')).finish();
  archive.resize(1000);
  EXPECT_EQ(unpacked(archive), "cannot take \"a\" from a.tar: truncated tar archive");
}

class GzipBufferTest : public ::testing::Test {
 protected:
  static Bytes gzip(std::string_view text) {
    libdeflate_compressor* compressor = libdeflate_alloc_compressor(6);
    Bytes out(libdeflate_gzip_compress_bound(compressor, text.size()));
    out.resize(libdeflate_gzip_compress(compressor, text.data(), text.size(), out.data(), out.size()));
    libdeflate_free_compressor(compressor);
    return out;
  }
  static std::string unpack(const Bytes& file, ByteCount limit = 1 << 20) {
    const auto bytes = unpack_gzip(file, limit);
    return bytes ? std::string(as_text(bytes->view)) : "nothing";
  }
};

TEST_F(GzipBufferTest, UnpacksOneMember) {
  EXPECT_EQ(unpack(gzip("hello")), "hello");
  EXPECT_EQ(unpack(gzip("")), "");
  EXPECT_EQ(unpack(gzip("hello"), 5), "hello");
}

TEST_F(GzipBufferTest, LeavesTheRestToTheStream) {
  EXPECT_EQ(unpack(gzip("hello"), 4), "nothing");
  EXPECT_EQ(unpack({}), "nothing");
  EXPECT_EQ(unpack(Bytes(100, 0)), "nothing");
  Bytes two = gzip("hello");
  const Bytes second = gzip("hello");
  two.insert(two.end(), second.begin(), second.end());
  EXPECT_EQ(unpack(two), "nothing");
  for (const int lie : {0, 4, 6, 255}) {
    Bytes file = gzip("hello");
    file[file.size() - 4] = static_cast<std::uint8_t>(lie);
    EXPECT_EQ(unpack(file), "nothing") << lie;
  }
  Bytes large_lie = gzip("hello");
  large_lie[large_lie.size() - 1] = 0x0F;
  EXPECT_EQ(unpack(large_lie, ByteCount{1} << 40), "nothing");
  Bytes damaged = gzip("hello");
  damaged[damaged.size() - 8] = static_cast<std::uint8_t>(~damaged[damaged.size() - 8]);  // CRC32
  EXPECT_EQ(unpack(damaged), "nothing");
}

// What the fast way does not take must come out the same by the slow one.
TEST_F(GzipBufferTest, TwoMembersAreOneArchive) {
  const Bytes tar = ArchiveBuilder(ArchiveFormat::ustar).file("a", "first").file("b", "second").finish();
  Bytes file = gzip(as_text(tar).substr(0, 700));
  const Bytes second = gzip(as_text(tar).substr(700));
  file.insert(file.end(), second.begin(), second.end());
  EXPECT_EQ(unpacked(file), "a=first\nb=second\n");
}

}  // namespace
}  // namespace winnow
