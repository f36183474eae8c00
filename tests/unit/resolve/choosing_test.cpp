// What is chosen where several components would do: relations of manifests, versions, pins, shared files, and the
// closing line that says so.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "resolve/closing_line.hpp"
#include "resolve/lock_file.hpp"
#include "resolve/resolve.hpp"
#include "support/feed_builder.hpp"

namespace winnow {
namespace {

using testing::FeedBuilder;

ComponentSelector named(std::string name, std::vector<VersionBound> bounds = {}) {
  return {false, std::move(name), std::move(bounds)};
}
ComponentSelector capability(std::string name) { return {true, std::move(name), {}}; }

class Choosing : public ::testing::Test {
 protected:
  Choosing() { request_.app = "shop"; }

  // A component with one file of so many bytes.
  void add(const std::string& name, std::size_t size, std::vector<ComponentRelation> relations = {},
           const Version& version = {{1, 0, 0, 0}}, std::vector<std::string> provides = {},
           const std::string& deprecated = "") {
    ComponentManifest manifest;
    manifest.identity = FeedBuilder::identity(name, version);
    manifest.relations = std::move(relations);
    manifest.provides = std::move(provides);
    manifest.deprecated = deprecated;
    manifest.files = {{name + ".bin", name + ".bin", "$(runtime.system32)", 0, 0, {}, ""}};
    const std::string text = name + to_string(version);
    Bytes bytes(size, 0);
    std::copy_n(text.begin(), std::min(size, text.size()), bytes.begin());
    feed_.component(std::move(manifest), {{name + ".bin", std::move(bytes)}});
  }
  void ask(const std::string& name) { request_.components.push_back({name, {"shop.xml", 3, 2}}); }

  Decision decide(const DecideOptions& options = {}) {
    if (!catalog_) catalog_ = std::make_unique<Catalog>(*Catalog::load({feed_.write()}));
    auto decision = winnow::decide(request_, *catalog_, options);
    EXPECT_TRUE(decision) << (decision ? "" : to_string(decision.error()));
    return std::move(*decision);
  }
  // "A 1.0.0.0, B 2.0.0.0", or why not.
  std::string chosen(const DecideOptions& options = {}) {
    const Decision decision = decide(options);
    if (const auto* none = std::get_if<Unsatisfiable>(&decision.resolution)) return to_string(Error(none->faults));
    std::string text;
    for (const Member& member : std::get<Solution>(decision.resolution).members) {
      const AssemblyIdentity& identity = catalog_->components()[member.id].identity;
      text += (text.empty() ? "" : ", ") + identity.name + " " + to_string(identity.version);
    }
    return text;
  }
  // The same with the feed's folder taken out.
  std::string plain(std::string text) {
    const std::string prefix = feed_.root().string() + "/";
    for (std::size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at)) {
      text.erase(at, prefix.size());
    }
    return text;
  }

