#include "manifest/component_manifest.hpp"

#include <gtest/gtest.h>

#include "manifest_testing.hpp"

namespace winnow {
namespace {

using testing::error_of;

const std::string kIdentity =
    "<assemblyIdentity name='A' version='1.0.0.0' processorArchitecture='amd64' language='neutral'/>";

Result<ComponentManifest> parse(const std::string& body) {
  return parse_component_manifest(
      "<assembly xmlns='urn:schemas-microsoft-com:asm.v3' xmlns:w='urn:winnow:v1'\n"
      "xmlns:asmv2='urn:schemas-microsoft-com:asm.v2'>" +
          kIdentity + "\n" + body + "</assembly>",
      "c");
}

TEST(ComponentManifest, PrintsEverythingSoThatItReadsBack) {
  const ComponentManifest manifest = testing::full_component();
  const std::string text = print_component_manifest(manifest);
  const auto back = parse_component_manifest(text, "c");
  ASSERT_TRUE(back) << error_of(back);
  EXPECT_EQ(*back, manifest);
  EXPECT_EQ(print_component_manifest(*back), text);
}

TEST(ComponentManifest, PrintsOneSpelling) {
  ComponentManifest manifest;
  manifest.identity = testing::identity_of("Winnow-A");
  manifest.files = {{"a.dll", "a.dll", "$(runtime.system32)", 0, 5, sha256(as_bytes("hello")), ""}};
  manifest.registry_keys = {{"HKEY_LOCAL_MACHINE\\SOFTWARE\\A", "", {{"v", 4, {1, 0, 0, 0}, false, true, true}}}};
  EXPECT_EQ(print_component_manifest(manifest),
            R"(<?xml version="1.0" encoding="utf-8"?>
<assembly xmlns="urn:schemas-microsoft-com:asm.v3" xmlns:asmv2="urn:schemas-microsoft-com:asm.v2" xmlns:dsig="http://www.w3.org/2000/09/xmldsig#" xmlns:winnow="urn:winnow:v1" manifestVersion="1.0">
  <assemblyIdentity name="Winnow-A" version="10.0.20348.1" processorArchitecture="amd64" language="neutral" publicKeyToken="31bf3856ad364e35" versionScope="nonSxS"/>
  <file name="a.dll" sourceName="a.dll" destinationPath="$(runtime.system32)\" winnow:size="5">
    <asmv2:hash>
      <dsig:Transforms>
        <dsig:Transform Algorithm="urn:schemas-microsoft-com:HashTransforms.Identity"/>
      </dsig:Transforms>
      <dsig:DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha256"/>
      <dsig:DigestValue>LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=</dsig:DigestValue>
    </asmv2:hash>
  </file>
  <registryKeys>
    <registryKey keyName="HKEY_LOCAL_MACHINE\SOFTWARE\A">
      <registryValue name="v" valueType="REG_DWORD" value="0x00000001" mutable="true"/>
      <overridable name="v" scope="Microsoft" type="REG_DWORD"/>
    </registryKey>
  </registryKeys>
</assembly>
)");
}

TEST(ComponentManifest, ReadsWhatServicingWrites) {
  const auto manifest = parse(R"(<dependency discoverable="yes" name="TOOLS">
      <dependentAssembly dependencyType="preRequisite">
        <assemblyIdentity name="B" version="2.0.0.0" processorArchitecture="amd64" language="*" buildType="release"/>
      </dependentAssembly></dependency>
    <file name="x.dll" destinationPath="$(runtime.windows)\\" attributes="readOnly  Hidden" importPath="$(build.nttree)\"
      compress="true" writeableType="systemData"><link destination="$(runtime.windows)\y.dll"/><dependencies/>
      <gac managedversion="2.0.0.0"/>
      <signatureInfo/><asmv2:hash xmlns:d="http://www.w3.org/2000/09/xmldsig#"><d:DigestValue
      >LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=</d:DigestValue></asmv2:hash></file>
    <registryKeys><registryKey keyName="HKEY_CLASSES_ROOT\.x\" perUserVirtualization="Disable" owner="true">
      <overridable name="GONE" scope="Microsoft" type="REG_SZ"/><overridable name="here"/>
      <registryValue name="Here" valueType="REG_SZ" value="1" operationHint="Replace"/></registryKey></registryKeys>
    <deployment/><x:foreign xmlns:x="urn:x"/><x:file xmlns:x="urn:x"/><feature/>)");
  ASSERT_TRUE(manifest) << error_of(manifest);
  ASSERT_EQ(manifest->dependencies.size(), 1u);
  EXPECT_EQ(manifest->dependencies[0].type, DependencyType::prerequisite);
  EXPECT_EQ(manifest->dependencies[0].identity.language, "*");
  EXPECT_EQ(manifest->dependencies[0].line, 3u);
  EXPECT_EQ(manifest->dependencies[0].name, "TOOLS");
  ComponentFile file{"x.dll", "x.dll", "$(runtime.windows)", 3, 0, sha256(as_bytes("hello")), ""};
  file.writeable_type = "systemData";
  file.links = {"$(runtime.windows)\\y.dll"};
  file.work = {{"gac", {{"managedversion", "2.0.0.0"}}}};
  EXPECT_EQ(manifest->files, std::vector{file});
  ASSERT_EQ(manifest->registry_keys.size(), 1u);
  EXPECT_EQ(manifest->registry_keys[0].path, "HKEY_CLASSES_ROOT\\.x");
  EXPECT_TRUE(manifest->registry_keys[0].owner);
  EXPECT_TRUE(manifest->registry_keys[0].values.at(0).overridable);
  EXPECT_EQ(manifest->registry_keys[0].overridables, (std::vector<OverridableName>{{"GONE", "REG_SZ"}}));
  EXPECT_TRUE(manifest->is_deployment);
  const std::map<std::string, std::uint32_t> ignored = {
      {"feature", 1},       {"file", 1},    {"file/signatureInfo", 1},
      {"file@compress", 1}, {"foreign", 1}, {"registryKey@perUserVirtualization", 1}};
  EXPECT_EQ(manifest->ignored_elements, ignored);
}

TEST(ComponentManifest, ReadsMemberships) {
  const auto manifest = parse(R"(<memberships>
      <categoryMembership><id typeName="StoreContent"/></categoryMembership>
      <categoryMembership><id typeName="BootCritical"/><categoryInstance subcategory="netsvcs"><serviceGroup
        position="last" serviceName="gpsvc"/></categoryInstance><shortCut/></categoryMembership>
      <categoryMembership><id typeName="Network"/><categoryInstance subcategory="Order\ProviderOrder"><providerOrder
        name="Lan" position="first"/><filter/></categoryInstance></categoryMembership>
      <categoryMembership><id typeName="Environment"/><categoryInstance subcategory="path"><path
        name="C:\x"/></categoryInstance></categoryMembership>
      <categoryMembership><id typeName="Service"/><categoryInstance subcategory="s"><serviceData name="s" imagePath="s.sys"
        dependOnService=" A ,,B " sidType="unrestricted" tag="5" startAfterInstall="Always"><failureActions
        resetPeriod="86400"><actions><action delay="60000" type="restartService"/></actions></failureActions>
        <serviceTrigger action="start" subtype="{1}" type="DeviceInterfaceArrival"><triggerData type="string"
        value="x"/></serviceTrigger><securityDescriptor name="ACL"/></serviceData></categoryInstance>
      </categoryMembership></memberships>)");
  ASSERT_TRUE(manifest) << error_of(manifest);
  EXPECT_EQ(manifest->categories, (std::vector<std::string>{"BootCritical"}));
  EXPECT_EQ(manifest->service_groups, (std::vector<ComponentListEntry>{{"netsvcs", "gpsvc", "last"}}));
  EXPECT_EQ(manifest->provider_orders, (std::vector<ComponentListEntry>{{"Order\\ProviderOrder", "Lan", "first"}}));
  EXPECT_EQ(manifest->path_entries, (std::vector<ComponentListEntry>{{"path", "C:\\x", "last"}}));
  ASSERT_EQ(manifest->services.size(), 1u);
  const ComponentService& service = manifest->services[0];
  EXPECT_EQ(service.depends_on_services, (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(service.start, "demand");
  EXPECT_EQ(service.sid_type, "unrestricted");
  EXPECT_EQ(service.tag, "5");
  EXPECT_EQ(service.failure_actions, (ServiceFailureActions{86400, "", "", {{"restartService", 60000}}}));
  EXPECT_EQ(service.triggers,
            (std::vector<ServiceTrigger>{{"DeviceInterfaceArrival", "{1}", "start", {{"string", "x"}}}}));
  EXPECT_EQ(service.security_descriptor, "ACL");
  const std::map<std::string, std::uint32_t> ignored = {{"memberships/BootCritical/shortCut", 1},
                                                        {"memberships/Network/filter", 1},
                                                        {"memberships/StoreContent", 1},
                                                        {"serviceData@startAfterInstall", 1}};
  EXPECT_EQ(manifest->ignored_elements, ignored);
}

TEST(ComponentManifest, ReadsSettingsEventsAndWork) {
  const auto manifest = parse(R"x(<configuration xmlns:wcm="http://schemas.microsoft.com/WMIConfig/2002/State"
      xmlns:xsd="http://www.w3.org/2001/XMLSchema"><configurationSchema><xsd:schema><xsd:simpleType/>
      <xsd:element default="2" name="N" type="xsd:unsignedInt" wcm:handler="regkey('HKEY_LOCAL_MACHINE\X')"
        wcm:legacyType="REG_DWORD" wcm:scope="allUsers" wcm:displayName="t" wcm:accessControl="A"/></xsd:schema>
      </configurationSchema><metadata/></configuration>
    <instrumentation><e:events xmlns:e="http://schemas.microsoft.com/win/2004/08/events"><e:cmi/><e:provider name="P"
      guid="{1}" symbol="P" messageFileName="m.dll"><e:channels><e:channel chid="C" name="P/A" type="Admin"
      isolation="Custom"><e:logging><e:maxSize> 5 </e:maxSize></e:logging><e:publishing/></e:channel><e:importChannel
      chid="S" name="System"/></e:channels><e:events/></e:provider></e:events><counters/></instrumentation>
    <firewallRule Name="n" Dir="In"/><mof name="a.mof"/>
    <genericCommands><genericCommand executableName="x.exe" install="true"/></genericCommands>
    <taskScheduler><Task xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><RegistrationInfo><URI>\A
      </URI></RegistrationInfo><Actions><Exec><Arguments>1</Arguments><Command>a.exe</Command></Exec><SendEmail/>
      </Actions></Task></taskScheduler>
    <localization><resources culture="en-US"><stringTable><string id="a" value="b"/><string id="a" value="c"/>
      </stringTable></resources></localization>)x");
  ASSERT_TRUE(manifest) << error_of(manifest);
  EXPECT_EQ(manifest->settings,
            (std::vector<ComponentSetting>{{"N", "xsd:unsignedInt", "2", "regkey('HKEY_LOCAL_MACHINE\\X')",
                                            std::nullopt, "REG_DWORD", "allUsers", false}}));
  const EventChannel own{false, "P/A", "C", "Admin", "", "Custom", "", "", "5"};
  const EventChannel imported{true, "System", "S", "", "", "", "", ""};
  EXPECT_EQ(manifest->event_publishers, (std::vector<EventPublisher>{{"P", "{1}", "m.dll", "", "", {own, imported}}}));
  EXPECT_EQ(manifest->firewall_rules, (std::vector<ManifestAttributes>{{{"Name", "n"}, {"Dir", "In"}}}));
  EXPECT_EQ(manifest->work,
            (std::vector<FirstBootWork>{{"mof", {{"name", "a.mof"}}},
                                        {"genericCommand", {{"executableName", "x.exe"}, {"install", "true"}}},
                                        {"Task", {{"URI", "\\A"}, {"Command", "a.exe"}, {"Arguments", "1"}}}}));
  EXPECT_EQ(manifest->strings.at("en-US").at("a"), "b");
  const std::map<std::string, std::uint32_t> ignored = {
      {"channel/publishing", 1},       {"configuration/metadata", 1},   {"configuration/setting@accessControl", 1},
      {"configuration/simpleType", 1}, {"instrumentation/counters", 1}, {"localization/string twice", 1},
      {"taskScheduler/SendEmail", 1}};
  EXPECT_EQ(manifest->ignored_elements, ignored);
}

TEST(ComponentManifest, ReportsEveryFaultWithItsPlace) {
  EXPECT_EQ(error_of(parse(R"(<file name="..\x.dll" attributes="readOnly shiny" w:size="-1"/>
<file sourceName="a"/>
<file name="y"><asmv2:hash><DigestValue>AAAA</DigestValue></asmv2:hash></file>
<file name="z"><asmv2:hash><DigestMethod Algorithm="sha1"/></asmv2:hash></file>
<directories><directory/></directories>
<dependency><dependentAssembly dependencyType="maybe"/></dependency>
<dependency><dependentAssembly><assemblyIdentity name="a/b" version="1.0"/></dependentAssembly></dependency>
<registryKeys><registryKey><registryValue valueType="REG_DWORD" value="x" operationHint="drop"/></registryKey></registryKeys>
<memberships><categoryMembership><id typeName="Service"/><categoryInstance><serviceData/></categoryInstance></categoryMembership></memberships>
<memberships><categoryMembership><categoryInstance><path position="middle"/></categoryInstance></categoryMembership></memberships>
<memberships><categoryMembership><categoryInstance><serviceData name="s"><failureActions resetPeriod="1 day"/></serviceData></categoryInstance></categoryMembership></memberships>
<file name="a" destinationName="..\b"><link/></file>
<instrumentation><events><provider/></events></instrumentation>
)")),
            R"(c:3:2: cannot read <file>: cannot use path "..\x.dll": ".." would leave its place
c:3:2: cannot read attributes "readOnly shiny": "shiny" is unknown
c:3:2: cannot read size of file "..\x.dll": "-1" is not a number of bytes
c:4:2: cannot read <file>: it has no name
c:5:17: cannot read the hash of file "y": its value is not 32 bytes in Base64
c:6:17: cannot read the hash of file "z": its method is not SHA-256
c:7:15: cannot read <directory>: it has no destinationPath
c:8:14: cannot read dependencyType "maybe": it is neither install nor prerequisite
c:8:14: cannot read <dependentAssembly>: it has no <assemblyIdentity>
c:9:33: cannot read name of <assemblyIdentity>: it holds '/'
c:9:33: cannot read version of <assemblyIdentity>: "1.0" is not four numbers up to 65535
c:10:16: cannot read <registryKey>: it has no keyName
c:10:29: cannot read operationHint "drop": it is neither append nor replace
c:10:29: cannot read REG_DWORD value "x": it has not the form of its type
c:11:77: cannot read <serviceData>: it has no name
c:12:53: cannot read <path>: it has no name
c:12:58: cannot read position "middle": it is neither first nor last
c:13:90: cannot read resetPeriod "1 day": it is not a number up to 4294967295
c:14:2: cannot read <file>: cannot use path "..\b": ".." would leave its place
c:14:40: cannot read <link>: it has no destination
c:15:27: cannot read <provider>: it has no guid)");
}

TEST(ComponentManifest, ReadsRelations) {
  const auto manifest =
      parse(R"(<w:anyOf><w:component name="B"><w:version compare="GE" value="1.2.0.0"/><w:x/></w:component>
<w:capability name="tls"/><w:y/></w:anyOf><w:provides name="a"/><w:provides name="a"/><w:deprecated reason="old"/>
<w:anyof/><x:anyOf xmlns:x="urn:x"/>)");
  ASSERT_TRUE(manifest) << error_of(manifest);
  ASSERT_EQ(manifest->relations.size(), 1u);
  EXPECT_EQ(manifest->relations[0].line, 3u);
  EXPECT_EQ(to_string(manifest->relations[0].selectors.at(0)), "B GE 1.2.0.0");
  EXPECT_TRUE(manifest->relations[0].selectors.at(1).is_capability);
  EXPECT_EQ(manifest->provides, std::vector<std::string>{"a"});
  EXPECT_EQ(manifest->deprecated, "old");
  const std::map<std::string, std::uint32_t> ignored = {{"anyOf", 1}, {"anyOf/y", 1}, {"anyof", 1}, {"component/x", 1}};
  EXPECT_EQ(manifest->ignored_elements, ignored);
}

TEST(ComponentManifest, ReportsFaultsOfRelations) {
  EXPECT_EQ(error_of(parse(R"(<w:anyOf/>
<w:conflict><w:component/></w:conflict>
<w:recommended><w:capability name="a"><w:version compare="~" value="1"/></w:capability></w:recommended>
<w:provides/>
<w:deprecated/>)")),
            R"(c:3:2: cannot read <anyOf>: it holds neither <component> nor <capability>
c:4:14: cannot read <component>: it has no name
c:5:50: cannot read compare "~": it is none of EQ, GE, GT, LE, LT
c:5:62: cannot read version "1": it is not four numbers up to 65535
c:6:2: cannot read <provides>: it has no name
c:7:2: cannot read <deprecated>: it has no reason)");
}

TEST(ComponentManifest, ComparesVersionsAsAWhole) {
  const Version one{{1, 9, 0, 0}};
  EXPECT_TRUE(satisfies(one, {}));
  EXPECT_TRUE(satisfies(one, {{VersionCompare::ge, {{1, 9, 0, 0}}}, {VersionCompare::lt, {{2, 0, 0, 0}}}}));
  EXPECT_FALSE(satisfies(one, {{VersionCompare::gt, {{1, 9, 0, 0}}}}));
  EXPECT_TRUE(satisfies(one, {{VersionCompare::le, {{1, 9, 0, 0}}}}));
  EXPECT_FALSE(satisfies(one, {{VersionCompare::eq, {{1, 9, 0, 1}}}}));
}

TEST(ComponentManifest, RefusesAnotherRoot) {
  EXPECT_EQ(error_of(parse_component_manifest("<assembly/>", "c")),
            "c:1:2: cannot read component manifest: its root is not <assembly> of urn:schemas-microsoft-com:asm.v3");
  EXPECT_EQ(error_of(parse_component_manifest("<assembly xmlns='urn:schemas-microsoft-com:asm.v3'/>", "c")),
            "c:1:2: cannot read <assembly>: it has no <assemblyIdentity>");
}

TEST(ComponentManifest, DefinesADescriptorOnce) {
  const std::string definitions =
      "<trustInfo><security><accessControl><securityDescriptorDefinitions>"
      "<securityDescriptorDefinition name='A' sddl='O:SY'/>"
      "<securityDescriptorDefinition name='A' sddl='O:";
  const std::string end = "'/></securityDescriptorDefinitions></accessControl></security></trustInfo>";
  EXPECT_TRUE(parse(definitions + "SY" + end));
  EXPECT_EQ(error_of(parse(definitions + "BA" + end)),
            "c:3:121: cannot read security descriptor \"A\": it is defined twice, differently");
}

TEST(ComponentManifest, SurvivesEveryTruncationAndDamage) {
  ComponentManifest manifest = testing::full_component();
  manifest.registry_keys[1].values.resize(3);
  manifest.files.resize(1);
  manifest.dependencies.resize(1);
  const std::string text = print_component_manifest(manifest);
  for (std::size_t cut = 0; cut + 2 < text.size(); cut += cut < 500 ? 1 : 7) {
    EXPECT_FALSE(parse_component_manifest(text.substr(0, cut), "c")) << cut;
  }
  for (std::size_t i = 0; i < text.size(); i += 7) {
    std::string damaged = text;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x15);
    (void)parse_component_manifest(damaged, "c");
  }
}

}  // namespace
}  // namespace winnow
