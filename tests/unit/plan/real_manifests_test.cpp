// The components of a real Nano Server (../shared/data/nanoserver-19041) planned together, with made-up files; skipped
// by name where they are absent.
#include <gtest/gtest.h>

#include "base/utf16.hpp"
#include "plan/component_planner.hpp"
#include "plan/image_settings.hpp"
#include "plan/security_descriptor.hpp"
#include "support/feed_builder.hpp"

namespace winnow {
namespace {

namespace fs = std::filesystem;

class RealManifests : public ::testing::Test {
 protected:
  void SetUp() override {
    const fs::path folder = fs::path(WINNOW_SOURCE_DIR).parent_path() / "shared" / "data" / "nanoserver-19041";
    if (!fs::exists(folder)) GTEST_SKIP() << "nanoserver-19041 is not here";
    testing::FeedBuilder feed;
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() != ".manifest") continue;
      const auto bytes = read_file(entry.path(), 1 << 26).value();
      ComponentManifest manifest = parse_component_manifest(as_text(bytes), entry.path()).value();
      if (manifest.identity.name.ends_with("-Minkernel")) continue;  // of an older build: it has a condrv of its own
      for (const auto& [name, count] : manifest.ignored_elements) read_but_ignored_ += count;
      manifest.dependencies.clear();
      std::map<std::string, Bytes> payload;
      for (const ComponentFile& file : manifest.files) payload[file.source_name] = {1};
      feed.component(std::move(manifest), std::move(payload));
    }
    const Catalog catalog = Catalog::load({feed.write()}).value();
    owners_ = {{OwnerKind::winnow, "winnow", "", "", ""}};
    for (const CatalogComponent& component : catalog.components()) {
      owners_.push_back({OwnerKind::component, component.identity.name, "", "", ""});
    }
    TreeBuilder tree(owners_, 0);
    RegistryBuilder registry([&](OwnerId owner) { return owners_[owner].name; });
    SecurityTable security;
    ASSERT_TRUE(security.intern_sddl(kDirectorySddl, SecuredObject::folder));
    ASSERT_TRUE(security.intern_sddl(kFileSddl, SecuredObject::file));
    for (const ComponentRegistryKey& key : image_registry_keys({{10, 0, 19041, 1}}, "amd64")) registry.add(key, 0, {});
    for (ComponentId id = 0; id < catalog.components().size(); ++id) {
      const auto done = plan_component(catalog, id, id + 1, owners_[id + 1].name, {"amd64", {"en-US"}},
                                       {tree, registry, security, first_boot_, unapplied_});
      ASSERT_TRUE(done) << to_string(done.error());
    }
    auto files = std::move(tree).finish();
    if (!files) faults_ += to_string(files.error()) + "\n";
    auto keys = std::move(registry).finish();
    if (!keys) faults_ += to_string(keys.error()) + "\n";
    if (keys) registry_ = std::move(*keys);
    if (files) tree_ = std::move(*files);
  }

  const PlannedValue* value(HiveId hive, std::string_view path, std::string_view name) {
    const PlannedKey* at = &registry_.hives.at(hive);
    std::string rest(path);
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\\'), rest.size());
      const auto child = at->children.find(case_key(rest.substr(0, end)));
      if (child == at->children.end()) return nullptr;
      at = &child->second;
      rest.erase(0, end + 1);
    }
    const auto found = at->values.find(case_key(name));
    return found == at->values.end() ? nullptr : &found->second;
  }

  std::vector<Owner> owners_;
  RegistryPlan registry_;
  FileTree tree_;
  std::string faults_;
  std::vector<PlannedWork> first_boot_;
  UnappliedElements unapplied_;
  std::uint64_t read_but_ignored_ = 0;
};

TEST_F(RealManifests, BringWhatABootNeeds) {
  EXPECT_EQ(faults_, "");
  EXPECT_EQ(unapplied_line(unapplied_),
            "not applied: 4 elements: registryKeys/overridable 4 (first: Microsoft-Windows-CoreSystem-State)");
  EXPECT_EQ(read_but_ignored_, 8u);
  const PlannedValue* csrss = value(HiveId::system, "ControlSet001\\Control\\Session Manager\\SubSystems", "Windows");
  ASSERT_NE(csrss, nullptr);
  EXPECT_EQ(csrss->type, 2u);
  EXPECT_NE(from_utf16le(csrss->data).value().find("ServerDll=coniosrv:ServerDllInitialization,2"), std::string::npos);
  const PlannedValue* sessions =
      value(HiveId::system, "ControlSet001\\Control\\Session Manager", "NumberOfInitialSessions");
  ASSERT_NE(sessions, nullptr);
  EXPECT_EQ(sessions->data, (Bytes{2, 0, 0, 0}));
  EXPECT_TRUE(sessions->overridable);
  const PlannedValue* group =
      value(HiveId::software, "Microsoft\\Windows NT\\CurrentVersion\\Svchost", "NetworkService");
  ASSERT_NE(group, nullptr);
  EXPECT_NE(from_utf16le(group->data).value().find("lanmanworkstation"), std::string::npos);
}

}  // namespace
}  // namespace winnow
