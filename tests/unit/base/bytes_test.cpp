#include "base/bytes.hpp"

#include <gtest/gtest.h>

#include "base/digest.hpp"

namespace winnow {
namespace {

TEST(Bytes, SliceNeverOverflows) {
  const Bytes bytes = {1, 2, 3};
  EXPECT_TRUE(slice(bytes, 3, 0).has_value());
  EXPECT_EQ(slice(bytes, 1, 2)->size(), 2u);
  EXPECT_FALSE(slice(bytes, 1, 3));
  EXPECT_FALSE(slice(bytes, ~0ull, 2));
  EXPECT_FALSE(slice(bytes, 2, ~0ull));
}

TEST(Bytes, LittleEndianReadsAndWritesAreInverse) {
  Bytes bytes;
  ByteWriter out(bytes);
  out.le16(0x1234);
  out.le64(0x0102030405060708);
  out.be32(0xA0B0C0D0);
  out.align(8);
  EXPECT_EQ(bytes.size(), 16u);
  EXPECT_EQ(read_le<std::uint16_t>(bytes, 0), 0x1234);
  EXPECT_EQ(read_le<std::uint64_t>(bytes, 2), 0x0102030405060708u);
  EXPECT_EQ(read_le<std::uint32_t>(bytes, 10), 0xD0C0B0A0u);
  EXPECT_FALSE(read_le<std::uint32_t>(bytes, 13));
  out.put_le16_at(0, 0xBEEF);
  EXPECT_EQ(read_le<std::uint16_t>(bytes, 0), 0xBEEF);
}

TEST(Bytes, HexAndBase64RoundTrip) {
  for (std::size_t length = 0; length < 20; ++length) {
    Bytes bytes;
    for (std::size_t i = 0; i < length; ++i) bytes.push_back(static_cast<std::uint8_t>(37 * i + length));
    EXPECT_EQ(from_hex(to_hex(bytes)), bytes);
    EXPECT_EQ(from_base64(to_base64(bytes)), bytes) << to_base64(bytes);
  }
  EXPECT_EQ(to_base64(as_bytes("foob")), "Zm9vYg==");  // RFC 4648 section 10
  EXPECT_EQ(to_hex(as_bytes("\x0f\xf0")), "0ff0");
}

TEST(Bytes, BadHexAndBase64AreRefused) {
  for (const char* text : {"a", "0g", " 0"}) EXPECT_FALSE(from_hex(text)) << text;
  for (const char* text : {"Zg", "Zg=", "=Zg=", "Z===", "Zg==Zg==", "Z$==", "Zg=a"})
    EXPECT_FALSE(from_base64(text)) << text;
}

TEST(Digest, KnownVectorsAndPieces) {
  const std::string abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";  // FIPS 180-2, B.1
  EXPECT_EQ(sha256(as_bytes("abc")).hex(), abc);
  Sha256 hash;
  hash.update(as_bytes("a"));
  hash.update(as_bytes("bc"));
  EXPECT_EQ(hash.finish().hex(), abc);
  EXPECT_EQ(parse_digest(abc)->hex(), abc);
  EXPECT_FALSE(parse_digest(abc.substr(1)));
  EXPECT_FALSE(parse_digest("x" + abc.substr(1)));
}

}  // namespace
}  // namespace winnow
