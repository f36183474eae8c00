// The parts below read_layer(): shares of a compressed stream, attributes picked out of a tar.
#include <gtest/gtest.h>

#include "image_reader/layer_stream.hpp"
#include "image_reader/tar_attributes.hpp"
#include "support/image_builder.hpp"

namespace winnow {
namespace {

using namespace testing;

TEST(StoredPositions, AreExactAtPointsAndInProportionBetween) {
  StoredPositions positions;
  positions.add(100, 50);
  positions.add(200, 350);
  EXPECT_EQ(positions.at(0), 0u);
  EXPECT_EQ(positions.at(50), 25u);
  EXPECT_EQ(positions.at(100), 50u);
  EXPECT_EQ(positions.at(199), 347u);
  EXPECT_EQ(positions.at(200), 350u);
  EXPECT_EQ(positions.at(9999), 350u);
}

TEST(StoredPositions, BytesBehindTheTarBelongToItsEnd) {
  StoredPositions positions;
  positions.add(100, 50);
  positions.add(100, 80);
  EXPECT_EQ(positions.at(99), 49u);
  EXPECT_EQ(positions.at(100), 80u);
}

TEST(StoredPositions, PlainBlobsOfAnySizeAreTheirOwnPositions) {
  StoredPositions positions;
  positions.add(1ull << 60, 1ull << 60);
  EXPECT_EQ(positions.at((1ull << 59) + 7), (1ull << 59) + 7);
}

TEST(TarAttributes, AreFoundHoweverTheBytesArrive) {
  const std::string first = make_tar({{"a", std::string(700, 'a'), pax::kFile, "", {{"MSWINDOWS.fileattr", "33"}}}});
  const std::size_t second_at = first.size() - 1024;
  const std::string tar =
      first.substr(0, second_at) +
      make_tar({tar_directory("d"), {"b", "b", pax::kFile, "", {{"mtime", "1"}, {"MSWINDOWS.fileattr", "8224"}}}});
  for (const std::size_t step : {std::size_t{1}, std::size_t{511}, std::size_t{4096}, tar.size()}) {
    TarAttributes attributes;
    for (std::size_t i = 0; i < tar.size(); i += step) attributes.feed(as_bytes(std::string_view(tar).substr(i, step)));
    EXPECT_EQ(attributes.take(0), 33u) << step;
    EXPECT_EQ(attributes.take(second_at), 0u) << step;
    EXPECT_EQ(attributes.take(second_at + 512), 8224u) << step;
    EXPECT_EQ(attributes.take(second_at + 1024), 0u) << step;
  }
}

TEST(TarAttributes, BadRecordsGiveNone) {
  for (const std::string records :
       {"", "x", "99 MSWINDOWS.fileattr=1\n", "0 MSWINDOWS.fileattr=1\n", "24 MSWINDOWS.fileattr=x\n"}) {
    TarAttributes attributes;
    const std::string tar =
        tar_header("pax", pax::kExtendedHeader, records.size(), "") + padded(records) + make_tar({{"a", "a"}});
    attributes.feed(as_bytes(tar));
    EXPECT_EQ(attributes.take(0), 0u) << records;
  }
}

}  // namespace
}  // namespace winnow
