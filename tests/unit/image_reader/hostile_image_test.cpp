// Images that lie: each is one clear error, and no byte of them is trusted.
#include <gtest/gtest.h>

#include "unit/image_reader/image_text.hpp"

namespace winnow {
namespace {

using namespace testing;

std::string error_of_members(const std::vector<TarEntry>& members) {
  TestImage image;
  return read_error(image.write_archive(members));
}

std::string error_of_layer(const std::vector<TarEntry>& entries) {
  return error_of_members(image_members({{make_tar(entries)}}));
}

std::string error_of_documents(const std::string& index, const std::vector<TarEntry>& blobs = {}) {
  std::vector<TarEntry> members = blobs;
  members.push_back({"index.json", index});
  return error_of_members(members);
}

std::string index_of(const std::string& blob) { return R"({"manifests":[)" + descriptor(blob, "x") + "]}"; }

TarEntry blob_of(const std::string& bytes) { return {"blobs/sha256/" + sha256_of(bytes), bytes}; }

TEST(HostileImage, WhatIsNoImage) {
  TestImage image;
  EXPECT_EQ(read_error(image), "cannot read image IMAGE: no such file or directory");
  EXPECT_EQ(read_error(image.write("")), "cannot read image IMAGE: it is no tar archive: unrecognized archive format");
  EXPECT_EQ(read_error(image.write("MZ, a program")),
            "cannot read image IMAGE: it is no tar archive: unrecognized archive format");
  EXPECT_EQ(error_of_members({{"readme", "hello"}}),
            "cannot read image IMAGE: it holds neither index.json nor manifest.json");
  EXPECT_EQ(error_of_members({{"index.json", "{}"}, {"index.json", "{}"}}),
            "cannot read image IMAGE: its member index.json occurs twice");
}

TEST(HostileImage, DocumentsThatLead) {
  EXPECT_EQ(error_of_documents("["), "cannot read image IMAGE: cannot parse index.json: it is no JSON at byte 2");
  EXPECT_EQ(error_of_documents("7"), "cannot read image IMAGE: index.json holds neither an object nor a list");
  EXPECT_EQ(error_of_documents(R"({"manifests":[{"platform":{"os":"linux"}}]})"),
            "cannot read image IMAGE: its index names no image for Windows");
  EXPECT_EQ(error_of_documents(R"({"manifests":[{"digest":"sha256:../../x"}]})"),
            "cannot read image IMAGE: its documents name a blob by \"sha256:../../x\", which is no SHA-256");
  const std::string manifest = R"({"config":7})";
  const std::string name = "blobs/sha256/" + sha256_of(manifest);
  EXPECT_EQ(error_of_documents(index_of(manifest)), "cannot read image IMAGE: it holds no " + name);
  EXPECT_EQ(error_of_documents(index_of(manifest), {{name, "other"}}),
            "cannot read image IMAGE: the SHA-256 of " + name + " is " + sha256_of("other"));
  EXPECT_EQ(error_of_documents(index_of(manifest), {blob_of(manifest)}),
            "cannot read image IMAGE: its documents name a blob by \"\", which is no SHA-256");
}

TEST(HostileImage, ManifestWithoutLayersOrIndexesWithoutEnd) {
  const std::string manifest = R"({"config":)" + descriptor("{}", "x") + "}";
  EXPECT_EQ(error_of_documents(index_of(manifest), {blob_of("{}"), blob_of(manifest)}),
            "cannot read image IMAGE: its manifest has no list of layers");
  std::vector<TarEntry> blobs;
  std::string index = index_of("{}");
  for (int i = 0; i < 5; ++i) {
    blobs.push_back(blob_of(index));
    index = index_of(index);
  }
  EXPECT_EQ(error_of_documents(index, blobs), "cannot read image IMAGE: its indexes are nested too deep");
}

TEST(HostileImage, DockerManifestWithoutItsParts) {
  EXPECT_EQ(error_of_members({{"manifest.json", "{}"}}), "cannot read image IMAGE: its manifest.json names no image");
  EXPECT_EQ(error_of_members({{"manifest.json", "[7]"}}), "cannot read image IMAGE: it holds no config");
  EXPECT_EQ(error_of_members({{"manifest.json", R"([{"Config":"c","Layers":["l"]}])"}, {"c", "{}"}}),
            "cannot read image IMAGE: it holds no l");
}

TEST(HostileImage, LayerEntries) {
  const std::string start = "cannot read image IMAGE: its entry ";
  EXPECT_EQ(error_of_layer({{"Hives/SAM_Delta", "x"}}),
            start + "Hives/SAM_Delta lies outside Files and UtilityVM/Files");
  EXPECT_EQ(error_of_layer({{"/etc/passwd", "x"}}), start + "/etc/passwd lies outside Files and UtilityVM/Files");
  EXPECT_EQ(error_of_layer({{"Files/../etc", "x"}}),
            start + "Files/../etc has a bad name: cannot use path \"../etc\": \"..\" would leave its place");
  EXPECT_EQ(error_of_layer({{"Files/.wh.old", ""}}), start + "Files/.wh.old is a whiteout");
  EXPECT_EQ(error_of_layer({{"Files/a", "1"}, {"Files/A", "2"}}), start + "Files/A occurs twice");
  EXPECT_EQ(error_of_layer({{"Files/link", "", pax::kSymbolicLink, "/etc/passwd", {}}}),
            start + "Files/link is neither a file, a folder nor a hard link");
  EXPECT_EQ(error_of_layer({{"Files/link", "", pax::kHardLink, "Files/later", {}}, {"Files/later", "x"}}),
            start + "Files/link links to Files/later, which comes later or never");
  EXPECT_EQ(error_of_layer({{"Files/Windows/winnow/provenance.json", "{"}}),
            "cannot read image IMAGE: cannot parse Windows/winnow/provenance.json: it is no JSON at byte 2");
}

TEST(HostileImage, EntryThatClaimsToBeHuge) {
  std::string tar = make_tar({{"Files/huge", "x", pax::kFile, "", {{"size", "9999999999999"}}}});
  EXPECT_EQ(error_of_members(image_members({{tar}})),
            "cannot read image IMAGE: its entry Files/huge is larger than 4294967296 bytes");
}

// A gzip stream that ends early is an error wherever it ends.
TEST(HostileImage, LayerCutShort) {
  const std::string blob = pack(make_tar({tar_directory("Files"), {"Files/a", std::string(2000, 'a')}}), Packing::gzip);
  for (std::size_t length = 0; length < blob.size(); ++length) {
    const std::string message = error_of_members(image_members({{blob.substr(0, length)}}));
    EXPECT_TRUE(message.starts_with("cannot read image IMAGE: ")) << length << ": " << message;
  }
}

// Cut anywhere, the archive is an error or (when only its end mark is gone) the same image.
TEST(HostileImage, ArchiveCutShort) {
  const std::string whole = make_tar(image_members({{make_tar({tar_directory("Files"), {"Files/a", "a"}})}}));
  TestImage image;
  for (std::size_t length = 0; length + 1024 < whole.size(); length += 37) {
    const std::string message = read_error(image.write(whole.substr(0, length)));
    EXPECT_TRUE(message.starts_with("cannot read image IMAGE: ")) << length << ": " << message;
  }
}

// No value of any byte of a layer does more than change what is read.
TEST(HostileImage, LayerWithAnyByteWild) {
  const std::string tar =
      make_tar({tar_directory("Files"), {"Files/a", "a", pax::kFile, "", {{"MSWINDOWS.fileattr", "32"}}}});
  TestImage image;
  for (std::size_t i = 0; i < tar.size(); i += 11) {
    for (const char wild : {'\xFF', '9', '\0'}) {
      std::string bad = tar;
      bad[i] = wild;
      const std::string message = read_error(image.write_archive(image_members({{bad}})));
      EXPECT_TRUE(message.empty() || message.starts_with("cannot read image IMAGE: ")) << i << ": " << message;
    }
  }
}

}  // namespace
}  // namespace winnow
