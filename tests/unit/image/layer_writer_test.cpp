#include "image/container/layer_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image/container/layer_check.hpp"
#include "image/container/layer_reader.hpp"
#include "image/image_entries.hpp"
#include "unit/image/image_fixtures.hpp"

namespace winnow {
namespace {

class BytesSink final : public ByteSink {
 public:
  Result<void> write(ByteView more) override {
    bytes.insert(bytes.end(), more.begin(), more.end());
    return {};
  }
  Bytes bytes;
};

Result<Bytes> layer_of(const ImagePlan& plan) {
  WINNOW_TRY(const auto entries, image_entries(plan));
  BytesSink sink;
  WINNOW_CHECK(write_layer(plan, entries, sink));
  return std::move(sink.bytes);
}

std::string names_in(ByteView tar) {
  MemorySource source(tar);
  LayerReader reader(source);
  std::string names;
  for (auto entry = reader.next(); entry && *entry; entry = reader.next()) {
    names += std::string(1, (*entry)->type) + " " + (*entry)->name + "\n";
  }
  return names;
}

TEST(LayerWriter, WritesTheTreeInItsOrderWithTheHives) {
  const Bytes tar = layer_of(test::make_plan()).value();
  EXPECT_EQ(names_in(tar),
            "5 Files\n"
            "5 Files/app\n"
            "0 Files/app/shop.exe\n"
            "5 Files/Windows\n"
            "5 Files/Windows/System32\n"
            "5 Files/Windows/System32/config\n"
            "0 Files/Windows/System32/config/DEFAULT\n"
            "0 Files/Windows/System32/config/SAM\n"
            "0 Files/Windows/System32/config/SECURITY\n"
            "0 Files/Windows/System32/config/SOFTWARE\n"
            "0 Files/Windows/System32/config/SYSTEM\n"
            "0 Files/Windows/System32/kernel32.dll\n");
  std::vector<Violation> violations;
  EXPECT_EQ(check_layer(tar, "layer", violations).entries, 12u);
  EXPECT_TRUE(violations.empty());
}

TEST(LayerWriter, HeadersAreWhatGoWouldWrite) {
  const Bytes tar = layer_of(test::make_plan()).value();
  const ByteView pax = ByteView(tar).first(512);
  EXPECT_STREQ(reinterpret_cast<const char*>(pax.data()), "PaxHeaders.0/Files");
  EXPECT_EQ(as_text(pax.subspan(100, 24)), std::string_view("0000000\0"
                                                            "0000000\0"
                                                            "0000000\0",
                                                            24));
  EXPECT_EQ(as_text(pax.subspan(136, 12)), std::string_view("00000000000\0", 12));
  EXPECT_EQ(as_text(pax.subspan(156, 1)), "x");
  EXPECT_EQ(as_text(pax.subspan(257, 8)), std::string_view("ustar\0"
                                                           "00",
                                                           8));
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(tar.data() + 512)),
            "38 LIBARCHIVE.creationtime=1700000000\n"
            "25 MSWINDOWS.fileattr=16\n"
            "309 MSWINDOWS.rawsd=" +
                to_base64(*parse_sddl(kDirectorySddl)) +
                "\n"
                "20 atime=1700000000\n"
                "20 ctime=1700000000\n");
  const ByteView header = ByteView(tar).subspan(1024, 512);
  EXPECT_STREQ(reinterpret_cast<const char*>(header.data()), "Files");
  EXPECT_EQ(as_text(header.subspan(100, 8)), std::string_view("0040000\0", 8));
  EXPECT_EQ(as_text(header.subspan(136, 12)), std::string_view("14524770400\0", 12));
  EXPECT_EQ(as_text(header.subspan(156, 1)), "5");
}

TEST(LayerWriter, CarriesLongAndForeignNames) {
  ImagePlan plan = test::make_plan();
  const std::string name(200, 'n');
  test::add_file(plan, "app\\" + name, "x");
  test::add_file(plan, "app\\\u00fcber", "y");
  const std::string names = names_in(layer_of(plan).value());
  EXPECT_THAT(names, testing::HasSubstr("0 Files/app/" + name + "\n"));
  EXPECT_THAT(names, testing::HasSubstr("0 Files/app/\u00fcber\n"));
}

TEST(LayerWriter, CarriesTimesThatOctalCannot) {
  ImagePlan plan = test::make_plan();
  plan.tree.at(*WindowsPath::parse("app\\shop.exe")).time = -5;
  const Bytes tar = layer_of(plan).value();
  EXPECT_THAT(std::string(as_text(tar)), testing::HasSubstr("12 mtime=-5\n"));
  std::vector<Violation> violations;
  std::ignore = check_layer(tar, "layer", violations);
  EXPECT_TRUE(violations.empty());
}

TEST(LayerWriter, RefusesWhatThePlanGotWrong) {
  const auto error_of = [](const auto& change) {
    ImagePlan plan = test::make_plan();
    change(plan);
    return to_string(layer_of(plan).error());
  };
  const WindowsPath shop = *WindowsPath::parse("app\\shop.exe");
  EXPECT_EQ(error_of([&](ImagePlan& plan) { plan.tree.erase(*WindowsPath::parse("app")); }),
            "cannot write image entry \"app\\shop.exe\": its folder is not in the plan");
  EXPECT_EQ(error_of([&](ImagePlan& plan) { plan.tree.at(shop).security = 2; }),
            "cannot write layer entry \"app\\shop.exe\": it has security descriptor 2 of 2");
  EXPECT_EQ(error_of([&](ImagePlan& plan) { plan.tree.at(shop).size = 3; }),
            "cannot write layer entry \"app\\shop.exe\": it has 10 bytes, the plan says 3");
  EXPECT_EQ(error_of([&](ImagePlan& plan) { plan.tree.at(shop).content.reset(); }),
            "cannot write layer entry \"app\\shop.exe\": the plan has no content for it");
  EXPECT_EQ(error_of([&](ImagePlan& plan) { test::add_file(plan, "Windows\\System32\\config\\SYSTEM", "x"); }),
            "cannot write image entry \"Windows\\System32\\config\\SYSTEM\": the place belongs to a registry hive");
  EXPECT_THAT(error_of([&](ImagePlan& plan) { plan.tree.at(shop).digest = {}; }),
              testing::AllOf(testing::StartsWith("cannot use "),
                             testing::EndsWith("  note: it is app\\shop.exe in the image")));
}

}  // namespace
}  // namespace winnow
