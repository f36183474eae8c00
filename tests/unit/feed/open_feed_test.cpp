#include "feed/open_feed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "base/utf16.hpp"
#include "binary/pe_file.hpp"
#include "feed/child_process.hpp"
#include "feed/feed_description.hpp"
#include "feed/registry_values.hpp"
#include "manifest/component_manifest.hpp"
#include "manifest/feed_index.hpp"
#include "manifest/inf_file.hpp"
#include "manifest/package_manifest.hpp"
#include "support/wine_tree.hpp"

namespace winnow {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view kFeed = R"(feed
  description  Made of libwine $(version).
role base
  title        Base
  description  What all need.
  product
  members      ntdll.dll *.nls Registry-SessionMgr
role rest
  includes     base
  members      gone.dll
  rest
role full
  includes     *
component both.exe
  needs        ws2_32.dll gone.dll
component gone.dll
  needs        ntdll.dll
)";
constexpr std::string_view kStrings = "[mshtml.dll]\nCLSID_X=\"{1}\"\n";

// The libwine of WineTree as a feed. Its modules are too small for the real strip, so a copy stands in for it, and the
// compiled module is a ready one.
class OpenFeed : public ::testing::Test {
 protected:
  OpenFeed() {
    tree_.write("open/feed.txt", kFeed);
    tree_.write("open/strings.inf", kStrings);
    tree_.write("open/bcryptprimitives/bcryptprimitives.c", "/* not compiled */");
    tree_.write("own.dll", testing::build_pe({.is_dll = true}));
    options_.output = tree_.root() / "feed";
    options_.description = tree_.root() / "open";
    options_.root = tree_.root();
    options_.tools.strip = script("strip", "test \"$1\" = -p && test \"$2\" = -o && cp \"$4\" \"$3\"");
    options_.tools.compiler =
        script("gcc", "while [ \"$1\" != -o ]; do shift; done; cp " + (tree_.root() / "own.dll").string() + " \"$2\"");
  }

  std::string script(const std::string& name, const std::string& commands) const {
    const std::filesystem::path file = tree_.root() / name;
    tree_.write(name, "#!/bin/sh\n" + commands + "\n");
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    return file.string();
  }

  OpenFeedReport make() {
    SilentProgress progress;
    auto report = make_open_feed(options_, progress);
    EXPECT_TRUE(report) << to_string(report.error());
    return report ? std::move(*report) : OpenFeedReport{};
  }

  std::string error_of_making() {
    SilentProgress progress;
    const auto report = make_open_feed(options_, progress);
    return report ? "" : to_string(report.error());
  }

  [[nodiscard]] std::string text(const std::string& path) const {
    const auto bytes = read_file(options_.output / path, 1 << 20);
    return bytes ? std::string(as_text(*bytes)) : to_string(bytes.error());
  }

  [[nodiscard]] FeedIndex index() const {
    auto parsed = parse_feed_index(text("index.xml"), "index.xml");
    EXPECT_TRUE(parsed) << to_string(parsed.error());
    return parsed ? std::move(*parsed) : FeedIndex{};
  }

  [[nodiscard]] ComponentManifest component(const std::string& name) const {
    for (const IndexedComponent& known : index().components) {
      if (known.identity.name != name) continue;
      const std::string xml = text("manifests/" + key_form(known.identity) + ".manifest");
      EXPECT_EQ(sha256(as_bytes(xml)), known.manifest_digest);
      auto parsed = parse_component_manifest(xml, name);
      EXPECT_TRUE(parsed) << to_string(parsed.error());
      if (parsed) return std::move(*parsed);
    }
    ADD_FAILURE() << "no component " << name;
    return {};
  }

  testing::WineTree tree_;
  OpenFeedOptions options_;
};

std::vector<std::string> paths_of(const FeedIndex& index, const std::string& component) {
  std::vector<std::string> paths;
  for (const IndexedComponent& known : index.components) {
    if (known.identity.name != component) continue;
    for (const IndexedFile& file : known.files) paths.push_back(file.path);
  }
  return paths;
}

