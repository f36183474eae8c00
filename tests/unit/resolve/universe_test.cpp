// A universe is the same for every order of building it, and the same again from its file.
#include "resolve/universe.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "base/file_system.hpp"
#include "resolve/universe_builder.hpp"

namespace winnow {
namespace {

// Twelve nodes, some of them versions of one name, that need and exclude one another and share files; `order` is the
// order of the calls.
Universe build(const std::vector<std::size_t>& order) {
  UniverseBuilder builder;
  std::vector<NodeId> handle(order.size());
  for (const std::size_t i : order) {
    NewNode node;
    node.name = "n" + std::to_string(i / 2);
    node.version = std::to_string(i % 2 == 0 ? 9 : 10) + ".0";
    node.bytes = {i * 4096, i * 1000, i * 500};
    handle[i] = builder.add_node(node);
  }
  for (const std::size_t i : order) {
    NewNeed need;
    need.any_of = {handle[(i * 5 + 1) % order.size()], handle[(i * 3 + 2) % order.size()]};
    need.from = "n" + std::to_string(i / 2);
    need.text = "depends on something";
    need.file = "n.manifest";
    need.line = static_cast<std::uint32_t>(i);
    builder.add_need(handle[i], need);
    if (i % 4 == 1) builder.add_conflict(handle[i], handle[i - 1], "conflicts with it");
    builder.add_shared_file(handle[i], "file " + std::to_string(i % 7), {4096, 100, 50});
  }
  return std::move(builder).build();
}

std::vector<std::size_t> counted() {
  std::vector<std::size_t> order(12);
  std::iota(order.begin(), order.end(), std::size_t{0});
  return order;
}

TEST(Universe, DoesNotDependOnTheOrderOfCalls) {
  std::vector<std::size_t> order = counted();
  const Digest expected = build(order).digest();
  std::mt19937 random(1);
  for (int i = 0; i < 20; ++i) {
    std::shuffle(order.begin(), order.end(), random);
    EXPECT_EQ(build(order).digest(), expected);
  }
}

TEST(Universe, KnowsVersionsByTheirNumbers) {
  const Universe universe = build(counted());
  const auto nodes = universe.nodes_named("n3");
  ASSERT_EQ(nodes.size(), 2u);
  EXPECT_EQ(universe.text(nodes[0].version), "9.0");
  EXPECT_EQ(nodes[0].age, 1u);
  EXPECT_EQ(nodes[1].age, 0u);
  EXPECT_EQ(universe.name_of(universe.id_of(nodes[1])), "n3 10.0");
  EXPECT_TRUE(universe.nodes_named("n").empty());
}

TEST(Universe, AFileOfOneOwnerIsItsOwn) {
  const Universe universe = build(counted());
  EXPECT_EQ(universe.shared_files().size(), 5u) << "files 5 and 6 have one owner each";
  const UniverseNode& sixth = universe.nodes_named("n3")[0];
  EXPECT_EQ(sixth.bytes, (MeasuredBytes{6 * 4096 + 4096, 6 * 1000 + 100, 6 * 500 + 50}));
}

TEST(UniverseFile, GivesTheSameAgain) {
  const auto folder = TemporaryDirectory::create("winnow-universe");
  const auto path = folder->path() / "universe";
  const Universe universe = build(counted());
  ASSERT_TRUE(UniverseFile::write(universe, path));
  const auto again = UniverseFile::open(path);
  ASSERT_TRUE(again) << to_string(again.error());
  EXPECT_EQ(again->digest(), universe.digest());
  EXPECT_TRUE(std::equal(again->nodes().begin(), again->nodes().end(), universe.nodes().begin()));
  EXPECT_TRUE(std::equal(again->needs().begin(), again->needs().end(), universe.needs().begin()));
  EXPECT_EQ(again->name_of(3), universe.name_of(3));
}

TEST(UniverseFile, RefusesDamageOfEveryByte) {
  const auto folder = TemporaryDirectory::create("winnow-universe");
  const auto path = folder->path() / "universe";
  ASSERT_TRUE(UniverseFile::write(build(counted()), path));
  const Bytes good = *read_file(path, 1 << 20);
  for (std::size_t at = 0; at < good.size(); at += 3) {
    if (at >= 18 && at < 24) continue;  // zeros that nothing reads
    Bytes bad = good;
    bad[at] ^= 0x40;
    ASSERT_TRUE(write_file(path, bad));
    const auto opened = UniverseFile::open(path);
    ASSERT_FALSE(opened) << "byte " << at;
    EXPECT_EQ(to_string(opened.error()),
              "cannot use universe " + path.string() +
                  (at < 18 ? ": it is no universe of this version of winnow" : ": it is damaged"));
  }
  for (std::size_t size = 0; size < good.size(); size += 37) {
    ASSERT_TRUE(write_file(path, ByteView(good).first(size)));
    EXPECT_FALSE(UniverseFile::open(path)) << "cut at " << size;
  }
}

}  // namespace
}  // namespace winnow
