#include "resolve/lock_file.hpp"

#include <gtest/gtest.h>

#include "support/feed_builder.hpp"

namespace winnow {
namespace {

TEST(LockFile, ListsEveryInputAndComponent) {
  testing::FeedBuilder feed("synthetic", "1.0");
  feed.module("ntdll.dll").role("base", {"ntdll.dll"}, {.product = true});
  const auto catalog = Catalog::load({feed.write()});
  ASSERT_TRUE(catalog);
  Solution solution;
  solution.members = {{0, {}}};
  solution.omitted = {"Test-user32.dll"};
  const std::string zeros(64, '0');
  LockedChoice choice;
  choice.verdict = "feasible";
  choice.cost[CostLevel::bytes] = 4096;
  choice.cost[CostLevel::count] = 1;
  choice.bound[CostLevel::bytes] = 4000;
  const std::string text =
      print_lock("shop:1 10.0.20348.0", "app", {{"payload", "shop.tgz", {}}}, *catalog, solution, choice);
  EXPECT_EQ(text,
            "winnow-lock 2\nimage shop:1 10.0.20348.0\nneeds app\n"
            "objective penalties, allocated bytes, recommended, newer versions, components, names\n"
            "recommended off\nprefer-threshold 0\npayload shop.tgz sha256:" +
                zeros + "\nfeed synthetic 1.0 sha256:" + catalog->feeds()[0].digest.hex() +
                "\nproblem sha256:" + zeros +
                "\ncost penalty=0 bytes=4096 wish=0 age=0 count=1\nbound penalty=0 bytes=4000 wish=0 age=0 "
                "count=0\nverdict feasible\nwithout Test-user32.dll\ncomponent Test-ntdll.dll 1.0.0.0 amd64 sha256:" +
                catalog->components()[0].manifest_digest.hex() + "\n");
}

TEST(LockFile, DeviationIsShownLineByLine) {
  EXPECT_TRUE(check_lock("a\nb\n", "a\nb\n", "x.lock"));
  EXPECT_EQ(to_string(check_lock("a\nb\nc\n", "a\nd\nc\n", "x.lock").error()),
            "x.lock: cannot keep to the lock file: the inputs or the solution differ\n"
            "  note: locked: b\n"
            "  note: now:    d\n"
            "  note: compose without --locked to accept the difference");
  std::string many;
  for (int i = 0; i < 30; ++i) many += std::to_string(i) + "\n";
  const std::string message = to_string(check_lock(many, "", "x.lock").error());
  EXPECT_NE(message.find("and 20 more lines"), std::string::npos) << message;
}

}  // namespace
}  // namespace winnow