TEST_F(OpenFeed, CountsWhatItMade) {
  const OpenFeedReport report = make();
  EXPECT_EQ(report.version, "8.0~repack-4");
  EXPECT_EQ(report.modules, 7u);
  EXPECT_EQ(report.components, 14u);
  EXPECT_EQ(report.packages, 3u);
  EXPECT_EQ(report.files, 10u);
  EXPECT_EQ(report.table_bytes, 15u);
  EXPECT_EQ(report.bytes_before_stripping, report.module_bytes);
  EXPECT_EQ(report.services, 1u);
  EXPECT_EQ(report.contested_values, 1u);
  EXPECT_EQ(report.ignored_lines, 1u);
  EXPECT_THAT(report.left_out_services, ElementsAre("Gone"));
  EXPECT_THAT(report.unmatched_members, ElementsAre((options_.description / "feed.txt").string() + ":10: gone.dll"));
  ASSERT_EQ(report.roles.size(), 3u);
  EXPECT_EQ(report.roles[0].name, "base");
  EXPECT_EQ(report.roles[0].components, 4u);
  EXPECT_EQ(report.roles[1].components, 10u);
}

TEST_F(OpenFeed, IndexesEveryComponent) {
  make();
  const FeedIndex feed = index();
  EXPECT_EQ(feed.name, "open");
  EXPECT_EQ(feed.description, "Made of libwine 8.0~repack-4.");
  std::vector<std::string> names;
  for (const IndexedComponent& known : feed.components) names.push_back(known.identity.name + " " + known.role);
  EXPECT_THAT(names, ElementsAre("Wine-EtcFiles rest", "Wine-Folders rest", "Wine-Registry-SessionMgr base",
                                 "Wine-Registry-VersionInfo rest", "Wine-Registry-Wow64 rest", "Wine-both.exe rest",
                                 "Wine-l_intl.nls base", "Wine-mshtml.dll rest", "Wine-ntdll.dll base",
                                 "Wine-qmgr.dll rest", "Wine-sortdefault.nls base", "Wine-svchost.exe rest",
                                 "Wine-ws2_32.dll rest", "Winnow-bcryptprimitives.dll rest"));
  EXPECT_EQ(to_string(feed.components[0].identity.version), "8.0.0.4");
  EXPECT_EQ(feed.components[0].identity.public_key_token,
            to_hex(ByteView(sha256(as_bytes("winnow open feed")).bytes).first(8)));
  EXPECT_THAT(paths_of(feed, "Wine-both.exe"),
              ElementsAre("Windows\\System32\\both.exe", "Program Files\\Both\\both.exe"));
  EXPECT_THAT(paths_of(feed, "Wine-sortdefault.nls"), ElementsAre("Windows\\System32\\sortdefault.nls"));
  EXPECT_THAT(paths_of(feed, "Wine-EtcFiles"), ElementsAre("Windows\\System32\\drivers\\etc\\hosts"));
}

TEST_F(OpenFeed, WritesPayloadThatTheManifestsDescribe) {
  make();
  for (const IndexedComponent& known : index().components) {
    const ComponentManifest manifest = component(known.identity.name);
    EXPECT_EQ(manifest.identity, known.identity);
    for (const ComponentFile& file : manifest.files) {
      const std::string bytes = text("payload/" + key_form(known.identity) + "/" + file.source_name);
      EXPECT_EQ(sha256(as_bytes(bytes)), file.digest) << file.name;
      EXPECT_EQ(bytes.size(), file.size) << file.name;
    }
  }
}

TEST_F(OpenFeed, GivesServicesToTheModuleThatDoesTheWork) {
  make();
  const ComponentManifest manifest = component("Wine-qmgr.dll");
  ASSERT_EQ(manifest.services.size(), 1u);
  EXPECT_EQ(manifest.services[0].name, "BITS");
  EXPECT_EQ(manifest.services[0].image_path, "C:\\windows\\system32\\svchost.exe -k netsvcs");
  ASSERT_EQ(manifest.dependencies.size(), 1u);
  EXPECT_EQ(manifest.dependencies[0].identity.name, "Wine-svchost.exe");
  ASSERT_EQ(manifest.registry_keys.size(), 2u);
  EXPECT_EQ(manifest.registry_keys[1].path,
            "HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Services\\BITS\\Parameters");
  const ComponentManifest both = component("Wine-both.exe");
  ASSERT_EQ(both.dependencies.size(), 1u);
  EXPECT_EQ(both.dependencies[0].identity.name, "Wine-ws2_32.dll");
}

