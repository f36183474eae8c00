#include "manifest/registry_text.hpp"

#include <gtest/gtest.h>

#include "manifest_testing.hpp"

namespace winnow {
namespace {

using testing::error_of;

std::string hex_of(std::string_view type, std::string_view value) {
  const auto data = parse_registry_text(type, value);
  return data ? std::to_string(data->type) + ":" + to_hex(data->data) : error_of(data);
}

// servicing.md 4.5, row by row.
TEST(RegistryText, ReadsEveryForm) {
  EXPECT_EQ(hex_of("REG_SZ", "aé"), "1:6100e9000000");
  EXPECT_EQ(hex_of("REG_EXPAND_SZ", ""), "2:0000");
  EXPECT_EQ(hex_of("REG_DWORD", "0x0000002A"), "4:2a000000");
  EXPECT_EQ(hex_of("REG_DWORD", "0XffffFFFF"), "4:ffffffff");
  EXPECT_EQ(hex_of("REG_DWORD", "42"), "4:2a000000");
  EXPECT_EQ(hex_of("REG_DWORD", "4294967295"), "4:ffffffff");
  EXPECT_EQ(hex_of("REG_DWORD", "-1"), "4:ffffffff");
  EXPECT_EQ(hex_of("REG_QWORD", "0000004001000000"), "11:0000004001000000");
  EXPECT_EQ(hex_of("REG_QWORD", "0x140000000"), "11:0000004001000000");
  EXPECT_EQ(hex_of("REG_QWORD", "5"), "11:0500000000000000");
  EXPECT_EQ(hex_of("REG_MULTI_SZ", "\"a\", \"b\\\"\"c\""), "7:6100000062005c002200630000000000");
  EXPECT_EQ(hex_of("REG_MULTI_SZ", "word"),
            "7:77006f0072006400"
            "00000000");
  EXPECT_EQ(hex_of("REG_MULTI_SZ", ""), "7:0000");
  EXPECT_EQ(hex_of("REG_BINARY", "00fF"), "3:00ff");
  EXPECT_EQ(hex_of("REG_NONE", ""), "0:");
  EXPECT_EQ(hex_of("REG_RESOURCE_REQUIREMENTS_LIST", "01"), "10:01");
  EXPECT_EQ(hex_of("FFFF0012", "01"), "4294901778:01");
  EXPECT_EQ(hex_of("00000001", "61"), "1:61");
}

TEST(RegistryText, RefusesOtherForms) {
  EXPECT_EQ(hex_of("REG_DWROD", "1"),
            "cannot read valueType \"REG_DWROD\": it is neither the name of a registry type nor eight hex digits\n"
            "  note: did you mean \"REG_DWORD\"?");
  EXPECT_EQ(hex_of("0000001", "00"),
            "cannot read valueType \"0000001\": it is neither the name of a registry type nor eight hex digits");
  for (const char* value : {"", "0x", "0x100000000", "4294967296", "-2147483649", "1x", " 1", "0x-1", "--1"}) {
    EXPECT_EQ(hex_of("REG_DWORD", value),
              "cannot read REG_DWORD value \"" + std::string(value) + "\": it has not the form of its type");
  }
  for (const char* value : {"", "000000400100000g", "0x10000000000000000", "-1"}) {
    EXPECT_EQ(hex_of("REG_QWORD", value),
              "cannot read REG_QWORD value \"" + std::string(value) + "\": it has not the form of its type");
  }
  for (const char* value : {"\"a", "\"a\" \"b\"", "\"a\",", "\"a\",b", "\"a\"b"}) {
    EXPECT_EQ(hex_of("REG_MULTI_SZ", value),
              "cannot read REG_MULTI_SZ value \"" + std::string(value) + "\": it has not the form of its type");
  }
  EXPECT_EQ(hex_of("REG_BINARY", "123"), "cannot read REG_BINARY value \"123\": it has not the form of its type");
}

TEST(RegistryText, PrintsEveryDataSoThatItReadsBack) {
  for (const ComponentRegistryValue& value : testing::all_registry_values()) {
    const RegistryData data{value.type, value.data};
    const RegistryText text = print_registry_text(data);
    const auto back = parse_registry_text(text.value_type, text.value);
    ASSERT_TRUE(back) << error_of(back);
    EXPECT_EQ(*back, data) << value.name;
    EXPECT_EQ(print_registry_text(*back), text) << value.name;
  }
}

TEST(RegistryText, PrintsWhatAPersonWouldWrite) {
  EXPECT_EQ(print_registry_text({4, {0x2a, 0, 0, 0}}), (RegistryText{"REG_DWORD", "0x0000002a"}));
  EXPECT_EQ(print_registry_text({7, testing::utf16_data(std::string_view("a\0b\"\0", 5))}),
            (RegistryText{"REG_MULTI_SZ", "\"a\",\"b\"\"\""}));
  EXPECT_EQ(print_registry_text({1, {0x61, 0}}), (RegistryText{"00000001", "6100"}));
}

}  // namespace
}  // namespace winnow
