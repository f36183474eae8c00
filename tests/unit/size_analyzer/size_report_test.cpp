// The report on images made here, number by number: whose bytes, against what, and that they add up.
#include "size_analyzer/size_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "manifest/feed_index.hpp"
#include "support/image_builder.hpp"

namespace winnow {
namespace {

using namespace testing;
using ::testing::HasSubstr;

constexpr const char* kProvenance = R"({
  "schema": "winnow-provenance-1", "name": "shop", "version": "1.0", "osVersion": "10.0.20348.1",
  "feeds": [{"name": "open", "version": "8.0", "digest": "ab"}],
  "owners": [{"kind": "winnow", "name": "winnow"},
             {"kind": "component", "name": "Wine-a.dll", "role": "base"},
             {"kind": "component", "name": "Wine-b.dll", "role": "network"},
             {"kind": "app", "name": "shop"}],
  "files": [{"path": "Windows/System32/a.dll", "owner": 1}, {"path": "Windows/System32/b.dll", "owner": 2},
            {"path": "Windows/System32/c_1.nls", "owner": 1}, {"path": "app/shop.exe", "owner": 3},
            {"path": "Windows/winnow/provenance.json", "owner": 0}],
  "registry": [{"hive": "SOFTWARE", "owner": 1, "bytes": 60}, {"hive": "SOFTWARE", "owner": 2, "bytes": 20},
               {"hive": "SAM", "owner": 2, "bytes": 20}, {"hive": "SOFTWARE", "owner": 3, "bytes": 999}]})";

std::vector<TarEntry> layer_entries(bool with_provenance) {
  std::vector<TarEntry> entries = {
      tar_directory("Files"),
      tar_directory("Files/Windows"),
      tar_directory("Files/Windows/System32"),
      {"Files/Windows/System32/a.dll", "MZ" + std::string(998, 'a')},
      {"Files/Windows/System32/b.dll", "MZ" + std::string(2998, 'b')},
      {"Files/Windows/System32/c_1.nls", std::string(500, 'c')},
      tar_directory("Files/Windows/System32/config"),
      {"Files/Windows/System32/config/SOFTWARE", std::string(100, 'r')},
      tar_directory("Files/app"),
      {"Files/app/shop.exe", "MZ" + std::string(9998, 's')},
      {"Files/app/stray.txt", std::string(7, 't')},
  };
  if (with_provenance) entries.push_back({"Files/Windows/winnow/provenance.json", kProvenance});
  return entries;
}

IndexedComponent component(const std::string& name, const std::string& role, std::vector<IndexedFile> files) {
  IndexedComponent result;
  result.identity = {name, {{8, 0, 0, 0}}, "amd64", "neutral", "0123456789abcdef", "", "nonSxS"};
  result.role = role;
  result.files = std::move(files);
  return result;
}

FeedIndex test_feed() {
  const auto file = [](const std::string& path, const std::string& content) {
    return IndexedFile{path, content.size(), sha256(as_bytes(content))};
  };
  FeedIndex index;
  index.name = "open";
  index.version = "8.0";
  index.description = "an open-source userland. It is not Microsoft's.";
  index.components = {
      component("Wine-a.dll", "base",
                {file("Windows\\System32\\a.dll", "MZ" + std::string(998, 'a')),
                 file("Windows\\System32\\c_1.nls", std::string(500, 'c'))}),
      component("Wine-b.dll", "network", {file("Windows\\System32\\b.dll", "another b")}),
      component("Wine-z.dll", "shell", {file("Windows\\System32\\z.dll", std::string(9000, 'z'))}),
  };
  return index;
}

