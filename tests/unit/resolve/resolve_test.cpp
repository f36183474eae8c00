#include "resolve/resolve.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/feed_builder.hpp"

namespace winnow {
namespace {

using testing::FeedBuilder;

AppModule app_module(const char* path, std::vector<std::string> imports, std::vector<std::string> named = {}) {
  AppModule module;
  module.path = *WindowsPath::parse(path);
  module.needs.machine = Machine::amd64;
  module.needs.imports = std::move(imports);
  module.needs.named = std::move(named);
  return module;
}

// A userland in small: ntdll <- kernel32 <- user32 <-> gdi32; ws2_32; winspool is delay-imported by user32 only.
class Resolve : public ::testing::Test {
 protected:
  Resolve() {
    feed_.module("ntdll.dll");
    feed_.module("kernel32.dll", {.imports = {"ntdll.dll"}});
    feed_.module("gdi32.dll", {.imports = {"user32.dll"}});
    feed_.module("user32.dll", {.imports = {"gdi32.dll", "kernel32.dll"}, .delay_imports = {"winspool.drv"}});
    feed_.module("winspool.drv", {.imports = {"kernel32.dll"}});
    feed_.module("ws2_32.dll", {.imports = {"kernel32.dll"}});
    feed_.module("services.exe", {.imports = {"kernel32.dll"}, .depends_on = {"ws2_32.dll"}});
    feed_.role("base", {"ntdll.dll", "kernel32.dll"}, {.product = true});
    feed_.role("service-control", {"services.exe"}, {.title = "Service control manager"});
    feed_.role("printing", {"winspool.drv"}, {.selectable = true});
    request_.app = "shop";
    request_.program = *WindowsPath::parse("app\\shop.exe");
  }

  const Catalog& catalog() {
    if (!catalog_) catalog_ = std::make_unique<Catalog>(*Catalog::load({feed_.write()}));
    return *catalog_;
  }
  Resolution resolution() {
    auto result = resolve(request_, catalog());
    EXPECT_TRUE(result) << (result ? "" : to_string(result.error()));
    return std::move(*result);
  }
  Solution solution() {
    Resolution found = resolution();
    if (const auto* none = std::get_if<Unsatisfiable>(&found)) {
      ADD_FAILURE() << to_string(Error(none->faults));
      return {};
    }
    EXPECT_EQ(check_solution(request_, catalog(), std::get<Solution>(found))->size(), 0u);
    return std::get<Solution>(std::move(found));
  }
  std::vector<std::string> members(const Solution& solution) {
    std::vector<std::string> names;
    for (const Member& member : solution.members) names.push_back(catalog().components()[member.id].identity.name);
    return names;
  }
  std::string why(const Solution& solution, const char* component) {
    std::string text;
    for (const ChainStep& step : chain_to(solution, catalog().components_named(component).front())) {
      text += step.reason.from + " " + step.reason.need + " -> " +
              catalog().components()[step.component].identity.name + "\n";
    }
    return text;
  }
  std::string unsatisfiable() { return to_string(Error(std::get<Unsatisfiable>(resolution()).faults)); }
  std::string input_error() { return to_string(resolve(request_, catalog()).error()); }

