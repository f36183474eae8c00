// Builds go into a history and come back as they were; what is no history is refused by name.
#include "size_analyzer/history/history_database.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "base/file_system.hpp"
#include "support/facts_builder.hpp"

namespace winnow {
namespace {

using testing::FactsBuilder;

ImageFacts sample() {
  FactsBuilder builder;
  builder.component("base", "Wine-a.dll").component("base", "Wine-b.dll", "8.0").app("shop");
  FileFacts hive;
  hive.path = "Windows/System32/config/SOFTWARE";
  hive.kind = ByteKind::registry_hive;
  hive.sizes = {1000, 4096, 300};
  hive.parts = {{ByteKind::slack, kNobody, "free cells", {100, 0, 20}},
                {ByteKind::registry_hive, 1, "values of Wine-a.dll", {600, 0, 200}}};
  builder.file_facts(hive, "");
  builder.file("Windows/System32/a.dll", "Wine-a.dll", {5000, 8192, 2000}, ByteKind::library);
  builder.file("app/shop.exe", "shop", {10, 0, 9}, ByteKind::executable);
  builder.overhead(ByteKind::container_format, "index.json", {0, 0, 77}).count("files", 3).count("executables", 1);
  builder.facts().tag = "shop:1";
  builder.facts().time = 1'700'000'000;
  builder.facts().manifest_digest = "sha256:ab";
  builder.facts().requests = {"app shop 1.0", "role base"};
  builder.facts().feeds = {{"open", "8.0", "sha256:cd"}};
  return builder.build();
}

class History : public ::testing::Test {
 protected:
  void SetUp() override {
    auto folder = TemporaryDirectory::create("winnow-history-");
    ASSERT_TRUE(folder);
    folder_ = std::make_unique<TemporaryDirectory>(std::move(*folder));
    path_ = folder_->path() / "history.db";
  }
  static BuildRecord record(const std::string& label, ByteCount more = 0) {
    ImageFacts facts = sample();
    facts.files.back().sizes.logical += more;
    facts.total.logical += more;
    return *record_build(facts, {"", label, "", std::nullopt});
  }
  Result<AddedBuilds> add(const std::vector<BuildRecord>& records) {
    WINNOW_TRY(HistoryDatabase history, HistoryDatabase::open_to_write(path_));
    return history.add(records);
  }
  // The error text with the folder left out.
  std::string shorten(const Error& error) const {
    std::string text = to_string(error);
    const std::string prefix = folder_->path().string() + "/";
    for (std::size_t at = 0; (at = text.find(prefix)) != std::string::npos;) text.erase(at, prefix.size());
    return text;
  }
  std::string reading_error() const {
    const auto history = HistoryDatabase::open_to_read(path_);
    return history ? "" : shorten(history.error());
  }

