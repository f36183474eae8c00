// Several feeds as one catalog, and feeds that are not what they say.
#include <gtest/gtest.h>

#include <algorithm>

#include "unit/catalog/catalog_fixture.hpp"

namespace winnow {
namespace {

using testing::describe;
using testing::FeedBuilder;
using testing::file_in;
using testing::load;
using testing::message;

std::string with_line(const std::filesystem::path& path) {
  const Bytes bytes = read_file(path, 1 << 20).value();
  return std::string(as_text(bytes)) + "\n";
}

void overwrite(const std::filesystem::path& path, std::string_view text) {
  ASSERT_TRUE(write_file(path, as_bytes(text)));
}

TEST(Feeds, TheirOrderChangesNothing) {
  std::vector<FeedBuilder> feeds(3);
  feeds[0].module("a.dll").module("shared.dll").role("base", {"a.dll"});
  feeds[1].module("a.dll", {.version = {{2, 0, 0, 0}}}).module("shared.dll").role("more", {"shared.dll"});
  feeds[2].module("b.dll", {.imports = {"a.dll"}}).api_sets({{"api-ms-win-core-file-l1-2-0", {{"", "b.dll"}}}});
  std::vector<std::filesystem::path> paths;
  for (FeedBuilder& feed : feeds) paths.push_back(feed.write());
  std::sort(paths.begin(), paths.end());
  const std::string expected = describe(load(paths));
  EXPECT_NE(expected.find("shared.dll: Test-shared.dll 1.0.0.0\n"), std::string::npos) << expected;
  while (std::next_permutation(paths.begin(), paths.end())) EXPECT_EQ(describe(load(paths)), expected);
  paths.push_back(paths.front());
  EXPECT_EQ(describe(load(paths)), expected) << "a feed named twice counts once";
}

TEST(Feeds, InConflictAreBothNamed) {
  FeedBuilder first, second;
  first.module("a.dll", {.imports = {"x.dll"}});
  second.module("a.dll", {.imports = {"y.dll"}});
  const auto a = first.write(), b = second.write();
  const auto [low, high] = std::minmax({a.string(), b.string()});
  const std::string expected = "cannot use component Test-a.dll 1.0.0.0 amd64: feeds " + low + " and " + high +
                               " hold different manifests of it";
  EXPECT_EQ(message(Catalog::load({a, b})), expected);
  EXPECT_EQ(message(Catalog::load({b, a})), expected);
}

TEST(Feeds, PackagesCanBeInConflictToo) {
  FeedBuilder first, second;
  first.module("a.dll").module("b.dll").role("base", {"a.dll"});
  second.module("a.dll").module("b.dll").role("base", {"b.dll"});
  const auto a = first.write(), b = second.write();
  const auto [low, high] = std::minmax({a.string(), b.string()});
  EXPECT_EQ(message(Catalog::load({a, b})), "cannot use package Test-base-Package 1.0.0.0 amd64: feeds " + low +
                                                " and " + high + " hold different manifests of it");
}

TEST(Feeds, WithoutAnIndexAreNamedAll) {
  const auto directory = TemporaryDirectory::create("winnow-no-feed").value();
  const std::string root = directory.path().string();
  const std::string note =
      "\n  note: a feed is a folder with an index.xml, such as \"winnow feed open --output DIR\" makes, or media with "
      "Windows' own packages";
  EXPECT_EQ(message(Catalog::load({root, root + "/gone"})),
            "cannot find packages in " + root + ": it has no cabinet and no manifest" + note + "\ncannot read " + root +
                "/gone: no such file or directory" + note);
}

TEST(Feeds, AnIndexMayNameOnlyPathsOfAnImage) {
  FeedBuilder feed;
  feed.module("a.dll");
  const auto root = feed.write();
  FeedIndex index = feed.index();
  index.components[0].files[0].path = "..\\a.dll";
  overwrite(root / "index.xml", print_feed_index(index));
  EXPECT_EQ(message(Catalog::load({root})),
            root.string() +
                "/index.xml: cannot use path \"..\\a.dll\": \"..\" would leave its place\n"
                "  note: component Test-a.dll 1.0.0.0 amd64 names it");
}

class DamagedFeedTest : public ::testing::Test {
 protected:
  DamagedFeedTest() {
    feed_.module("a.dll").module("b.dll").role("base", {"a.dll"});
    root_ = feed_.write();
  }
  std::string digest_error(const std::filesystem::path& path, const Digest& expected) const {
    return "cannot use " + path.string() + ": its SHA-256 is " + sha256(read_file(path, 1 << 20).value()).hex() +
           ", expected " + expected.hex() + "\n  note: expected by " + root_.string() + "/index.xml";
  }
  // The catalog after its index says that `text` is the manifest of component 0.
  Catalog with_manifest(const std::string& text) {
    FeedIndex index = feed_.index();
    index.components[0].manifest_digest = sha256(as_bytes(text));
    overwrite(root_ / "index.xml", print_feed_index(index));
    overwrite(load({root_}).manifest_file(0), text);
    return load({root_});
  }