class SizeReportTest : public ::testing::Test {
 protected:
  std::filesystem::path write_image(const std::string& name, bool with_provenance, Packing packing = Packing::gzip) {
    const std::string blob = pack(make_tar(layer_entries(with_provenance)), packing);
    const std::filesystem::path file = folder_.path() / name;
    EXPECT_TRUE(write_file(file, as_bytes(make_tar(image_members({{blob}})))));
    return file;
  }
  std::filesystem::path write_feed() {
    std::filesystem::create_directory(folder_.path() / "feed");
    EXPECT_TRUE(write_file(folder_.path() / "feed/index.xml", as_bytes(print_feed_index(test_feed()))));
    return folder_.path() / "feed";
  }
  SizeReport measure(const std::filesystem::path& image, const std::optional<std::filesystem::path>& against = {}) {
    auto report = measure_image(image, against);
    if (!report) throw std::runtime_error(to_string(report.error()));
    EXPECT_EQ(report->root.stored, std::filesystem::file_size(image));
    EXPECT_TRUE(check_sums(report->root));
    return std::move(*report);
  }
  TemporaryDirectory folder_ = *TemporaryDirectory::create("winnow-size-test");
};

// "packages/base/Wine-a.dll 1500 2": path of names, logical bytes, files; in order of names, since order goes by stored
// bytes.
void append_rows(const SizeRow& row, const std::string& path, std::vector<std::string>& lines) {
  lines.push_back(path + row.name + " " + std::to_string(row.logical) + " " + std::to_string(row.files));
  for (const SizeRow& child : row.children) append_rows(child, path + row.name + " > ", lines);
}

std::vector<std::string> rows_of(const SizeRow& root) {
  std::vector<std::string> lines;
  for (const SizeRow& child : root.children) append_rows(child, "", lines);
  std::erase_if(lines, [](const std::string& line) { return line.find("metadata >") != std::string::npos; });
  std::sort(lines.begin(), lines.end());
  return lines;
}

const SizeRow& row_named(const SizeRow& root, const std::string& name) {
  for (const SizeRow& child : root.children) {
    if (child.name == name) return child;
  }
  throw std::runtime_error("no row " + name);
}

TEST_F(SizeReportTest, EveryByteHasItsOwnerByProvenance) {
  const std::size_t own = std::string(kProvenance).size();
  const SizeReport report = measure(write_image("image.tar", true));
  EXPECT_EQ(report.owners, OwnerSource::provenance);
  EXPECT_THAT(report.feeds, ::testing::ElementsAre("open 8.0"));
  EXPECT_THAT(
      rows_of(report.root),
      ::testing::UnorderedElementsAre(
          "application 10000 1", "application > shop 10000 1", "application > shop > app/shop.exe 10000 1",
          "image metadata 0 0", "packages 4500 3", "packages > base 1500 2", "packages > base > Wine-a.dll 1500 2",
          "packages > base > Wine-a.dll > Windows/System32/a.dll 1000 1",
          "packages > base > Wine-a.dll > Windows/System32/c_1.nls 500 1", "packages > network 3000 1",
          "packages > network > Wine-b.dll 3000 1", "packages > network > Wine-b.dll > Windows/System32/b.dll 3000 1",
          "registry 100 1", "registry > Windows/System32/config/SOFTWARE 100 1",
          "registry > Windows/System32/config/SOFTWARE > Wine-a.dll 60 0",
          "registry > Windows/System32/config/SOFTWARE > Wine-b.dll 20 0",
          "registry > Windows/System32/config/SOFTWARE > structure of the hive 20 0", "unclaimed 7 1",
          "unclaimed > app 7 1", "unclaimed > app > app/stray.txt 7 1", "winnow's own " + std::to_string(own) + " 1",
          "winnow's own > winnow " + std::to_string(own) + " 1",
          "winnow's own > winnow > Windows/winnow/provenance.json " + std::to_string(own) + " 1"));
}

