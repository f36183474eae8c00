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
  EXPECT_EQ(back->updates[1].references[0].line, 14u);
}

TEST(PackageManifest, CountsWhatItHasNoPlaceFor) {
  const auto manifest = parse_package_manifest(R"(<assembly xmlns="urn:schemas-microsoft-com:asm.v3">
  <assemblyIdentity name="P" version="1.0.0.0"/>
  <package identifier="KB1" releaseType="Update"><parent/><parent/>
    <update name="u"><applicable/><driver inf="x.inf"><assemblyIdentity name="dual_x.inf" version="1.0.0.0"/></driver></update>
  </package></assembly>)",
                                               "p");
  ASSERT_TRUE(manifest) << error_of(manifest);
  EXPECT_EQ(manifest->ignored_elements,
            (std::map<std::string, std::uint32_t>{{"package/parent", 2}, {"update/applicable", 1}}));
  ASSERT_EQ(manifest->updates.size(), 1u);
  ASSERT_EQ(manifest->updates[0].references.size(), 1u);
  EXPECT_EQ(manifest->updates[0].references[0].kind, PackageReference::Kind::component);
  EXPECT_EQ(manifest->updates[0].references[0].identity.name, "dual_x.inf");
}

TEST(PackageManifest, ReportsEveryFaultWithItsPlace) {
  EXPECT_EQ(
      error_of(parse_package_manifest("<assembly xmlns='urn:schemas-microsoft-com:asm.v3'/>", "p")),
      "p:1:2: cannot read package manifest: its root is not an <assembly> of urn:schemas-microsoft-com:asm.v3 with a "
      "<package>");
  EXPECT_EQ(error_of(parse_package_manifest("<assembly xmlns='urn:schemas-microsoft-com:asm.v3'>\n"
                                            "<assemblyIdentity name='P~' version='1.0.0.65536'/>\n"
                                            "<package><update><package/></update></package></assembly>",
                                            "p")),
            "p:2:2: cannot read name of <assemblyIdentity>: it holds '~'\n"
            "p:2:2: cannot read version of <assemblyIdentity>: \"1.0.0.65536\" is not four numbers up to 65535\n"
            "p:3:11: cannot read <update>: it has no name\n"
            "p:3:19: cannot read <package>: it has no <assemblyIdentity>");
}

TEST(PackageManifest, SurvivesEveryTruncation) {
  const std::string text = print_package_manifest(testing::full_package());
  for (std::size_t cut = 0; cut + 2 < text.size(); ++cut) {
    EXPECT_FALSE(parse_package_manifest(text.substr(0, cut), "p")) << cut;
  }
}

}  // namespace
}  // namespace winnow
