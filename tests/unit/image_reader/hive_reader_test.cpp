// Hives through hivex, whole and broken.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "image_reader/image_reader.hpp"
#include "support/hive_builder.hpp"

namespace winnow {
namespace {

using namespace testing;

// One line a key or value, indented by depth.
void append_text(const RegistryTree& key, const std::string& indent, std::string& out) {
  out += indent + "[" + key.name + "]\n";
  for (const RegistryTree::Value& value : key.values) {
    out += indent + " " + value.name + " (" + std::to_string(value.type) + ") " + to_hex(value.data) + "\n";
  }
  for (const RegistryTree& child : key.children) append_text(child, indent + "  ", out);
}

class HiveFile : public ::testing::Test {
 protected:
  Result<RegistryTree> read(const Bytes& bytes) {
    EXPECT_TRUE(write_file(folder_.path() / "hive", bytes));
    return read_hive(folder_.path() / "hive", "SOFTWARE");
  }
  static void expect_own_error(const Result<RegistryTree>& tree) {
    if (tree) return;
    EXPECT_THAT(tree.error().faults().front().message, ::testing::StartsWith("cannot read hive SOFTWARE: "));
  }
  TemporaryDirectory folder_ = *TemporaryDirectory::create("winnow-hive-test");
};

const TestKey kSample{"root",
                      {{"", 1, {'a', 0, 0, 0}}, {"long", 3, Bytes(40, 0x5A)}, {"none", 0, {}}},
                      {{"A", {{"odd", 0xFFFF0011, {1, 2}}}, {{"B"}}}, {"C"}}};

TEST_F(HiveFile, IsReadAsATree) {
  const auto tree = read(build_hive(kSample));
  ASSERT_TRUE(tree) << to_string(tree.error());
  std::string text;
  append_text(*tree, "", text);
  EXPECT_EQ(text, "[root]\n  (1) 61000000\n long (3) " + to_hex(Bytes(40, 0x5A)) +
                      "\n none (0) \n  [A]\n   odd (4294901777) 0102\n    [B]\n  [C]\n");
}

TEST_F(HiveFile, ThatIsNoneIsAnError) {
  const auto absent = read_hive(folder_.path() / "absent", "SYSTEM");
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().faults().front().message,
            "cannot read hive SYSTEM: it cannot be opened (No such file or directory)");
  EXPECT_FALSE(read({}));
  EXPECT_FALSE(read(Bytes(8192, 0)));
}

TEST_F(HiveFile, CutShortOrWildIsAnErrorOrATree) {
  const Bytes whole = build_hive(kSample);
  for (std::size_t length = 0; length < whole.size(); length += 101) {
    const auto tree = read(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)));
    expect_own_error(tree);
  }
  for (std::size_t i = 4096; i < 4096 + 700; ++i) {
    Bytes bad = whole;
    bad[i] = 0xFF;
    const auto tree = read(bad);
    expect_own_error(tree);
  }
}

}  // namespace
}  // namespace winnow
