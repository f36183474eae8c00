#include "feed/wine_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "feed/child_process.hpp"
#include "support/wine_tree.hpp"

namespace winnow {
namespace {

std::string text_of(const Content& content) {
  const auto loaded = content.load();
  return loaded ? std::string(as_text(loaded->bytes())) : to_string(loaded.error());
}

std::string version_of(const std::string& text) {
  const auto version = feed_version(text);
  return version ? to_string(*version) : to_string(version.error());
}

TEST(FeedVersion, FollowsTheDebianVersion) {
  EXPECT_EQ(version_of("8.0~repack-4"), "8.0.0.4");
  EXPECT_EQ(version_of("1:10.0.1+dfsg-2.1~deb13u1"), "10.0.1.2");
  EXPECT_EQ(version_of("9.0.1.7-3"), "9.0.1.3");
  EXPECT_EQ(version_of("8"), "8.0.0.0");
  EXPECT_EQ(version_of("8.0-x"), "8.0.0.0");
  EXPECT_EQ(version_of("wine"), "cannot use version \"wine\": it does not begin with numbers up to 65535");
  EXPECT_EQ(version_of("8.70000-1"), "cannot use version \"8.70000-1\": it does not begin with numbers up to 65535");
  EXPECT_EQ(version_of("8.0-70000"), "cannot use version \"8.0-70000\": its revision is above 65535");
}

TEST(WineSource, ReadsWhatIsInstalled) {
  const testing::WineTree tree;
  const auto source = load_installed_wine(tree.root());
  ASSERT_TRUE(source) << to_string(source.error());
  EXPECT_EQ(source->version, "8.0~repack-4");
  EXPECT_TRUE(source->modules.contains("ntdll.dll"));
  EXPECT_TRUE(source->tables.contains("l_intl.nls"));
  EXPECT_THAT(text_of(source->setup), ::testing::HasSubstr("[DefaultInstall.ntamd64]"));
}

TEST(WineSource, SaysWhatIsMissing) {
  const testing::WineTree tree;
  const std::string root = tree.root().string();
  tree.write("var/lib/dpkg/status", "Package: libwine\nStatus: deinstall ok config-files\nVersion: 8.0\n\n");
  auto source = load_installed_wine(tree.root());
  ASSERT_FALSE(source);
  EXPECT_EQ(to_string(source.error()), "cannot read libwine from " + root +
                                           ": the package is not installed there\n"
                                           "  note: install it (apt install libwine), or give its .deb file");
  std::filesystem::remove(tree.root() / "var/lib/dpkg/status");
  source = load_installed_wine(tree.root());
  ASSERT_FALSE(source);
  EXPECT_EQ(to_string(source.error()), "cannot read " + root + "/var/lib/dpkg/status: no such file or directory");
}

// Debian packages of the synthetic tree, made by dpkg-deb.
class WinePackages : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists("/usr/bin/dpkg-deb")) GTEST_SKIP() << "dpkg-deb is not installed";
    tree_.write("pkg/zlib/usr/x86_64-w64-mingw32/lib/zlib1.dll", std::string(64, 'h') + std::string(40, 'x'));
    std::filesystem::create_directories(tree_.root() / "pkg/wine");
    std::filesystem::rename(tree_.root() / "usr", tree_.root() / "pkg/wine/usr");
  }

  std::filesystem::path build(const std::string& folder, const std::string& name, const std::string& architecture) {
    tree_.write("pkg/" + folder + "/DEBIAN/control", "Package: " + name +
                                                         "\nVersion: 8.0~repack-4\nArchitecture: " + architecture +
                                                         "\nMaintainer: t <t@example.org>\nDescription: t\n");
    std::filesystem::path file = tree_.root() / (name + ".deb");
    const auto built = run_tool(
        {"dpkg-deb", "-Znone", "--root-owner-group", "-b", (tree_.root() / "pkg" / folder).string(), file.string()},
        tree_.root());
    EXPECT_TRUE(built) << to_string(built.error());
    return file;
  }

  testing::WineTree tree_;
};

TEST_F(WinePackages, GiveWhatInstallingThemWould) {
  const auto source = load_wine_packages({build("zlib", "libz-mingw-w64", "all"), build("wine", "libwine", "amd64")});
  ASSERT_TRUE(source) << to_string(source.error());
  EXPECT_EQ(source->version, "8.0~repack-4");
  EXPECT_TRUE(source->modules.contains("ntdll.dll"));
  EXPECT_EQ(text_of(source->modules.at("zlib1.dll")),
            std::string(64, 'h') + "Wine builtin DLL" + std::string(16, '\0') + std::string(8, 'x'));
  EXPECT_THAT(text_of(source->setup), ::testing::HasSubstr("[DefaultInstall.ntamd64]"));
}

TEST_F(WinePackages, MustBeComplete) {
  const auto error_of = [](const std::vector<std::filesystem::path>& packages) {
    const auto source = load_wine_packages(packages);
    return source ? "" : to_string(source.error());
  };
  const std::filesystem::path zlib = build("zlib", "libz-mingw-w64", "all");
  EXPECT_EQ(error_of({zlib}), "cannot read libwine from the given packages: libwine is not among them");
  const std::filesystem::path wine = build("wine", "libwine", "amd64");
  EXPECT_EQ(error_of({wine}),
            "cannot read libwine from the given packages: libz-mingw-w64 is not among them\n"
            "  note: libwine takes zlib1.dll from it when it is installed; give its .deb file too");
  const std::filesystem::path other = build("wine", "libwine", "i386");
  EXPECT_EQ(error_of({other}), "cannot use " + other.string() + ": its architecture is i386, not amd64");
}

TEST(RunTool, SaysWhyAToolFailed) {
  const auto error_of = [](const std::vector<std::string>& command) {
    const auto result = run_tool(command, "/tmp");
    return result ? "" : to_string(result.error());
  };
  EXPECT_EQ(error_of({"true"}), "");
  EXPECT_EQ(error_of({"winnow-no-such-tool"}), "cannot run winnow-no-such-tool: no such program");
  EXPECT_EQ(error_of({"false"}), "cannot run false: it ended with status 1");
  EXPECT_EQ(error_of({"sh", "-c", "echo first >&2; echo second; exit 3"}), "cannot run sh: first");
  EXPECT_EQ(error_of({"sh", "-c", "kill -9 $$"}), "cannot run sh: it was killed by signal 9");
  EXPECT_EQ(error_of({"sh", "-c",
                      "test \"$(env | cut -d= -f1 | sort | tr '\\n' ' ')\" = 'LC_ALL PATH PWD TMPDIR ' || exit 4"}),
            "");
  EXPECT_EQ(error_of({"sh", "-c", "head -c 300000 /dev/zero | tr '\\0' x; cat; exit 5"}).size(),
            std::string("cannot run sh: ").size() + 4096);
}

}  // namespace
}  // namespace winnow
