#include "binary/api_set.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/file_system.hpp"
#include "base/json.hpp"
#include "binary/pe_file.hpp"
#include "support/api_set_builder.hpp"
#include "unit/binary/pe_text.hpp"

namespace winnow::testing {
namespace {

namespace fs = std::filesystem;

const std::vector<ApiSetContract> kContracts{
    {"api-ms-win-core-file-l1-2-1", {{"", "kernelbase.dll"}}},
    {"api-ms-win-core-io-l1-1-1", {{"", "Kernel32.dll"}, {"KERNEL32.dll", "kernelbase.dll"}}},
    {"ext-ms-win-nothing-l1-1-0", {{"", ""}}},
    {"ext-ms-win-without-l1-1-0", {}},
};

ApiSetSchema schema(int version) { return *ApiSetSchema::parse(build_api_set_schema(kContracts, version), "test"); }

class EveryVersion : public ::testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(ApiSetSchema, EveryVersion, ::testing::Values(2, 4, 6));

TEST_P(EveryVersion, FindsHosts) {
  const ApiSetSchema map = schema(GetParam());
  EXPECT_EQ(map.host("api-ms-win-core-file-l1-2-1"), "kernelbase.dll");
  EXPECT_EQ(map.host("API-MS-Win-Core-File-L1-2-1.DLL"), "kernelbase.dll");
  EXPECT_EQ(map.host("api-ms-win-core-file-l1-2-9.dll"), "kernelbase.dll") << "the revision is ignored";
  EXPECT_EQ(map.host("api-ms-win-core-file-l1-3-1.dll"), std::nullopt);
  EXPECT_EQ(map.host("kernel32.dll"), std::nullopt);
  EXPECT_EQ(map.host(""), std::nullopt);
  EXPECT_EQ(map.host("api-"), std::nullopt);
}

TEST_P(EveryVersion, ImportersMayHaveAHostOfTheirOwn) {
  const ApiSetSchema map = schema(GetParam());
  EXPECT_EQ(map.host("api-ms-win-core-io-l1-1-1.dll"), "kernel32.dll");
  EXPECT_EQ(map.host("api-ms-win-core-io-l1-1-1.dll", "app.exe"), "kernel32.dll");
  EXPECT_EQ(map.host("api-ms-win-core-io-l1-1-1.dll", "Kernel32.DLL"), "kernelbase.dll");
}

TEST_P(EveryVersion, AContractMayHaveNoHost) {
  const ApiSetSchema map = schema(GetParam());
  for (const char* name : {"ext-ms-win-nothing-l1-1-0.dll", "ext-ms-win-without-l1-1-0.dll"}) {
    EXPECT_TRUE(map.has_contract(name));
    EXPECT_EQ(map.host(name), std::nullopt);
  }
  EXPECT_FALSE(map.has_contract("ext-ms-win-else-l1-1-0.dll"));
}

TEST(ApiSetSchema, ListsContracts) {
  EXPECT_EQ(schema(6).contracts(),
            (std::map<std::string, std::string>{{"api-ms-win-core-file-l1-2-1", "kernelbase.dll"},
                                                {"api-ms-win-core-io-l1-1-1", "kernel32.dll"},
                                                {"ext-ms-win-nothing-l1-1-0", ""},
                                                {"ext-ms-win-without-l1-1-0", ""}}));
  EXPECT_EQ(schema(2).contracts().begin()->first, "api-ms-win-core-file-l1-2-1");
  EXPECT_TRUE(ApiSetSchema().contracts().empty());
}

TEST(ApiSetSchema, KnowsContractNames) {
  EXPECT_TRUE(ApiSetSchema::is_contract_name("api-ms-win-core-file-l1-2-1.dll"));
  EXPECT_TRUE(ApiSetSchema::is_contract_name("EXT-MS-x"));
  EXPECT_FALSE(ApiSetSchema::is_contract_name("apisetschema.dll"));
  EXPECT_FALSE(ApiSetSchema::is_contract_name("ext"));
  EXPECT_FALSE(ApiSetSchema::is_contract_name(""));
}

TEST(ApiSetSchema, SaysWhatIsBroken) {
  const auto message = [](const Bytes& bytes) { return error_text(ApiSetSchema::parse(bytes, "test")); };
  EXPECT_EQ(message({}), "cannot read API-set schema test: a field lies outside the section (offset 0)");
  EXPECT_EQ(message({3, 0, 0, 0}), "cannot read API-set schema test: version 3 is not 2, 4 or 6");
  Bytes bytes = build_api_set_schema(kContracts);
  ByteWriter(bytes).put_le32_at(12, 0xffffffff);
  EXPECT_EQ(message(bytes), "cannot read API-set schema test: it has more than 16384 contracts");
  bytes = build_api_set_schema(kContracts);
  ByteWriter(bytes).put_le32_at(28 + 4, 0xfffffffe);
  EXPECT_EQ(message(bytes),
            "cannot read API-set schema test: a name lies outside the section or is too long (offset 4294967294)");
  bytes = build_api_set_schema(kContracts);
  ByteWriter(bytes).put_le32_at(28 + 20, 65);
  EXPECT_EQ(message(bytes),
            "cannot read API-set schema test: contract api-ms-win-core-file-l1-2-1 has more than 64 hosts");
}

TEST(ApiSetSchema, EveryTruncationIsAnError) {
  for (const int version : {2, 4, 6}) {
    const Bytes whole = build_api_set_schema(kContracts, version);
    // The last texts of a schema may be empty, so what is cut off must be more than padding.
    for (std::size_t size = 0; size + 8 < whole.size(); ++size) {
      const auto result = ApiSetSchema::parse(ByteView(whole).first(size), "test");
      if (result) {
        EXPECT_EQ(result->contracts(), schema(version).contracts()) << version << " cut at " << size;
      }
    }
  }
}

const fs::path kSamples = fs::path(WINNOW_SOURCE_DIR) / "../shared/data/apiset";

ApiSetSchema load_sample(const std::string& name) {
  const auto file = MappedFile::open(kSamples / name);
  const auto pe = PeFile::parse(file->bytes(), name);
  return *ApiSetSchema::parse(*pe->section(".apiset"), name);
}

TEST(ApiSetSchema, ReadsWindowsVersion2) {
  if (!fs::exists(kSamples)) GTEST_SKIP() << "no samples of API-set schemas at " << kSamples;
  const ApiSetSchema map = load_sample("apisetschema.v2.dll");
  EXPECT_EQ(map.host("api-ms-win-advapi32-auth-l1-1-0.dll"), "advapi32.dll");
  EXPECT_EQ(map.contracts().size(), 337);  // 356 entries, 19 of them another revision of one
}

TEST(ApiSetSchema, ReadsWindowsVersion6) {
  if (!fs::exists(kSamples)) GTEST_SKIP() << "no samples of API-set schemas at " << kSamples;
  const ApiSetSchema map = load_sample("apisetschema.v6.dll");
  EXPECT_EQ(map.contracts().size(), 782);
  EXPECT_EQ(map.host("api-ms-win-core-processthreads-l1-1-0.dll"), "kernel32.dll");
  EXPECT_EQ(map.host("api-ms-win-core-processthreads-l1-1-0.dll", "kernel32.dll"), "kernelbase.dll");
}

// The dump is of another build than the DLL; what both have must agree but for what Microsoft moved in between.
TEST(ApiSetSchema, AgreesWithADumpOfTheMap) {
  if (!fs::exists(kSamples)) GTEST_SKIP() << "no samples of API-set schemas at " << kSamples;
  const ApiSetSchema map = load_sample("apisetschema.v6.dll");
  const auto text = read_file(kSamples / "10.0.19041.1-AMD64.json", 1 << 20);
  const auto dump = parse_json(as_text(*text), "dump");
  int shared = 0;
  int same = 0;
  for (const Json& contract : dump->at("namespaces")) {
    const std::string name = contract.at("name");
    if (!map.has_contract(name)) continue;
    ++shared;
    same += map.host(name).value_or("") == contract.at("host").get<std::string>();
  }
  EXPECT_GT(shared, 700);
  EXPECT_GT(same, shared * 9 / 10);
  RecordProperty("shared", shared);
  RecordProperty("same", same);
}

}  // namespace
}  // namespace winnow::testing
