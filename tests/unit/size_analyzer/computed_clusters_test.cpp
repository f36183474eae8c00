// What a file takes on an NTFS volume, compared with rooms counted by hand from a record's parts.
#include "size_analyzer/computed_clusters.hpp"

#include <gtest/gtest.h>

namespace winnow {
namespace {

// Header 56, end mark 8, standard information 24 + 72, name 24 + 66 + 2 * 12 rounded up to 8 bytes: 120.
TEST(ComputedClusters, RoomOfARecordGoesByItsNames) {
  EXPECT_EQ(record_room({12}), 1024u - 56 - 8 - 96 - 120);
  EXPECT_EQ(record_room({12, 12}), 1024u - 56 - 8 - 96 - 240);
  EXPECT_EQ(record_room({255, 255}), 0u);
}

TEST(ComputedClusters, AContentThatFitsInItsRecordTakesNone) {
  ByteCount room = record_room({12});  // 744, of which an attribute's header takes 24
  EXPECT_EQ(content_clusters(720, 0, room), 0u);
  EXPECT_EQ(room, 0u);
  room = record_room({12});
  EXPECT_EQ(content_clusters(721, 0, room), 4096u);
  room = record_room({12, 12});
  EXPECT_EQ(content_clusters(720, 0, room), 4096u);
  room = 100;
  EXPECT_EQ(content_clusters(4097, 0, room), 8192u);
  EXPECT_EQ(content_clusters(0, 0, room), 0u);
}

TEST(ComputedClusters, AFolderHasBlocksWhenItsRecordIsFull) {
  EXPECT_EQ(index_clusters({}, {4}), 0u);
  EXPECT_EQ(index_clusters(NameLengths(5, 12), {4}), 0u);           // 5 * 112 bytes
  EXPECT_EQ(index_clusters(NameLengths(7, 12), {4}), 4096u);        // 7 * 112 bytes
  EXPECT_EQ(index_clusters(NameLengths(100, 12), {4}), 3 * 4096u);  // 11,200 bytes
}

TEST(ComputedClusters, ManyNamesTakeMoreRecords) {
  EXPECT_EQ(records_of({12}), 1u);
  EXPECT_EQ(records_of(NameLengths(10, 20)), 2u);
}

}  // namespace
}  // namespace winnow
