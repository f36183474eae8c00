// The closure of packages and components in Windows' own terms, on sets a person can follow and on a real one.
#include "servicing/servicing_closure.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "servicing/media_report.hpp"

namespace winnow {
namespace {

AssemblyIdentity id(const std::string& name, std::uint16_t revision = 1, const std::string& language = "neutral") {
  AssemblyIdentity identity;
  identity.name = name;
  identity.version = {{10, 0, 19041, revision}};
  identity.architecture = "amd64";
  identity.language = language;
  identity.public_key_token = "31bf3856ad364e35";
  return identity;
}

AssemblyIdentity component_id(const std::string& name, std::uint16_t revision = 1,
                              const std::string& language = "neutral") {
  AssemblyIdentity identity = id(name, revision, language);
  identity.version_scope = "nonSxS";
  return identity;
}

// A set of manifests in memory, and its closure as lines.
class Servicing {
 public:
  PackageManifest& package(const AssemblyIdentity& identity) {
    packages_.push_back({{}, identity.name + ".mum"});
    packages_.back().manifest.identity = identity;
    return packages_.back().manifest;
  }
  static PackageUpdate& update(PackageManifest& package, const std::string& name) {
    package.updates.emplace_back();
    package.updates.back().name = name;
    return package.updates.back();
  }
  static PackageReference& refer(PackageUpdate& update, PackageReference::Kind kind, const AssemblyIdentity& identity) {
    update.references.emplace_back();
    update.references.back().kind = kind;
    update.references.back().identity = identity;
    update.references.back().line = static_cast<std::uint32_t>(10 + update.references.size());
    return update.references.back();
  }
  ComponentManifest& component(const AssemblyIdentity& identity,
                               const std::vector<ComponentDependency>& dependencies = {}) {
    components_.push_back({{}, identity.name + ".manifest"});
    ComponentManifest& manifest = components_.back().manifest;
    manifest.identity = identity;
    manifest.dependencies = dependencies;
    return manifest;
  }

  [[nodiscard]] std::string close(const ServicingRequest& request) const {
    const auto repository = ServicingRepository::of(packages_, components_);
    if (!repository) return to_string(repository.error());
    const auto closure = close_servicing(*repository, request);
    return closure ? text_of(*repository, *closure) : to_string(closure.error());
  }

  static std::string text_of(const ServicingRepository& repository, const ServicingClosure& closure) {
    const auto name_of = [](const AssemblyIdentity& identity) {
      return identity.name + " " + std::to_string(identity.version.parts[3]) +
             (identity.language == "neutral" ? "" : " " + identity.language);
    };
    const auto askers_of = [](const std::vector<Asker>& askers) {
      std::string text;
      for (const Asker& asker : askers) {
        const std::string place = to_string(asker.place);
        text += (text.empty() ? "" : ", ") + asker.name + (place.empty() ? "" : " (" + place + ")");
      }
      return text;
    };
    std::string text;
    for (const PackageIndex i : closure.packages) {
      text += "package " + name_of(repository.packages()[i].manifest.identity) + "\n";
    }
    for (const ComponentIndex i : closure.components) {
      text += "component " + name_of(repository.components()[i].manifest.identity) + "\n";
    }
    for (const ComponentIndex i : closure.losers) {
      text += "older " + name_of(repository.components()[i].manifest.identity) + "\n";
    }
    for (const MissingReference& row : closure.missing) {
      text += "missing " + name_of(row.wanted);
      for (const Version& version : row.found) text += ", found " + std::to_string(version.parts[3]);
      text += ": " + askers_of(row.askers) + "\n";
    }
    for (const InapplicablePackage& row : closure.inapplicable) {
      text += std::string(row.is_contained ? "skipped " : "inapplicable ") +
              name_of(repository.packages()[row.package].manifest.identity) + ": " + askers_of(row.askers) + "\n";
      for (const std::string& reason : row.reasons) text += "  " + reason + "\n";
    }
    for (const DroppedComponent& row : closure.dropped) {
      text += "dropped " + name_of(repository.components()[row.component].manifest.identity) + ": " +
              to_string(row.place) + " asks for " + name_of(row.prerequisite) + "\n";
    }
    for (const PackageIndex i : closure.unchecked) {
      text += "unchecked " + name_of(repository.packages()[i].manifest.identity) + "\n";
    }
    for (const FileConflict& row : closure.conflicts) {
      text += "conflict " + row.path.text() + ":";
      for (const FileWriter& writer : row.writers) {
        text += " " + name_of(repository.components()[writer.component].manifest.identity);
      }
      text += "\n";
    }
    for (const FeatureState& row : closure.features) {
      text += "feature " + row.name + (row.is_on ? " on" : " off") + ": " + row.why + "\n";
    }
    return text;
  }

