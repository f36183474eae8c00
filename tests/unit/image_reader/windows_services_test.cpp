// What we plan for services, triggers, firewall rules and keys' descriptors against a SYSTEM hive that Windows wrote
// (../shared/data/hives), skipped by name where it is absent.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "base/file_system.hpp"
#include "base/utf16.hpp"
#include "image_reader/image_reader.hpp"
#include "manifest/component_manifest.hpp"
#include "plan/event_keys.hpp"
#include "plan/security_descriptor.hpp"
#include "plan/service_keys.hpp"
#include "plan/setting_keys.hpp"
#include "plan/stored_security.hpp"

namespace winnow {
namespace {

namespace fs = std::filesystem;

fs::path data_folder() { return fs::path(WINNOW_SOURCE_DIR).parent_path() / "shared" / "data"; }

class WindowsHive : public ::testing::Test {
 protected:
  // The hive is read once for all tests: it has 15 MB.
  static void SetUpTestSuite() {
    const fs::path packed = data_folder() / "hives" / "SYSTEM_WIN_10_1709.xz";
    if (!fs::exists(packed)) return;
    const auto folder = TemporaryDirectory::create("winnow-hive").value();
    const fs::path hive = folder.path() / "SYSTEM";
    if (std::system(("xz -dc '" + packed.string() + "' > '" + hive.string() + "'").c_str()) != 0) return;
    bytes_ = read_file(hive, 1 << 26).value();
    tree_ = read_hive(hive, "SYSTEM").value();
  }
  static void TearDownTestSuite() {
    bytes_ = {};
    tree_ = {};
  }
  void SetUp() override {
    if (bytes_.empty()) GTEST_SKIP() << "hives/SYSTEM_WIN_10_1709.xz or xz is not here";
  }

  // The key below the control set; nullptr when it is not there.
  static const RegistryTree* key(std::string_view path) {
    const RegistryTree* at = &tree_;
    std::string rest = "ControlSet001\\" + std::string(path);
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\\'), rest.size());
      const std::u16string name = case_key(rest.substr(0, end));
      const auto child = std::find_if(at->children.begin(), at->children.end(),
                                      [&](const RegistryTree& below) { return case_key(below.name) == name; });
      if (child == at->children.end()) return nullptr;
      at = &*child;
      rest.erase(0, end + 1);
    }
    return at;
  }
  static const RegistryTree::Value* value(std::string_view path, std::string_view name) {
    const RegistryTree* at = key(path);
    if (at == nullptr) return nullptr;
    const auto found = std::find_if(at->values.begin(), at->values.end(), [&](const RegistryTree::Value& one) {
      return case_key(one.name) == case_key(name);
    });
    return found == at->values.end() ? nullptr : &*found;
  }

