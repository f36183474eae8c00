// What open_media() finds in folders, cabinets, WIM files, discs and updates.
#include "servicing/media_source.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/file_system.hpp"
#include "base/utf16.hpp"
#include "servicing/check_package_set.hpp"
#include "support/disk_programs.hpp"
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

// A folder to make media from, and the programs that make them.
class MadeMedia : public ::testing::Test {
 protected:
  void SetUp() override {
    WINNOW_REQUIRE_PROGRAMS("wimlib-imagex", "genisoimage");
    folder_.emplace(TemporaryDirectory::create("media").value());
  }
  [[nodiscard]] fs::path root() const { return folder_->path(); }
  // The store of an installed Windows below `folder`.
  void write_store(const std::string& folder) {
    PackageSetBuilder builder;
    builder.sign(nullptr);
    for (const auto& [name, content] : builder.files) {
      const bool is_payload = name.find('/') != std::string::npos;
      if (name.ends_with(".manifest")) write_tree(root(), folder + "/Windows/WinSxS/Manifests/" + name, content);
      if (is_payload) write_tree(root(), folder + "/Windows/WinSxS/" + name, content);
      if (name.ends_with(".mum")) write_tree(root(), folder + "/Windows/servicing/Packages/" + name, content);
    }
  }
  void make(const std::string& command) {
    ASSERT_TRUE(
        test::run_program("cd '" + root().string() + "' && " + command + " >/dev/null 2>err || { cat err; false; }"));
  }
  // "name" or the set's error, then what it holds.
  static std::string read_text(const MediaSet& set) {
    const auto read = set.read(PackageSetBuilder::dictionary());
    if (!read) return to_string(read.error());
    std::size_t payload = 0;
    for (const SetComponent& component : read->components) {
      for (const auto& file : component.payload) payload += file ? 1u : 0u;
    }
    const PackageSetCheck check = check_package_set(*read, {TrustedRoots(), true});
    const std::string faults = check.faults.empty() ? "" : "\n" + to_string(Error(check.faults));
    return std::to_string(read->packages.size()) + " packages, " + std::to_string(read->components.size()) +
           " components, " + std::to_string(payload) + " files" + faults;
  }
  static MediaOptions choosing(const std::string& image) {
    MediaOptions options;
    options.image = image;
    return options;
  }
  std::optional<TemporaryDirectory> folder_;
};

TEST_F(MadeMedia, WimFilesByNameEditionAndIndex) {
  write_store("a");
  make("wimlib-imagex capture a one.wim 'Windows Nano' --compress=lzx");
  EXPECT_EQ(sets_of(root() / "one.wim", root()), "store /one.wim/1\n");
  const Media one = open_media(root() / "one.wim", {}).value();
  EXPECT_EQ(read_text(one.sets[0]), "1 packages, 3 components, 3 files");
  make(
      "wimlib-imagex append a one.wim 'Windows Core' --image-property WINDOWS/EDITIONID=ServerCore "
      "--image-property WINDOWS/ARCH=9 --image-property WINDOWS/LANGUAGES/LANGUAGE=en-US");
  const std::string there = "\n  note: there is " + (root() / "one.wim").string() +
                            ":1 \"Windows Nano\"\n  note: there is " + (root() / "one.wim").string() +
                            ":2 \"Windows Core\" (ServerCore)";
  const std::string what = "cannot choose an image of " + (root() / "one.wim").string() + ": ";
  EXPECT_EQ(sets_of(root() / "one.wim", root()), what + "it holds 2, and --image names none" + there);
  EXPECT_EQ(sets_of(root() / "one.wim", root(), choosing("Pro")),
            what + "none is \"Pro\" by name, edition or index" + there);
  for (const char* choice : {"2", "servercore", "Windows Core", "one.wim:2"}) {
    EXPECT_EQ(sets_of(root() / "one.wim", root(), choosing(choice)), "store /one.wim/2\n") << choice;
  }
  const Media two = open_media(root() / "one.wim", choosing("2")).value();
  ASSERT_EQ(two.images.size(), 2u);
  EXPECT_EQ(two.images[1].architecture, "amd64");
  EXPECT_EQ(two.images[1].languages, std::vector<std::string>{"en-US"});
  EXPECT_FALSE(two.images[0].is_open);
  make("wimlib-imagex info one.wim 2 'Windows Core' --image-property WINDOWS/EDITIONID='Windows Nano'");
  EXPECT_EQ(sets_of(root() / "one.wim", root(), choosing("windows nano")),
            what + "2 are \"windows nano\"\n  note: there is " + (root() / "one.wim").string() +
                ":1 \"Windows Nano\"\n  note: there is " + (root() / "one.wim").string() +
                ":2 \"Windows Core\" (Windows Nano)");
}