 private:
  std::vector<ServicedPackage> packages_;
  std::vector<ServicedComponent> components_;
};

ServicingRequest asks_for(std::vector<std::string> packages) {
  ServicingRequest request;
  request.packages = std::move(packages);
  return request;
}

constexpr auto kPackage = PackageReference::Kind::package;
constexpr auto kComponent = PackageReference::Kind::component;

PackageParent parent_of(const AssemblyIdentity& identity) {
  PackageParent parent;
  parent.identities = {identity};
  parent.compare[2] = VersionCompare::ge;
  return parent;
}

TEST(ServicingClosure, APackageIsApplicableThroughAnyParent) {
  Servicing set;
  set.package(id("Nano-Edition"));
  PackageManifest& ssh = set.package(id("OpenSSH"));
  ssh.parents = {parent_of(id("Nano-Edition")), parent_of(id("Client-Features"))};
  Servicing::refer(Servicing::update(ssh, "u"), kComponent, component_id("sshd"));
  set.component(component_id("sshd"));

  EXPECT_EQ(set.close(asks_for({"openssh", "Nano-Edition"})),
            "package Nano-Edition 1\npackage OpenSSH 1\ncomponent sshd 1\n");
  EXPECT_EQ(set.close(asks_for({"OpenSSH"})),
            "OpenSSH.mum: cannot install OpenSSH 10.0.19041.1 amd64: none of its parents is there\n"
            "  note: needs Nano-Edition build at least 19041: it is not there\n"
            "  note: needs Client-Features build at least 19041: it is not there");
  ServicingRequest offline = asks_for({"OpenSSH"});
  offline.base = {id("Client-Features", 7)};
  EXPECT_EQ(set.close(offline), "package OpenSSH 1\ncomponent sshd 1\n") << "the image has a parent";
  offline.base[0].version.parts[2] = 14393;
  EXPECT_EQ(set.close(offline),
            "OpenSSH.mum: cannot install OpenSSH 10.0.19041.1 amd64: none of its parents is there\n"
            "  note: needs Nano-Edition build at least 19041: it is not there\n"
            "  note: needs Client-Features build at least 19041: there is 10.0.14393.7");
}

TEST(ServicingClosure, SaysWhoAskedForWhatIsMissing) {
  Servicing set;
  PackageUpdate& update = Servicing::update(set.package(id("Root")), "u");
  Servicing::refer(update, kPackage, id("Gone"));
  Servicing::refer(update, kComponent, component_id("a"));
  Servicing::refer(update, kComponent, component_id("b", 2));
  set.component(component_id("a"), {{component_id("b", 2)}, {component_id("c")}});
  set.component(component_id("b", 1));
  EXPECT_EQ(set.close(asks_for({"Root"})),
            "package Root 1\ncomponent a 1\n"
            "missing Gone 1: Root (Root.mum:11)\n"
            "missing b 2, found 1: Root (Root.mum:13), a (a.manifest)\n"
            "missing c 1: a (a.manifest)\n");
  ServicingRequest any = asks_for({"Root"});
  any.any_version = true;
  EXPECT_EQ(set.close(any),
            "package Root 1\ncomponent a 1\ncomponent b 1\n"
            "missing Gone 1: Root (Root.mum:11)\n"
            "missing c 1: a (a.manifest)\n");
  EXPECT_EQ(set.close(asks_for({"Rot"})),
            "cannot resolve package \"Rot\": no folder has it\n  note: did you mean \"Root\"?");
}

TEST(ServicingClosure, FeaturesAndTheirConditions) {
  Servicing set;
  PackageManifest& package = set.package(id("Hyper-V"));
  Servicing::update(package, "All").selectable = true;
  PackageUpdate& tools = Servicing::update(package, "Tools");
  tools.selectable = tools.on_by_default = true;
  tools.condition = UpdateCondition{"detect", {"All"}, {}};
  Servicing::refer(tools, kComponent, component_id("tools"));
  PackageUpdate& base = Servicing::update(package, "BASE");
  base.condition = UpdateCondition{"detect", {"Tools"}, {}};
  Servicing::refer(base, kComponent, component_id("base"));
  set.component(component_id("tools"));
  set.component(component_id("base"));

  ServicingRequest request = asks_for({"Hyper-V"});
  EXPECT_EQ(set.close(request), "package Hyper-V 1\nfeature All off: off by default\nfeature Tools off: All is off\n");
  request.features = {"all"};
  EXPECT_EQ(set.close(request),
            "package Hyper-V 1\ncomponent base 1\ncomponent tools 1\n"
            "feature All on: asked for\nfeature Tools on: on by default\n");
  request.features_off = {"tools"};
  EXPECT_EQ(set.close(request), "package Hyper-V 1\nfeature All on: asked for\nfeature Tools off: turned off\n");
  request.features = {"tools"};
  request.features_off = {};
  EXPECT_EQ(set.close(request), "package Hyper-V 1\nfeature All off: off by default\nfeature Tools off: All is off\n");
  request.all_parents = true;
  EXPECT_EQ(set.close(request),
            "package Hyper-V 1\ncomponent base 1\ncomponent tools 1\n"
            "feature All on: what was asked for needs it\nfeature Tools on: asked for\n");
  request.features = {"tols"};
  EXPECT_EQ(set.close(request),
            "cannot resolve feature \"tols\": no package that is installed has it\n  note: did you mean \"tools\"?");
}

TEST(ServicingClosure, UpdatesThatWaitForThemselvesAreOff) {
  Servicing set;
  PackageManifest& package = set.package(id("Loops"));
  const auto add = [&](const std::string& name, const std::string& needs) {
    PackageUpdate& update = Servicing::update(package, name);
    update.selectable = update.on_by_default = true;
    if (!needs.empty()) update.condition = UpdateCondition{"detect", {needs}, {}};
  };
  add("a", "B");
  add("b", "C");
  add("c", "A");
  add("d", "a");
  add("e", "e");
  add("f", "");
  add("g", "f");
  EXPECT_EQ(set.close(asks_for({"Loops"})),
            "package Loops 1\n"
            "feature a off: waits for itself: a -> b -> c -> a\n"
            "feature b off: waits for itself: b -> c -> a -> b\n"
            "feature c off: waits for itself: c -> a -> b -> c\n"
            "feature d off: a is off\n"
            "feature e off: waits for itself: e -> e\n"
            "feature f on: on by default\n"
            "feature g on: on by default\n");
  PackageManifest& hostile = set.package(id("Hostile"));
  std::vector<std::string> all;
  for (int i = 0; i < 100; ++i) all.push_back("u" + std::to_string(i));
  for (const std::string& name : all) Servicing::update(hostile, name).condition = UpdateCondition{"detect", all, {}};
  EXPECT_EQ(set.close(asks_for({"Hostile"})), "package Hostile 1\n") << "each waits for each: no walk of all ways";
}

TEST(ServicingClosure, TwoWinnersMayNotWriteDifferentFilesToOnePlace) {
  Servicing set;
  PackageUpdate& update = Servicing::update(set.package(id("Root")), "u");
  const auto add = [&](const AssemblyIdentity& identity, const std::string& name, const std::string& destination,
                       std::uint8_t content) {
    Servicing::refer(update, kComponent, identity);
    ComponentFile file;
    file.name = file.source_name = name;
    file.destination = destination;
    file.digest.bytes[0] = content;
    set.component(identity).files = {file};
  };
  add(component_id("a", 1), "x.dll", "$(runtime.system32)", 1);
  add(component_id("a", 2), "x.dll", "$(runtime.system32)", 2);
  add(component_id("b"), "X.DLL", "$(runtime.windows)\\system32", 3);
  add(component_id("c"), "y.dll", "$(runtime.system32)", 4);
  add(component_id("d"), "y.dll", "$(runtime.system32)", 4);
  add(component_id("e"), "x.dll", "", 5);
  AssemblyIdentity wow64 = component_id("a");
  wow64.architecture = "wow64";
  add(wow64, "x.dll", "$(runtime.system32)", 6);
  EXPECT_EQ(set.close(asks_for({"Root"})),
            "package Root 1\ncomponent a 1\ncomponent a 2\ncomponent b 1\ncomponent c 1\ncomponent d 1\n"
            "component e 1\nolder a 1\n"
            "conflict Windows\\System32\\x.dll: a 2 b 1\n");
}

TEST(ServicingClosure, APackageOfAnotherEdition) {
  Servicing set;
  set.package(id("Datacenter")).release_type = "Product";
  set.package(id("Standard")).release_type = "Product";
  set.package(id("ShieldedVM")).parents = {parent_of(id("Datacenter"))};
  EXPECT_EQ(set.close(asks_for({"Standard", "ShieldedVM"})),
            "ShieldedVM.mum: cannot install ShieldedVM 10.0.19041.1 amd64: none of its parents is there\n"
            "  note: needs the edition Datacenter build at least 19041: the edition here is Standard");
}

TEST(ServicingClosure, ContainedPackagesLanguagesAndUpdatesOfWhatIsThere) {
  Servicing set;
  PackageManifest& root = set.package(id("Root"));
  PackageUpdate& update = Servicing::update(root, "u");
  Servicing::refer(update, kPackage, id("Client-Part")).contained = true;
  Servicing::refer(update, kPackage, id("Not-Shipped")).contained = true;
  Servicing::refer(update, kComponent, component_id("a"));
  PackageUpdate& recovery = Servicing::update(root, "recovery");
  recovery.condition = UpdateCondition{"staged", {}, {{"revision", component_id("WinRE", 5)}}};
  Servicing::refer(recovery, kComponent, component_id("WinRE", 5));
  set.package(id("Client-Part")).parents = {parent_of(id("Client-Edition"))};
  set.package(id("Root", 1, "de-DE"));
  set.package(id("Root", 1, "fr-FR"));
  ComponentDependency resources{component_id("a.Resources", 1, "*")};
  resources.resources = true;
  set.component(component_id("a"), {resources});
  set.component(component_id("a.Resources", 1, "de-DE"));
  set.component(component_id("a.Resources", 1, "fr-FR"));
  set.component(component_id("WinRE", 5));

  ServicingRequest request = asks_for({"Root"});
  request.languages = {"de-de"};
  EXPECT_EQ(set.close(request),
            "package Root 1 de-DE\npackage Root 1\ncomponent a 1\ncomponent a.Resources 1 de-DE\n"
            "skipped Client-Part 1: Root (Root.mum:11)\n"
            "  needs Client-Edition build at least 19041: it is not there\n");
  request.languages = {};
  request.base = {component_id("WinRE", 4), id("Client-Edition")};
  EXPECT_EQ(set.close(request), "package Client-Part 1\npackage Root 1\ncomponent WinRE 5\ncomponent a 1\n");
}

TEST(ServicingClosure, PrerequisitesAdmitAndDoNotPullIn) {
  Servicing set;
  PackageUpdate& update = Servicing::update(set.package(id("Root")), "u");
  for (const char* name : {"a", "c"}) Servicing::refer(update, kComponent, component_id(name));
  ComponentDependency gate{component_id("b")};
  gate.type = DependencyType::prerequisite;
  ComponentDependency after{component_id("a")};
  after.type = DependencyType::prerequisite;
  ComponentDependency any{component_id("x.Resources", 1, "*"), DependencyType::prerequisite, true};
  set.component(component_id("a"), {gate, {component_id("d")}});
  set.component(component_id("b"));
  set.component(component_id("c"), {after, any});
  set.component(component_id("d"));
  EXPECT_EQ(set.close(asks_for({"Root"})),
            "package Root 1\n"
            "dropped a 1: a.manifest asks for b 1\n"
            "dropped c 1: c.manifest asks for a 1\n")
      << "what only a dropped component wanted goes with it";
  ServicingRequest request = asks_for({"Root"});
  request.base = {component_id("b")};
  EXPECT_EQ(set.close(request), "package Root 1\ncomponent a 1\ncomponent c 1\ncomponent d 1\n");
}

TEST(ServicingClosure, AChainOfPrerequisitesFallsAtOnce) {
  Servicing set;
  PackageUpdate& update = Servicing::update(set.package(id("Root")), "u");
  constexpr int kLength = 1000;  // seconds when each link takes a walk of its own over the others
  std::string expected = "package Root 1\n";
  for (int i = 0; i < kLength; ++i) {
    ComponentDependency next{component_id("c" + std::to_string(i + 1)), DependencyType::prerequisite};
    set.component(component_id("c" + std::to_string(i)), {next});
    Servicing::refer(update, kComponent, component_id("c" + std::to_string(i)));
  }
  for (int i = kLength; i-- > 0;) {
    const std::string name = "c" + std::to_string(i);
    expected += "dropped " + name + " 1: " + name + ".manifest asks for c" + std::to_string(i + 1) + " 1\n";
  }
  EXPECT_EQ(set.close(asks_for({"Root"})), expected);
}

TEST(ServicingClosure, TheNewestOfAFamilyWins) {
  Servicing set;
  PackageUpdate& update = Servicing::update(set.package(id("Root")), "u");
  for (const auto revision : std::vector<std::uint16_t>{3, 1, 2}) {
    Servicing::refer(update, kComponent, component_id("a", revision));
    set.component(component_id("a", revision));
    Servicing::refer(update, kComponent, id("side", revision));
    set.component(id("side", revision));
  }
  EXPECT_EQ(set.close(asks_for({"Root"})),
            "package Root 1\ncomponent a 3\ncomponent side 1\ncomponent side 2\ncomponent side 3\n"
            "older a 1\nolder a 2\n");
}

// An edition and a role of one component each; a servicing stack; an update that needs it and raises what is there.
class UpdatedSet : public ::testing::Test {
 protected:
  UpdatedSet() {
    add_package("Edition", {component_id("shell")});
    add_package("Role", {component_id("dns")});
    add_package("Stack-5", {component_id("Microsoft-Windows-ServicingStack", 5)}, 5);
    PackageManifest& update = add_package("A-Rollup", {}, 9);
    update.servicing_stack = component_id("Microsoft-Windows-ServicingStack", 5);
    for (const char* name : {"shell", "dns", "print"}) {
      const AssemblyIdentity newer = component_id(name, 9);
      PackageUpdate& raise = Servicing::update(update, name);
      raise.condition = UpdateCondition{"staged", {}, {{"revision", newer}}};
      Servicing::refer(raise, PackageReference::Kind::component, newer);
      set_.component(newer);
    }
  }
  PackageManifest& add_package(const std::string& name, const std::vector<AssemblyIdentity>& components,
                               std::uint16_t revision = 1) {
    for (const AssemblyIdentity& component : components) set_.component(component);
    PackageManifest& package = set_.package(id(name, revision));
    for (const AssemblyIdentity& component : components) {
      Servicing::refer(Servicing::update(package, component.name), PackageReference::Kind::component, component);
    }
    return package;
  }
  [[nodiscard]] std::string close(std::vector<std::string> packages, std::vector<std::string> updates) const {
    ServicingRequest request;
    request.packages = std::move(packages);
    request.updates = std::move(updates);
    return set_.close(request);
  }