TEST_F(SizeReportTest, WithoutProvenanceFilesAreUnclaimedByFolder) {
  const SizeReport report = measure(write_image("image.tar", false));
  EXPECT_EQ(report.owners, OwnerSource::none);
  const SizeRow& unclaimed = row_named(report.root, "unclaimed");
  EXPECT_EQ(unclaimed.files, 5u);
  EXPECT_EQ(unclaimed.logical, 14'507u);
  EXPECT_EQ(row_named(unclaimed, "Windows/System32").files, 3u);
}

TEST_F(SizeReportTest, StoredBytesOfAPlainLayerAreItsTarBytes) {
  const SizeReport report = measure(write_image("image.tar", true, Packing::plain));
  EXPECT_EQ(row_named(row_named(report.root, "packages"), "network").stored, 512u + 3072u);
  const SizeRow& metadata = row_named(report.root, "image metadata");
  EXPECT_EQ(row_named(metadata, "folder entries").stored, 4 * 512u);
  EXPECT_EQ(row_named(metadata, "ends and roots of the layers").stored, 512u + 1024u);
  EXPECT_EQ(row_named(metadata, "oci-layout").stored, 30u);
}

TEST_F(SizeReportTest, AgainstAFeedOnlyItsOwnFilesCount) {
  const SizeReport report = measure(write_image("image.tar", true), write_feed());
  ASSERT_TRUE(report.comparison);
  EXPECT_EQ(report.comparison->baseline, "open feed 8.0: an open-source userland, 3 PE files, 10.0 kB");
  std::vector<std::string> lines;
  for (const ComparedMeasure& measure : report.comparison->measures) {
    lines.push_back(measure.name + " " + std::to_string(measure.image) + " " + std::to_string(measure.baseline));
  }
  // b.dll has another content than the feed's: it is no file of this feed.
  EXPECT_THAT(lines,
              ::testing::ElementsAre("PE files 1 3", "PE bytes 1000 10009", "NLS tables 1 1", "NLS bytes 500 500",
                                     "all files 2 4", "all bytes 1500 10509", "components 1 3"));
  EXPECT_EQ(report.comparison->outside_files, 5u);
}

TEST_F(SizeReportTest, TheFeedNamesOwnersOfAnImageThatDoesNot) {
  const SizeReport report = measure(write_image("image.tar", false), write_feed());
  EXPECT_EQ(report.owners, OwnerSource::feed);
  EXPECT_EQ(row_named(row_named(row_named(report.root, "packages"), "base"), "Wine-a.dll").files, 2u);
  EXPECT_EQ(row_named(report.root, "unclaimed").files, 3u);
}

TEST_F(SizeReportTest, AgainstAnImageAppsAreLeftOut) {
  const auto other = write_image("other.tar", false);
  const SizeReport report = measure(write_image("image.tar", true), other);
  ASSERT_TRUE(report.comparison);
  EXPECT_EQ(report.comparison->baseline, "image " + other.string() + " (shop:1): 3 PE files, 14.0 kB");
  EXPECT_EQ(report.comparison->measures[0].image, 2u);
  EXPECT_EQ(report.comparison->measures[0].baseline, 3u);
  EXPECT_EQ(report.comparison->outside_bytes, 10'000u);
}

TEST_F(SizeReportTest, ErrorsNameWhatCannotBeRead) {
  const auto image = write_image("image.tar", true);
  const auto error_of = [&](const std::filesystem::path& what, const std::optional<std::filesystem::path>& against) {
    const auto report = measure_image(what, against);
    return report ? "" : report.error().faults().front().message;
  };
  EXPECT_EQ(error_of("/absent", {}), "cannot read image /absent: no such file or directory");
  EXPECT_EQ(error_of(image, "/absent"), "cannot read image /absent: no such file or directory");
}

TEST(CheckSums, NamesTheRowThatDoesNotAddUp) {
  SizeRow row{
      SizeKind::image, "all", 10, 5, 2, {{SizeKind::file, "a", 6, 5, 1, {}}, {SizeKind::file, "b", 4, 0, 1, {}}}};
  EXPECT_TRUE(check_sums(row));
  const auto error_of = [](const SizeRow& bad) { return check_sums(bad).error().faults().front().message; };
  row.logical = 11;
  EXPECT_EQ(error_of(row), "row all has 11 logical bytes, its children have 10");
  row.logical = 10;
  row.stored = 4;
  EXPECT_EQ(error_of({SizeKind::image, "root", 10, 4, 2, {row}}), "row all has 4 stored bytes, its children have 5");
  row.stored = 5;
  row.files = 3;
  EXPECT_EQ(error_of(row), "row all has 3 files, its children have 2");
}

}  // namespace
}  // namespace winnow
