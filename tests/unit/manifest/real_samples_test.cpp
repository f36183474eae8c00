// What Windows' vendors wrote: /work/shared/data, skipped by name where it is absent.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "base/file_system.hpp"
#include "manifest/assembly_identity.hpp"
#include "manifest/component_manifest.hpp"
#include "manifest/package_manifest.hpp"

namespace winnow {
namespace {

namespace fs = std::filesystem;

fs::path data_folder() { return fs::path(WINNOW_SOURCE_DIR).parent_path() / "shared" / "data"; }

std::vector<std::string> split(const std::string& line, char separator) {
  std::vector<std::string> fields(1);
  for (const char c : line) {
    if (c == separator) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

TEST(RealSamples, KeyFormsOfAllKnownIdentities) {
  std::ifstream table(data_folder() / "keyforms.tsv");
  if (!table) GTEST_SKIP() << "keyforms.tsv is not here";
  std::string line;
  std::getline(table, line);
  int checked = 0;
  while (std::getline(table, line)) {
    const auto f = split(line, '\t');
    ASSERT_GE(f.size(), 9u) << line;
    const AssemblyIdentity identity{f[1], parse_version(f[2]).value(), f[3], f[4], f[5], f[7], f[6]};
    EXPECT_EQ(f[0] == "family" ? family_key(identity) : key_form(identity), f[8]);
    ++checked;
  }
  EXPECT_EQ(checked, 703);
}

TEST(RealSamples, AllNanoServerManifestsParseAndPrintBack) {
  const fs::path folder = data_folder() / "nanoserver-19041";
  if (!fs::exists(folder)) GTEST_SKIP() << "nanoserver-19041 is not here";
  const auto entries = list_tree(folder);
  ASSERT_TRUE(entries) << to_string(entries.error());
  std::map<std::string, std::uint32_t> ignored;
  int packages = 0;
  int components = 0;
  for (const DirectoryEntry& entry : *entries) {
    const auto bytes = read_file(folder / entry.path, 1 << 26);
    ASSERT_TRUE(bytes);
    if (entry.path.ends_with(".mum")) {
      const auto package = parse_package_manifest(as_text(*bytes), entry.path);
      ASSERT_TRUE(package) << to_string(package.error());
      PackageManifest kept = *package;
      kept.ignored_elements.clear();
      const auto again = parse_package_manifest(print_package_manifest(kept), entry.path);
      ASSERT_TRUE(again) << to_string(again.error());
      EXPECT_EQ(*again, kept) << entry.path;
      ++packages;
      continue;
    }
    const auto component = parse_component_manifest(as_text(*bytes), entry.path);
    ASSERT_TRUE(component) << to_string(component.error());
    for (const auto& [name, count] : component->ignored_elements) ignored[name] += count;
    ComponentManifest kept = *component;
    kept.ignored_elements.clear();
    const auto again = parse_component_manifest(print_component_manifest(kept), entry.path);
    ASSERT_TRUE(again) << to_string(again.error());
    EXPECT_EQ(*again, kept) << entry.path;
    ++components;
  }
  EXPECT_EQ(packages, 65);
  EXPECT_EQ(components, 59);
  const std::map<std::string, std::uint32_t> expected = {{"memberships/SingleInstanceFiles", 3},
                                                         {"memberships/StoreContent", 1},
                                                         {"migration", 1},
                                                         {"networkComponents", 1},
                                                         {"registryKeys/systemProtection", 1},
                                                         {"rescache", 1}};
  EXPECT_EQ(ignored, expected);
}

}  // namespace
}  // namespace winnow
