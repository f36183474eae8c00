#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>

#include "formats/regf.hpp"
#include "image/hive/hive_reader.hpp"
#include "image/hive/hive_writer.hpp"
#include "image/hive/registry_hives.hpp"
#include "unit/image/image_fixtures.hpp"

namespace winnow {
namespace {

using test::dword;
using test::hive_options;
using test::utf16;

HiveKey key(std::string name) {
  HiveKey result;
  result.name = std::move(name);
  return result;
}

Bytes must_write(const HiveKey& root, const HiveOptions& options = hive_options()) {
  auto hive = write_hive(root, options);
  EXPECT_TRUE(hive) << (hive ? "" : to_string(hive.error()));
  return hive.value_or(Bytes());
}

std::string error_of(const HiveKey& root, const HiveOptions& options = hive_options()) {
  const auto hive = write_hive(root, options);
  return hive ? "written" : to_string(hive.error());
}

std::string parse_error(ByteView bytes) {
  const auto hive = Hive::parse(bytes);
  return hive ? "sound" : to_string(hive.error());
}

// Makes the base block's checksum right again after a test has changed it.
void fix_checksum(Bytes& hive) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < regf::base::kChecksum; i += 4) sum ^= *read_le<std::uint32_t>(hive, i);
  ByteWriter(hive).put_le32_at(regf::base::kChecksum, sum);
}

HiveKey rich_tree() {
  HiveKey root;
  root.values.push_back({"", 1, utf16("default")});
  root.values.push_back({"Small", 4, dword(7)});
  root.values.push_back({"Empty", 3, {}});
  root.values.push_back({"Gr\u00f6\u00dfe", 3, Bytes(5, 1)});
  root.values.push_back({"\u0416", 3, Bytes(16344, 2)});
  Bytes big(40000);
  for (std::size_t i = 0; i < big.size(); ++i) big[i] = static_cast<std::uint8_t>(i * 7 >> 3);
  root.values.push_back({"Big", 3, big});
  root.children = {key("zeta"), key("Alpha"), key("beta"), key("\u0416\u0416")};
  root.children[1].children.push_back(key("inner"));
  root.children[1].children[0].values.push_back({"x", 1, utf16("deep")});
  return root;
}

TEST(HiveWriter, EmptyHiveIs8192Bytes) {
  const Bytes hive = must_write(HiveKey{});
  EXPECT_EQ(hive.size(), 8192u);
  EXPECT_EQ(as_text(ByteView(hive).first(4)), "regf");
  EXPECT_EQ(read_le<std::uint32_t>(hive, regf::base::kMinorVersion), 5u);
  EXPECT_EQ(read_le<std::uint32_t>(hive, regf::base::kRootCell), 0x20u);
  EXPECT_EQ(from_utf16le(ByteView(hive).subspan(regf::base::kFileName, 62)),
            std::string("C:\\Windows\\System32\\config\\TEST"));
  EXPECT_EQ(parse_error(hive), "sound");
}

TEST(HiveWriter, ReadsBackEverything) {
  const HiveKey root = rich_tree();
  const Bytes bytes = must_write(root);
  const auto hive = Hive::parse(bytes);
  ASSERT_TRUE(hive) << to_string(hive.error());
  for (const HiveValue& value : root.values) {
    const auto found = hive->find_value("", value.name);
    ASSERT_TRUE(found) << value.name;
    EXPECT_EQ(found->type, value.type);
    EXPECT_EQ(found->data, value.data) << value.name;
  }
  EXPECT_EQ(to_text(*hive->find_value("ALPHA\\Inner", "X")), "deep");
  EXPECT_EQ(to_dword(*hive->find_value("", "small")), 7u);
  EXPECT_FALSE(hive->find_value("ALPHA\\Other", "X"));
  EXPECT_FALSE(hive->find_value("ALPHA", "X"));
}

TEST(HiveWriter, OldVersionUsesNameHintsAndWholeCells) {
  HiveOptions options = hive_options();
  options.minor_version = 3;
  const Bytes bytes = must_write(rich_tree(), options);
  EXPECT_NE(as_text(bytes).find(std::string("lf\x04\x00", 4)), std::string::npos);
  EXPECT_EQ(as_text(bytes).find(std::string("lh\x04\x00", 4)), std::string::npos);
  const auto hive = Hive::parse(bytes);
  ASSERT_TRUE(hive) << to_string(hive.error());
  EXPECT_EQ(hive->find_value("", "Big")->data, rich_tree().values.back().data);
}