  FeedBuilder feed_;
  std::unique_ptr<Catalog> catalog_;
  Request request_;
};

using Names = std::vector<std::string>;

TEST_F(Resolve, ProductAloneIsTheSmallestImage) {
  EXPECT_EQ(members(solution()), (Names{"Test-kernel32.dll", "Test-ntdll.dll"}));
}

TEST_F(Resolve, ImportsAreFollowedAndExplained) {
  request_.modules = {app_module("app\\shop.exe", {"gdi32.dll", "kernel32.dll"})};
  const Solution found = solution();
  EXPECT_EQ(members(found), (Names{"Test-gdi32.dll", "Test-kernel32.dll", "Test-ntdll.dll", "Test-user32.dll"}));
  EXPECT_EQ(why(found, "Test-user32.dll"),
            "C:\\app\\shop.exe imports gdi32.dll -> Test-gdi32.dll\n"
            "gdi32.dll imports user32.dll -> Test-user32.dll\n");
  EXPECT_EQ(why(found, "Test-ntdll.dll"), "feed synthetic starts every image from -> Test-ntdll.dll\n");
}

TEST_F(Resolve, PolicyDecidesWhichSoftNeedsCount) {
  request_.modules = {app_module("app\\shop.exe", {"user32.dll"}, {"ws2_32.dll"})};
  request_.policy = NeedsPolicy::imports;
  EXPECT_EQ(solution().members.size(), 4u);
  request_.policy = NeedsPolicy::app;
  EXPECT_EQ(solution().members.size(), 5u);
  request_.policy = NeedsPolicy::all;
  const Solution all = solution();
  EXPECT_EQ(all.members.size(), 6u);
  EXPECT_EQ(why(all, "Test-winspool.drv"),
            "C:\\app\\shop.exe imports user32.dll -> Test-user32.dll\n"
            "user32.dll delay-imports winspool.drv -> Test-winspool.drv\n");
}

TEST_F(Resolve, RolesFeaturesComponentsAndDependencies) {
  request_.roles = {{"service-control", {"shop.xml", 3, 2}}};
  request_.features = {{"Printing", {"shop.xml", 4, 2}}};
  request_.components = {{"test-gdi32.dll", {"shop.xml", 5, 2}}};
  const Solution found = solution();
  EXPECT_EQ(found.members.size(), 7u);
  EXPECT_EQ(why(found, "Test-ws2_32.dll"),
            "shop asks for role service-control -> Test-services.exe\n"
            "Test-services.exe depends on -> Test-ws2_32.dll\n");
  EXPECT_EQ(why(found, "Test-winspool.drv"), "shop asks for feature Printing -> Test-winspool.drv\n");
}

TEST_F(Resolve, SelectableMembersStayOutUntilTheirFeatureIsAskedFor) {
  request_.roles = {{"printing", {}}};
  EXPECT_EQ(solution().members.size(), 2u);
}

TEST_F(Resolve, AppsOwnModulesComeFirstForTheAppOnly) {
  request_.modules = {app_module("app\\shop.exe", {"ws2_32.dll", "plugin.dll"}),
                      app_module("app\\ws2_32.dll", {"user32.dll"}), app_module("app\\plugin.dll", {}),
                      app_module("other\\tool.exe", {"plugin.dll"})};
  const Solution found = solution();
  const Names names = members(found);
  EXPECT_EQ(std::count(names.begin(), names.end(), "Test-ws2_32.dll"), 0);
  EXPECT_EQ(std::count(names.begin(), names.end(), "Test-user32.dll"), 1);
  request_.roles = {{"service-control", {}}};  // a member's need of ws2_32.dll is met by System32 all the same
  const Names with_role = members(solution());
  EXPECT_EQ(std::count(with_role.begin(), with_role.end(), "Test-ws2_32.dll"), 1);
}

TEST_F(Resolve, MissingImportNamesModuleImporterAndNearest) {
  request_.modules = {app_module("app\\shop.exe", {"ws3_32.dll", "kernel32.dll"})};
  EXPECT_EQ(unsatisfiable(),
            "cannot resolve module \"ws3_32.dll\": no feed has it\n"
            "  note: needed by C:\\app\\shop.exe\n"
            "  note: nearest name: ws2_32.dll");
}

TEST_F(Resolve, MissingSoftNeedIsSkippedAndNoted) {
  request_.modules = {app_module("app\\shop.exe", {"ext-ms-win-shell-l1-1-0.dll"}, {"nothere.dll"})};
  const Solution found = solution();
  EXPECT_EQ(found.skipped,
            (std::vector<SkippedNeed>{{"C:\\app\\shop.exe", "ext-ms-win-shell-l1-1-0.dll", "no feed has it"},
                                      {"C:\\app\\shop.exe", "nothere.dll", "no feed has it"}}));
}

TEST_F(Resolve, ExclusionStopsSoftNeedsAndContradictsHardOnes) {
  request_.modules = {app_module("app\\shop.exe", {}, {"user32.dll"})};
  request_.exclusions = {{"user32.dll", {"shop.xml", 9, 3}}};
  EXPECT_EQ(solution().members.size(), 2u);
  request_.modules = {app_module("app\\shop.exe", {"gdi32.dll"})};
  EXPECT_EQ(unsatisfiable(),
            "shop.xml:9:3: cannot leave out Test-user32.dll: gdi32.dll imports user32.dll\n"
            "  note: drop the exclusion, or what needs it");
}

TEST_F(Resolve, OmissionsLeaveOutWhatOnlyTheyNeed) {
  request_.modules = {app_module("app\\shop.exe", {"gdi32.dll"})};
  const std::size_t whole = solution().members.size();
  request_.omissions = {{"Test-gdi32.dll", {}}};
  const Solution left = solution();
  EXPECT_LT(left.members.size(), whole - 1);  // user32.dll went with gdi32.dll
  EXPECT_EQ(left.omitted, std::vector<std::string>{"Test-gdi32.dll"});
  ASSERT_EQ(left.skipped.size(), 1u);
  EXPECT_EQ(left.skipped.front().from + " needs " + left.skipped.front().module,
            "C:\\app\\shop.exe needs Test-gdi32.dll");
  EXPECT_EQ(left.skipped.front().why, kOmittedReason);
  request_.omissions = {{"Test-gdi33.dll", {"", 0, 0}}};
  EXPECT_EQ(input_error(),
            "cannot leave out \"Test-gdi33.dll\": no feed has a component of that name\n"
            "  note: did you mean \"Test-gdi32.dll\"?");
}

TEST_F(Resolve, UnknownNamesAreAllReportedWithTheNearest) {
  request_.roles = {{"service-contol", {"shop.xml", 3, 2}}};
  request_.components = {{"Test-gdi33.dll", {"shop.xml", 4, 2}}};
  request_.exclusions = {{"wsock99.dll", {"shop.xml", 5, 2}}};
  EXPECT_EQ(input_error(),
            "shop.xml:5:2: cannot exclude \"wsock99.dll\": no component and no module has that name\n"
            "shop.xml:3:2: cannot resolve role \"service-contol\": no package provides it\n"
            "  note: did you mean \"service-control\"?\n"
            "shop.xml:4:2: cannot resolve component \"Test-gdi33.dll\": no feed has it\n"
            "  note: did you mean \"Test-gdi32.dll\"?");
}

TEST_F(Resolve, OtherArchitecturesAreSkippedNotFollowed) {
  AppModule other = app_module("app\\arm.dll", {"gdi32.dll"});
  other.needs.machine = Machine::arm64;
  request_.modules = {other};
  const Solution found = solution();
  EXPECT_EQ(found.members.size(), 2u);
  EXPECT_EQ(found.skipped.front().why, "it is for arm64, the image is amd64");
}

TEST_F(Resolve, ManagedRuntimeOfTheAppNeedsNoMscoree) {
  AppModule managed = app_module("app\\shop.dll", {"mscoree.dll"});
  managed.needs.managed = true;
  request_.modules = {managed};
  EXPECT_EQ(unsatisfiable().substr(0, 53), "cannot resolve module \"mscoree.dll\": no feed has it\n ");
  request_.modules.push_back(app_module("app\\coreclr.dll", {}));
  EXPECT_EQ(solution().members.size(), 2u);
}

TEST_F(Resolve, OrderOfRequestsDecidesNothing) {
  request_.modules = {app_module("app\\a.exe", {"user32.dll"}), app_module("app\\b.exe", {"ws2_32.dll"}),
                      app_module("app\\c.exe", {"winspool.drv"})};
  request_.roles = {{"service-control", {"x", 1, 1}}, {"base", {"x", 2, 1}}};
  const Solution expected = solution();
  std::sort(request_.modules.begin(), request_.modules.end(),
            [](const auto& a, const auto& b) { return a.path > b.path; });
  std::reverse(request_.roles.begin(), request_.roles.end());
  const Solution actual = solution();
  ASSERT_EQ(actual.members.size(), expected.members.size());
  for (std::size_t i = 0; i < expected.members.size(); ++i) {
    EXPECT_EQ(actual.members[i].id, expected.members[i].id);
    EXPECT_EQ(actual.members[i].reasons, expected.members[i].reasons);
  }
}

TEST_F(Resolve, CheckSolutionSeesWhatIsMissing) {
  request_.modules = {app_module("app\\shop.exe", {"user32.dll"})};
  Solution damaged = solution();
  const ComponentId gdi32 = catalog().components_named("Test-gdi32.dll").front();
  std::erase_if(damaged.members, [gdi32](const Member& member) { return member.id == gdi32; });
  const auto faults = check_solution(request_, catalog(), damaged);
  ASSERT_TRUE(faults);
  ASSERT_EQ(faults->size(), 1u);
  EXPECT_EQ((*faults)[0].message, "Windows\\System32\\user32.dll imports gdi32.dll, which no member provides");
}

TEST(ResolvePrerequisite, GatesWithoutPullingIn) {
  FeedBuilder feed;
  feed.module("ntdll.dll");
  feed.module("driver.sys");
  ComponentManifest manifest;
  manifest.identity = FeedBuilder::identity("Test-gated", {{1, 0, 0, 0}});
  manifest.dependencies = {{FeedBuilder::identity("Test-driver.sys", {{1, 0, 0, 0}}), DependencyType::prerequisite}};
  feed.component(manifest, {});
  const auto catalog = Catalog::load({feed.write()});
  ASSERT_TRUE(catalog);
  Request request;
  request.components = {{"Test-gated", {}}};
  const auto gated = resolve(request, *catalog);
  ASSERT_TRUE(gated);
  const auto& faults = std::get<Unsatisfiable>(*gated).faults;
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].message,
            "cannot install Test-gated: its prerequisite Test-driver.sys 1.0.0.0 amd64 is not in the image");
  request.components.push_back({"Test-driver.sys", {}});
  EXPECT_TRUE(std::holds_alternative<Solution>(*resolve(request, *catalog)));
}

}  // namespace
}  // namespace winnow
