// Who made an image grow, rule by rule.
#include "size_analyzer/blame.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/facts_builder.hpp"

namespace winnow {
namespace {

using ::testing::ElementsAre;
using testing::FactsBuilder;

constexpr Sizes kSmall{10, 4096, 5};
constexpr Sizes kLarge{20, 4096, 9};

std::vector<std::string> causes(const FactsBuilder& before, const FactsBuilder& after) {
  const ImageFacts old_facts = before.build();
  const ImageFacts new_facts = after.build();
  const auto diff = diff_facts(old_facts, new_facts);
  EXPECT_TRUE(diff) << to_string(diff.error());
  std::vector<std::string> lines;
  for (const CauseRow& row : sum_causes(*diff, blame(old_facts, new_facts, *diff))) {
    lines.push_back(std::string(to_string(row.why.cause)) + ": " + row.why.subject + ": " + row.why.reason + ": " +
                    std::to_string(row.change.logical));
  }
  return lines;
}

// An app with one component that it needs, as winnow composes it.
FactsBuilder shop() {
  FactsBuilder image;
  image.facts().requests = {"app shop 1.0"};
  image.facts().feeds = {{"open", "8.0", "sha256:aaaa"}};
  image.app("shop").file("app/shop.exe", "shop", kSmall);
  image.component("base", "Wine-a.dll").file("a.dll", "Wine-a.dll", kSmall);
  image.needs("shop", "Wine-a.dll", "import", "shop.exe imports a.dll");
  return image;
}

FactsBuilder foreign(const std::string& version) {
  FactsBuilder image;
  image.owner(
      {OwnerType::component, OwnerBasis::component_store, "Microsoft-Foo", version, "", "amd64", "", false, {}});
  return image;
}

TEST(Blame, TheAppsOwnFilesAreTheManifests) {
  FactsBuilder before = shop();
  FactsBuilder after = shop();
  after.file("app/icon.png", "shop", kSmall);
  EXPECT_THAT(causes(before, after), ElementsAre("your manifest: app shop: the app's own files changed: 10"));
}

TEST(Blame, ANewRequestIsTheManifests) {
  FactsBuilder after = shop();
  after.facts().requests = {"app shop 1.0", "role shell-ui"};
  OwnerFacts shell{
      OwnerType::component, OwnerBasis::provenance, "Wine-shell32.dll", "1.0", "shell-ui", "", "", true, {}};
  after.owner(shell).file("shell32.dll", "Wine-shell32.dll", kLarge);
  after.component("graphics", "Wine-gdi32.dll").file("gdi32.dll", "Wine-gdi32.dll", kSmall);
  after.needs("Wine-shell32.dll", "Wine-gdi32.dll", "import", "shell32.dll imports gdi32.dll");
  EXPECT_THAT(
      causes(shop(), after),
      ElementsAre("your manifest: component Wine-gdi32.dll: comes with component Wine-shell32.dll: shell32.dll imports "
                  "gdi32.dll: 10",
                  "your manifest: component Wine-shell32.dll: new request: role shell-ui: 20"));
  EXPECT_THAT(
      causes(after, shop()),
      ElementsAre("your manifest: component Wine-gdi32.dll: goes with component Wine-shell32.dll: shell32.dll imports "
                  "gdi32.dll: -10",
                  "your manifest: component Wine-shell32.dll: request gone: role shell-ui: -20"));
}

TEST(Blame, WhatTheAppNeedsNowIsTheManifests) {
  FactsBuilder after = shop();
  after.component("base", "Wine-b.dll").file("b.dll", "Wine-b.dll", kSmall);
  after.needs("shop", "Wine-b.dll", "import", "shop.exe imports b.dll");
  EXPECT_THAT(causes(shop(), after),
              ElementsAre("your manifest: component Wine-b.dll: app shop needs it now: shop.exe imports b.dll: 10"));
}

TEST(Blame, WhatAComponentNeedsNowIsAnEdge) {
  FactsBuilder after = shop();
  after.facts().owners.back().version = "9.0";
  after.component("base", "Wine-b.dll").file("b.dll", "Wine-b.dll", kSmall);
  after.needs("Wine-a.dll", "Wine-b.dll", "import", "a.dll imports b.dll");
  EXPECT_THAT(
      causes(shop(), after),
      ElementsAre("new dependency: component Wine-b.dll: component Wine-a.dll needs it now: a.dll imports b.dll "
                  "(version 1.0 -> 9.0): 10"));
}

TEST(Blame, AVersionThatMoved) {
  FactsBuilder after;
  after.app("shop").file("app/shop.exe", "shop", kSmall);
  after.component("base", "Wine-a.dll", "9.0").file("a.dll", "Wine-a.dll", kLarge);
  EXPECT_THAT(causes(shop(), after), ElementsAre("version moved: component Wine-a.dll: version 1.0 -> 9.0: 10"));
  FactsBuilder old_update = foreign("10.0.1");
  FactsBuilder new_update = foreign("10.0.2");
  old_update.file("WinSxS/foo_10.0.1/foo.dll", "Microsoft-Foo", kSmall);
  new_update.file("WinSxS/foo_10.0.2/foo.dll", "Microsoft-Foo", kLarge);
  EXPECT_THAT(causes(old_update, new_update),
              ElementsAre("version moved: component Microsoft-Foo: version 10.0.1 -> 10.0.2: 10"));
}

TEST(Blame, TheFeedWhenTheVersionIsTheSame) {
  FactsBuilder after;
  after.facts().feeds = {{"open", "8.0", "sha256:bbbb"}};
  after.app("shop").file("app/shop.exe", "shop", kSmall);
  after.component("base", "Wine-a.dll").file("a.dll", "Wine-a.dll", kLarge);
  EXPECT_THAT(causes(shop(), after),
              ElementsAre("feed: component Wine-a.dll: same version, other bytes: open 8.0 (sha256:aaaa) -> open 8.0 "
                          "(sha256:bbbb): 10"));
}

TEST(Blame, AChoiceThatFlipped) {
  FactsBuilder before = shop();
  before.facts().choices = {{"provider of msxml", "Wine-msxml3.dll", {"Wine-msxml6.dll"}}};
  before.component("xml", "Wine-msxml3.dll").file("msxml3.dll", "Wine-msxml3.dll", kSmall);
  FactsBuilder after = shop();
  after.facts().choices = {{"provider of msxml", "Wine-msxml6.dll", {"Wine-msxml3.dll"}}};
  after.component("xml", "Wine-msxml6.dll").file("msxml6.dll", "Wine-msxml6.dll", kLarge);
  EXPECT_THAT(causes(before, after),
              ElementsAre("choice flipped: component Wine-msxml3.dll: provider of msxml: Wine-msxml3.dll -> "
                          "Wine-msxml6.dll: -10",
                          "choice flipped: component Wine-msxml6.dll: provider of msxml: Wine-msxml3.dll -> "
                          "Wine-msxml6.dll: 20"));
}

TEST(Blame, TheSameNeedMetByAnotherIsAChoice) {
  FactsBuilder before = shop();
  before.component("xml", "Wine-x3.dll").file("x3.dll", "Wine-x3.dll", kSmall);
  before.needs("shop", "Wine-x3.dll", "import", "shop.exe imports api-ms-x");
  FactsBuilder after = shop();
  after.component("xml", "Wine-x6.dll").file("x6.dll", "Wine-x6.dll", kLarge);
  after.needs("shop", "Wine-x6.dll", "import", "shop.exe imports api-ms-x");
  EXPECT_THAT(causes(before, after),
              ElementsAre("choice flipped: component Wine-x3.dll: app shop shop.exe imports api-ms-x: Wine-x3.dll -> "
                          "Wine-x6.dll: -10",
                          "choice flipped: component Wine-x6.dll: app shop shop.exe imports api-ms-x: Wine-x3.dll -> "
                          "Wine-x6.dll: 20"));
}

TEST(Blame, SameContentStoredInMoreBytesIsCompression) {
  FileFacts file;
  file.path = "a.txt";
  file.digest = "aa";
  file.sizes = kSmall;
  FactsBuilder before;
  before.file_facts(file, "");
  file.sizes.stored = 6;
  FactsBuilder after;
  after.file_facts(file, "");
  after.overhead(ByteKind::file_table, "tar headers", {0, 0, 512});
  EXPECT_THAT(causes(before, after),
              ElementsAre("file system: tar headers: follows from the number and lengths of files: 0",
                          "compression: file a.txt: same content, stored in more or fewer bytes: 0"));
  file.sizes.allocated = 0;
  FactsBuilder resident;
  resident.file_facts(file, "");
  EXPECT_THAT(causes(before, resident), ElementsAre("file system: file a.txt: same content in other clusters: 0"));
}

TEST(Blame, ALayerBelowOursIsTheBase) {
  const auto image = [](const std::string& digest, const Sizes& sizes) {
    FactsBuilder facts;
    facts.facts().layers = {{digest, 1, 1}, {"sha256:ours", 1, 1}};
    facts.file("Windows/x.dll", "", sizes);
    return facts;
  };
  EXPECT_THAT(causes(image("sha256:january", kSmall), image("sha256:february", kLarge)),
              ElementsAre("base image: file Windows/x.dll: base layer sha256:january -> sha256:february: 10"));
}

TEST(Blame, SaysSoWhenItCannotKnow) {
  FactsBuilder before = foreign("1");
  before.file("foo.dll", "Microsoft-Foo", kSmall);
  FactsBuilder after = foreign("1");
  after.file("foo.dll", "Microsoft-Foo", kLarge);
  after.owner({OwnerType::component, OwnerBasis::version_resource, "Bar", "1", "", "", "", false, {}});
  after.file("bar.dll", "Bar", kSmall);
  after.file("stray.txt", "", kSmall);
  EXPECT_THAT(
      causes(before, after),
      ElementsAre("unknown: component Bar: the image has no provenance: 10",
                  "unknown: component Microsoft-Foo: same version, other bytes: the image has no provenance: 10",
                  "unknown: file stray.txt: nobody claims the file: the image has no provenance: 10"));
}

TEST(Blame, WhatNoRuleExplainsIsInteraction) {
  FactsBuilder after = shop();
  after.component("base", "Wine-c.dll").file("c.dll", "Wine-c.dll", kSmall);
  after.owner({OwnerType::winnow, OwnerBasis::provenance, "winnow", "", "", "", "", false, {}});
  after.file("Windows/winnow/provenance.json", "winnow", kSmall);
  EXPECT_THAT(
      causes(shop(), after),
      ElementsAre("interaction: component Wine-c.dll: no single request, version, need or choice explains it: 10",
                  "interaction: winnow: what winnow writes follows from all else: 10"));
}

TEST(Blame, AnUpdateIsNamed) {
  FactsBuilder after;
  after.owner({OwnerType::component,
               OwnerBasis::component_store,
               "Microsoft-Foo",
               "1",
               "Package_for_KB5001",
               "",
               "",
               false,
               {}});
  after.file("foo.dll", "Microsoft-Foo", kSmall);
  EXPECT_THAT(causes(FactsBuilder(), after),
              ElementsAre("unknown: update Package_for_KB5001: the image has no provenance: 10"));
}

}  // namespace
}  // namespace winnow