TEST_F(OpenFeed, RegistersModulesAsWineWould) {
  make();
  // both.exe is named in wine.inf, so it goes first and qmgr.dll has the last word.
  EXPECT_EQ(
      component("Wine-both.exe").registry_keys[0].values[0],
      (ComponentRegistryValue{"", 1, text_data("C:\\Program Files\\Both\\both.exe").value(), false, true, false}));
  EXPECT_EQ(component("Wine-qmgr.dll").registry_keys[0].values[0],
            (ComponentRegistryValue{"", 1, text_data("C:\\windows\\system32\\qmgr.dll").value(), false, false, false}));
  EXPECT_EQ(component("Wine-mshtml.dll").registry_keys[0].path, "HKEY_CLASSES_ROOT\\CLSID\\{1}");
  EXPECT_TRUE(component("Wine-Registry-VersionInfo").registry_keys[0].values[0].overridable);
  EXPECT_FALSE(component("Wine-Registry-SessionMgr").registry_keys[0].values[0].overridable);
  EXPECT_EQ(component("Wine-Folders").directories[0].destination, "$(runtime.windows)\\temp");
}

TEST_F(OpenFeed, GroupsComponentsIntoPackages) {
  make();
  const FeedIndex feed = index();
  ASSERT_EQ(feed.packages.size(), 3u);
  EXPECT_TRUE(feed.packages[0].product);
  const auto full = parse_package_manifest(text("packages/" + package_id(feed.packages[1].identity) + ".mum"), "full");
  ASSERT_TRUE(full) << to_string(full.error());
  EXPECT_EQ(full->identifier, "full");
  std::vector<std::string> names;
  for (const PackageReference& reference : full->updates.at(0).references) {
    EXPECT_EQ(reference.kind, PackageReference::Kind::package);
    names.push_back(reference.identity.name);
  }
  EXPECT_THAT(names, ElementsAre("Winnow-Open-base-Package", "Winnow-Open-rest-Package"));
  EXPECT_EQ(full->updates[0].references[0].identity, feed.packages[0].identity);
}

TEST_F(OpenFeed, GivesTheSameBytesTwice) {
  make();
  const std::filesystem::path first = options_.output;
  options_.output = tree_.root() / "again/feed";
  std::filesystem::create_directories(options_.output.parent_path());
  make();
  const auto entries = list_tree(first);
  const auto again = list_tree(options_.output);
  ASSERT_TRUE(entries && again);
  ASSERT_EQ(entries->size(), again->size());
  for (std::size_t i = 0; i < entries->size(); ++i) {
    const std::string& path = (*entries)[i].path;
    EXPECT_EQ(path, (*again)[i].path);
    if ((*entries)[i].is_directory) continue;
    EXPECT_EQ(read_file(first / path, 1 << 20).value(), read_file(options_.output / path, 1 << 20).value()) << path;
  }
}

TEST_F(OpenFeed, LeavesNothingBehindWhenAModuleIsNotWines) {
  tree_.write("usr/lib/x86_64-linux-gnu/wine/x86_64-windows/foreign.dll", testing::build_pe({.is_dll = true}));
  EXPECT_EQ(error_of_making(), "cannot use module foreign.dll: it is not marked as Wine's");
  EXPECT_FALSE(std::filesystem::exists(options_.output));
}