  FeedBuilder feed_;
  std::unique_ptr<Catalog> catalog_;
  Request request_;
};

TEST_F(Choosing, AModuleMustExportWhatIsImportedFromIt) {
  const auto module = [&](const Version& version, std::size_t size, std::vector<testing::PeExport> exports) {
    testing::PeDescription description;
    description.is_dll = true;
    description.export_name = "lib.dll";
    description.exports = std::move(exports);
    description.strings = {std::string(size, 'x')};
    testing::FeedMember member;
    member.version = version;
    feed_.file("lib.dll", build_pe(description), member);
  };
  module({{1, 0, 0, 0}}, 10, {{"Old", ""}});
  module({{2, 0, 0, 0}}, 9'000, {{"Old", ""}, {"New", "other.New"}});
  AppModule app;
  app.path = *WindowsPath::parse("app\\shop.exe");
  app.needs.machine = Machine::amd64;
  app.needs.imports = {"lib.dll"};
  app.needs.functions["lib.dll"] = {"New", "Old"};
  request_.modules = {app};
  EXPECT_EQ(chosen(), "Test-lib.dll 2.0.0.0") << "the smaller one lacks New";
  request_.modules[0].needs.functions["lib.dll"] = {"Old"};
  EXPECT_EQ(chosen(), "Test-lib.dll 1.0.0.0");
  request_.modules[0].needs.functions["lib.dll"] = {"#2"};
  EXPECT_EQ(chosen(), "Test-lib.dll 2.0.0.0") << "an ordinal";
  request_.modules[0].needs.functions["lib.dll"] = {"Nobody"};
  EXPECT_EQ(chosen(), "Test-lib.dll 1.0.0.0") << "where none exports it, any will do: the loader will say";
}

// On Nano Server classic names are reverse forwarders: what is imported decides what else must be there.
TEST_F(Choosing, FollowsForwardersOfTheFunctionsThatAreImported) {
  const auto module = [&](const std::string& name, std::vector<testing::PeExport> exports) {
    testing::PeDescription description;
    description.is_dll = true;
    description.export_name = name;
    description.exports = std::move(exports);
    feed_.file(name, build_pe(description), {});
  };
  module("kernel32.dll", {{"Heap", "api-ms-win-core-heap-l1-1-0.Heap"}, {"File", "files.File"}, {"Own", ""}});
  module("kernelbase.dll", {{"Heap", "ntdll.RtlHeap"}});
  module("ntdll.dll", {{"RtlHeap", ""}});
  module("files.dll", {{"File", "files.Again"}, {"Again", "files.File"}});  // round in circles
  feed_.api_sets({{"api-ms-win-core-heap-l1-1-0", {{"", "kernelbase.dll"}}}});
  AppModule app;
  app.path = *WindowsPath::parse("app\\shop.exe");
  app.needs.machine = Machine::amd64;
  app.needs.imports = {"kernel32.dll"};
  request_.modules = {app};
  const auto chosen_for = [&](std::vector<std::string> functions) {
    request_.modules[0].needs.functions["kernel32.dll"] = std::move(functions);
    return chosen();
  };
  EXPECT_EQ(chosen_for({"Own"}), "Test-kernel32.dll 1.0.0.0");
  EXPECT_EQ(chosen_for({"File"}), "Test-files.dll 1.0.0.0, Test-kernel32.dll 1.0.0.0");
  EXPECT_EQ(chosen_for({"Heap"}), "Test-kernel32.dll 1.0.0.0, Test-kernelbase.dll 1.0.0.0, Test-ntdll.dll 1.0.0.0");
}

TEST_F(Choosing, TakesTheSmallestOfAnAnyOf) {
  add("Web", 10, {{RelationKind::any_of, {named("Big"), named("Small")}}});
  add("Big", 90'000);
  add("Small", 5'000);
  ask("Web");
  EXPECT_EQ(chosen(), "Small 1.0.0.0, Web 1.0.0.0");
  EXPECT_EQ(closing_line(decide().choice), "2 components, 12,288 bytes allocated, proven minimal");
  request_.prefer_threshold = 100'000;
  EXPECT_EQ(chosen(), "Big 1.0.0.0, Web 1.0.0.0");
  EXPECT_EQ(closing_line(decide().choice),
            "2 components, 94,208 bytes allocated, proven minimal; declared defaults are kept unless 100,000 bytes are "
            "saved");
}

TEST_F(Choosing, MeasuresMayDisagree) {
  add("Web", 10, {{RelationKind::any_of, {named("Many"), named("Random")}}});
  std::mt19937 random(7);
  Bytes noise(9'000);
  for (std::uint8_t& byte : noise) byte = static_cast<std::uint8_t>(random());
  ComponentManifest manifest;
  manifest.identity = FeedBuilder::identity("Random", {{1, 0, 0, 0}});
  manifest.files = {{"r", "r", "$(runtime.system32)", 0, 0, {}, ""}};
  feed_.component(std::move(manifest), {{"r", std::move(noise)}});
  add("Many", 20'000);
  ask("Web");
  EXPECT_EQ(chosen(), "Random 1.0.0.0, Web 1.0.0.0");
  request_.measure = SizeMeasure::stored_alone;
  EXPECT_EQ(chosen(), "Many 1.0.0.0, Web 1.0.0.0");
  EXPECT_NE(closing_line(decide().choice).find(" bytes compressed one by one, proven minimal"), std::string::npos);
}

TEST_F(Choosing, VersionsCapabilitiesAndConflicts) {
  add("Web", 10,
      {{RelationKind::any_of,
        {named("Lib", {{VersionCompare::ge, {{2, 0, 0, 0}}}, {VersionCompare::lt, {{4, 0, 0, 0}}}})}},
       {RelationKind::any_of, {capability("tls")}},
       {RelationKind::conflict, {named("SmallTls")}}});
  add("Lib", 10, {}, {{1, 0, 0, 0}});
  add("Lib", 9'000, {}, {{2, 0, 0, 0}});
  add("Lib", 9'000, {}, {{3, 0, 0, 0}});
  add("Lib", 10, {}, {{4, 0, 0, 0}});
  add("SmallTls", 10, {}, {{1, 0, 0, 0}}, {"tls"});
  add("BigTls", 90'000, {}, {{1, 0, 0, 0}}, {"tls"});
  ask("Web");
  EXPECT_EQ(chosen(), "BigTls 1.0.0.0, Lib 3.0.0.0, Web 1.0.0.0");  // of equal bytes the newer
  request_.pins = {{"Lib", "2.0.0.0", {"shop.xml", 5, 2}}};
  EXPECT_EQ(chosen(), "BigTls 1.0.0.0, Lib 2.0.0.0, Web 1.0.0.0");
  request_.pins = {{"Lib", "4.0.0.0", {"shop.xml", 5, 2}}};
  EXPECT_EQ(plain(chosen()),
            "shop.xml:5:2: cannot install Lib 3.0.0.0 amd64: it is not version 4.0.0.0, which is pinned\n"
            "  note: Web needs Lib GE 2.0.0.0 LT 4.0.0.0");
  request_.pins = {};
  ask("SmallTls");
  EXPECT_NE(chosen().find("conflicts with SmallTls"), std::string::npos) << chosen();
}

TEST_F(Choosing, UnknownPinsAreFaultsOfTheInput) {
  add("Lib", 10);
  ask("Lib");
  request_.pins = {{"Lib", "2.0.0.0", {"shop.xml", 5, 2}}, {"Lob", "1.0.0.0", {"shop.xml", 6, 2}}};
  const auto catalog = Catalog::load({feed_.write()});
  EXPECT_EQ(to_string(resolve(request_, *catalog).error()),
            "shop.xml:5:2: cannot pin \"Lib\" to version 2.0.0.0: no feed has it\n"
            "  note: found Lib 1.0.0.0 amd64\n"
            "shop.xml:6:2: cannot pin \"Lob\" to version 1.0.0.0: no feed has it\n"
            "  note: did you mean \"Lib\"?");
}

TEST_F(Choosing, CheckSolutionSeesRelationsThatDoNotHold) {
  add("Web", 10, {{RelationKind::any_of, {named("Lib")}}, {RelationKind::conflict, {capability("old")}}});
  add("Lib", 10, {}, {{1, 0, 0, 0}}, {"old"});
  ask("Web");
  catalog_ = std::make_unique<Catalog>(*Catalog::load({feed_.write()}));
  const ComponentId lib = catalog_->components_named("Lib").front(), web = catalog_->components_named("Web").front();
  const auto faults_of = [&](std::vector<ComponentId> ids) {
    Solution solution;
    std::sort(ids.begin(), ids.end());
    for (const ComponentId id : ids) solution.members.push_back({id, {Reason{}}});
    std::string text;
    const auto faults = check_solution(request_, *catalog_, solution);
    for (const Fault& fault : *faults) text += fault.message + "\n";
    return text;
  };
  EXPECT_EQ(faults_of({web}), "Web needs Lib\n");
  EXPECT_EQ(faults_of({lib, web}), "Web conflicts with old\n");
}

TEST_F(Choosing, MissingRelationsNameTheirPlace) {
  add("Web", 10, {{RelationKind::any_of, {capability("tls"), named("Old", {{VersionCompare::gt, {{1, 0, 0, 0}}}})}}});
  add("Old", 10);
  ask("Web");
  EXPECT_EQ(plain(chosen()).substr(0, 20), "manifests/amd64_web_");
  EXPECT_NE(chosen().find(": cannot install Web: no feed has tls or Old GT 1.0.0.0"), std::string::npos) << chosen();
}

TEST_F(Choosing, RecommendedByPolicy) {
  add("Web", 10, {{RelationKind::recommended, {named("Console")}}, {RelationKind::recommended, {named("Free")}}});
  add("Console", 5'000);
  add("Free", 0);
  ask("Web");
  EXPECT_EQ(chosen(), "Web 1.0.0.0");
  request_.recommended = RecommendedPolicy::if_free;
  EXPECT_EQ(chosen(), "Free 1.0.0.0, Web 1.0.0.0");
  request_.recommended = RecommendedPolicy::on;
  EXPECT_EQ(chosen(), "Console 1.0.0.0, Free 1.0.0.0, Web 1.0.0.0");
}

TEST_F(Choosing, DeprecatedOnlyWhereNothingElseWillDo) {
  add("Web", 10, {{RelationKind::any_of, {capability("tls")}}});
  add("OldTls", 10, {}, {{1, 0, 0, 0}}, {"tls"}, "NewTls replaces it");
  add("NewTls", 90'000, {}, {{1, 0, 0, 0}}, {"tls"});
  ask("Web");
  EXPECT_EQ(chosen(), "NewTls 1.0.0.0, Web 1.0.0.0");
  request_.exclusions = {{"NewTls", {}}};
  EXPECT_EQ(chosen(), "OldTls 1.0.0.0, Web 1.0.0.0");
  EXPECT_EQ(closing_line(decide().choice), "2 components, 8,192 bytes allocated, proven minimal; policy penalties: 1");
}

TEST_F(Choosing, OneFileOfTwoComponentsCountsOnceAndDifferentFilesExclude) {
  const auto with_file = [&](const std::string& name, const std::string& file, const std::string& text) {
    ComponentManifest manifest;
    manifest.identity = FeedBuilder::identity(name, {{1, 0, 0, 0}});
    manifest.files = {{file, file, "$(runtime.system32)", 0, 0, {}, ""}};
    const ByteView bytes = as_bytes(text);
    feed_.component(std::move(manifest), {{file, Bytes(bytes.begin(), bytes.end())}});
  };
  with_file("A", "same.txt", "same");
  with_file("B", "same.txt", "same");
  with_file("C", "same.txt", "different");
  ask("A");
  ask("B");
  EXPECT_EQ(closing_line(decide().choice), "2 components, 4,096 bytes allocated, proven minimal");
  ask("C");
  EXPECT_NE(chosen().find("brings another Windows\\System32\\same.txt than C"), std::string::npos) << chosen();
}

TEST_F(Choosing, UpdatingALockChangesAsLittleAsPossible) {
  add("Web", 10,
      {{RelationKind::any_of, {named("Big"), named("Small")}}, {RelationKind::any_of, {named("X"), named("Y")}}});
  for (const char* name : {"Big", "X"}) add(name, 90'000);
  for (const char* name : {"Small", "Y"}) add(name, 10);
  ask("Web");
  DecideOptions options;
  options.keep = {"Big 1.0.0.0 amd64", "X 1.0.0.0 amd64", "Web 1.0.0.0 amd64"};
  EXPECT_EQ(chosen(options), "Big 1.0.0.0, Web 1.0.0.0, X 1.0.0.0");
  EXPECT_EQ(closing_line(decide(options).choice),
            "3 components, 184,320 bytes allocated, proven minimal among the fewest changes of the lock file");
  EXPECT_EQ(locked_choice(decide(options).choice).verdict, "kept");
  EXPECT_EQ(locked_choice(decide(options).choice).bound[CostLevel::bytes], 12'288);
  options.release = {"big", "small"};
  EXPECT_EQ(chosen(options), "Small 1.0.0.0, Web 1.0.0.0, X 1.0.0.0");
  options.keep = {"Small 1.0.0.0 amd64", "Y 1.0.0.0 amd64", "Web 1.0.0.0 amd64"};
  EXPECT_EQ(locked_choice(decide(options).choice).verdict, "optimal");
}

TEST_F(Choosing, AKeptUniverseGivesTheSame) {
  add("Web", 10, {{RelationKind::any_of, {named("Big"), named("Small")}}});
  add("Big", 90'000);
  add("Small", 10);
  ask("Web");
  const auto folder = TemporaryDirectory::create("winnow-cache").value();
  DecideOptions options;
  const Decision plain = decide();
  options.cache = folder.path() / "winnow";
  const Decision first = decide(options);
  ASSERT_EQ(list_tree(options.cache)->size(), 1u);
  const std::filesystem::path file = options.cache / list_tree(options.cache)->front().path;
  const Decision second = decide(options);
  for (const Decision* decision : {&first, &second}) {
    EXPECT_EQ(decision->choice.universe.digest(), plain.choice.universe.digest());
    EXPECT_EQ(decision->choice.components, plain.choice.components);
    EXPECT_EQ(decision->choice.optimum.chosen, plain.choice.optimum.chosen);
  }
  Bytes damaged = *read_file(file, 1u << 20);
  damaged[damaged.size() / 2] ^= 1;
  ASSERT_TRUE(write_file(file, damaged));
  EXPECT_EQ(decide(options).choice.universe.digest(), plain.choice.universe.digest());
  EXPECT_NE(*read_file(file, 1u << 20), damaged) << "a damaged universe is made again";
  ASSERT_TRUE(write_file(folder.path() / "file", {}));
  options.cache = folder.path() / "file" / "below";  // no folder can be there
  EXPECT_EQ(decide(options).choice.universe.digest(), plain.choice.universe.digest());
}

}  // namespace
}  // namespace winnow
