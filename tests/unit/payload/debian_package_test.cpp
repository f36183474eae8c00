#include <gtest/gtest.h>

#include <string>

#include "unit/payload/archive_builder.hpp"
#include "unit/payload/payload_text.hpp"

namespace winnow {
namespace {

using testing::ArchiveBuilder;
using testing::ArchiveFilter;
using testing::ArchiveFormat;

constexpr std::string_view kControl =
    "Package: libwine\nVersion:  8.0~repack-4 \nArchitecture: amd64\nDescription: Windows API\n Version: not this\n";

Bytes control_archive(std::string_view control) {
  return ArchiveBuilder(ArchiveFormat::ustar, ArchiveFilter::xz)
      .directory("./")
      .file("./control", control)
      .file("./md5sums", "")
      .finish();
}

Bytes data_archive() {
  return ArchiveBuilder(ArchiveFormat::ustar, ArchiveFilter::xz)
      .directory("./usr/")
      .file("./usr/lib/wine/b.dll", "b")
      .file("./usr/lib/wine/a.dll", "a")
      .symbolic_link("./usr/lib/wine/c.dll", "/etc/alternatives/c.dll")
      .finish();
}

struct Members {
  std::string version = "2.0\n";
  std::string control_name = "control.tar.xz";
  Bytes control = control_archive(kControl);
  std::string data_name = "data.tar.xz";
  Bytes data = data_archive();
};

Bytes package(const Members& members = {}) {
  ArchiveBuilder builder(ArchiveFormat::ar);
  if (!members.version.empty()) builder.file("debian-binary", members.version);
  if (!members.control_name.empty()) builder.file(members.control_name, as_text(members.control));
  if (!members.data_name.empty()) builder.file(members.data_name, as_text(members.data));
  return builder.finish();
}

std::string unpacked(Bytes bytes) {
  const auto package = unpack_debian_package(testing::share(std::move(bytes)), "a.deb");
  if (!package) return to_string(package.error());
  return package->name + " " + package->version + " " + package->architecture + "\n" +
         testing::text_of(package->entries);
}

const std::string kWhole = "libwine 8.0~repack-4 amd64\nusr/lib/wine/a.dll=a\nusr/lib/wine/b.dll=b\n";

TEST(DebianPackage, IsItsControlFieldsAndItsFilesWithoutLinks) { EXPECT_EQ(unpacked(package()), kWhole); }

TEST(DebianPackage, IsAPayloadToo) {
  const auto directory = TemporaryDirectory::create("winnow-deb").value();
  const auto path = directory.path() / "a.deb";
  ASSERT_TRUE(write_file(path, package()));
  EXPECT_EQ(testing::text_of(load_payload(path, std::nullopt)), "usr/lib/wine/a.dll=a\nusr/lib/wine/b.dll=b\n");
  EXPECT_EQ(testing::text_of(load_debian_package(path)), "usr/lib/wine/a.dll=a\nusr/lib/wine/b.dll=b\n");
}

TEST(DebianPackage, NamesWhatItLacks) {
  EXPECT_EQ(unpacked(package({.version = ""})),
            "cannot unpack a.deb: it is no Debian package: it has no debian-binary member");
  EXPECT_EQ(unpacked(package({.version = "3.0\n"})), "cannot unpack a.deb: its Debian package format is not 2.0");
  EXPECT_EQ(unpacked(package({.control_name = ""})),
            "cannot unpack a.deb: it is no Debian package: it has no control.tar member");
  EXPECT_EQ(unpacked(package({.data_name = ""})),
            "cannot unpack a.deb: it is no Debian package: it has no data.tar member");
  EXPECT_EQ(unpacked(package({.control = control_archive("Package: x\nVersion: 1\n")})),
            "cannot read \"control\" of a.deb (control.tar.xz): it has no field Architecture");
  EXPECT_EQ(unpacked(package({.control = data_archive()})),
            "cannot unpack a.deb (control.tar.xz): it has no file \"control\"");
  EXPECT_EQ(unpacked(package({.control = control_archive(std::string((1 << 20) + 1, 'x'))})),
            "cannot take \"control\" from a.deb (control.tar.xz): it is larger than 1048576 bytes");
}

TEST(DebianPackage, NamesTheArchiveInsideThatIsHostile) {
  const Bytes data = ArchiveBuilder(ArchiveFormat::ustar).file("../x", "").finish();
  EXPECT_EQ(unpacked(package({.data_name = "data.tar", .data = data})),
            "cannot take \"../x\" from a.deb (data.tar): its path has a \"..\" component");
  const Bytes link = ArchiveBuilder(ArchiveFormat::ustar).file("f", "x").hard_link("l", "f").finish();
  EXPECT_EQ(unpacked(package({.data_name = "data.tar", .data = link})),
            "cannot take \"l\" from a.deb (data.tar): it is a hard link");
}

TEST(DebianPackage, TruncatedAtEveryOffset) {
  const Bytes whole = package();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string text = unpacked(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
    EXPECT_TRUE(text.starts_with("cannot ") || text == kWhole) << size << ": " << text;
  }
}

}  // namespace
}  // namespace winnow
