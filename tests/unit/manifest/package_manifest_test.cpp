#include "manifest/package_manifest.hpp"

#include <gtest/gtest.h>

#include "manifest_testing.hpp"

namespace winnow {
namespace {

using testing::error_of;

TEST(PackageManifest, PrintsEverythingSoThatItReadsBack) {
  const PackageManifest manifest = testing::full_package();
  const std::string text = print_package_manifest(manifest);
  const auto back = parse_package_manifest(text, "p");
  ASSERT_TRUE(back) << error_of(back);
  EXPECT_EQ(*back, manifest);
  EXPECT_EQ(print_package_manifest(*back), text);
  EXPECT_EQ(back->parents[1].line, 9u);
  EXPECT_EQ(back->updates[1].references[0].line, 44u);
}

TEST(PackageManifest, CountsWhatItHasNoPlaceFor) {
  const auto manifest = parse_package_manifest(R"(<assembly xmlns="urn:schemas-microsoft-com:asm.v3">
  <assemblyIdentity name="P" version="1.0.0.0"/>
  <package identifier="KB1" releaseType="Update" targetPartition="mainos"><customInformation/><localizedStrings/>
    <declareCapability><satelliteInfo/></declareCapability>
    <update name="u"><applicable><detectFile/></applicable><capability/><capability/></update>
  </package></assembly>)",
                                               "p");
  ASSERT_TRUE(manifest) << error_of(manifest);
  EXPECT_EQ(manifest->ignored_elements, (std::map<std::string, std::uint32_t>{{"applicable/detectFile", 1},
                                                                              {"declareCapability/satelliteInfo", 1},
                                                                              {"package/customInformation", 1},
                                                                              {"package/localizedStrings", 1},
                                                                              {"package@targetPartition", 1},
                                                                              {"update/capability", 2}}));
}

TEST(PackageManifest, ReportsEveryFaultWithItsPlace) {
  EXPECT_EQ(
      error_of(parse_package_manifest("<assembly xmlns='urn:schemas-microsoft-com:asm.v3'/>", "p")),
      "p:1:2: cannot read package manifest: its root is not an <assembly> of urn:schemas-microsoft-com:asm.v3 with a "
      "<package>");
  EXPECT_EQ(error_of(parse_package_manifest("<assembly xmlns='urn:schemas-microsoft-com:asm.v3'>\n"
                                            "<assemblyIdentity name='P~' version='1.0.0.65536'/>\n"
                                            "<package><update><package/></update>\n"
                                            "<parent buildCompare='AT'/>\n"
                                            "<packageExtended packageSize='12x'/>\n"
                                            "<declareCapability><capability><capabilityIdentity/></capability>"
                                            "</declareCapability></package></assembly>",
                                            "p")),
            "p:2:2: cannot read name of <assemblyIdentity>: it holds '~'\n"
            "p:2:2: cannot read version of <assemblyIdentity>: \"1.0.0.65536\" is not four numbers up to 65535\n"
            "p:3:11: cannot read <update>: it has no name\n"
            "p:3:19: cannot read <package>: it has no <assemblyIdentity>\n"
            "p:4:9: cannot read buildCompare of <parent>: \"AT\" is none of EQ NE LT LE GT GE\n"
            "p:4:2: cannot read <parent>: it has no <assemblyIdentity>\n"
            "p:5:18: cannot read packageSize of <packageExtended>: \"12x\" is not a number\n"
            "p:6:33: cannot read <capabilityIdentity>: it has no name");
}

AssemblyIdentity parent_identity(const Version& version) {
  AssemblyIdentity identity = testing::identity_of("Parent");
  identity.version = version;
  return identity;
}

TEST(PackageManifest, AParentAcceptsVersionsAsItsComparisonsSay) {
  constexpr auto kAtLeast = VersionCompare::ge;
  constexpr auto kEqual = VersionCompare::eq;
  PackageParent parent{{parent_identity({{10, 0, 17763, 5}})}, "detect", "separate", "", {}, 0};
  const auto accepts = [&](const Version& version) { return satisfies(parent_identity(version), parent); };

  EXPECT_EQ(accepted_versions(parent), "build 17763");
  EXPECT_TRUE(accepts({{10, 0, 17763, 1}}));
  EXPECT_FALSE(accepts({{10, 0, 19041, 5}}));

  parent.compare = {std::nullopt, std::nullopt, kAtLeast, kAtLeast};
  EXPECT_EQ(accepted_versions(parent), "build at least 17763, revision at least 5");
  EXPECT_TRUE(accepts({{10, 0, 19041, 1}})) << "a later build has its own revisions";
  EXPECT_TRUE(accepts({{10, 0, 17763, 5}}));
  EXPECT_FALSE(accepts({{10, 0, 17763, 4}}));
  EXPECT_FALSE(accepts({{10, 0, 14393, 9}}));

  parent.compare = {kEqual, kEqual, kEqual, kEqual};
  EXPECT_TRUE(accepts({{10, 0, 17763, 5}}));
  EXPECT_FALSE(accepts({{10, 0, 17763, 6}}));

  AssemblyIdentity other = parent_identity({{10, 0, 17763, 5}});
  other.language = "de-DE";
  EXPECT_FALSE(satisfies(other, parent));
}

TEST(PackageManifest, SurvivesEveryTruncation) {
  const std::string text = print_package_manifest(testing::full_package());
  for (std::size_t cut = 0; cut + 2 < text.size(); ++cut) {
    EXPECT_FALSE(parse_package_manifest(text.substr(0, cut), "p")) << cut;
  }
}

}  // namespace
}  // namespace winnow