TEST(HiveWriter, OrderOfChildrenChangesNothing) {
  HiveKey root = rich_tree();
  const Bytes expected = must_write(root);
  std::mt19937 random(1);
  for (int i = 0; i < 5; ++i) {
    std::shuffle(root.children.begin(), root.children.end(), random);
    EXPECT_EQ(must_write(root), expected);
  }
}

TEST(HiveWriter, ManySubkeysGetAnIndexRoot) {
  HiveKey root;
  for (int i = 0; i < 1200; ++i) root.children.push_back(key("key" + std::to_string(i)));
  root.children[1199].values.push_back({"v", 4, dword(1199)});
  const Bytes bytes = must_write(root);
  EXPECT_NE(as_text(bytes).find(std::string("ri\x03\x00", 4)), std::string::npos);
  const auto hive = Hive::parse(bytes);
  ASSERT_TRUE(hive) << to_string(hive.error());
  EXPECT_EQ(to_dword(*hive->find_value("KEY1199", "v")), 1199u);
}

TEST(HiveWriter, SharesSecurityDescriptors) {
  HiveOptions options = hive_options();
  options.security_descriptors.push_back(*parse_sddl("O:BAG:SYD:(A;CI;0xF003F;;;BA)"));
  options.security_descriptors.push_back(*parse_sddl("O:BAG:SYD:(A;CI;0x20019;;;BU)"));  // nobody's
  HiveKey root = rich_tree();
  root.children[0].security = 1;
  root.children[2].security = 1;
  const Bytes bytes = must_write(root, options);
  EXPECT_EQ(parse_error(bytes), "sound");
  std::size_t count = 0;
  for (std::size_t i = 4096; i + 6 < bytes.size(); i += 8) count += as_text(ByteView(bytes).subspan(i + 4, 2)) == "sk";
  EXPECT_EQ(count, 2u);
}

TEST(HiveWriter, NamesKeyAndLimit) {
  HiveKey root;
  root.children = {key("Soft"), key("SOFT")};
  EXPECT_EQ(error_of(root),
            "cannot write registry key \"TEST\": it has two subkeys of one name, \"SOFT\" and \"Soft\"");
  root.children = {key(std::string(256, 'a'))};
  EXPECT_EQ(error_of(root), "cannot write registry key \"TEST\\" + std::string(256, 'a') +
                                "\": its name is longer than 255 characters");
  root.children = {key("a")};
  root.children[0].children = {key("\xff")};
  EXPECT_EQ(error_of(root), "cannot write registry key \"TEST\\a\\\xff\": its name is not UTF-8");
  root.children[0].children.clear();
  root.children[0].values = {{"v", 3, Bytes((1 << 20) + 1)}};
  EXPECT_EQ(error_of(root), "cannot write registry value \"TEST\\a\\v\": it has 1048577 bytes, more than 1 MiB");
  root.children[0].values = {{"v", 3, {}}, {"V", 3, {}}};
  EXPECT_EQ(error_of(root), "cannot write registry value \"TEST\\a\\V\": the key has another value of that name");
  root.children[0].values = {{std::string(16384, 'v'), 3, {}}};
  EXPECT_THAT(error_of(root), testing::EndsWith("its name is longer than 16383 characters"));
  root.children[0].values.clear();
  root.children[0].security = 1;
  EXPECT_EQ(error_of(root), "cannot write registry key \"TEST\\a\": it has security descriptor 1 of 1");
}

TEST(HiveWriter, RefusesDeepNesting) {
  HiveKey deep = key("k");
  for (int i = 0; i < 511; ++i) {
    HiveKey parent = key("k");
    parent.children.push_back(std::move(deep));
    deep = std::move(parent);
  }
  HiveKey root;
  root.children.push_back(deep);
  EXPECT_EQ(parse_error(must_write(root)), "sound");
  HiveKey deeper;
  deeper.children.push_back(key("k"));
  deeper.children[0].children.push_back(std::move(deep));
  EXPECT_THAT(error_of(deeper), testing::EndsWith("keys are nested deeper than 512 levels"));
}