  Servicing set_;
};

TEST_F(UpdatedSet, RaisesWhateverHasComeIn) {
  EXPECT_EQ(close({"Edition"}, {"A-Rollup", "Stack-5"}),
            "package A-Rollup 9\npackage Edition 1\npackage Stack-5 5\n"
            "component Microsoft-Windows-ServicingStack 5\ncomponent shell 9\nolder shell 1\n");
  EXPECT_EQ(close({"Edition", "Role"}, {"A-Rollup", "Stack-5"}),
            "package A-Rollup 9\npackage Edition 1\npackage Role 1\npackage Stack-5 5\n"
            "component Microsoft-Windows-ServicingStack 5\ncomponent dns 9\ncomponent shell 9\n"
            "older dns 1\nolder shell 1\n");
}

TEST_F(UpdatedSet, NeedsItsServicingStack) {
  add_package("Old-Stack", {component_id("Microsoft-Windows-ServicingStack", 2)}, 2);
  EXPECT_EQ(close({"Edition", "Old-Stack"}, {"A-Rollup"}),
            "A-Rollup.mum: cannot install A-Rollup 10.0.19041.9 amd64: it needs servicing stack 10.0.19041.5 or later\n"
            "  note: the image has 10.0.19041.2");
  EXPECT_EQ(close({"Edition", "Old-Stack"}, {"A-Rollup", "Stack-5"}),
            "package A-Rollup 9\npackage Edition 1\npackage Old-Stack 2\npackage Stack-5 5\n"
            "component Microsoft-Windows-ServicingStack 5\ncomponent shell 9\n"
            "older Microsoft-Windows-ServicingStack 2\nolder shell 1\n");
  EXPECT_EQ(close({"Edition"}, {"A-Rollup"}),
            "package A-Rollup 9\npackage Edition 1\ncomponent shell 9\nolder shell 1\nunchecked A-Rollup 9\n");
}

TEST(ServicingClosure, PackagesThatContainOneAnotherAreALoop) {
  Servicing set;
  Servicing::refer(Servicing::update(set.package(id("A")), "u"), kPackage, id("B"));
  Servicing::refer(Servicing::update(set.package(id("B")), "u"), kPackage, id("C"));
  Servicing::refer(Servicing::update(set.package(id("C")), "u"), kPackage, id("B"));
  EXPECT_EQ(set.close(asks_for({"A"})),
            "B.mum: cannot install B 10.0.19041.1 amd64: it contains itself\n  note: B -> C -> B");
}

TEST(ServicingClosure, OneIdentityWithTwoManifestsIsRefused) {
  Servicing set;
  set.component(component_id("a"));
  set.component(component_id("a"), {{component_id("b")}});
  EXPECT_EQ(set.close(asks_for({})),
            "cannot use a.manifest: another manifest has the identity a 10.0.19041.1 amd64\n"
            "  note: the other is a.manifest");
}

// servicing.md 6: 37 packages close, 11 are missing. The manifests of its components were rendered from other builds
// than the references: exactly nothing of them closes, of any version 40 do and 53 are missing.
TEST(ServicingClosure, NanoServer19041) {
  const auto folder = std::filesystem::path(WINNOW_SOURCE_DIR).parent_path() / "shared/data/nanoserver-19041";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "nanoserver-19041 is not here";
  TrustPolicy trust;
  trust.allow_unsigned = true;
  const auto opened = open_media(folder, {});
  ASSERT_TRUE(opened) << to_string(opened.error());
  MediaReport media = examine_media(*opened, {}, trust);
  std::vector<ServicedPackage> packages;
  for (MediaPackage& package : media.packages) packages.push_back({std::move(package.manifest), package.file});
  std::vector<ServicedComponent> components;
  for (MediaComponent& row : media.components) components.push_back({std::move(row.manifest), row.file});
  const auto repository = ServicingRepository::of(std::move(packages), std::move(components));
  ASSERT_TRUE(repository) << to_string(repository.error());
  ServicingRequest request = asks_for({"Microsoft-Windows-ServerDatacenterNanoEdition"});
  const auto count = [](const ServicingClosure& closure, bool of_packages) {
    return std::count_if(closure.missing.begin(), closure.missing.end(),
                         [&](const MissingReference& row) { return (row.kind == kPackage) == of_packages; });
  };

  const auto exact = close_servicing(*repository, request);
  ASSERT_TRUE(exact) << to_string(exact.error());
  EXPECT_EQ(exact->packages.size(), 37u);
  EXPECT_EQ(count(*exact, true), 11);
  EXPECT_EQ(exact->components.size(), 0u);
  EXPECT_EQ(count(*exact, false), 31);
  const auto other = std::find_if(exact->missing.begin(), exact->missing.end(), [](const MissingReference& row) {
    return row.wanted.name == "Microsoft-OneCore-ReverseForwarders-Deployment";
  });
  ASSERT_NE(other, exact->missing.end());
  EXPECT_EQ(to_string(other->wanted.version), "10.0.19041.1");
  ASSERT_EQ(other->found.size(), 1u);
  EXPECT_EQ(to_string(other->found[0]), "10.0.19041.388");

  request.any_version = true;
  const auto any = close_servicing(*repository, request);
  ASSERT_TRUE(any) << to_string(any.error());
  EXPECT_EQ(any->packages.size(), 37u);
  EXPECT_EQ(count(*any, true), 11);
  EXPECT_EQ(any->components.size() + any->losers.size(), 40u);
  EXPECT_EQ(count(*any, false), 53);
  EXPECT_EQ(any->other_versions, 30u);
  for (const MissingReference& row : any->missing) EXPECT_FALSE(row.askers.empty()) << row.wanted.name;
}

}  // namespace
}  // namespace winnow
