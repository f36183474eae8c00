// A component with one of every element kind, and a 32-bit one: the whole plan of what they do, as text.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "manifest/feed_index.hpp"
#include "plan/component_planner.hpp"
#include "plan/image_settings.hpp"
#include "plan/security_descriptor.hpp"
#include "plan/tree_text.hpp"
#include "support/feed_builder.hpp"

namespace winnow {
namespace {

namespace fs = std::filesystem;

// Our own words in Microsoft's vocabulary (servicing.md 4).
constexpr const char* kFull = R"x(<assembly xmlns="urn:schemas-microsoft-com:asm.v3" manifestVersion="1.0">
<assemblyIdentity name="Test-Full" version="1.0.0.0" processorArchitecture="amd64" language="neutral"
  publicKeyToken="0123456789abcdef" versionScope="nonSxS"/>
<dependency name="TOOLS"><dependentAssembly dependencyType="prerequisite"><assemblyIdentity name="Test-Tools"
  version="1.0.0.0" processorArchitecture="msil" language="neutral" publicKeyToken="0123456789abcdef"/>
</dependentAssembly></dependency>
<file name="full.dll" sourceName="full.dll" destinationPath="$(runtime.system32)\">
  <securityDescriptor name="WRP_FILE"/><link destination="$(runtime.drivers)\linked.dll"/>
  <gac managedversion="2.0.0.0"/><signatureInfo/></file>
<file name="full.ini" destinationPath="$(runtime.system32)\" destinationName="renamed.ini" attributes="hidden"
  writeableType="systemData"><securityDescriptor name="#MutableFileDefaultSecurityDescriptor"/></file>
<file name="store.dll"><lodctr/></file>
<directories><directory destinationPath="$(runtime.system32)\" owner="true"><securityDescriptor name="WRP_DIR"/>
  </directory><directory destinationPath="$(runtime.programData)\Full\" attributes="hidden"><securityDescriptor
  name="UNDEFINED"/></directory></directories>
<registryKeys>
  <registryKey keyName="HKEY_LOCAL_MACHINE\SOFTWARE\Full\"><registryValue name="Path" valueType="REG_SZ"
    value="$(runtime.system32)\full.dll"/><registryValue name="Text" value="$(resourceString.title)"/>
    <registryValue name="AppX" value="$$(assembly.empty)(Registry:x) $(build.PackageMoniker)"/>
    <registryValue name="List" valueType="REG_MULTI_SZ" value="&quot;b&quot;,&quot;a&quot;" operationHint="append"/>
    <registryValue name="Kept" valueType="REG_DWORD" value="7" mutable="true"/>
    <overridable name="Shell" scope="Microsoft" type="REG_SZ"/><overridable name="Elsewhere" type="REG_SZ"/>
    <securityDescriptor name="WRP_KEY"/></registryKey>
  <registryKey keyName="HKEY_LOCAL_MACHINE\SOFTWARE\Full\Empty"/>
  <registryKey keyName="$(hklm.services)\fulldrv\Parameters"/>
  <registryKey keyName="HKEY_CURRENT_USER\Software\Full"/>
  <registryKey keyName="HKEY_LOCAL_MACHINE\DRIVERS\DriverDatabase"/>
</registryKeys>
<memberships>
  <categoryMembership><id typeName="Service"/><categoryInstance subcategory="fulldrv"><serviceData name="fulldrv"
    displayName="$(string.title)" type="win32ShareProcess" start="delayedAuto" errorControl="severe" tag="3"
    group="Base" imagePath="%SystemRoot%\System32\svchost.exe -k full" objectName="LocalSystem"
    dependOnService="RpcSs" dependOnGroup="TDI" requiredPrivileges="SeAuditPrivilege,SeTcbPrivilege"
    sidType="unrestricted" launchProtected="windowsLight" failureActionsFlag="true"><failureActions
    resetPeriod="86400" command="fix.exe"><actions><action delay="60000" type="restartService"/><action
    delay="0" type="none"/></actions></failureActions><serviceTrigger action="start" subtype="RPC_INTERFACE_EVENT"
    type="NetworkEndpointEvent"><triggerData type="string" value="ab"/></serviceTrigger><serviceTrigger action="start"
    subtype="MOON_PHASE" type="WnfStateEvent"/><securityDescriptor name="SERVICE"/></serviceData></categoryInstance>
  </categoryMembership>
  <categoryMembership><id typeName="SvcHost"/><categoryInstance subcategory="full"><serviceGroup serviceName="fulldrv"
    position="last"/></categoryInstance></categoryMembership>
  <categoryMembership><id typeName="Network"/><categoryInstance subcategory="HwOrder\ProviderOrder"><providerOrder
    name="FullNet" position="first"/></categoryInstance></categoryMembership>
  <categoryMembership><id typeName="Environment"/><categoryInstance subcategory="path"><path
    name="%SystemRoot%\Full" position="last"/></categoryInstance></categoryMembership>
  <categoryMembership><id typeName="BootCritical"/></categoryMembership>
  <categoryMembership><id typeName="StoreContent"/></categoryMembership>
</memberships>
<configuration xmlns:wcm="http://schemas.microsoft.com/WMIConfig/2002/State"
  xmlns:xsd="http://www.w3.org/2001/XMLSchema"><configurationSchema><xsd:schema>
  <xsd:element default="true" name="Flag" type="xsd:boolean" wcm:handler="regkey('HKLM\Software\Full')"
    wcm:legacyType="REG_DWORD" wcm:legacyName="Flagged" wcm:scope="allUsers"/>
  <xsd:element default="cmd.exe" name="Shell" type="xsd:string" wcm:handler="regkey('HKLM\Software\Full')"
    wcm:legacyType="REG_SZ"/>
  <xsd:element default="1" name="PerUser" type="xsd:integer" wcm:handler="regkey('HKEY_CURRENT_USER\Software\Full')"
    wcm:scope="perUser"/>
  <xsd:element name="Unset" type="xsd:string" wcm:handler="regkey('HKLM\Software\Full')"/>
  <xsd:element default="x" name="Data" type="xsd:string" wcm:dataOnly="true"/>
  <xsd:element default="x" name="Wmi" type="xsd:string" wcm:handler="wmi('x')"/>
</xsd:schema></configurationSchema></configuration>
<instrumentation><events xmlns="http://schemas.microsoft.com/win/2004/08/events"><provider name="Full"
  guid="{00000000-0000-0000-0000-000000000001}" messageFileName="%windir%\full.dll"><channels><channel chid="O"
  name="Full/Operational" type="Operational" enabled="true" isolation="Custom" access="O:BAG:SYD:"/><importChannel
  chid="S" name="System"/></channels></provider></events><counters/></instrumentation>
<firewallRule InternalName="Full-In" Action="allow" Active="true" Dir="in" Protocol="TCP" Profile="Domain, Private"
  LPort="22" Binary="%SystemRoot%\full.exe" Name="Full" Group="@full.dll,-1"/>
<genericCommands><genericCommand executableName="$(dependentAssembly.TOOLS.path)\tool.exe" arguments="/i"
  install="true"/><genericCommand executableName="tool.exe" install="false"/></genericCommands>
<mof name="$(runtime.wbem)\full.mof"/>
<taskScheduler><Task xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><RegistrationInfo><URI>\Full</URI>
  </RegistrationInfo><Actions><Exec><Command>full.exe</Command></Exec></Actions></Task></taskScheduler>
<migration/>
<trustInfo><security><accessControl><securityDescriptorDefinitions>
  <securityDescriptorDefinition name="WRP_FILE" sddl="O:SYG:SYD:P(A;;FA;;;SY)(A;;GRGX;;;BU)"/>
  <securityDescriptorDefinition name="WRP_DIR" sddl="O:SYG:SYD:P(A;OICI;GA;;;SY)(A;OICI;GRGX;;;BU)"/>
  <securityDescriptorDefinition name="WRP_KEY" sddl="O:SYG:SYD:P(A;CI;GA;;;SY)(A;CI;GR;;;BU)"/>
  <securityDescriptorDefinition name="SERVICE" sddl="D:(A;;CCLC;;;AU)"/>
</securityDescriptorDefinitions></accessControl></security></trustInfo>
<localization><resources culture="de-DE"><stringTable><string id="title" value="Voll"/></stringTable></resources>
  <resources culture="en-US"><stringTable><string id="title" value="Full"/></stringTable></resources></localization>
</assembly>)x";

constexpr const char* kThirtyTwoBit = R"x(<assembly xmlns="urn:schemas-microsoft-com:asm.v3" manifestVersion="1.0">
<assemblyIdentity name="Test-Wow" version="1.0.0.0" processorArchitecture="wow64" language="neutral"
  publicKeyToken="0123456789abcdef" versionScope="nonSxS"/>
<file name="wow.dll" destinationPath="$(runtime.system32)\"/>
<registryKeys>
  <registryKey keyName="HKEY_LOCAL_MACHINE\SOFTWARE\Full"><registryValue name="Path"
    value="$(runtime.system32)\wow.dll"/></registryKey>
  <registryKey keyName="HKEY_CLASSES_ROOT\CLSID\{1}"/><registryKey keyName="HKEY_CLASSES_ROOT\.full"/>
  <registryKey keyName="HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Full"/>
</registryKeys></assembly>)x";

