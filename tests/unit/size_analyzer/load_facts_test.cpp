// Facts of what a path names: that they add up to the file on disk, and come back from a stored report.
#include "size_analyzer/load_facts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "size_analyzer/facts_json.hpp"
#include "support/image_builder.hpp"

namespace winnow {
namespace {

using namespace testing;

class LoadFactsTest : public ::testing::Test {
 protected:
  std::filesystem::path write_image(const std::vector<TarEntry>& entries, Packing packing = Packing::gzip) {
    const std::filesystem::path file = folder_.path() / "shop.tar";
    EXPECT_TRUE(write_file(file, as_bytes(make_tar(image_members({{pack(make_tar(entries), packing)}})))));
    return file;
  }
  static ImageFacts load(const std::filesystem::path& path) {
    auto facts = load_facts(path);
    if (!facts) throw std::runtime_error(to_string(facts.error()));
    return std::move(*facts);
  }
  TemporaryDirectory folder_ = *TemporaryDirectory::create("winnow-facts-test");
};

TEST_F(LoadFactsTest, AContainerImageAddsUpToItsFile) {
  const auto image = write_image({tar_directory("Files"),
                                  tar_directory("Files/Windows"),
                                  {"Files/Windows/a.dll", std::string(5000, 'a')},
                                  {"Files/Windows/b.txt", "b"}});
  const ImageFacts facts = load(image);
  EXPECT_EQ(facts.name, "shop.tar");
  EXPECT_EQ(facts.format, "container image");
  EXPECT_EQ(facts.total.stored, std::filesystem::file_size(image));
  ASSERT_EQ(facts.files.size(), 2u);
  EXPECT_EQ(facts.files[0].sizes.logical, 5000u);
  EXPECT_EQ(facts.files[0].sizes.allocated, 8192u);
  EXPECT_EQ(facts.files[1].sizes.allocated, 0u);
}

TEST_F(LoadFactsTest, AStoredReportComesBack) {
  const ImageFacts facts = load(write_image({tar_directory("Files"), {"Files/a", "a"}}));
  const auto report = folder_.path() / "report.json";
  ASSERT_TRUE(write_file(report, as_bytes(print_facts(facts))));
  EXPECT_EQ(load(report), facts);
}

TEST_F(LoadFactsTest, OwnersOfOneContentDivideIt) {
  const std::string provenance =
      R"({"schema": "winnow-provenance-1", "owners": [{"kind": "component", "name": "a"}, {"kind": "component", "name":)"
      R"( "b"}], "files": [{"path": "a", "owner": 0}, {"path": "b", "owner": 1}, {"path": "c", "owner": 0}]})";
  const ImageFacts facts = load(write_image({tar_directory("Files"),
                                             {"Files/a", std::string(4097, 'a')},
                                             {"Files/b", "", pax::kHardLink, "Files/a"},
                                             {"Files/c", "", pax::kHardLink, "Files/a"},
                                             tar_directory("Files/Windows"),
                                             tar_directory("Files/Windows/winnow"),
                                             {"Files/Windows/winnow/provenance.json", provenance}},
                                            Packing::plain));
  ASSERT_EQ(facts.files.size(), 4u);
  EXPECT_EQ(facts.files[1].path, "a");
  EXPECT_EQ(facts.files[1].sizes, (Sizes{2049, 4096, 3072}));  // half of three headers and 4,608 bytes
  EXPECT_EQ(facts.files[2].sizes, (Sizes{2048, 4096, 3072}));
  EXPECT_EQ(facts.files[3].sizes, (Sizes{0, 0, 0}));
  EXPECT_EQ(facts.files[3].content, facts.files[1].content);
  EXPECT_EQ(facts.files[3].digest, facts.files[1].digest);
}

}  // namespace
}  // namespace winnow
