#include "catalog/catalog.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/parallel.hpp"
#include "unit/catalog/catalog_fixture.hpp"

namespace winnow {
namespace {

using testing::describe;
using ::testing::ElementsAre;
using testing::FeedBuilder;
using ::testing::IsEmpty;
using testing::load;
using testing::message;
using testing::names;

constexpr Version kOne = {{1, 0, 0, 0}};
constexpr Version kTwo = {{2, 0, 0, 0}};

ComponentFile file_at(const std::string& name, const std::string& destination) {
  ComponentFile file;
  file.name = file.source_name = name;
  file.destination = destination;
  return file;
}

// A component with files of one byte.
void add(FeedBuilder& feed, const std::string& name, const Version& version, std::vector<ComponentFile> files) {
  ComponentManifest manifest;
  manifest.identity = FeedBuilder::identity(name, version);
  std::map<std::string, Bytes> payload;
  for (const ComponentFile& file : files) payload[file.source_name] = {1};
  manifest.files = std::move(files);
  feed.component(std::move(manifest), std::move(payload));
}

TEST(Catalog, HoldsWhatTheIndexSays) {
  FeedBuilder feed("open", "8.0");
  feed.module("kernel32.dll", {.imports = {"ntdll.dll"}}).module("ntdll.dll").file("l_intl.nls", "table");
  feed.role("base", {"ntdll.dll", "kernel32.dll"}, {.product = true}).role("nls", {"l_intl.nls"});
  const Catalog catalog = load({feed.write()});

  ASSERT_EQ(catalog.feeds().size(), 1u);
  EXPECT_EQ(catalog.feeds()[0].name, "open");
  EXPECT_EQ(catalog.feeds()[0].version, "8.0");
  EXPECT_EQ(catalog.feeds()[0].description, "A feed made by a test.");
  EXPECT_EQ(catalog.feeds()[0].digest, sha256(read_file(feed.root() / "index.xml", 1 << 20).value()));
  ASSERT_EQ(catalog.components().size(), 3u);
  EXPECT_EQ(names(catalog, std::vector<ComponentId>{0, 1, 2}),
            "Test-kernel32.dll 1.0.0.0, Test-l_intl.nls 1.0.0.0, Test-ntdll.dll 1.0.0.0");
  EXPECT_EQ(catalog.components()[0].role, "base");
  EXPECT_EQ(catalog.components()[1].files[0].path.text(), "Windows\\System32\\l_intl.nls");
  EXPECT_EQ(catalog.components()[1].files[0].size, 5u);
  EXPECT_EQ(catalog.components()[1].files[0].digest, sha256(as_bytes("table")));
  ASSERT_EQ(catalog.packages().size(), 2u);
  EXPECT_EQ(catalog.packages()[0].identifier, "base");
  EXPECT_TRUE(catalog.packages()[0].product);
  EXPECT_FALSE(catalog.packages()[1].product);
  EXPECT_THAT(catalog.module_names(), ElementsAre("kernel32.dll", "l_intl.nls", "ntdll.dll"));
}

TEST(Catalog, WithoutFeedsIsEmpty) {
  const Catalog catalog = load({});
  EXPECT_TRUE(catalog.components().empty());
  EXPECT_TRUE(catalog.providers_of("ntdll.dll").empty());
  EXPECT_EQ(catalog.nearest_role("base"), "");
  EXPECT_EQ(catalog.api_set_component(), std::nullopt);
  EXPECT_THAT(catalog.api_sets().value()->contracts(), IsEmpty());
}

TEST(Catalog, ProvidersAreInTheOrderOfTheLoader) {
  FeedBuilder feed;
  feed.module("a.dll", {.folder = "$(runtime.windows)\\other"});
  add(feed, "In-drivers", kTwo, {file_at("A.dll", "$(runtime.drivers)")});
  add(feed, "In-system32", kOne,
      {file_at("a.DLL", "$(runtime.system32)"), file_at("A.dll", "$(runtime.windows)\\twice")});
  add(feed, "In-system32", kTwo, {file_at("a.dll", "$(runtime.system32)")});
  const Catalog catalog = load({feed.write()});
  EXPECT_EQ(names(catalog, catalog.providers_of("a.dll")),
            "In-system32 2.0.0.0, In-system32 1.0.0.0, In-drivers 2.0.0.0, Test-a.dll 1.0.0.0");
  EXPECT_EQ(names(catalog, catalog.providers_of("A.DLL")), names(catalog, catalog.providers_of("a.dll")));
  EXPECT_TRUE(catalog.providers_of("b").empty());
}

TEST(Catalog, FindsByNameAndIdentity) {
  FeedBuilder feed;
  feed.module("a.dll").module("a.dll", {.version = kTwo}).module("b.dll").role("core", {"b.dll"});
  const Catalog catalog = load({feed.write()});
  EXPECT_EQ(names(catalog, catalog.components_named("test-A.DLL")), "Test-a.dll 2.0.0.0, Test-a.dll 1.0.0.0");
  EXPECT_THAT(catalog.components_named("Test-a"), IsEmpty());
  EXPECT_EQ(catalog.find(FeedBuilder::identity("Test-a.dll", kTwo)), 1u);
  EXPECT_EQ(catalog.find(FeedBuilder::identity("Test-a.dll", {{3, 0, 0, 0}})), std::nullopt);
  EXPECT_THAT(catalog.packages_named("CORE"), ElementsAre(0));
  EXPECT_THAT(catalog.packages_named("test-core-package"), ElementsAre(0));
  EXPECT_EQ(catalog.find_package(FeedBuilder::identity("Test-core-Package", kOne)), 0u);
  EXPECT_EQ(catalog.find_package(FeedBuilder::identity("core", kOne)), std::nullopt);
}

TEST(Catalog, KnowsTheNearestNames) {
  FeedBuilder feed;
  feed.module("ws2_32.dll").module("kernel32.dll").role("service-control", {"ws2_32.dll"});
  const Catalog catalog = load({feed.write()});
  EXPECT_EQ(catalog.nearest_role("sevice-control"), "service-control");
  EXPECT_EQ(catalog.nearest_component("Test-kernel23.dll"), "Test-kernel32.dll");
  EXPECT_EQ(catalog.nearest_module("WS2_23.dll"), "ws2_32.dll");
  EXPECT_EQ(catalog.nearest_module("something-else.dll"), "");
}

TEST(Catalog, ReadsManifestsAndPayload) {
  FeedBuilder feed;
  feed.module("ntdll.dll").file("l_intl.nls", "table", {.depends_on = {"ntdll.dll"}});
  feed.role("base", {"ntdll.dll"}, {.title = "Base"});
  const Catalog catalog = load({feed.write()});
  const ComponentManifest* manifest = catalog.manifest(0).value();
  EXPECT_EQ(manifest->identity.name, "Test-l_intl.nls");
  ASSERT_EQ(manifest->dependencies.size(), 1u);
  EXPECT_EQ(manifest->dependencies[0].identity.name, "Test-ntdll.dll");
  EXPECT_EQ(catalog.manifest(0).value(), manifest);
  const Content content = catalog.payload(0, manifest->files[0]);
  EXPECT_EQ(as_text(content.load_verified(manifest->files[0].digest)->bytes()), "table");
  EXPECT_EQ(catalog.package_manifest(0).value()->display_name, "Base");
  EXPECT_EQ(catalog.manifest_file(0), testing::file_in(feed.root(), key_form(manifest->identity) + ".manifest"));
}

TEST(Catalog, ReadsTheNeedsOfBinaries) {
  FeedBuilder feed;
  feed.module("a.dll",
              {.imports = {"KERNEL32.dll", "ntdll.dll"}, .delay_imports = {"ole32.dll"}, .strings = {"b.dll"}});
  feed.module("b.dll").file("c.nls", "no binary");
  const Catalog catalog = load({feed.write()});
  const std::vector<BinaryNeeds>& plain = *catalog.needs(0, false).value();
  ASSERT_EQ(plain.size(), 1u);
  EXPECT_EQ(plain[0].machine, Machine::amd64);
  EXPECT_THAT(plain[0].imports, ElementsAre("kernel32.dll", "ntdll.dll"));
  EXPECT_THAT(plain[0].delay_imports, ElementsAre("ole32.dll"));
  EXPECT_THAT(plain[0].named, IsEmpty());
  EXPECT_THAT(catalog.needs(0, true).value()->front().named, ElementsAre("a.dll", "b.dll"))
      << "its own name is in its export directory";
  EXPECT_EQ(*catalog.needs(2, true).value(), std::vector<BinaryNeeds>(1));
}

TEST(Catalog, LeavesOutWhatIsNotProjected) {
  FeedBuilder feed;
  add(feed, "Store", kOne, {file_at("store-only.dll", ""), file_at("a.txt", "$(runtime.windows)")});
  const Catalog catalog = load({feed.write()});
  EXPECT_THAT(catalog.module_names(), ElementsAre("a.txt"));
  EXPECT_EQ(catalog.needs(0, false).value()->size(), 1u);
}

TEST(Catalog, ReadsTheApiSetSchema) {
  FeedBuilder feed;
  feed.module("a.dll").api_sets({{"api-ms-win-core-file-l1-2-0", {{"", "kernelbase.dll"}}}});
  const Catalog catalog = load({feed.write()});
  EXPECT_EQ(names(catalog, std::vector{catalog.api_set_component().value()}), "Test-apisetschema.dll 1.0.0.0");
  EXPECT_EQ(catalog.api_sets().value()->host("api-ms-win-core-file-l1-2-3.dll"), "kernelbase.dll");
}

TEST(Catalog, MayBeReadFromManyThreads) {
  FeedBuilder feed;
  for (int i = 0; i < 8; ++i) feed.module("m" + std::to_string(i) + ".dll", {.imports = {"ntdll.dll"}});
  const Catalog catalog = load({feed.write()});
  std::vector<const std::vector<BinaryNeeds>*> seen(64);
  parallel_for(seen.size(), [&](std::size_t i) {
    seen[i] = catalog.needs(static_cast<ComponentId>(i % 8), i % 16 < 8).value();
    EXPECT_TRUE(catalog.api_sets());
  });
  for (std::size_t i = 0; i < seen.size(); ++i) EXPECT_EQ(seen[i], seen[i % 16]);
}

}  // namespace
}  // namespace winnow
