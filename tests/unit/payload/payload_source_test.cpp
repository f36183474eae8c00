#include "payload/payload_source.hpp"

#include <gtest/gtest.h>
#include <locale.h>

#include <tuple>

#include "unit/payload/archive_builder.hpp"
#include "unit/payload/payload_text.hpp"

namespace winnow {
namespace {

using testing::ArchiveBuilder;
using testing::ArchiveFilter;
using testing::ArchiveFormat;
using testing::text_of;

class PayloadTest : public ::testing::Test {
 protected:
  std::filesystem::path put(const std::string& name, ByteView bytes) {
    const auto path = directory_.path() / name;
    std::filesystem::create_directories(path.parent_path());
    EXPECT_TRUE(write_file(path, bytes));
    return path;
  }

  TemporaryDirectory directory_ = TemporaryDirectory::create("winnow-payload").value();
};

class PayloadFormatTest : public PayloadTest,
                          public ::testing::WithParamInterface<std::tuple<ArchiveFormat, ArchiveFilter>> {};

TEST_P(PayloadFormatTest, IsOneSortedListOfFiles) {
  const auto [format, filter] = GetParam();
  const std::string large(100'000, 'x');  // more than one block of every reader
  const Bytes archive = ArchiveBuilder(format, filter)
                            .directory("package/")
                            .file("package/z.txt", "last")
                            .file("package/empty", "")
                            .file("./package/large", large)
                            .file("package/a b.txt", "first")
                            .finish();
  const auto path = put("archive", archive);
  const auto payload = load_payload(path, sha256(archive));
  EXPECT_EQ(text_of(payload),
            "package/a b.txt=first\npackage/empty=\npackage/large=" + large + "\npackage/z.txt=last\n");
  EXPECT_EQ(payload->digest, sha256(archive));
}

INSTANTIATE_TEST_SUITE_P(Tar, PayloadFormatTest,
                         ::testing::Combine(::testing::Values(ArchiveFormat::ustar, ArchiveFormat::pax),
                                            ::testing::Values(ArchiveFilter::none, ArchiveFilter::gzip,
                                                              ArchiveFilter::bzip2, ArchiveFilter::xz,
                                                              ArchiveFilter::zstd)),
                         [](const auto& test) {
                           return std::string(testing::name_of(std::get<0>(test.param))) + "_" +
                                  std::string(testing::name_of(std::get<1>(test.param)));
                         });
INSTANTIATE_TEST_SUITE_P(Zip, PayloadFormatTest,
                         ::testing::Combine(::testing::Values(ArchiveFormat::zip, ArchiveFormat::stored_zip),
                                            ::testing::Values(ArchiveFilter::none)),
                         [](const auto& test) { return std::string(testing::name_of(std::get<0>(test.param))); });

TEST_F(PayloadTest, AFolderIsOneSortedListOfFiles) {
  put("app/server.js", as_bytes("serve"));
  put("app/lib/a.js", as_bytes("a"));
  put("app/lib-b.js", as_bytes("b"));
  const auto payload = load_payload(directory_.path() / "app", std::nullopt);
  EXPECT_EQ(text_of(payload), "lib-b.js=b\nlib/a.js=a\nserver.js=serve\n");
  EXPECT_EQ(payload->digest, std::nullopt);
}

TEST_F(PayloadTest, AFolderHasNoDigestToCompare) {
  EXPECT_EQ(text_of(load_payload(directory_.path(), Digest{})),
            "cannot use " + directory_.path().string() + ": it is a folder, which has no SHA-256 to compare");
}

TEST_F(PayloadTest, AFolderHoldsNoLinks) {
  std::filesystem::create_symlink("/etc/passwd", directory_.path() / "link");
  EXPECT_EQ(text_of(load_payload(directory_.path(), std::nullopt)),
            "cannot take " + directory_.path().string() + "/link: it is neither a file nor a folder");
}

TEST_F(PayloadTest, ANameWithBackslashesMeansTheSameInAFolder) {
  put("app/lib\\x.dll", as_bytes("x"));
  EXPECT_EQ(text_of(load_payload(directory_.path() / "app", std::nullopt)), "lib/x.dll=x\n");
  put("app/lib/x.dll", as_bytes("other"));
  EXPECT_EQ(text_of(load_payload(directory_.path() / "app", std::nullopt)),
            "cannot take \"lib/x.dll\" from " + directory_.path().string() + "/app: it occurs twice");
  put("bad/..\\x.dll", as_bytes("x"));
  EXPECT_EQ(text_of(load_payload(directory_.path() / "bad", std::nullopt)),
            "cannot take \"..\\x.dll\" from " + directory_.path().string() + "/bad: its path has a \"..\" component");
}

TEST_F(PayloadTest, WhatIsNotThereOrIsNoArchiveIsNamed) {
  const std::string missing = (directory_.path() / "missing.tgz").string();
  EXPECT_EQ(text_of(load_payload(missing, std::nullopt)), "cannot read " + missing + ": no such file or directory");
  const auto empty = put("empty.tgz", {});
  EXPECT_EQ(text_of(load_payload(empty, std::nullopt)), "cannot unpack " + empty.string() + ": it is empty");
  const auto text = put("text.tgz", as_bytes("this is a text, whatever its name says"));
  EXPECT_EQ(text_of(load_payload(text, std::nullopt)),
            "cannot unpack " + text.string() + ": unrecognized archive format");
}

// Whatever else is wrong with it.
TEST_F(PayloadTest, AWrongDigestIsTheFirstThingSaid) {
  const auto path = put("app.zip", as_bytes("no zip at all"));
  const Digest expected = sha256(as_bytes("the zip that was meant"));
  EXPECT_EQ(text_of(load_payload(path, expected)), "cannot use " + path.string() + ": its SHA-256 is " +
                                                       sha256(as_bytes("no zip at all")).hex() + ", expected " +
                                                       expected.hex());
}

TEST_F(PayloadTest, ThePlainTarStaysInTheMappedFile) {
  const Bytes archive = ArchiveBuilder(ArchiveFormat::ustar).file("a", "hello").finish();
  const SharedBytes shared = testing::share(archive);
  const auto entries = unpack_archive(shared, "a.tar", SymbolicLinks::refused);
  const LoadedContent loaded = entries->front().content.load().value();
  EXPECT_EQ(loaded.bytes().data(), shared.view.data() + 512);
}

// Names are UTF-8 in the archive and stay so, whatever locale the user has (this program runs in "C").
TEST_F(PayloadTest, NamesDoNotDependOnTheLocale) {
  for (const auto format : {ArchiveFormat::ustar, ArchiveFormat::pax, ArchiveFormat::zip}) {
    setlocale(LC_CTYPE, "C.UTF-8");
    const Bytes archive = ArchiveBuilder(format).file("grüße/日本.txt", "x").finish();
    setlocale(LC_CTYPE, "C");
    EXPECT_EQ(testing::unpacked(archive), "grüße/日本.txt=x\n") << testing::name_of(format);
  }
}

}  // namespace
}  // namespace winnow
