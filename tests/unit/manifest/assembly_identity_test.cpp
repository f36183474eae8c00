#include "manifest/assembly_identity.hpp"

#include <gtest/gtest.h>

#include "manifest/store_keys.hpp"
#include "manifest_testing.hpp"

namespace winnow {
namespace {

TEST(Version, HasFourPartsOfSixteenBits) {
  EXPECT_EQ(parse_version("10.0.20348.65535"), (Version{{10, 0, 20348, 65535}}));
  EXPECT_EQ(to_string(Version{{10, 0, 20348, 1}}), "10.0.20348.1");
  for (const char* text : {"", "1", "1.2.3", "1.2.3.", "1.2.3.4.", "1.2.3.4.5", ".1.2.3", "1..2.3", "1.2.3.65536",
                           "1.2.3.-4", "1.2.3.+4", " 1.2.3.4", "1.2.3.4 ", "1,2,3,4", "a.b.c.d"}) {
    EXPECT_EQ(parse_version(text), std::nullopt) << text;
  }
}

TEST(Version, OrdersByPart) { EXPECT_LT(parse_version("10.0.9.9"), parse_version("10.0.10.0")); }

// Vectors: servicing.md 5.
TEST(KeyForm, AbbreviatesLongNamesAndLanguages) {
  const AssemblyIdentity driver{"dual_media.inf",   {{1, 0, 0, 0}},   "arm",   "neutral",
                                "31bf3856ad364e35", "dualModeDriver", "nonSxS"};
  EXPECT_EQ(key_form(driver), "arm_dual_media.inf_31bf3856ad364e35_1.0.0.0_none_75dfa724a55b489d");
  const AssemblyIdentity resources{"Microsoft.Windows.Common-Controls.Resources",
                                   {{5, 82, 26100, 1591}},
                                   "amd64",
                                   "uz-Latn-UZ",
                                   "6595b64144ccf1df",
                                   "win32",
                                   ""};
  EXPECT_EQ(
      key_form(resources),
      "amd64_microsoft.windows.c..-controls.resources_6595b64144ccf1df_5.82.26100.1591_uz-..-uz_0fbfb1c9f2926e3e");
}

TEST(KeyForm, OfAFamilyHasNoVersion) {
  AssemblyIdentity identity = testing::identity_of("Microsoft-Windows-Defrag");
  EXPECT_EQ(family_key(identity), "amd64_microsoft-windows-defrag_31bf3856ad364e35_none_53ba52aa53599b43");
}

// Vectors: servicing.md 5, out of public excerpts of hives.
TEST(StoreKeys, AreThoseOfRealHives) {
  const AssemblyIdentity deployment{
      "Microsoft-Windows-NetFx4-Deployment", {{10, 0, 17763, 1}}, "amd64", "neutral", "31bf3856ad364e35", "", "nonSxS"};
  EXPECT_EQ(deployment_key(deployment), "microsoft-w..-deployment_31bf3856ad364e35_10.0.17763.1_93fba37bec31cb9b");
  EXPECT_EQ(store_file_value("sshd.exe"), "sshd.exe");
  EXPECT_EQ(store_file_value("proactive-telemetry-events.js"), "proactive-telemetry-event_8ac43a41e5030538");
  EXPECT_EQ(store_owner_value("Microsoft-Windows-NetFx4-OC-Package~31bf3856ad364e35~amd64~~10.0.17763.1", "NetFx4"),
            "CBS_microsoft-windows-netfx4-oc-package~31bf3856ad364e35~amd64~~_13acec2cc6eef42a");
  EXPECT_EQ(store_identity_text(deployment),
            "Microsoft-Windows-NetFx4-Deployment, Culture=neutral, Version=10.0.17763.1, "
            "PublicKeyToken=31bf3856ad364e35, ProcessorArchitecture=amd64, versionScope=NonSxS");
}

TEST(AssemblyIdentity, PrintsPackageIdAndPlainName) {
  AssemblyIdentity identity = testing::identity_of("Shop-Package");
  EXPECT_EQ(package_id(identity), "Shop-Package~31bf3856ad364e35~amd64~~10.0.20348.1");
  EXPECT_EQ(to_string(identity), "Shop-Package 10.0.20348.1 amd64");
  identity.language = "en-US";
  EXPECT_EQ(package_id(identity), "Shop-Package~31bf3856ad364e35~amd64~en-US~10.0.20348.1");
  EXPECT_EQ(to_string(identity), "Shop-Package 10.0.20348.1 amd64 en-US");
}

}  // namespace
}  // namespace winnow