  std::unique_ptr<TemporaryDirectory> folder_;
  std::filesystem::path path_;
};

TEST_F(History, KeepsWhatABuildIsMadeOf) {
  const BuildRecord wanted = record("1");
  EXPECT_EQ(wanted.series, "shop");
  EXPECT_EQ(wanted.base, "open");
  EXPECT_EQ(wanted.time, 1'700'000'000);
  ASSERT_TRUE(add({wanted}));
  const auto history = HistoryDatabase::open_to_read(path_);
  ASSERT_TRUE(history) << to_string(history.error());
  const auto series = history->series();
  ASSERT_TRUE(series);
  ASSERT_EQ(series->size(), 1U);
  ASSERT_EQ(series->front().builds.size(), 1U);
  const StoredBuild& build = series->front().builds.front();
  BuildRecord back = build.record;
  back.owners = *history->owners_of(build.id);
  back.kinds = *history->kinds_of(build.id);
  back.counts = *history->counts_of(build.id);
  EXPECT_EQ(back.owners, wanted.owners);
  EXPECT_EQ(back.kinds, wanted.kinds);
  EXPECT_EQ(back.feeds, wanted.feeds);
  EXPECT_EQ(digest_of(back), digest_of(wanted));
}

TEST_F(History, OwnersHaveTheirPartsOfOtherFiles) {
  const BuildRecord build = record("1");
  std::string text;
  for (const OwnerRecord& owner : build.owners) {
    text += owner.name + " " + std::to_string(owner.files) + " " + std::to_string(owner.sizes.logical) + " " +
            std::to_string(owner.sizes.allocated) + " " + std::to_string(owner.sizes.stored) + "\n";
  }
  EXPECT_EQ(text,
            "Wine-a.dll 1 5600 8192 2200\n"
            "Wine-b.dll 0 0 0 0\n"
            "shop 1 10 0 9\n"
            "unclaimed 1 400 4096 100\n");
  Sizes kinds;
  for (const KindRecord& kind : build.kinds) kinds += kind.sizes;
  EXPECT_EQ(kinds, build.total);
}

TEST_F(History, TheSameBuildTwiceIsOneAnotherOneIsRefused) {
  ASSERT_TRUE(add({record("1"), record("2", 5)}));
  const auto again = add({record("1"), record("3")});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->added, 1U);
  EXPECT_EQ(again->present, 1U);
  const auto other = add({record("4"), record("2")});
  ASSERT_FALSE(other);
  EXPECT_EQ(shorten(other.error()),
            "cannot add build 2 of shop to history history.db: it is there already and differs\n"
            "  note: it has 6015 logical bytes there, 6010 here\n"
            "  note: a history is only added to: give this build another --label");
  const auto history = HistoryDatabase::open_to_read(path_);
  ASSERT_TRUE(history);
  EXPECT_EQ(history->series()->front().builds.size(), 3U) << "build 4 came with the one that was refused";
}

TEST_F(History, TextOfUsersIsNeverSql) {
  BuildRecord build = record("x'); DROP TABLE build; --");
  build.series = "\" OR 1=1; DELETE FROM text; '";
  ASSERT_TRUE(add({build}));
  const auto history = HistoryDatabase::open_to_read(path_);
  ASSERT_TRUE(history);
  EXPECT_EQ(history->series()->front().name, build.series);
  EXPECT_EQ(history->series()->front().builds.front().record.label, build.label);
}

TEST_F(History, TwoAddAtOnce) {
  std::vector<std::thread> threads;
  std::vector<std::string> errors(4);
  for (std::size_t i = 0; i < errors.size(); ++i) {
    threads.emplace_back([this, i, &errors] {
      for (int build = 0; build < 5; ++build) {
        const auto done = add({record(std::to_string(i) + "-" + std::to_string(build))});
        if (!done) errors[i] = to_string(done.error());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(errors, ::testing::Each(""));
  EXPECT_EQ(HistoryDatabase::open_to_read(path_)->series()->front().builds.size(), 20U);
}

TEST_F(History, WhatIsNotOneIsRefusedByName) {
  EXPECT_EQ(reading_error(), "cannot read history history.db: No such file or directory");
  std::ofstream(path_) << "";
  EXPECT_EQ(reading_error(), "cannot read history history.db: it is empty: `winnow history add` fills it");
  std::ofstream(path_) << "date,commit\n2020-01-01,abc\n" << std::string(500, 'x');
  EXPECT_EQ(reading_error(), "cannot read history history.db: it is no SQLite database");
  std::filesystem::remove(path_);
  std::filesystem::create_directory(path_);
  EXPECT_EQ(reading_error(), "cannot read history history.db: Is a directory");
}

TEST_F(History, AnotherVersionOrProgramIsRefusedByName) {
  ASSERT_TRUE(add({record("1")}));
  {
    const auto database = SqliteDatabase::open(path_, SqliteDatabase::Mode::write, "history");
    ASSERT_TRUE(database->run("PRAGMA user_version = 2"));
  }
  EXPECT_EQ(reading_error(), "cannot read history history.db: it is of version 2, this winnow knows version 1");
  const auto added = add({record("2")});
  ASSERT_FALSE(added);
  EXPECT_EQ(shorten(added.error()), "cannot write history history.db: it is of version 2, this winnow knows version 1");
  {
    const auto database = SqliteDatabase::open(path_, SqliteDatabase::Mode::write, "history");
    ASSERT_TRUE(database->run("PRAGMA application_id = 7"));
  }
  EXPECT_EQ(reading_error(), "cannot read history history.db: it is a database of another program");
}

TEST_F(History, EveryTruncationIsAnError) {
  ASSERT_TRUE(add({record("1"), record("2")}));
  const auto whole = read_file(path_, 1 << 20);
  ASSERT_TRUE(whole);
  for (std::size_t size = 1; size < whole->size(); size += 1021) {
    ASSERT_TRUE(write_file(path_, ByteView(*whole).first(size)));
    const auto history = HistoryDatabase::open_to_read(path_);
    EXPECT_FALSE(history && history->series()) << size << " of " << whole->size();
  }
}

// Every byte in turn turned over: an error or numbers, never a crash.
TEST_F(History, DamageIsAnErrorOrData) {
  ASSERT_TRUE(add({record("1"), record("2")}));
  const auto whole = read_file(path_, 1 << 20);
  ASSERT_TRUE(whole);
  std::size_t refused = 0;
  for (std::size_t place = 0; place < whole->size(); place += 97) {
    Bytes damaged = *whole;
    damaged[place] ^= 0xFF;
    std::ofstream(path_, std::ios::binary).write(reinterpret_cast<const char*>(damaged.data()), std::ssize(damaged));
    const auto history = HistoryDatabase::open_to_read(path_);
    const auto series = history ? history->series() : fail("no");
    refused += !series;
    if (series) {
      for (const StoredBuild& build : series->front().builds) (void)history->owners_of(build.id);
    }
  }
  EXPECT_GT(refused, 0U);
}

}  // namespace
}  // namespace winnow
