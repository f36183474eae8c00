// The roles of Nano Server media and their documented rules.
#include "manifest/role_map.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "manifest_testing.hpp"

namespace winnow {
namespace {

using ::testing::ElementsAre;
using testing::error_of;

RoleMap nano_server() {
  auto map = load_role_map(WINNOW_SOURCE_DIR "/packages/roles/nano-server.xml");
  EXPECT_TRUE(map) << error_of(map);
  return *map;
}

TEST(RoleMap, GivesPackagesInItsOwnOrder) {
  const auto packages = packages_of(nano_server(), {{"Storage", "compute", "storage"}, "host", "datacenter"});
  ASSERT_TRUE(packages) << error_of(packages);
  EXPECT_THAT(*packages, ElementsAre("Microsoft-NanoServer-Host-Package", "Microsoft-NanoServer-Compute-Package",
                                     "Microsoft-NanoServer-Storage-Package"));
}

TEST(RoleMap, KnowsEveryRoleOfTheMedia) {
  std::vector<std::string> names;
  for (const MediaRole& role : nano_server().roles) names.push_back(role.name);
  EXPECT_THAT(names, ElementsAre("host", "guest", "compute", "storage", "clustering", "containers", "defender", "dns",
                                 "iis", "dsc", "dcb", "npds", "scvmm", "scvmm-compute", "secure-startup", "shielded-vm",
                                 "oem-drivers"));
}

TEST(RoleMap, ChecksTheRulesBeforeAnythingIsBuilt) {
  EXPECT_EQ(
      error_of(packages_of(nano_server(),
                           {{"oem-drivers", "npds", "scvmm-compute", "shielded-vm", "computer"}, "guest", "standard"})),
      "cannot add role \"computer\": Nano Server 2016 has none of that name\n"
      "  note: did you mean \"compute\"?\n"
      "cannot add role \"npds\": it needs role \"defender\"; ask for that as well\n"
      "cannot add role \"scvmm-compute\": it needs role \"scvmm\"; ask for that as well\n"
      "cannot add role \"scvmm-compute\": it needs role \"compute\"; ask for that as well\n"
      "cannot add role \"shielded-vm\": it is for edition datacenter, the image is standard\n"
      "cannot add role \"shielded-vm\": it needs role \"secure-startup\"; ask for that as well\n"
      "cannot add role \"oem-drivers\": it is for deployment host, the image is for guest");
}

TEST(RoleMap, RolesOfOneVersion) {
  AssemblyIdentity compute = testing::identity_of("Microsoft-NanoServer-Compute-Package");
  AssemblyIdentity agent = testing::identity_of("Microsoft-NanoServer-SCVMM-Compute-Package");
  compute.version = {{10, 0, 14393, 0}};
  agent.version = {{10, 0, 14393, 1}};
  EXPECT_EQ(error_of(check_versions(nano_server(), {compute, agent})),
            "cannot add role \"scvmm-compute\": its package has version 10.0.14393.1, that of compute 10.0.14393.0");
  agent.version = compute.version;
  EXPECT_TRUE(check_versions(nano_server(), {compute, agent}));
}

TEST(RoleMap, ReportsEveryFaultOfAFile) {
  EXPECT_EQ(error_of(parse_role_map("<roles xmlns='urn:winnow:roles:v1' name='x'>\n"
                                    "<role name='a' package='A' need='b'/>\n"
                                    "<role name='A' package='A'/>\n"
                                    "<role name='c' needs='d'/><rule/>\n"
                                    "</roles>",
                                    "r")),
            "r:2:28: cannot read <role>: it has no attribute need\n"
            "r:3:2: cannot read <role>: \"A\" is there twice\n"
            "r:4:2: cannot read <role>: it has no name or no package\n"
            "r:4:28: cannot read <roles>: it holds <rule>, not <role>\n"
            "r:1:2: cannot read role map: \"c\" needs \"d\", which is no role");
}

}  // namespace
}  // namespace winnow