  FeedBuilder feed_;
  std::filesystem::path root_;
};

TEST_F(DamagedFeedTest, AManifestWithAnotherDigest) {
  const Catalog catalog = load({root_});
  const auto component = catalog.manifest_file(0);
  overwrite(component, with_line(component));
  EXPECT_EQ(message(catalog.manifest(0)), digest_error(component, feed_.index().components[0].manifest_digest));
  EXPECT_EQ(message(catalog.needs(0, false)), message(catalog.manifest(0)));
  const auto package = file_in(root_, ".mum");
  overwrite(package, with_line(package));
  EXPECT_EQ(message(catalog.package_manifest(0)), digest_error(package, feed_.index().packages[0].manifest_digest));
}

TEST_F(DamagedFeedTest, AManifestThatIsGone) {
  const Catalog catalog = load({root_});
  std::filesystem::remove(catalog.manifest_file(1));
  EXPECT_EQ(message(catalog.manifest(1)), "cannot read " + catalog.manifest_file(1) + ": no such file or directory");
  EXPECT_EQ(message(catalog.manifest(0)), "no error");
}

TEST_F(DamagedFeedTest, AManifestOfSomethingElse) {
  const std::string index_note = "\n  note: index: " + root_.string() + "/index.xml";
  ComponentManifest manifest = *load({root_}).manifest(0).value();
  const std::string path = load({root_}).manifest_file(0);

  ComponentManifest other = manifest;
  other.identity.name = "Test-c.dll";
  EXPECT_EQ(message(with_manifest(print_component_manifest(other)).manifest(0)),
            "cannot use " + path + ": it describes \"Test-c.dll 1.0.0.0 amd64\", not \"Test-a.dll 1.0.0.0 amd64\"" +
                index_note);

  other = manifest;
  other.files[0].size += 1;
  EXPECT_EQ(
      message(with_manifest(print_component_manifest(other)).manifest(0)),
      "cannot use " + path + ": its file \"Windows\\System32\\a.dll\" is not the one its index names" + index_note);

  other = manifest;
  other.files.clear();
  EXPECT_EQ(message(with_manifest(print_component_manifest(other)).manifest(0)),
            "cannot use " + path + ": it lacks the file \"Windows\\System32\\a.dll\" of its index" + index_note);
}

TEST_F(DamagedFeedTest, APayloadThatIsGoneOrCutShort) {
  const Catalog catalog = load({root_});
  const auto path = file_in(root_ / "payload", "/a.dll");
  const auto size = std::filesystem::file_size(path);
  std::filesystem::resize_file(path, size - 1);
  EXPECT_EQ(message(catalog.needs(0, false)), "cannot read " + path.string() + ": it has " + std::to_string(size - 1) +
                                                  " bytes, expected " + std::to_string(size));
  std::filesystem::remove(file_in(root_ / "payload", "/b.dll"));
  EXPECT_TRUE(message(catalog.needs(1, false)).ends_with("/b.dll: no such file or directory"));
}

TEST(DamagedFeed, AnApiSetSchemaWithoutItsSection) {
  FeedBuilder feed;
  feed.module("apisetschema.dll");
  const auto root = feed.write();
  EXPECT_EQ(
      message(load({root}).api_sets()),
      "cannot read API-set schema " + file_in(root, "/apisetschema.dll").string() + ": it has no section .apiset");
}

}  // namespace
}  // namespace winnow