TEST(HiveReader, SaysWhatIsWrong) {
  const Bytes good = must_write(rich_tree());
  EXPECT_EQ(parse_error(Bytes()), "cannot read hive: it has 0 bytes, the least is 8192");
  Bytes hive = good;
  hive[0] = 'x';
  EXPECT_EQ(parse_error(hive), "cannot read hive: it does not begin with regf");
  hive = good;
  hive[60] = 1;
  EXPECT_EQ(parse_error(hive), "cannot read hive: its base block has a wrong checksum");
  hive = good;
  hive[regf::base::kSequence2] = 2;
  fix_checksum(hive);
  EXPECT_EQ(parse_error(hive), "cannot read hive: its sequence numbers 1 and 2 differ: a log is not applied");
  hive = good;
  hive[4096 + 8] = 1;
  EXPECT_EQ(parse_error(hive), "cannot read hive: the bin at 0x0 has a wrong header");
  hive = good;
  hive[4096 + 32] = 0xA7;
  EXPECT_EQ(parse_error(hive), "cannot read hive: cell 0x20: its size is wrong");
  hive = good;
  hive[4096 + 32 + 4] = 'x';
  EXPECT_EQ(parse_error(hive), "cannot read hive: cell 0x20: no root key is there");
}

TEST(HiveReader, FindsWrongReferenceCount) {
  Bytes hive = must_write(HiveKey{});
  const std::size_t sk = as_text(hive).find("sk", 4096 + 64);
  hive[sk + regf::sk::kReferences] = 5;
  EXPECT_THAT(parse_error(hive), testing::EndsWith("its security descriptor counts 5 keys, 1 use it"));
}

TEST(HiveReader, TruncationIsAnErrorAtEveryOffset) {
  HiveKey root = rich_tree();
  root.values.pop_back();
  root.values.pop_back();
  const Bytes hive = must_write(root);
  for (std::size_t size = 0; size < hive.size(); ++size) {
    ASSERT_NE(parse_error(ByteView(hive).first(size)), "sound") << size;
  }
}

TEST(HiveReader, SurvivesWildBytes) {
  HiveKey root = rich_tree();
  root.values.pop_back();
  root.values.pop_back();
  const Bytes good = must_write(root);
  for (const std::uint8_t wild : Bytes{0x00, 0x7F, 0x80, 0xFF}) {
    for (std::size_t i = 4096; i < good.size(); ++i) {
      Bytes hive = good;
      hive[i] = wild;
      if (const auto parsed = Hive::parse(hive)) std::ignore = parsed->find_value("ALPHA\\Inner", "X");
    }
  }
}

TEST(RegistryHives, FiveHivesAlwaysAndAUserHiveOnDemand) {
  ImagePlan plan = test::make_plan();
  auto hives = write_registry_hives(plan.registry, plan.created);
  ASSERT_TRUE(hives);
  ASSERT_EQ(hives->size(), 5u);
  for (const HiveFile& hive : *hives) EXPECT_EQ(parse_error(hive.bytes), "sound") << to_string(hive.id);
  EXPECT_EQ((*hives)[1].bytes.size(), 8192u);
  EXPECT_EQ(
      to_text(
          *Hive::parse((*hives)[3].bytes)->find_value("Microsoft\\Windows NT\\CurrentVersion", "CurrentBuildNumber")),
      "20348");
  plan.registry.hives[HiveId::new_user];
  EXPECT_EQ(write_registry_hives(plan.registry, plan.created)->size(), 6u);
  EXPECT_EQ((*write_registry_hives(plan.registry, plan.created))[3].bytes, (*hives)[3].bytes);
}

// Hives that Windows wrote, if they are at hand.
class WindowsHive : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(WindowsHive, IsJudgedRight) {
  const auto [name, verdict] = GetParam();
  const std::filesystem::path file = std::filesystem::path(WINNOW_SOURCE_DIR) / "../shared/data/hives" / name;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) GTEST_SKIP() << "no sample hive " << file;
  const Bytes bytes{std::istreambuf_iterator<char>(stream), {}};
  EXPECT_THAT(parse_error(bytes), testing::StartsWith(verdict));
}

INSTANTIATE_TEST_SUITE_P(Samples, WindowsHive,
                         testing::Values(std::pair("BCD", "sound"), std::pair("minimal", "sound"),
                                         std::pair("BigDataHive", "sound"), std::pair("ManySubkeysHive", "sound"),
                                         std::pair("StringValuesHive", "sound"),
                                         std::pair("BadListHive", "cannot read hive: "),
                                         std::pair("BadSubkeyHive", "cannot read hive: ")),
                         [](const auto& sample) { return std::string(sample.param.first); });

}  // namespace
}  // namespace winnow
