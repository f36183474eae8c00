#include "plan/tree_builder.hpp"

#include <gtest/gtest.h>

namespace winnow {
namespace {

const std::vector<Owner> kOwners = {{OwnerKind::winnow, "winnow", "", "", "", false},
                                    {OwnerKind::component, "A", "1.0.0.0", "", "", true},
                                    {OwnerKind::component, "B", "1.0.0.0", "", "", true},
                                    {OwnerKind::app, "shop", "1.0", "", "", true}};

void add(TreeBuilder& tree, OwnerId owner, const char* text) {
  const ByteView bytes = as_bytes(text);
  tree.add_file(*WindowsPath::parse("Windows\\x.txt"), 0, 0, owner, Content::of_bytes({bytes.begin(), bytes.end()}),
                sha256(bytes), {});
}

TEST(TreeBuilder, TheSameFileOfTwoComponentsIsThereOnce) {
  TreeBuilder tree(kOwners, 0);
  add(tree, 1, "same");
  add(tree, 2, "same");
  const auto made = std::move(tree).finish();
  ASSERT_TRUE(made);
  EXPECT_EQ(made->at(*WindowsPath::parse("Windows\\x.txt")).owner, 1u);
}

TEST(TreeBuilder, DifferentFilesAndThoseOfTheAppCollide) {
  TreeBuilder tree(kOwners, 0);
  add(tree, 1, "same");
  add(tree, 2, "other");
  add(tree, 3, "same");
  const auto made = std::move(tree).finish();
  ASSERT_FALSE(made);
  EXPECT_EQ(to_string(made.error()),
            "cannot plan file \"Windows\\x.txt\": two owners bring it\n  note: owners A and B\n"
            "cannot plan file \"Windows\\x.txt\": two owners bring it\n  note: owners A and shop");
}

}  // namespace
}  // namespace winnow