class ComponentEffects : public ::testing::Test {
 protected:
  // Adds the component of that text to the feed; its files hold their names.
  void add(const std::string& text) {
    ComponentManifest manifest = parse_component_manifest(text, "m").value();
    std::map<std::string, Bytes> payload;
    std::string whole = text;
    for (const ComponentFile& file : manifest.files) {
      const ByteView bytes = as_bytes(file.source_name);
      payload[file.source_name] = Bytes(bytes.begin(), bytes.end());
      // The digest goes into the text, behind the opening of the file that has that name.
      const std::size_t open = whole.find('>', whole.find("<file name=\"" + file.name + "\""));
      const bool is_empty = whole[open - 1] == '/';
      const std::string hash = "<h:hash xmlns:h=\"urn:schemas-microsoft-com:asm.v2\"><h:DigestValue>" +
                               to_base64(sha256(bytes).bytes) + "</h:DigestValue></h:hash>";
      const std::string size = " xmlns:w=\"urn:winnow:v1\" w:size=\"" + std::to_string(bytes.size()) + "\"";
      whole.replace(is_empty ? open - 1 : open, is_empty ? 2 : 1, size + ">" + hash + (is_empty ? "</file>" : ""));
    }
    feed_.component(std::move(manifest), std::move(payload));
    texts_.push_back(whole);
  }

