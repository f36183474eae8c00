// provenance.json as the composer writes it, and as it must not be.
#include "image_reader/provenance.hpp"

#include <gtest/gtest.h>

namespace winnow {
namespace {

const char* const kWhole = R"({
  "schema": "winnow-provenance-1", "name": "shop", "version": "1.0", "osVersion": "10.0.20348.1",
  "feeds": [{"name": "open", "version": "8.0", "digest": "ab"}],
  "owners": [{"kind": "winnow", "name": "winnow"},
             {"kind": "component", "name": "Wine-ntdll.dll", "version": "8.0.0.0", "role": "base", "reason": "asked for"},
             {"kind": "app", "name": "shop"}],
  "files": [{"path": "Windows/System32/ntdll.dll", "owner": 1, "size": 5, "sha256": "00"}],
  "registry": [{"hive": "SOFTWARE", "owner": 1, "keys": 2, "values": 3, "bytes": 40}]})";

TEST(Provenance, IsReadWhole) {
  const auto provenance = parse_provenance(*parse_json(kWhole, "p"));
  ASSERT_TRUE(provenance) << to_string(provenance.error());
  EXPECT_EQ(provenance->name, "shop");
  EXPECT_EQ(provenance->os_version, "10.0.20348.1");
  ASSERT_EQ(provenance->feeds.size(), 1u);
  EXPECT_EQ(provenance->feeds[0].digest, "ab");
  ASSERT_EQ(provenance->owners.size(), 3u);
  EXPECT_EQ(provenance->owners[1].role, "base");
  EXPECT_EQ(provenance->owners[2].kind, ProvenanceOwner::Kind::app);
  EXPECT_EQ(provenance->files.at(*WindowsPath::parse("windows\\SYSTEM32\\ntdll.dll")), 1u);
  ASSERT_EQ(provenance->registry.size(), 1u);
  EXPECT_EQ(provenance->registry[0].bytes, 40u);
}

std::string error_of(const std::string& text) {
  const auto provenance = parse_provenance(*parse_json(text, "p"));
  return provenance ? "" : provenance.error().faults().front().message;
}

TEST(Provenance, OfAnotherShapeIsOneError) {
  const std::string start = "cannot parse provenance.json: ";
  const std::string schema = R"({"schema":"winnow-provenance-1",)";
  EXPECT_EQ(error_of("[]"), start + "it is no object");
  EXPECT_EQ(error_of(R"({"schema":"2"})"), start + R"(its schema is "2", expected "winnow-provenance-1")");
  EXPECT_EQ(error_of(schema + R"("owners":7})"), start + R"("owners" is no list)");
  EXPECT_EQ(error_of(schema + R"("files":[7]})"), start + R"("files" holds something that is no object)");
  EXPECT_EQ(error_of(schema + R"("owners":[{"kind":"me"}]})"),
            start + R"(an owner is of kind "me", which is none of winnow, component, app)");
  EXPECT_EQ(error_of(schema + R"("files":[{"path":"a","owner":0}]})"), start + "a names no owner of the list");
  EXPECT_EQ(error_of(schema + R"("registry":[{"hive":"SAM","owner":-1}]})"),
            start + "hive SAM names no owner of the list");
  EXPECT_EQ(error_of(schema + R"("owners":[{"kind":"app"}],"files":[{"path":"a","owner":0},{"path":"A","owner":0}]})"),
            start + "A occurs twice");
}

}  // namespace
}  // namespace winnow
