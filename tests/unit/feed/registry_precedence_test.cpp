#include "feed/registry_precedence.hpp"

#include <gtest/gtest.h>

#include "feed/registry_values.hpp"

namespace winnow {
namespace {

ComponentManifest setting(const std::string& path, const std::string& text, bool keep_existing = false) {
  ComponentManifest manifest;
  manifest.registry_keys = {{path, "", {{"v", 1, text_data(text).value(), false, keep_existing, false}}}};
  return manifest;
}

bool yields(const ComponentManifest& manifest) { return manifest.registry_keys[0].values[0].keep_existing; }

TEST(RegistryPrecedence, TheLastSettingCounts) {
  ComponentManifest a = setting("HKEY_CLASSES_ROOT\\x", "1");
  ComponentManifest b = setting("HKEY_LOCAL_MACHINE\\SOFTWARE\\Classes\\X", "2");
  ComponentManifest c = setting("HKEY_CLASSES_ROOT\\x", "3", true);
  const PrecedenceCounts counts = settle_registry({&a, &b, &c});
  EXPECT_EQ(counts.contested_values, 1u);
  EXPECT_EQ(counts.marked, 2u);
  EXPECT_TRUE(yields(a));
  EXPECT_FALSE(yields(b));
  EXPECT_TRUE(yields(c));
}

TEST(RegistryPrecedence, TheFirstCountsWhenAllWouldYield) {
  ComponentManifest a = setting("HKEY_CLASSES_ROOT\\x", "1", true);
  ComponentManifest b = setting("HKEY_CLASSES_ROOT\\x", "2", true);
  settle_registry({&a, &b});
  EXPECT_FALSE(yields(a));
  EXPECT_TRUE(yields(b));
}

TEST(RegistryPrecedence, AgreementIsLeftAlone) {
  ComponentManifest a = setting("HKEY_CLASSES_ROOT\\x", "1", true);
  ComponentManifest b = setting("HKEY_CLASSES_ROOT\\x", "1");
  EXPECT_EQ(settle_registry({&a, &b}).contested_values, 0u);
  EXPECT_TRUE(yields(a));
  EXPECT_FALSE(yields(b));
}

TEST(RegistryPrecedence, ListsThatGrowAreAppendedByAll) {
  ComponentManifest a = setting("HKEY_CLASSES_ROOT\\x", "1");
  ComponentManifest b = setting("HKEY_CLASSES_ROOT\\x", "2");
  b.registry_keys[0].values[0].append = true;
  EXPECT_EQ(settle_registry({&a, &b}).contested_values, 0u);
  EXPECT_TRUE(a.registry_keys[0].values[0].append);
}

}  // namespace
}  // namespace winnow
