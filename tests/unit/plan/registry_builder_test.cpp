#include "plan/registry_builder.hpp"

#include <gtest/gtest.h>

#include "base/utf16.hpp"

namespace winnow {
namespace {

std::string owner_name(OwnerId owner) { return std::string(1, static_cast<char>('a' + owner)); }

ComponentRegistryKey key(std::string path, std::vector<ComponentRegistryValue> values = {}) {
  return {std::move(path), "", std::move(values)};
}

const PlannedKey* find(const RegistryPlan& plan, HiveId hive, std::initializer_list<const char*> names) {
  const PlannedKey* at = &plan.hives.at(hive);
  for (const char* name : names) {
    const auto child = at->children.find(case_key(name));
    if (child == at->children.end()) return nullptr;
    at = &child->second;
  }
  return at;
}

std::string text_of(const PlannedKey& key, const char* name) {
  return from_utf16le(key.values.at(case_key(name)).data).value();
}

class Registry : public ::testing::Test {
 protected:
  std::string errors() { return to_string(std::move(builder_).finish().error()); }
  RegistryBuilder builder_{owner_name};
};

TEST_F(Registry, RootsLandInTheirHives) {
  builder_.add(key("HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control"), 0, {});
  builder_.add(key("hkey_local_machine\\Software\\X"), 0, {});
  builder_.add(key("HKEY_CLASSES_ROOT\\.txt"), 0, {});
  builder_.add(key("HKEY_CURRENT_USER\\Environment"), 0, {});
  builder_.add(key("HKEY_USERS\\.DEFAULT\\Console"), 0, {});
  const auto plan = std::move(builder_).finish();
  ASSERT_TRUE(plan);
  EXPECT_NE(find(*plan, HiveId::system, {"ControlSet001", "Control"}), nullptr);
  EXPECT_NE(find(*plan, HiveId::software, {"X"}), nullptr);
  EXPECT_NE(find(*plan, HiveId::software, {"Classes", ".txt"}), nullptr);
  EXPECT_NE(find(*plan, HiveId::new_user, {"Environment"}), nullptr);
  EXPECT_NE(find(*plan, HiveId::default_user, {"Console"}), nullptr);
}

TEST_F(Registry, FiveHivesExistWithoutAnyKey) {
  const auto plan = std::move(builder_).finish();
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->hives.size(), 5u);
  EXPECT_FALSE(plan->hives.contains(HiveId::new_user));
}

TEST_F(Registry, TwoOwnersOfOneValueAreNamed) {
  builder_.add(key("HKEY_LOCAL_MACHINE\\SOFTWARE\\X", {registry_text("V", "1")}), 1, {"b.manifest", 0, 0});
  builder_.add(key("HKEY_LOCAL_MACHINE\\SOFTWARE\\x", {registry_text("v", "2")}), 0, {"a.manifest", 0, 0});
  EXPECT_EQ(
      errors(),
      "a.manifest: cannot plan registry value \"HKEY_LOCAL_MACHINE\\SOFTWARE\\x\\v\": two owners want different data\n"
      "  note: owners a and b");
}

TEST_F(Registry, SameDataKeepExistingAndOverridableAreNoConflict) {
  ComponentRegistryValue weak = registry_text("Weak", "weak");
  weak.keep_existing = true;
  ComponentRegistryValue open = registry_text("Open", "default");
  open.overridable = true;
  builder_.add(key("HKEY_LOCAL_MACHINE\\SOFTWARE\\X", {weak, open, registry_text("Same", "s")}), 0, {});
  builder_.add(key("HKEY_LOCAL_MACHINE\\SOFTWARE\\X",
                   {registry_text("Weak", "strong"), registry_text("Open", "chosen"), registry_text("Same", "s")}),
               1, {});
  const auto plan = std::move(builder_).finish();
  ASSERT_TRUE(plan);
  const PlannedKey& planned = *find(*plan, HiveId::software, {"X"});
  EXPECT_EQ(text_of(planned, "Weak"), std::string("strong\0", 7));
  EXPECT_EQ(text_of(planned, "Open"), std::string("chosen\0", 7));
  EXPECT_EQ(planned.values.at(case_key("Open")).owner, 1u);
}

TEST_F(Registry, AppendJoinsListsWithoutDuplicates) {
  ComponentRegistryValue more = registry_multi_text("L", {"two", "three"});
  more.append = true;
  builder_.add(key("HKEY_LOCAL_MACHINE\\SOFTWARE\\X", {more}), 0, {});
  builder_.add(key("HKEY_LOCAL_MACHINE\\SOFTWARE\\X", {registry_multi_text("L", {"one", "two"})}), 1, {});
  const auto plan = std::move(builder_).finish();
  ASSERT_TRUE(plan);
  EXPECT_EQ(find(*plan, HiveId::software, {"X"})->values.at(u"L").data,
            registry_multi_text("L", {"one", "two", "three"}).data);
}

TEST_F(Registry, ServicesBecomeTheirKeys) {
  ComponentService service;
  service.name = "shop";
  service.start = "delayedAuto";
  service.image_path = "C:\\app\\shop.exe";
  service.depends_on_services = {"Tcpip"};
  builder_.add_service(service, 0, {});
  const auto plan = std::move(builder_).finish();
  ASSERT_TRUE(plan);
  const PlannedKey& planned = *find(*plan, HiveId::system, {"ControlSet001", "Services", "shop"});
  EXPECT_EQ(planned.values.at(u"TYPE").data, (Bytes{0x10, 0, 0, 0}));
  EXPECT_EQ(planned.values.at(u"START").data, (Bytes{2, 0, 0, 0}));
  EXPECT_EQ(planned.values.at(u"DELAYEDAUTOSTART").data, (Bytes{1, 0, 0, 0}));
  EXPECT_EQ(planned.values.at(u"IMAGEPATH").type, 2u);
  EXPECT_EQ(planned.values.at(u"DEPENDONSERVICE").type, 7u);
}

TEST_F(Registry, ForeignRootsAndServiceWordsAreFaults) {
  builder_.add(key("HKEY_LOCAL_MACHINE\\HARDWARE\\X"), 0, {"m", 1, 2});
  builder_.add(key("HKEY_LOCAL_MACHINE\\SOFTWARE2"), 1, {"m", 2, 2});
  ComponentService service;
  service.name = "s";
  service.start = "sometimes";
  builder_.add_service(service, 0, {"m", 3, 2});
  EXPECT_EQ(errors(),
            "m:1:2: cannot plan registry key \"HKEY_LOCAL_MACHINE\\HARDWARE\\X\": no hive of an image holds that root\n"
            "  note: owner a\n"
            "m:2:2: cannot plan registry key \"HKEY_LOCAL_MACHINE\\SOFTWARE2\": no hive of an image holds that root\n"
            "  note: owner b\n"
            "m:3:2: cannot plan service \"s\": \"sometimes\" is no service setting winnow knows");
}

}  // namespace
}  // namespace winnow
