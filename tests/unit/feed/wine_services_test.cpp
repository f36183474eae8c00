#include "feed/wine_services.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "feed/registry_values.hpp"

namespace winnow {
namespace {

TEST(WineServices, ReadsServicesAndTheirKeys) {
  const auto inf = InfFile::parse(R"([D.Services]
AddService=nsi,0x800,Driver
AddService=BITS,0,Shared
[Driver]
AddReg=DriverKeys
Description="NSI proxy service"
DisplayName="NSI Proxy"
ServiceBinary="%12%\nsiproxy.sys"
ServiceType=1
StartType=2
ErrorControl=1
LoadOrderGroup="System Bus Extender"
[DriverKeys]
HKR,,"Tag",0x10001,1
[Shared]
AddReg=SharedKeys
ServiceBinary="%11%\SvcHost.exe -k netsvcs"
ServiceType=0x110
StartType=4
ErrorControl=0
[SharedKeys]
HKR,Parameters,"ServiceDll",,"%11%\qmgr.dll"
)",
                                  "t.inf");
  ASSERT_TRUE(inf);
  const auto services = read_wine_services(*inf, {"D"});
  ASSERT_TRUE(services) << to_string(services.error());
  ASSERT_EQ(services->size(), 2u);
  const WineService& driver = (*services)[0];
  EXPECT_EQ(driver.service, (ComponentService{"nsi",
                                              "NSI Proxy",
                                              "NSI proxy service",
                                              "kernelDriver",
                                              "auto",
                                              "normal",
                                              "C:\\windows\\system32\\drivers\\nsiproxy.sys",
                                              "",
                                              "System Bus Extender",
                                              {}}));
  EXPECT_EQ(driver.program, "nsiproxy.sys");
  EXPECT_EQ(driver.service_dll, "");
  ASSERT_EQ(driver.registry_keys.size(), 1u);
  EXPECT_EQ(driver.registry_keys[0].path, "HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Services\\nsi");
  EXPECT_EQ(driver.registry_keys[0].values[0], (ComponentRegistryValue{"Tag", 4, dword_data(1), false, false, false}));
  const WineService& shared = (*services)[1];
  EXPECT_EQ(shared.service.type, "win32OwnProcess");
  EXPECT_EQ(shared.service.start, "disabled");
  EXPECT_EQ(shared.service.object_name, "LocalSystem");
  EXPECT_EQ(shared.program, "svchost.exe");
  EXPECT_EQ(shared.service_dll, "qmgr.dll");
}

TEST(WineServices, ReportsEveryBadService) {
  const auto inf = InfFile::parse(
      "[D.Services]\nAddService=a,0,A\nAddService=b,0,B\nAddService=c,0,None\n[A]\nServiceType=9\n"
      "[B]\nServiceType=1\nStartType=1\nErrorControl=1\n",
      "t.inf");
  ASSERT_TRUE(inf);
  const auto services = read_wine_services(*inf, {"D"});
  ASSERT_FALSE(services);
  EXPECT_EQ(to_string(services.error()),
            "t.inf:2: cannot read service \"a\": ServiceType \"9\" is not known\n"
            "t.inf:3: cannot read service \"b\": it has no ServiceBinary\n"
            "t.inf:4: cannot read service \"c\": ServiceType \"\" is not known");
}

}  // namespace
}  // namespace winnow