  // "Name" of each value of ours that the hive has otherwise or not at all.
  static std::vector<std::string> differences(const ComponentRegistryKey& ours) {
    const std::string below =
        ours.path.substr(std::string_view("HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\").size());
    std::vector<std::string> names;
    for (const ComponentRegistryValue& mine : ours.values) {
      const RegistryTree::Value* theirs = value(below, mine.name);
      if (theirs == nullptr || theirs->type != mine.type || theirs->data != mine.data) names.push_back(mine.name);
    }
    return names;
  }

  static ComponentManifest manifest(const std::string& name) {
    const auto bytes = read_file(data_folder() / "nanoserver-19041" / (name + ".manifest"), 1 << 24).value();
    return parse_component_manifest(as_text(bytes), name).value();
  }

  static inline Bytes bytes_;
  static inline RegistryTree tree_;
};

EffectKeys keys_of(const ComponentManifest& manifest) {
  const ComponentService& service = manifest.services.at(0);
  std::optional<Bytes> security;
  const auto sddl = manifest.security_definitions.find(service.security_descriptor);
  if (sddl != manifest.security_definitions.end()) security = parse_sddl(sddl->second).value();
  return service_keys(service, security).value();
}

using Names = std::vector<std::string>;

// That Windows is two years older than the manifests: condrv is started on demand there.
TEST_F(WindowsHive, ConsoleDriver) {
  const EffectKeys ours = keys_of(manifest("Microsoft-Windows-CoreSystem-BootableSKU-BootableCoreSystem-Minkernel"));
  ASSERT_EQ(ours.keys.size(), 1u);
  EXPECT_EQ(ours.keys[0].values.size(), 6u);
  EXPECT_EQ(differences(ours.keys[0]), Names{"Start"});
}

// There the workstation service depends on Bowser, too; its failure actions and privileges are those of the manifest.
TEST_F(WindowsHive, WorkstationService) {
  const EffectKeys ours = keys_of(manifest("Product-onecore__Microsoft-Windows-WorkstationService"));
  ASSERT_EQ(ours.keys.size(), 1u);
  EXPECT_EQ(ours.keys[0].values.size(), 12u);
  EXPECT_EQ(differences(ours.keys[0]), Names{"DependOnService"});
}

// Defaults of settings, all of them dataOnly and most without a legacyType; those without a default are not there.
TEST_F(WindowsHive, SettingsOfTheWorkstationService) {
  const EffectKeys ours =
      setting_keys(manifest("Product-onecore__Microsoft-Windows-WorkstationService").settings).value();
  EXPECT_EQ(ours.keys.size(), 4u);
  for (const ComponentRegistryKey& mine : ours.keys) EXPECT_EQ(differences(mine), Names{});
  EXPECT_EQ(value("Services\\LanmanWorkstation\\Parameters", "AllowInsecureGuestAuth"), nullptr);
}

TEST_F(WindowsHive, SecurityOfTheTaskScheduler) {
  const EffectKeys ours = keys_of(manifest("Microsoft-Windows-CoreSystem-TaskScheduler-Service"));
  ASSERT_EQ(ours.keys.size(), 2u);
  EXPECT_EQ(ours.keys[1].path, "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Schedule\\Security");
  EXPECT_EQ(differences(ours.keys[1]), Names{});
}

// Triggers of every kind that names its subtype and has at most one text.
TEST_F(WindowsHive, Triggers) {
  const std::vector<std::pair<std::string, ServiceTrigger>> triggers = {
      {"W32Time", {"DomainJoin", "DOMAIN_JOIN", "start"}},
      {"lmhosts", {"IpAddressAvailability", "NETWORK_MANAGER_FIRST_IP_ADDRESS_ARRIVAL", "start"}},
      {"WPDBusEnum", {"DeviceInterfaceArrival", "{53F56307-B6BF-11D0-94F2-00A0C91EFB8B}", "start"}},
      {"DoSvc", {"GroupPolicy", "MACHINE_POLICY_PRESENT", "start"}},
      {"RemoteRegistry", {"NetworkEndpointEvent", "NAMED_PIPE_EVENT", "start", {{"string", "winreg"}}}},
      {"BDESVC", {"WnfStateEvent", "WNF_STATE_CHANGE", "start", {{"binary", "7530BCA32B188341"}}}},
  };
  for (const auto& [name, trigger] : triggers) {
    ComponentService service;
    service.name = name;
    service.triggers = {trigger};
    const EffectKeys ours = service_keys(service, std::nullopt).value();
    ASSERT_EQ(ours.keys.size(), 2u) << name;
    // Which of its triggers it is, is the service's own matter.
    ComponentRegistryKey mine = ours.keys[1];
    std::size_t best = mine.values.size();
    for (const char number : {'0', '1', '2', '3', '4'}) {
      mine.path.back() = number;
      if (key("Services\\" + name + "\\TriggerInfo\\" + number) == nullptr) break;
      best = std::min(best, differences(mine).size());
    }
    EXPECT_EQ(best, 0u) << name;
  }
}

// Every rule of the hive whose fields manifests have words for: taken apart and put together again.
TEST_F(WindowsHive, FirewallRules) {
  const std::map<std::string, std::string> attributes = {
      {"App", "Binary"}, {"EmbedCtxt", "Group"}, {"Defer", "EdgeDefer"}};
  const RegistryTree* rules = key("Services\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules");
  ASSERT_NE(rules, nullptr);
  std::size_t same = 0;
  for (const RegistryTree::Value& rule : rules->values) {
    std::string text = from_utf16le(rule.data).value_or("");
    if (!text.starts_with("v2.30|")) continue;
    ManifestAttributes made = {{"InternalName", rule.name}};
    for (std::size_t at = 6; at < text.size() && text[at] != '\0';) {
      const std::size_t equals = text.find('=', at);
      const std::size_t end = text.find('|', at);
      const std::string field = text.substr(at, equals - at);
      const auto renamed = attributes.find(field);
      const std::string name = renamed == attributes.end() ? field : renamed->second;
      const std::string value = text.substr(equals + 1, end - equals - 1);
      if (made.back().first == name) {
        made.back().second += "," + value;
      } else {
        made.emplace_back(name, value);
      }
      at = end + 1;
    }
    const EffectKeys ours = firewall_keys({made});
    if (!ours.unapplied.empty()) continue;  // a field of apps or of later versions
    EXPECT_EQ(from_utf16le(ours.keys.at(0).values.at(0).data).value_or(""), text) << rule.name;
    ++same;
  }
  EXPECT_GT(same, 300u);
}

// The access list of a descriptor that parse_sddl() has laid out: its last part.
Bytes access_list(const Bytes& descriptor) {
  const std::uint32_t offset = read_le<std::uint32_t>(descriptor, 16).value();
  return Bytes(descriptor.begin() + offset, descriptor.end());
}

// Protected keys, and the keys below them that inherit: Windows' own lists, byte for byte.
TEST_F(WindowsHive, DescriptorsOfProtectedKeys) {
  const std::string owner = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464";
  const std::string packages =
      "S-1-15-3-1024-1065365936-1281604716-3511738428-1654721687-432734479-3232135806-4053264122-3456934681";
  std::string sddl = "O:" + owner + "G:" + owner + "D:P(A;CI;GA;;;" + owner + ")";
  for (const std::string& reader :
       {std::string("SY"), std::string("BA"), std::string("BU"), std::string("S-1-15-2-1"), packages}) {
    sddl += "(A;CI;GR;;;" + reader + ")";
  }
  const Bytes stored = stored_descriptor(parse_sddl(sddl).value(), SecuredObject::key);
  const Bytes inherited = inherited_descriptor(stored, parse_sddl("O:SYG:SY").value(), SecuredObject::key);
  for (const Bytes& list : {access_list(stored), access_list(inherited)}) {
    EXPECT_NE(std::search(bytes_.begin(), bytes_.end(), list.begin(), list.end()), bytes_.end()) << to_hex(list);
  }
}

}  // namespace
}  // namespace winnow
