// The stored report: what is written is read back, and every bad report is refused with its place.
#include "size_analyzer/facts_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/facts_builder.hpp"

namespace winnow {
namespace {

using testing::FactsBuilder;

ImageFacts sample() {
  FactsBuilder builder;
  builder.component("base", "Wine-a.dll").component("base", "Wine-b.dll", "8.0").app("shop");
  builder.needs("shop", "Wine-a.dll", "import", "imports a.dll").needs("Wine-a.dll", "Wine-b.dll");
  FileFacts file;
  file.path = "Windows/System32/a.dll";
  file.kind = ByteKind::library;
  file.language = "en-US";
  file.architecture = "amd64";
  file.layer = 1;
  file.digest = std::string(64, 'a');
  file.content = 0;
  file.is_shadowed = true;
  file.sizes = {1000, 4096, 512};
  file.parts = {{ByteKind::signature, kNobody, "Authenticode", {100, 0, 50}}};
  builder.file_facts(file, "Wine-a.dll");
  builder.file("app/shop.exe", "shop", {10, 0, 9}, ByteKind::executable).file("stray", "", {1, 2, 3});
  builder.overhead(ByteKind::container_format, "index.json", {0, 0, 77}).count("files", 3).count("registry keys", 0);
  ImageFacts& facts = builder.facts();
  facts.tag = "shop:1";
  facts.os_version = "10.0.20348.1";
  facts.time = 1'700'000'000;
  facts.architecture = "amd64";
  facts.allocated_is_measured = true;
  facts.cluster_size = 512;
  facts.manifest_digest = "sha256:ab";
  facts.requests = {"app shop 1.0", "role base"};
  facts.feeds = {{"open", "8.0", "sha256:cd"}};
  facts.layers = {{"sha256:01", 500, 600}, {"sha256:02", 50, 60}};
  facts.services = {{"Dnscache", "automatic", false, true, "Windows/System32/a.dll", 2},
                    {"disk", "boot", true, false, "", 0}};
  facts.choices = {{"provider of api-ms-win-x", "Wine-a.dll", {"Wine-b.dll"}}};
  facts.warnings = {"app/odd.dll: it is no PE file"};
  return builder.build();
}

std::string error_of(const std::string& text) {
  const auto facts = parse_facts(text, "old.json");
  return facts ? "" : to_string(facts.error());
}

// The sample with one member changed, as text.
template <class Change>
std::string changed(const Change& change) {
  Json json = to_json(sample());
  change(json);
  return json.dump();
}

TEST(FactsJson, IsReadBackAsItWas) {
  const ImageFacts facts = sample();
  const auto back = parse_facts(print_facts(facts), "a.json");
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_EQ(*back, facts);
  EXPECT_EQ(print_facts(*back), print_facts(facts));
  EXPECT_EQ(Json::parse(print_facts(facts)), to_json(facts));
}

TEST(FactsJson, HasOneLineForAFileAndNothingThatIsEmpty) {
  FactsBuilder builder;
  builder.component("base", "a").file("Windows/a.dll", "a", {1, 2, 3}, ByteKind::library);
  EXPECT_EQ(print_facts(builder.build()), R"({
 "schema": "winnow-facts-1",
 "name": "test.tar",
 "format": "container image",
 "allocatedIsMeasured": false,
 "clusterSize": 4096,
 "total": [
  1,
  2,
  3
 ],
 "owners": [
  {"kind":"nobody","basis":"none","name":"unclaimed"},
  {"kind":"component","basis":"provenance","name":"a","version":"1.0","package":"base","architecture":"amd64"}
 ],
 "files": [
  {"path":"Windows/a.dll","kind":"library","owner":1,"sizes":[1,2,3]}
 ]
}
)");
}

TEST(FactsJson, IsRecognisedByItsStart) {
  EXPECT_TRUE(looks_like_facts(print_facts(sample()).substr(0, 512)));
  EXPECT_TRUE(looks_like_facts(" {\"schema\":\"winnow-facts-2\""));
  EXPECT_FALSE(looks_like_facts("{\"schema\":\"winnow-size-1\"}"));
  EXPECT_FALSE(looks_like_facts("MZ winnow-facts-1"));
  EXPECT_FALSE(looks_like_facts(""));
}

TEST(FactsJson, AnotherVersionIsRefusedByName) {
  EXPECT_EQ(error_of(changed([](Json& json) { json["schema"] = "winnow-facts-2"; })),
            "cannot read report old.json: its schema is \"winnow-facts-2\", this winnow reads \"winnow-facts-1\"");
}

TEST(FactsJson, EveryFaultHasItsPlace) {
  const std::string start = "cannot read report old.json: ";
  EXPECT_EQ(error_of("{"), start + "it is no JSON at byte 2");
  EXPECT_EQ(error_of("[]"), start + "it is no object");
  EXPECT_EQ(error_of(changed([](Json& json) { json.erase("total"); })), start + "it has no \"total\"");
  EXPECT_EQ(error_of(changed([](Json& json) { json["extra"] = 1; })), start + "it has an unknown member \"extra\"");
  EXPECT_EQ(error_of(changed([](Json& json) { json["files"] = 1; })), start + "files is no list");
  EXPECT_EQ(error_of(changed([](Json& json) { json["files"][2]["sizes"][1] = -1; })),
            start + "files[2].sizes is no list of three sizes");
  EXPECT_EQ(error_of(changed([](Json& json) { json["files"][0]["kind"] = "poem"; })),
            start + "files[0].kind is \"poem\", which this winnow does not know");
  EXPECT_EQ(error_of(changed([](Json& json) { json["files"][0].erase("path"); })), start + "files[0] has no \"path\"");
  EXPECT_EQ(error_of(changed([](Json& json) { json["files"][0]["layer"] = 4'294'967'296; })),
            start + "files[0].layer is no number from 0 to 4294967295");
  EXPECT_EQ(error_of(changed([](Json& json) { json["owners"][1]["needs"][0]["to"] = "x"; })),
            start + "owners[1].needs[0].to is no number from 0 to 4294967295");
  EXPECT_EQ(error_of(changed([](Json& json) { json["owners"][1]["requested"] = 1; })),
            start + "owners[1].requested is neither true nor false");
  EXPECT_EQ(error_of(changed([](Json& json) { json["requests"][0] = 1; })), start + "requests[0] is no text");
  EXPECT_EQ(error_of(changed([](Json& json) { json["counts"][0] = 1; })), start + "counts[0] is no object");
}

TEST(FactsJson, FactsThatDoNotAddUpAreRefused) {
  const std::string start = "cannot read report old.json: cannot trust the facts of test.tar: ";
  EXPECT_EQ(error_of(changed([](Json& json) { json["total"][2] = 1; })),
            start + "its files and overheads have 601 stored bytes, its total is 1");
  EXPECT_EQ(error_of(changed([](Json& json) { json["files"][0]["owner"] = 99; })),
            start + "file \"Windows/System32/a.dll\" has an owner that is not there");
  EXPECT_EQ(error_of(changed([](Json& json) { json["files"][0]["parts"][0]["sizes"][0] = 1001; })),
            start + "the parts of file \"Windows/System32/a.dll\" are larger than it");
  EXPECT_EQ(error_of(changed([](Json& json) { json["files"][0]["sizes"][0] = ~std::uint64_t{0}; })),
            start + "its files and overheads have more bytes than can be counted");
  EXPECT_EQ(error_of(changed([](Json& json) { std::swap(json["files"][0], json["files"][1]); })),
            start + "file \"Windows/System32/a.dll\" is out of order");
  EXPECT_EQ(error_of(changed([](Json& json) { json["owners"].erase(0); })), start + "its first owner is not nobody");
  EXPECT_EQ(error_of(changed([](Json& json) { json["files"][0]["layer"] = 2; })),
            start + "file \"Windows/System32/a.dll\" has a layer that is not there");
}

}  // namespace
}  // namespace winnow
