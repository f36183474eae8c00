// PA30 deltas made here by another hand than the one that applies them, damaged ones, and Microsoft's own.
#include "payload/pa30.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/file_system.hpp"
#include "fuzz/pa30/pa30_target.hpp"
#include "support/pa30_builder.hpp"

namespace winnow {
namespace {

using testing::Pa30Builder;
using Shape = Pa30Builder::Shape;

Bytes bytes_of(std::string_view text) { return {as_bytes(text).begin(), as_bytes(text).end()}; }

// No two stretches of it are equal by accident.
Bytes pattern(std::size_t size) {
  Bytes bytes(size);
  std::uint32_t state = 1;
  for (std::uint8_t& byte : bytes) {
    state = state * 1'664'525 + 1'013'904'223;
    byte = static_cast<std::uint8_t>(state >> 24);
  }
  return bytes;
}

void expect_target(const Pa30Builder& builder, const Bytes& source) {
  const auto target = apply_pa30(builder.delta(), source, "d");
  ASSERT_TRUE(target) << to_string(target.error());
  EXPECT_TRUE(*target == builder.target());
}

std::string refusal(const Bytes& delta, const Bytes& source = {}, ByteCount limit = kMaxDeltaTarget) {
  const auto target = apply_pa30(delta, source, "d", limit);
  return target ? "applied" : to_string(target.error());
}

TEST(Pa30, LiteralsAlone) {
  expect_target(Pa30Builder({}).literals("<assembly/>"), {});
  expect_target(Pa30Builder({}).literals("<assembly/>").default_codes(), {});
  expect_target(Pa30Builder({}).literals("aaaaaaaa"), {});
  expect_target(Pa30Builder({}).literals("to be or not to be, that is the question").shape(Shape::skewed), {});
}

TEST(Pa30, NothingAtAll) {
  EXPECT_EQ(apply_pa30(Pa30Builder({}).delta(), {}, "d").value(), Bytes());
  EXPECT_EQ(apply_pa30(Pa30Builder({}).default_codes().delta(), {}, "d").value(), Bytes());
}

TEST(Pa30, CopiesFromTheSourceBesideThePosition) {
  const Bytes source = pattern(400'000);
  for (const std::int64_t offset : {0, 1, -1, 8191, -8192, 8192, -8193, 0x9FFF, -0xA000, 0xA000, -0xA001, 0x29FFF}) {
    Pa30Builder builder(source);
    builder.copy_source(0, 180'000).copy_source(offset, 700).literals("x");
    SCOPED_TRACE(offset);
    expect_target(builder, source);
    expect_target(builder.default_codes(), source);
  }
}

// Every class of distances, its first, its last and one between; the larger ones reach back into the source.
TEST(Pa30, CopiesFromEveryDistance) {
  const Bytes source = pattern((1u << 20) + 100);
  Pa30Builder builder(source);
  for (std::uint64_t distance = 1; distance <= 1u << 19; distance *= 2) {
    builder.copy_back(distance, 5).copy_back(distance * 2 - 1, 3);
    if (distance > 2) builder.copy_back(distance + distance / 2, 2).copy_back(distance + distance / 2 - 1, 9);
  }
  expect_target(builder, source);
  expect_target(builder.shape(Shape::skewed), source);
  expect_target(builder.default_codes(), source);
}

TEST(Pa30, CopiesFromTheFarthestClasses) {
  Bytes source = pattern(1 << 12);
  source.resize((17u << 20) + 7);
  Pa30Builder builder(source);
  for (const std::uint64_t distance : {(17u << 20) + 7, (17u << 20) - 99, 16u << 20, (8u << 20) - 1, 12u << 20}) {
    builder.copy_back(distance, 300).literals("x");
  }
  expect_target(builder, source);
}

TEST(Pa30, CopiesOfEveryLength) {
  const Bytes source = pattern(64);
  Pa30Builder builder(source);
  for (const std::uint64_t length : {1u, 2u, 3u, 7u, 8u, 9u, 100u, 262u, 263u, 264u, 265u, 519u, 520u, 70'000u}) {
    if (length > 1) builder.copy_back(17, length).literals("|");
  }
  expect_target(builder, source);
  expect_target(builder.default_codes(), source);
}

TEST(Pa30, LastDistancesMoveToTheFront) {
  const Bytes source = pattern(100);
  Pa30Builder builder(source);
  builder.copy_back(10, 4).copy_back(20, 4).copy_back(30, 4);
  for (const std::uint64_t distance : {30u, 20u, 10u, 30u, 40u, 20u, 40u, 10u, 10u, 50u, 40u}) {
    builder.copy_back(distance, 3);
  }
  expect_target(builder, source);
}

TEST(Pa30, BlocksWithCodesOfTheirOwn) {
  const Bytes source = pattern(5000);
  Pa30Builder builder(source);
  builder.literals("first block, ").copy_source(0, 300).new_block();
  builder.literals("second one; ").copy_back(29, 30).new_block();
  builder.literals("first block, ").copy_source(40, 300).new_block();
  builder.copy_back(1000, 900).copy_back(2001, 12);
  expect_target(builder, source);
  expect_target(builder.shape(Shape::skewed), source);
}

TEST(Pa30, HeaderIsRead) {
  const auto header = parse_pa30_header(Pa30Builder({}).literals("abc").delta(), "d").value();
  EXPECT_EQ(header.target_time, 0x01D5AC0000000000u);
  EXPECT_EQ(header.file_type_set, 1u);
  EXPECT_EQ(header.file_type, 1u);
  EXPECT_EQ(header.flags, 0u);
  EXPECT_EQ(header.target_size, 3u);
  EXPECT_EQ(header.hash_algorithm, 0u);
  EXPECT_TRUE(header.hash.empty());
}

TEST(Pa30, WhatIsNotAppliedIsNamed) {
  const Pa30Builder builder = Pa30Builder({}).literals("abc");
  EXPECT_EQ(refusal(bytes_of("MZ")), "cannot apply delta d: it does not start with PA30");
  EXPECT_EQ(refusal(bytes_of("PA30")), "cannot apply delta d: it ends in its header");
  EXPECT_EQ(refusal(Pa30Builder::wrap(builder.patch(), 3, 2)),
            "cannot apply delta d: it transforms an executable (file type 2)");
  EXPECT_EQ(refusal(Pa30Builder::wrap(builder.patch(), 3, 1, as_bytes("x"))),
            "cannot apply delta d: it transforms an executable (file type 1)");
  EXPECT_EQ(refusal(Pa30Builder::wrap(builder.patch(true), 3)), "cannot apply delta d: it has a rift table");
  EXPECT_EQ(refusal(builder.delta(), {}, 2), "cannot apply delta d: its target has 3 bytes, at most 2 are made");
  EXPECT_EQ(refusal(Pa30Builder::wrap({}, 3)), "cannot apply delta d: its patch is empty");
  EXPECT_EQ(refusal(Pa30Builder::wrap(builder.patch(), 4)),
            "cannot apply delta d: its patch is damaged, or made for another source");
  const Bytes source = pattern(100);
  EXPECT_EQ(refusal(Pa30Builder(source).copy_source(70, 20).delta(), Bytes(60)),
            "cannot apply delta d: its patch is damaged, or made for another source");
  EXPECT_EQ(refusal(Pa30Builder::wrap(Bytes(1), 3)), "cannot apply delta d: its code tables are damaged");
}

Pa30Builder everything(const Bytes& source) {
  Pa30Builder builder(source);
  builder.literals("<assembly>").copy_source(0, 90).copy_source(7, 40).copy_back(33, 300).new_block();
  builder.literals("</assembly>").copy_back(2, 10).copy_source(-90, 20).copy_back(33, 8).copy_back(70, 9);
  return builder;
}

TEST(Pa30, EveryTruncationIsOneError) {
  const Bytes source = pattern(600);
  const Bytes delta = everything(source).delta();
  for (std::size_t size = 0; size < delta.size(); ++size) {
    const auto target = apply_pa30(ByteView(delta).first(size), source, "d");
    ASSERT_FALSE(target) << size;
    EXPECT_EQ(target.error().faults().size(), 1u);
    EXPECT_EQ(to_string(target.error()).find("cannot apply delta d: it"), 0u) << to_string(target.error());
  }
}

TEST(Pa30, EveryFlippedBitGivesBytesOrOneError) {
  const Bytes source = pattern(600);
  const Bytes delta = everything(source).delta();
  ASSERT_TRUE(apply_pa30(delta, source, "d"));
  for (std::size_t bit = 0; bit < delta.size() * 8; ++bit) {
    Bytes damaged = delta;
    damaged[bit / 8] = static_cast<std::uint8_t>(damaged[bit / 8] ^ 1u << bit % 8);
    const auto target = apply_pa30(damaged, source, "d", 1 << 16);
    if (!target) {
      EXPECT_EQ(target.error().faults().size(), 1u);
    }
  }
}

TEST(Pa30, ManifestsAreDeltasOrPlain) {
  const Bytes dictionary = pattern(600);
  const Pa30Builder builder = everything(dictionary);
  Bytes stored = bytes_of("DCM\x01");
  const Bytes delta = builder.delta();
  stored.insert(stored.end(), delta.begin(), delta.end());
  EXPECT_TRUE(is_delta_manifest(stored));
  EXPECT_EQ(expand_manifest(stored, dictionary, "m").value(), builder.target());
  EXPECT_FALSE(is_delta_manifest(as_bytes("<assembly/>")));
  EXPECT_EQ(expand_manifest(as_bytes("<assembly/>"), dictionary, "m").value(), bytes_of("<assembly/>"));
  EXPECT_EQ(expand_manifest(as_bytes(""), dictionary, "m").value(), Bytes());
}

TEST(Pa30Corpus, IsAppliedWithoutHarm) {
  const std::filesystem::path folder = std::filesystem::path(WINNOW_SOURCE_DIR) / "tests/fuzz/pa30/corpus";
  const auto listed = list_tree(folder).value();
  EXPECT_FALSE(listed.empty());
  for (const DirectoryEntry& entry : listed) {
    SCOPED_TRACE(entry.path);
    testing::apply_anything(read_file(folder / entry.path, 1 << 20).value());
  }
}

}  // namespace
}  // namespace winnow
