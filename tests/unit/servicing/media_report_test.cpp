// What examine_media() says of media of our own, and of Microsoft's.
#include "servicing/media_report.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/file_system.hpp"
#include "servicing/delta_dictionary.hpp"
#include "support/package_set_builder.hpp"

namespace winnow {
namespace {

namespace fs = std::filesystem;
using testing::PackageSetBuilder;
using testing::TestSigner;

const fs::path kData = fs::path(WINNOW_SOURCE_DIR) / "../shared/data";

// "component Test-Gone 10.0.19041.1 amd64 <- Test-Package … [found 9.0.0.0]" a line.
std::string missing_text(const MediaReport& report) {
  std::string text;
  for (const MissingPart& part : report.missing) {
    text +=
        (part.kind == PackageReference::Kind::package ? "package " : "component ") + to_string(part.identity) + " <-";
    for (const std::string& who : part.wanted_by) text += " " + who;
    for (const Version& version : part.found) text += " [found " + to_string(version) + "]";
    text += "\n";
  }
  return text;
}

TEST(MediaReport, SetsInOneFolder) {
  const TestSigner signer("Test Windows", nullptr, {false, "codeSigning"});
  PackageSetBuilder builder;
  builder.sign(&signer);
  const TemporaryDirectory folder = TemporaryDirectory::create("media").value();
  ASSERT_TRUE(write_file(folder.path() / "a.cab", builder.cabinet()));
  ASSERT_TRUE(write_file(folder.path() / "b.cab", builder.cabinet(testing::CabinetBuilder::Method::lzx)));
  ASSERT_TRUE(write_file(folder.path() / "c.cab", as_bytes("MSCF, and no more")));
  const MediaReport report = examine_media(open_media(folder.path(), {}).value(), PackageSetBuilder::dictionary(), {});
  ASSERT_EQ(report.sets.size(), 2u);
  EXPECT_EQ(report.sets[1].name, (folder.path() / "b.cab").string());
  EXPECT_EQ(report.sets[1].deltas, 1u);
  EXPECT_EQ(report.sets[1].files, 3u);
  ASSERT_EQ(report.packages.size(), 1u);
  EXPECT_EQ(report.packages[0].sets, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(report.packages[0].catalog, "update.cat");
  ASSERT_EQ(report.components.size(), 3u);
  EXPECT_EQ(report.components[1].manifest.identity.name, "Test-Library");
  EXPECT_EQ(missing_text(report), "");
  ASSERT_EQ(report.faults.size(), 1u);
  EXPECT_EQ(report.faults[0].message,
            "cannot unpack " + (folder.path() / "c.cab").string() + ": it ends in its header");
}

TEST(MediaReport, WhatIsNamedAndNotThere) {
  MediaComponent deployment, library;
  library.manifest.identity = PackageSetBuilder::identity("Test-Library");
  library.manifest.identity.version = {{9, 0, 0, 0}};
  deployment.manifest.identity = PackageSetBuilder::identity("Test-Deployment");
  const auto depend = [&](AssemblyIdentity identity, DependencyType type, bool resources) {
    deployment.manifest.dependencies.push_back({std::move(identity), type, resources, 0});
  };
  depend(PackageSetBuilder::identity("Test-Library"), DependencyType::install, false);
  depend(PackageSetBuilder::identity("Test-Gate"), DependencyType::prerequisite, false);
  AssemblyIdentity any = PackageSetBuilder::identity("Test-Resources");
  any.language = "*";
  depend(any, DependencyType::install, true);
  MediaPackage package;
  package.manifest.identity = PackageSetBuilder::identity("Test-Package");
  package.manifest.updates.emplace_back();
  package.manifest.updates.back().name = "u";
  package.manifest.updates.back().references = {
      {PackageReference::Kind::package, PackageSetBuilder::identity("Test-Other")},
      {PackageReference::Kind::component, deployment.manifest.identity},
      {PackageReference::Kind::component, PackageSetBuilder::identity("Test-Library")},
      {PackageReference::Kind::component, any}};
  MediaReport report;
  report.missing = find_missing_parts({package}, {deployment, library});
  EXPECT_EQ(missing_text(report),
            "package Test-Other 10.0.19041.1 amd64 <- Test-Package 10.0.19041.1 amd64\n"
            "component Test-Library 10.0.19041.1 amd64 <- Test-Deployment 10.0.19041.1 amd64 Test-Package 10.0.19041.1 "
            "amd64 [found 9.0.0.0]\n");
}

TEST(MediaReport, NanoServerNamesWhatIsNotInTheSample) {
  const fs::path media = kData / "nanoserver-19041";
  if (!fs::exists(media)) GTEST_SKIP() << "../shared/data/nanoserver-19041 is not here";
  TrustPolicy policy;
  policy.allow_unsigned = true;
  const MediaReport report = examine_media(open_media(media, {}).value(), {}, policy);
  std::size_t packages = 0, other_versions = 0;
  for (const MissingPart& part : report.missing) {
    packages += part.kind == PackageReference::Kind::package ? 1u : 0u;
    other_versions += part.found.empty() ? 0u : 1u;
    EXPECT_FALSE(part.wanted_by.empty());
  }
  EXPECT_EQ(report.packages.size(), 65u);
  EXPECT_EQ(report.components.size(), 59u);
  EXPECT_EQ(packages, 17u);
  EXPECT_EQ(report.missing.size() - packages, 226u);
  EXPECT_EQ(other_versions, 47u);
  const std::string wanted =
      "component Microsoft-Windows-CoreSystem-LegacyPack-Base 10.0.19041.1 amd64 <- "
      "Microsoft-OneCore-CoreSystem-BootableSKU-merged-Deployment 10.0.19041.388 amd64 [found 10.0.18945.1001]\n";
  EXPECT_NE(missing_text(report).find(wanted), std::string::npos);
}

}  // namespace
}  // namespace winnow
