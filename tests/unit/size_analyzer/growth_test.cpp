// Who grew, and whose fault it is: by hand, and over the recorded sizes of .NET's images on Windows.
#include "size_analyzer/history/growth.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/file_system.hpp"
#include "size_analyzer/history/history_csv.hpp"
#include "size_analyzer/history/history_time.hpp"

namespace winnow {
namespace {

using ::testing::ElementsAre;

std::vector<HistorySeriesBuilds> by_series(const std::vector<BuildRecord>& records) {
  std::map<std::string, HistorySeriesBuilds> series;
  std::int64_t id = 0;
  for (const BuildRecord& record : records) {
    series[record.series].name = record.series;
    series[record.series].builds.push_back({++id, record});
  }
  std::vector<HistorySeriesBuilds> all;
  for (auto& [name, one] : series) all.push_back(std::move(one));
  return all;
}

// "image base size size …" a line: builds 0, 1, …; images on one base of one product name.
std::vector<HistorySeriesBuilds> history_of(const std::vector<std::pair<std::string, std::vector<ByteCount>>>& images) {
  std::vector<BuildRecord> records;
  for (const auto& [name, sizes] : images) {
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      BuildRecord record;
      record.series = name;
      record.product = name.substr(0, name.find('@'));
      record.base = name.substr(name.find('@') + 1);
      record.label = std::to_string(i);
      record.total.logical = sizes[i];
      records.push_back(record);
    }
  }
  return by_series(records);
}

std::vector<std::string> last_steps(const std::vector<HistorySeriesBuilds>& history, GrowthThreshold threshold = {}) {
  const auto growths = measure_growth(history, Measure::logical, threshold);
  std::vector<std::string> lines;
  for (const SeriesGrowth& growth : *growths) {
    const GrowthStep& step = growth.steps.back();
    lines.push_back(growth.series->name + " " + std::to_string(step.base_change) + " + " +
                    std::to_string(step.own_change) + " " + std::string(to_string(step.cause)) +
                    (step.is_regression ? " !" : ""));
  }
  return lines;
}

constexpr ByteCount kMB = 1'000'000;

TEST(Growth, ABaseTakesItsImagesAlong) {
  EXPECT_THAT(last_steps(history_of({{"a@core", {100 * kMB, 120 * kMB}},
                                     {"b@core", {200 * kMB, 219 * kMB}},
                                     {"c@core", {300 * kMB, 350 * kMB}},
                                     {"d@core", {300 * kMB, 320 * kMB}},
                                     {"a@nano", {50 * kMB, 50 * kMB}}})),
              ElementsAre("a@core 20000000 + 0 base moved", "a@nano 0 + 0 ", "b@core 20000000 + -1000000 base moved",
                          "c@core 20000000 + 30000000 base moved !", "d@core 20000000 + 0 base moved"));
}

TEST(Growth, TwoImagesMakeNoBase) {
  EXPECT_THAT(last_steps(history_of({{"a@core", {100 * kMB, 120 * kMB}}, {"b@core", {200 * kMB, 220 * kMB}}})),
              ElementsAre("a@core 0 + 20000000 own !", "b@core 0 + 20000000 own !"));
}

TEST(Growth, AnImageThatGrowsOnSeveralBasesIsNamed) {
  EXPECT_THAT(
      last_steps(history_of(
          {{"a@core", {100 * kMB, 120 * kMB}}, {"a@nano", {50 * kMB, 65 * kMB}}, {"b@core", {10 * kMB, 10 * kMB}}})),
      ElementsAre("a@core 0 + 20000000 image moved on several bases !",
                  "a@nano 0 + 15000000 image moved on several bases !", "b@core 0 + 0 "));
}

TEST(Growth, ShrinkingIsNoRegressionWhateverTheBaseDid) {
  EXPECT_THAT(
      last_steps(history_of(
          {{"a@core", {100 * kMB, 60 * kMB}}, {"b@core", {100 * kMB, 61 * kMB}}, {"c@core", {100 * kMB, 70 * kMB}}})),
      ElementsAre("a@core -39000000 + -1000000 base moved", "b@core -39000000 + 0 base moved",
                  "c@core -39000000 + 9000000 base moved"));
}

TEST(Growth, MustExceedEveryThreshold) {
  const auto grown = [](ByteCount from, ByteCount to, GrowthThreshold threshold) {
    return measure_growth(history_of({{"a@", {from, to}}}), Measure::logical, threshold)
        ->front()
        .steps[1]
        .is_regression;
  };
  EXPECT_FALSE(grown(100 * kMB, 102 * kMB, {}));
  EXPECT_TRUE(grown(100 * kMB, 102 * kMB + 1, {}));
  EXPECT_FALSE(grown(1000, 101'000, {}));
  EXPECT_TRUE(grown(1000, 101'001, {}));
  EXPECT_TRUE(grown(0, kMB, {}));
  GrowthThreshold tight;
  tight.percent = 0;
  tight.bytes = 0;
  EXPECT_TRUE(grown(100 * kMB, 100 * kMB + 1, tight));
  EXPECT_FALSE(grown(100 * kMB, 100 * kMB, tight));
}

TEST(Growth, APercentileOfItsOwnHistoryIsAllowedWhenAskedFor) {
  std::vector<ByteCount> sizes = {100 * kMB};
  for (int i = 0; i < 21; ++i) sizes.push_back(sizes.back() + 5 * kMB);
  const auto flags = [&](std::optional<double> percentile) {
    GrowthThreshold threshold;
    threshold.percentile = percentile;
    const auto growths = measure_growth(history_of({{"a@", sizes}}), Measure::logical, threshold);
    std::string text;
    for (const GrowthStep& step : growths->front().steps) text += step.is_regression ? '!' : '.';
    return text;
  };
  EXPECT_EQ(flags(std::nullopt), ".!!!!!!!!!!!!!!!!!!!!!");
  EXPECT_EQ(flags(95), ".!!!!!!!!!!!!!!!!!!!!.");
}

TEST(Percentile, IsTheNearestRank) {
  EXPECT_EQ(percentile_of({}, 95), 0);
  EXPECT_EQ(percentile_of({7}, 95), 7);
  std::vector<std::int64_t> numbers;
  for (int i = 20; i > 0; --i) numbers.push_back(i);
  EXPECT_EQ(percentile_of(numbers, 95), 19);
  EXPECT_EQ(percentile_of(numbers, 100), 20);
}

TEST(BuildTime, IsReadAndPrinted) {
  EXPECT_EQ(parse_build_time("1970-01-01"), 0);
  EXPECT_EQ(parse_build_time("2026-11-22T07:30:05Z"), 1'795'332'605);
  EXPECT_EQ(parse_build_time("1795332605"), 1'795'332'605);
  EXPECT_EQ(print_build_time(1'795'332'605), "2026-11-22T07:30:05Z");
  EXPECT_EQ(print_build_time(*parse_build_time("2024-02-29")), "2024-02-29");
  for (const char* bad : {"", "yesterday", "2023-02-29", "2023-13-01", "1969-12-31", "2026-11-22T24:00", "-5",
                          "253402300800", "99999999999999999999", "2026-11-22 07:30", "2026-1-2"}) {
    EXPECT_EQ(parse_build_time(bad), std::nullopt) << bad;
  }
}

std::string csv_error(const std::string& text) {
  const auto records = parse_history_csv(text, "sizes.csv");
  return records ? "" : to_string(records.error());
}

TEST(HistoryCsv, ReadsColumnsInAnyOrderAndQuotes) {
  const auto records = parse_history_csv(
      "\xEF\xBB\xBF"
      "bytes,repo,\"image\",date,commit,extra\r\n"
      "20,r,\"a,\"\"b\"\"/nanoserver-1809/amd64\",2020-01-02,c2,\r\n\r\n10,r,x,2020-01-01,c1,z",
      "sizes.csv");
  ASSERT_TRUE(records) << to_string(records.error());
  ASSERT_EQ(records->size(), 2U);
  EXPECT_EQ((*records)[0].series, "r:x") << "the older one comes first";
  EXPECT_EQ((*records)[0].base, "");
  EXPECT_EQ((*records)[0].product, "r:x");
  EXPECT_EQ((*records)[1].series, "r:a,\"b\"/nanoserver-1809/amd64");
  EXPECT_EQ((*records)[1].base, "nanoserver-1809/amd64");
  EXPECT_EQ((*records)[1].product, "r:a,\"b\"");
  const auto own = parse_history_csv("date,commit,repo,image,bytes,base\n2020-01-01,c,r,shop-jammy,5,jammy\n", "s");
  ASSERT_TRUE(own);
  EXPECT_EQ(own->front().base, "jammy");
  EXPECT_EQ(own->front().product, "r:shop-");
}

TEST(HistoryCsv, EveryFaultHasItsPlace) {
  EXPECT_EQ(csv_error(""), "sizes.csv: cannot import sizes.csv: it is empty");
  EXPECT_EQ(csv_error("date,commit,repo,bytes\n"),
            "sizes.csv:1:1: cannot import sizes.csv: it has no column \"image\"; it needs date, commit, repo, image, "
            "bytes");
  EXPECT_EQ(csv_error("date,commit,repo,image,bytes\n"
                      "2020-01-01,c,r,i\n"
                      "tomorrow,c,r,i,5\n"
                      "2020-01-01,c,r,i,-5\n"
                      "2020-01-01,c,r,i,9999999999999999999\n"
                      "2020-01-01,,r,i,5\n"
                      "2020-01-01,c,r\x1b[31m,i,5\n"
                      "2020-01-01,c,r,i,5\n"
                      "2020-01-02,c,r,i,6\n"
                      "2020-01-02,c,\"r,i,6\n"),
            "sizes.csv:2:1: cannot import row: it has 4 fields, the first line 5\n"
            "sizes.csv:3:1: cannot import row: \"tomorrow\" is no date\n"
            "sizes.csv:4:18: cannot import row: \"-5\" is no size in bytes\n"
            "sizes.csv:5:18: cannot import row: \"9999999999999999999\" is no size in bytes\n"
            "sizes.csv:6:12: cannot import row: commit is empty, longer than 1,024 bytes or has control characters\n"
            "sizes.csv:7:14: cannot import row: repo is empty, longer than 1,024 bytes or has control characters\n"
            "sizes.csv:9:12: cannot import row: build c of r:i occurs twice\n"
            "sizes.csv:10:1: cannot import row: a quote is out of place");
}

class RecordedSizes : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::filesystem::path path =
        std::filesystem::path(WINNOW_SOURCE_DIR) / "../shared/data/dotnet-image-sizes.csv";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not there";
    const auto text = read_file(path, kMaxHistoryCsv);
    ASSERT_TRUE(text);
    const auto records = parse_history_csv(as_text(*text), "dotnet-image-sizes.csv");
    ASSERT_TRUE(records) << to_string(records.error());
    rows_ = records->size();
    history_ = by_series(*records);
  }
  // Steps of which `predicate` holds, under a threshold of so many percent.
  template <class Predicate>
  std::size_t count(double percent, const Predicate& predicate) const {
    GrowthThreshold threshold;
    threshold.percent = percent;
    threshold.bytes = 0;
    const auto growths = measure_growth(history_, Measure::logical, threshold);
    std::size_t number = 0;
    for (const SeriesGrowth& growth : *growths) {
      for (std::size_t i = 0; i < growth.steps.size(); ++i) {
        number += growth.steps[i].before && predicate(growth.steps[i], growth.series->builds[i].record);
      }
    }
    return number;
  }

  std::size_t rows_ = 0;
  std::vector<HistorySeriesBuilds> history_;
};

// The gate that .NET had: 5 % up or down.
TEST_F(RecordedSizes, TheGateOfFivePercentFires169Times) {
  EXPECT_EQ(rows_, 2508U);
  EXPECT_EQ(history_.size(), 294U);
  const auto moved_by = [](double percent) {
    return [percent](const GrowthStep& step, const BuildRecord&) {
      return std::abs(static_cast<double>(step.change)) > static_cast<double>(*step.before) * percent / 100;
    };
  };
  EXPECT_EQ(count(5, [](const GrowthStep&, const BuildRecord&) { return true; }), 2214U);
  EXPECT_EQ(count(5, moved_by(5)), 169U);
  EXPECT_EQ(count(5, moved_by(1)), 169U) << "what moved less was never recorded";
  EXPECT_EQ(count(5, moved_by(0)), 171U);
}

TEST_F(RecordedSizes, MostOfThatWasTheBase) {
  const auto is_base = [](const GrowthStep& step, const BuildRecord&) { return step.cause == GrowthCause::base_moved; };
  EXPECT_EQ(count(2, is_base), 130U);
}

TEST_F(RecordedSizes, OnFebruary21st2023TheServerCoreBasesMoved) {
  const auto moved = [](GrowthCause cause) {
    return [cause](const GrowthStep& step, const BuildRecord& record) {
      return record.label == "7ef0b70714" && step.change != 0 && step.cause == cause;
    };
  };
  EXPECT_EQ(count(2, moved(GrowthCause::base_moved)), 18U);
  EXPECT_EQ(count(2, moved(GrowthCause::product_moved)) + count(2, moved(GrowthCause::own)), 0U);
  const auto flagged = [](const GrowthStep& step, const BuildRecord& record) {
    return step.is_regression && (record.label == "7ef0b70714" || record.label == "ba258750e4");
  };
  EXPECT_EQ(count(2, flagged), 0U) << "neither the rebaseline nor the layer that came back is an image's own growth";
}

TEST_F(RecordedSizes, OwnGrowthIsFlaggedByTheDefault) {
  const auto is_flagged = [](const GrowthStep& step, const BuildRecord&) { return step.is_regression; };
  const auto by_base = [](const GrowthStep& step, const BuildRecord&) {
    return step.is_regression && step.cause == GrowthCause::base_moved;
  };
  EXPECT_EQ(count(5, is_flagged), 37U);
  EXPECT_EQ(count(2, is_flagged), 37U) << "nothing between 2 and 5 %";
  EXPECT_EQ(count(1, is_flagged), 42U);
  EXPECT_EQ(count(2, by_base), 0U);
  EXPECT_EQ(count(1, by_base), 5U) << "what is left of a base's movement is noise from here on";
}

}  // namespace
}  // namespace winnow
