#include "base/file_system.hpp"
#include "image_reader/image_reader.hpp"
#include "size_analyzer/comparison.hpp"
#include "size_analyzer/feed_baseline.hpp"
#include "size_analyzer/ownership.hpp"
#include "size_analyzer/size_report.hpp"
#include "size_analyzer/size_tree.hpp"

namespace winnow {

namespace fs = std::filesystem;

namespace {

// What an image is compared with, at most one of the two.
struct Baseline {
  std::optional<FeedBaseline> feed;
  std::optional<ImageInfo> image;
};

Result<Baseline> load_baseline(const std::optional<fs::path>& against) {
  Baseline baseline;
  if (!against) return baseline;
  std::error_code ignored;
  if (fs::exists(*against / "index.xml", ignored)) {
    WINNOW_TRY(baseline.feed, FeedBaseline::load(*against));
  } else {
    WINNOW_TRY(baseline.image, read_image(*against));
  }
  return baseline;
}

Result<void> refuse(const SizeRow& row, const char* measure, std::uint64_t own, std::uint64_t sum) {
  return fail("row " + row.name + " has " + std::to_string(own) + " " + measure + ", its children have " +
              std::to_string(sum));
}

}  // namespace

Result<void> check_sums(const SizeRow& row) {
  if (row.children.empty()) return {};
  SizeRow sum;
  for (const SizeRow& child : row.children) {
    WINNOW_CHECK(check_sums(child));
    sum.logical += child.logical;
    sum.stored += child.stored;
    sum.files += child.files;
  }
  if (sum.logical != row.logical) return refuse(row, "logical bytes", row.logical, sum.logical);
  if (sum.stored != row.stored) return refuse(row, "stored bytes", row.stored, sum.stored);
  const bool is_one_file = row.kind == SizeKind::file;  // its children are parts of it
  if (!is_one_file && sum.files != row.files) return refuse(row, "files", row.files, sum.files);
  return {};
}

Result<SizeReport> measure_image(const fs::path& image, const std::optional<fs::path>& against) {
  WINNOW_TRY(const ImageInfo info, read_image(image));
  WINNOW_TRY(const Baseline baseline, load_baseline(against));
  WINNOW_TRY(const Ownership owners, Ownership::create(info, baseline.feed ? &*baseline.feed : nullptr));
  SizeReport report{image.string(), info.tag, info.os_version, owners.source(), {}, build_size_tree(info, owners), {}};
  report.root.name = image.filename().string();
  if (owners.provenance()) {
    for (const ProvenanceFeed& feed : owners.provenance()->feeds)
      report.feeds.push_back(feed.name + " " + feed.version);
  }
  if (baseline.feed) report.comparison = compare_with_feed(info, *baseline.feed);
  if (baseline.image) {
    WINNOW_TRY(const Ownership other_owners, Ownership::create(*baseline.image, nullptr));
    report.comparison = compare_with_image(info, owners, *baseline.image, other_owners, against->string());
  }
  auto checked = check_sums(report.root);
  if (checked && report.root.stored != info.stored)
    checked = refuse(report.root, "stored bytes", report.root.stored, info.stored);
  if (!checked) {
    return fail("cannot trust the size report of " + image.string() + ": " + checked.error().faults().front().message);
  }
  return report;
}

}  // namespace winnow