TEST_F(OpenFeed, RefusesBadInput) {
  options_.tools.strip = script("strip", "echo 'strip: no space' >&2; exit 1");
  EXPECT_EQ(error_of_making(),
            "cannot run " + options_.tools.strip + ": strip: no space\n  note: while stripping both.exe");
  tree_.write("open/feed.txt", "role a\n  what\n");
  const std::string file = (options_.description / "feed.txt").string();
  EXPECT_EQ(error_of_making(), file + ":2: cannot read feed description: \"what\" is not known here");
  std::filesystem::remove(file);
  EXPECT_EQ(error_of_making(), "cannot read " + file + ": no such file or directory");
}

TEST(OwnModule, ImportsNothingButNtdllAndIsReproducible) {
  const auto scratch = TemporaryDirectory::create("winnow-own-module");
  const auto other = TemporaryDirectory::create("winnow-own-module");
  ASSERT_TRUE(scratch && other);
  if (!run_tool({MingwTools{}.compiler, "--version"}, scratch->path())) GTEST_SKIP() << "no mingw compiler";
  const std::filesystem::path folder = std::filesystem::path(WINNOW_SOURCE_DIR) / "packages/open/bcryptprimitives";
  const auto bytes = compile_module(folder, "bcryptprimitives", scratch->path(), {});
  ASSERT_TRUE(bytes) << to_string(bytes.error());
  EXPECT_EQ(compile_module(folder, "bcryptprimitives", other->path(), {}).value(), *bytes);
  EXPECT_TRUE(std::filesystem::is_empty(scratch->path()));
  const auto pe = PeFile::parse(*bytes, "bcryptprimitives.dll");
  ASSERT_TRUE(pe) << to_string(pe.error());
  const auto imports = pe->imports();
  const auto exports = pe->exports();
  ASSERT_TRUE(imports && exports);
  ASSERT_EQ(imports->size(), 1u);
  EXPECT_EQ((*imports)[0].name, "ntdll.dll");
  EXPECT_THAT((*imports)[0].functions, ElementsAre("NtQuerySystemInformation"));
  ASSERT_EQ(exports->size(), 1u);
  EXPECT_EQ((*exports)[0].name, "ProcessPrng");
  EXPECT_TRUE(pe->is_dll());
}

TEST(StripModule, KeepsTheModuleAndItsTimeStamp) {
  const auto scratch = TemporaryDirectory::create("winnow-strip");
  ASSERT_TRUE(scratch);
  const std::filesystem::path kernel = "/usr/lib/x86_64-linux-gnu/wine/x86_64-windows/attrib.exe";
  if (!std::filesystem::exists(kernel)) GTEST_SKIP() << "libwine is not installed";
  const Content module = Content::of_file(kernel, std::filesystem::file_size(kernel));
  const auto stripped = strip_module(module, "attrib.exe", scratch->path(), {});
  ASSERT_TRUE(stripped) << to_string(stripped.error());
  EXPECT_LT(stripped->size(), module.size() / 2);
  EXPECT_TRUE(std::filesystem::is_empty(scratch->path()));
  const auto loaded = module.load();
  ASSERT_TRUE(loaded);
  // Offset 8 of the COFF header: TimeDateStamp ("PE Format" in Microsoft's documentation); the header is at 0x3c's
  // offset + 4.
  const auto time_stamp = [](ByteView file) {
    return read_le<std::uint32_t>(file, *read_le<std::uint32_t>(file, 0x3c) + 8u);
  };
  EXPECT_EQ(time_stamp(*stripped), time_stamp(loaded->bytes()));
}

TEST(ShippedDescription, CanBeRead) {
  const std::filesystem::path folder = std::filesystem::path(WINNOW_SOURCE_DIR) / "packages/open";
  const auto text = read_file(folder / "feed.txt", kMaxDescriptionBytes);
  ASSERT_TRUE(text);
  const auto description = parse_feed_description(as_text(*text), "feed.txt");
  ASSERT_TRUE(description) << to_string(description.error());
  EXPECT_TRUE(description->roles.front().product);
  EXPECT_EQ(description->roles.back().name, "full");
  const auto strings = read_file(folder / "strings.inf", kMaxInfBytes);
  ASSERT_TRUE(strings);
  EXPECT_TRUE(InfFile::parse(as_text(*strings), "strings.inf"));
}

}  // namespace
}  // namespace winnow
