// The module judged on the installed open userland: the numbers of the measurements it was designed from.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "base/file_system.hpp"
#include "base/parallel.hpp"
#include "binary/api_set.hpp"
#include "binary/pe_file.hpp"
#include "unit/binary/pe_text.hpp"

namespace winnow::testing {
namespace {

namespace fs = std::filesystem;

const fs::path kWine = "/usr/lib/x86_64-linux-gnu/wine/x86_64-windows";
// Another version of Wine has other numbers; these are Debian 12's, libwine 8.0.
constexpr std::size_t kFilesInDebian12 = 694;

struct Counts {
  std::size_t imports = 0;
  std::size_t delay_imports = 0;
  std::size_t exports = 0;
  std::size_t forwarders = 0;
  bool has_version = false;
  std::string error;
};

Counts count(const std::string& name) {
  Counts counts;
  const auto mapped = MappedFile::open(kWine / name);
  const auto file = PeFile::parse(mapped->bytes(), name);
  if (!file) return {.error = to_string(file.error())};
  const auto imports = file->imports();
  const auto delayed = file->delay_imports();
  const auto exports = file->exports();
  const auto version = file->version_info();
  const auto manifest = file->embedded_manifest();
  for (const std::string& text :
       {error_text(imports), error_text(delayed), error_text(exports), error_text(version), error_text(manifest)}) {
    if (text != "no error") return {.error = text};
  }
  if (!file->is_wine_builtin() || file->machine() != Machine::amd64) return {.error = name + " is no Wine module"};
  for (const ExportedSymbol& symbol : *exports) counts.forwarders += symbol.forwarder.empty() ? 0U : 1U;
  counts.imports = imports->size();
  counts.delay_imports = delayed->size();
  counts.exports = exports->size();
  counts.has_version = version->has_value();
  return counts;
}

TEST(WineFeed, HasTheMeasuredTables) {
  if (!fs::exists(kWine)) GTEST_SKIP() << "libwine is not installed at " << kWine;
  const auto files = list_tree(kWine);
  if (files->size() != kFilesInDebian12) GTEST_SKIP() << "libwine is not Debian 12's: " << files->size() << " files";
  std::vector<Counts> counts(files->size());
  parallel_for(files->size(), [&](std::size_t i) { counts[i] = count((*files)[i].path); });
  Counts sum;
  std::size_t with_delay_imports = 0;
  std::size_t with_version = 0;
  for (const Counts& one : counts) {
    EXPECT_EQ(one.error, "");
    sum.imports += one.imports;
    sum.delay_imports += one.delay_imports;
    sum.exports += one.exports;
    sum.forwarders += one.forwarders;
    with_delay_imports += one.delay_imports != 0 ? 1U : 0U;
    with_version += one.has_version ? 1U : 0U;
  }
  EXPECT_EQ(with_delay_imports, 99);
  EXPECT_EQ(sum.delay_imports, 194);
  EXPECT_EQ(sum.imports, 2995);
  EXPECT_EQ(sum.exports, 83'726);
  EXPECT_EQ(sum.forwarders, 9'958);
  EXPECT_EQ(with_version, 234);
}

TEST(WineFeed, HasASchemaOf504Contracts) {
  if (!fs::exists(kWine)) GTEST_SKIP() << "libwine is not installed at " << kWine;
  const auto mapped = MappedFile::open(kWine / "apisetschema.dll");
  const auto file = PeFile::parse(mapped->bytes(), "apisetschema.dll");
  const auto schema = ApiSetSchema::parse(*file->section(".apiset"), "apisetschema.dll");
  ASSERT_TRUE(schema) << to_string(schema.error());
  const auto contracts = schema->contracts();
  EXPECT_EQ(contracts.size(), 504);
  EXPECT_EQ(std::count_if(contracts.begin(), contracts.end(), [](const auto& c) { return c.second.empty(); }), 3);
  EXPECT_EQ(schema->host("api-ms-win-core-synch-l1-2-0.dll"), "kernelbase.dll");
}

}  // namespace
}  // namespace winnow::testing