// A disc as Windows' are: cabinets, a WIM that stands alone, and one with several images.
TEST_F(MadeMedia, DiscsWithWimsAndCabinets) {
  write_store("a");
  PackageSetBuilder builder;
  builder.sign(nullptr);
  write_tree(root(), "disc/NanoServer/Packages/Test.cab", as_text(builder.cabinet()));
  write_tree(root(), "disc/NanoServer/Packages/en-us/Test_en-us.cab", as_text(builder.cabinet()));
  write_tree(root(), "disc/sources/sxs/update.mum", builder.files.at("update.mum"));
  write_tree(root(), "disc/setup.exe", "MZ");
  fs::create_directories(root() / "disc/sources");
  make("wimlib-imagex capture a disc/NanoServer/NanoServer.wim Nano");
  make("wimlib-imagex capture a disc/sources/install.wim Standard --solid");
  make("wimlib-imagex append a disc/sources/install.wim Datacenter");
  for (const char* options : {"-udf", "-R", "-J -joliet-long"}) {
    SCOPED_TRACE(options);
    make("genisoimage -quiet " + std::string(options) + " -o w.iso disc");
    const auto media = open_media(root() / "w.iso", {});
    ASSERT_TRUE(media) << to_string(media.error());
    EXPECT_EQ(sets_text(*media, root()),
              "store /w.iso/NanoServer/NanoServer.wim/1\ncabinet /w.iso/NanoServer/Packages/Test.cab\n"
              "cabinet /w.iso/NanoServer/Packages/en-us/Test_en-us.cab\nfolder /w.iso/sources/sxs\n");
    EXPECT_EQ(media->images.size(), 3u);
    EXPECT_EQ(read_text(media->sets[0]), "1 packages, 3 components, 3 files");
    EXPECT_EQ(read_text(media->sets[1]), "1 packages, 3 components, 3 files");
    const auto chosen = open_media(root() / "w.iso", choosing("Datacenter"));
    ASSERT_TRUE(chosen) << to_string(chosen.error());
    EXPECT_EQ(chosen->sets.back().name(), (root() / "w.iso/sources/sxs").string());
    EXPECT_EQ(chosen->sets[2].name(), (root() / "w.iso/sources/install.wim/2").string());
    EXPECT_EQ(read_text(chosen->sets[2]), "1 packages, 3 components, 3 files");
    EXPECT_EQ(sets_of(root() / "w.iso", root(), choosing("install.wim:1")).find("NanoServer.wim"), std::string::npos);
  }
}

TEST_F(MadeMedia, UpdatesHoldCabinets) {
  PackageSetBuilder builder;
  builder.sign(nullptr);
  const Bytes cabinet = builder.cabinet();
  testing::CabinetBuilder update(testing::CabinetBuilder::Method::mszip);
  update.file("KB1.cab", std::string(as_text(cabinet))).file("WSUSSCAN.cab", "x").file("KB1.txt", "x");
  ASSERT_TRUE(write_file(root() / "a.msu", update.finish()));
  EXPECT_EQ(sets_of(root() / "a.msu", root()), "cabinet /a.msu/KB1.cab\ncabinet /a.msu/WSUSSCAN.cab\n");
  write_tree(root(), "w/KB1.cab", as_text(cabinet));
  make("wimlib-imagex capture w b.msu One");
  EXPECT_EQ(sets_of(root() / "b.msu", root()), "cabinet /b.msu/1/KB1.cab\n");
  EXPECT_EQ(read_text(open_media(root() / "b.msu", {}).value().sets[0]), "1 packages, 3 components, 3 files");
}

TEST_F(MadeMedia, MediaInMediaEnd) {
  write_tree(root(), "t0/x.txt", "x");
  for (int i = 0; i < 6; ++i) {
    const std::string number = std::to_string(i), next = std::to_string(i + 1);
    fs::create_directories(root() / ("t" + next));
    make("wimlib-imagex capture t" + number + " t" + next + "/" + next + ".wim One");
  }
  EXPECT_EQ(sets_of(root() / "t6/6.wim", root()), "cannot open " + (root() / "t6/6.wim/1/5.wim/1/4.wim/1").string() +
                                                      ": it is the level 5 of media in media, at most 4 are opened");
  EXPECT_EQ(sets_of(root() / "t1/1.wim", root()), "cannot find packages in " + (root() / "t1/1.wim").string() +
                                                      ": it has no cabinet, no manifest and no component store");
}

TEST_F(MadeMedia, WhatTheXmlOfAWimMayNotSay) {
  write_store("a");
  make("wimlib-imagex capture a one.wim One --compress=none");
  const Bytes whole = read_file(root() / "one.wim", 1 << 24).value();
  const auto changed = [&](std::string_view before, std::string_view after) {
    std::string text(as_text(whole));
    const Bytes from = to_utf16le(before, false).value(), to = to_utf16le(after, false).value();
    const std::size_t at = text.rfind(as_text(from));
    EXPECT_NE(at, std::string::npos);
    text.replace(at, from.size(), as_text(to));
    EXPECT_TRUE(write_file(root() / "b.wim", as_bytes(text)));
    return sets_of(root() / "b.wim", root());
  };
  const std::string place = (root() / "b.wim/[1].xml").string();
  EXPECT_EQ(changed("INDEX=\"1\"", "INDEX=\"9\"").substr(place.size()),
            ":1:13: cannot read <IMAGE>: its INDEX is no number from 1 to 1, how many images the file has");
  EXPECT_EQ(changed("<WIM>", "<WIN>").substr(0, place.size() + 1), place + ":");
  EXPECT_EQ(changed("<NAME>One</NAME>", "<NAME>One<NAME> ").substr(0, place.size() + 1), place + ":");
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
    return Result<std::vector<StoredKey>>(
        std::vector<StoredKey>{{"B~31bf3856ad364e35~amd64~en-US~10.0.1.2", {{"CurrentState", 0x40}}},
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
