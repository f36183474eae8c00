// What open_media() finds in folders and cabinets.
#include "servicing/media_source.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/file_system.hpp"
#include "support/package_set_builder.hpp"

namespace winnow {
namespace {

namespace fs = std::filesystem;
using testing::PackageSetBuilder;

// "cabinet b.cab" a line, names without `root`.
std::string sets_text(const Media& media, const fs::path& root) {
  std::string text;
  for (const MediaSet& set : media.sets) {
    const char* kinds[] = {"cabinet", "folder", "store"};
    std::string name = set.name();
    if (name.starts_with(root.string())) name.erase(0, root.string().size());
    text += std::string(kinds[static_cast<int>(set.kind())]) + " " + name + "\n";
  }
  return text;
}
std::string sets_of(const fs::path& path, const fs::path& root, const MediaOptions& options = {}) {
  const auto media = open_media(path, options);
  return media ? sets_text(*media, root) : to_string(media.error());
}

void write_tree(const fs::path& root, const std::string& path, std::string_view content) {
  fs::create_directories((root / path).parent_path());
  ASSERT_TRUE(write_file(root / path, as_bytes(content)));
}

TEST(MediaSource, FoldersAndCabinets) {
  const TemporaryDirectory folder = TemporaryDirectory::create("media").value();
  const fs::path root = folder.path();
  EXPECT_EQ(sets_of(root, root), "cannot find packages in " + root.string() + ": it has no cabinet and no manifest");
  for (const char* name : {"b.cab", "en-us/a.CAB", "note.txt"}) write_tree(root, name, "x");
  EXPECT_EQ(sets_of(root, root), "cabinet /b.cab\ncabinet /en-us/a.CAB\n");
  write_tree(root, "en-us/x.mum", "x");
  EXPECT_EQ(sets_of(root, root), "folder \ncabinet /b.cab\ncabinet /en-us/a.CAB\n");
  EXPECT_EQ(sets_of(root / "b.cab", root), "cabinet /b.cab\n");
  EXPECT_EQ(sets_of(root / "none", root), "cannot read " + (root / "none").string() + ": no such file or directory");
}

TEST(MediaSource, TheStoreOfAnExpandedImage) {
  const TemporaryDirectory folder = TemporaryDirectory::create("media").value();
  const fs::path root = folder.path();
  const std::string server = PackageSetBuilder::folder_of("Test-Server");
  PackageSetBuilder builder;
  builder.sign(nullptr);
  for (const auto& [name, content] : builder.files) {
    const bool is_payload = name.find('/') != std::string::npos;
    if (name.ends_with(".manifest")) write_tree(root, "Windows/WinSxS/Manifests/" + name, content);
    if (is_payload) write_tree(root, "Windows/WinSxS/" + name, content);
    if (name.ends_with(".mum") && name != "update.mum") write_tree(root, "Windows/servicing/Packages/" + name, content);
    if (name.ends_with(".cat")) write_tree(root, "Windows/WinSxS/Catalogs/00.cat", content);
  }
  for (const char* name : {"Windows/WinSxS/Backup/x", "Windows/inf/driver.cab", "Program Files/x/app.manifest"}) {
    write_tree(root, name, "x");
  }
  const Media media = open_media(root, {}).value();
  EXPECT_EQ(sets_text(media, root), "store \n");
  const auto set = media.sets[0].read(PackageSetBuilder::dictionary());
  ASSERT_TRUE(set) << to_string(set.error());
  EXPECT_EQ(set->packages.size(), 1u);
  EXPECT_EQ(set->catalogs.size(), 1u);
  ASSERT_EQ(set->components.size(), 3u);
  ASSERT_TRUE(set->components[2].payload.at(1));
  EXPECT_EQ(set->components[2].payload[1]->path, "Windows/WinSxS/" + server + "/server.exe");
  EXPECT_EQ(set->unclaimed, std::vector<std::string>{});
}

TEST(MediaSource, TheFingerprintIsOfNamesSizesTimesAndTheChoice) {
  const TemporaryDirectory folder = TemporaryDirectory::create("media").value();
  const fs::path file = folder.path() / "b.cab";
  write_tree(folder.path(), "b.cab", "x");
  const Digest first = media_fingerprint(folder.path(), {}).value();
  EXPECT_EQ(media_fingerprint(folder.path(), {}).value(), first);
  EXPECT_NE(media_fingerprint(file, {}).value(), first);
  MediaOptions chosen;
  chosen.image = "2";
  EXPECT_NE(media_fingerprint(folder.path(), chosen).value(), first);
  fs::last_write_time(file, fs::last_write_time(file) + std::chrono::seconds(1));
  const Digest touched = media_fingerprint(folder.path(), {}).value();
  EXPECT_NE(touched, first);
  fs::rename(file, folder.path() / "c.cab");
  EXPECT_NE(media_fingerprint(folder.path(), {}).value(), touched);
}

TEST(InstalledPackages, AreKeysOfTheSoftwareHive) {
  Media media;
  media.sets.emplace_back("image", MediaSet::Kind::store, [] { return std::vector<PayloadEntry>(); });
  media.sets[0].software_hive = Content::of_bytes({1});
  std::string id = "A~31bf3856ad364e35~amd64~~10.0.1.2";
  const HiveKeysReader reader = [&id](ByteView, const std::string& name, const std::vector<std::string>& path) {
    EXPECT_EQ(name, "image/Windows/System32/config/SOFTWARE");
    EXPECT_EQ(path.back(), "Packages");
    return Result<std::vector<HiveKey>>(
        std::vector<HiveKey>{{"B~31bf3856ad364e35~amd64~en-US~10.0.1.2", {{"CurrentState", 0x40}}},
                             {id, {{"CurrentState", 0x70}, {"Visibility", 1}}},
                             {"C~~~~1.0.0.0", {}}});
  };
  std::string text;
  const std::vector<InstalledPackage> packages = installed_packages(media, reader).value();
  for (const InstalledPackage& package : packages) {
    text +=
        package_id(package.identity) + " " + package_state_name(package.state) + (package.is_present() ? " *\n" : "\n");
  }
  EXPECT_EQ(text,
            "A~31bf3856ad364e35~amd64~~10.0.1.2 installed *\nB~31bf3856ad364e35~amd64~en-US~10.0.1.2 staged\n"
            "C~~~~1.0.0.0 absent\n");
  EXPECT_EQ(package_state_name(0x41), "state 0x41");
  EXPECT_TRUE(installed_packages(media, nullptr).value().empty());
  for (const char* bad : {"A", "A~b~c~d", "A~b~c~d~1.0.0", "~b~c~~1.0.0.0", "A~b~c~~1.0.0.0~"}) {
    id = bad;
    EXPECT_EQ(to_string(installed_packages(media, reader).error()),
              "cannot read hive image/Windows/System32/config/SOFTWARE: \"" + id + "\" is no package");
  }
}

}  // namespace
}  // namespace winnow