  // What FeedBuilder writes lacks what a manifest's type has no place for: the texts themselves replace it.
  Catalog load() {
    const fs::path root = feed_.write();
    FeedIndex index = feed_.index();
    for (const std::string& text : texts_) {
      const AssemblyIdentity identity = parse_component_manifest(text, "m").value().identity;
      std::ofstream(root / "manifests" / (key_form(identity) + ".manifest"), std::ios::trunc) << text;
      for (IndexedComponent& component : index.components) {
        if (component.identity == identity) component.manifest_digest = sha256(as_bytes(text));
      }
    }
    std::ofstream(root / "index.xml", std::ios::trunc) << print_feed_index(index);
    return Catalog::load({root}).value();
  }

  std::string plan(const std::vector<std::string>& languages = {"de-DE"}) {
    const Catalog catalog = load();
    ImagePlan plan;
    plan.owners = {{OwnerKind::winnow, "winnow", "", "", ""}};
    for (const CatalogComponent& component : catalog.components()) {
      plan.owners.push_back({OwnerKind::component, component.identity.name, "", "", ""});
    }
    TreeBuilder tree(plan.owners, 0);
    RegistryBuilder registry([&](OwnerId owner) { return plan.owners[owner].name; });
    SecurityTable security;
    EXPECT_TRUE(security.intern_sddl(kDirectorySddl, SecuredObject::folder));
    EXPECT_TRUE(security.intern_sddl(kFileSddl, SecuredObject::file));
    for (ComponentId id = 0; id < catalog.components().size(); ++id) {
      const auto done = plan_component(catalog, id, id + 1, plan.owners[id + 1].name, {"amd64", languages},
                                       {tree, registry, security, plan.first_boot, plan.unapplied});
      if (!done) {
        std::string text = to_string(done.error());
        return text.substr(text.find("manifests/"));
      }
    }
    plan.tree = std::move(tree).finish().value();
    plan.registry = std::move(registry).finish().value();
    security.inherit(plan.tree);
    plan.security_descriptors = std::move(security).take();
    const std::string text = print_plan(plan);
    return text.substr(text.find("sd\t")) + first_boot_line(plan.first_boot) + "\n" + unapplied_line(plan.unapplied) +
           "\n";
  }

 private:
  testing::FeedBuilder feed_;
  std::vector<std::string> texts_;
};

std::string golden(const std::string& name) {
  std::ifstream file(fs::path(WINNOW_SOURCE_DIR) / "tests/unit/plan" / name, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST_F(ComponentEffects, EveryElementKindHasItsPlace) {
  add(kFull);
  EXPECT_EQ(plan(), golden("component_effects.golden"));
}

TEST_F(ComponentEffects, ThirtyTwoBitComponentsHaveTheirOwnView) {
  add(kThirtyTwoBit);
  EXPECT_EQ(plan(), golden("thirty_two_bit.golden"));
}

std::string manifest_of(const std::string& body) {
  return R"(<assembly xmlns="urn:schemas-microsoft-com:asm.v3"><assemblyIdentity name="A" version="1.0.0.0"
    processorArchitecture="amd64" language="neutral" publicKeyToken="0123456789abcdef" versionScope="nonSxS"/>)" +
         body + "</assembly>";
}

TEST_F(ComponentEffects, AnUnknownMacroIsAnErrorOfItsManifest) {
  add(
      manifest_of("<registryKeys><registryKey keyName='HKEY_LOCAL_MACHINE\\SOFTWARE\\A'><registryValue name='v' "
                  "value='$(runtime.sytem32)'/></registryKey></registryKeys>"));
  EXPECT_EQ(plan(),
            "manifests/amd64_a_0123456789abcdef_1.0.0.0_none_1f1a2a7613ad2a04.manifest: cannot expand "
            "\"$(runtime.sytem32)\": the macro $(runtime.sytem32) is unknown\n"
            "  note: did you mean \"$(runtime.system32)\"?");
}

}  // namespace
}  // namespace winnow
