// What read_image() gives back for images in every form it takes.
#include "image_reader/image_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/image_reader/image_text.hpp"

namespace winnow {
namespace {

using namespace testing;
using ::testing::ElementsAre;

std::vector<std::string> file_lines(const ImageInfo& info) {
  std::vector<std::string> lines;
  for (const ImageFile& file : info.files) {
    lines.push_back(file.path + (file.is_directory ? "/" : "") + " " + std::to_string(file.size) + " " +
                    std::to_string(file.attributes) + (file.link_target.empty() ? "" : " -> " + file.link_target));
  }
  return lines;
}

// Every stored byte is in one place: the sums ImageInfo::stored promises.
void expect_exact_sums(const ImageInfo& info) {
  ByteCount documents = 0;
  for (const ImageDocument& document : info.documents) documents += document.stored;
  ByteCount blobs = 0;
  for (std::size_t i = 0; i < info.layers.size(); ++i) {
    ByteCount sum = info.layers[i].framing;
    for (const ImageFile& file : info.files) sum += file.layer == i ? file.stored : 0;
    EXPECT_EQ(sum, info.layers[i].stored) << "layer " << i;
    blobs += info.layers[i].stored;
  }
  EXPECT_LE(documents + blobs, info.stored);
}

class ReadsImages : public ::testing::TestWithParam<Packing> {};

TEST_P(ReadsImages, HybridArchive) {
  const std::string tar = make_tar(sample_layer());
  const std::string blob = pack(tar, GetParam());
  TestImage image;
  image.write_archive(image_members({{blob}}));
  const auto info = read_image(image.path());
  ASSERT_TRUE(info) << to_string(info.error());
  EXPECT_EQ(info->tag, "shop:1");
  EXPECT_EQ(info->os_version, "10.0.20348.1");
  EXPECT_EQ(info->architecture, "amd64");
  EXPECT_THAT(info->command, ElementsAre("C:\\app\\hello.exe", "world"));
  EXPECT_EQ(info->working_directory, "C:\\app");
  EXPECT_EQ(info->user, "ContainerUser");
  EXPECT_THAT(info->environment, ElementsAre("GREETING=hi"));
  ASSERT_EQ(info->layers.size(), 1u);
  EXPECT_EQ(info->layers[0].digest, "sha256:" + sha256_of(blob));
  EXPECT_EQ(info->layers[0].media_type, "application/vnd.oci.image.layer.v1.tar");
  EXPECT_EQ(info->layers[0].stored, blob.size());
  EXPECT_EQ(info->layers[0].unpacked, tar.size());
  EXPECT_EQ(info->stored, std::filesystem::file_size(image.path()));
  EXPECT_THAT(file_lines(*info),
              ElementsAre("Windows/ 0 0", "Windows/System32/ 0 0", "Windows/System32/tiny.dll 7 32",
                          "Windows/System32/also.dll 0 0 -> Windows/System32/tiny.dll", "app/ 0 0",
                          "app/größe.exe 300002 8225", "app/empty.txt 0 0", "UtilityVM/Files/boot.txt 100000 0"));
  EXPECT_EQ(info->files[2].digest, sha256(as_bytes("MZ tiny")));
  EXPECT_EQ(info->provenance, std::nullopt);
  expect_exact_sums(*info);
}

TEST_P(ReadsImages, LayoutFolderWhereFilesAreAllThereIs) {
  TestImage image;
  image.write_layout(image_members({{pack(make_tar(sample_layer()), GetParam())}}));
  const auto info = read_image(image.path());
  ASSERT_TRUE(info) << to_string(info.error());
  EXPECT_EQ(info->files.size(), 8u);
  ByteCount sum = info->layers[0].stored;
  for (const ImageDocument& document : info->documents) sum += document.stored;
  EXPECT_EQ(sum, info->stored);
  expect_exact_sums(*info);
}

INSTANTIATE_TEST_SUITE_P(Packings, ReadsImages, ::testing::Values(Packing::plain, Packing::gzip, Packing::zstd));

TEST(ReadImage, SharesFollowWhatCompressionDid) {
  std::string noise;
  std::uint32_t state = 1;
  for (int i = 0; i < 400'000; ++i) noise += static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  TestImage image;
  const std::string blob =
      pack(make_tar({tar_directory("Files"), {"Files/zeros", std::string(400'000, '\0')}, {"Files/noise", noise}}),
           Packing::gzip);
  image.write_archive(image_members({{blob}}));
  const auto info = read_image(image.path());
  ASSERT_TRUE(info);
  EXPECT_LT(info->files[0].stored, 40'000u);  // at most half a block's worth of its neighbour
  EXPECT_GT(info->files[1].stored, 360'000u);
}

TEST(ReadImage, DockerArchiveWithoutIndexAndMembersInAnyOrder) {
  auto members = image_members({{pack(make_tar(sample_layer()), Packing::gzip)}});
  std::erase_if(members,
                [](const TarEntry& member) { return member.name == "index.json" || member.name == "oci-layout"; });
  std::reverse(members.begin(), members.end());
  for (TarEntry& member : members) member.name.insert(0, "./");
  TestImage image;
  image.write_archive(members);
  const auto info = read_image(image.path());
  ASSERT_TRUE(info) << to_string(info.error());
  EXPECT_EQ(info->tag, "shop:1");
  EXPECT_EQ(info->files.size(), 8u);
  EXPECT_EQ(info->layers[0].media_type, "");
  expect_exact_sums(*info);
}

TEST(ReadImage, OneBlobAsTwoLayersIsStoredOnce) {
  const std::string blob = pack(make_tar({tar_directory("Files"), {"Files/a", "a"}}), Packing::gzip);
  TestImage image;
  image.write_archive(image_members({{blob, blob}}));
  const auto info = read_image(image.path());
  ASSERT_TRUE(info) << to_string(info.error());
  ASSERT_EQ(info->layers.size(), 2u);
  EXPECT_EQ(info->layers[0].stored, blob.size());
  EXPECT_EQ(info->layers[1].stored, 0u);
  EXPECT_EQ(info->files[1].layer, 1u);
  expect_exact_sums(*info);
}

TEST(ReadImage, VisitorSeesContentAndItsErrorComesBackAsItIs) {
  TestImage image;
  image.write_archive(image_members({{make_tar(sample_layer())}}));
  std::vector<std::string> seen;
  const auto info = read_image(image.path(), [&](const ImageFile& file, ByteView content) -> Result<void> {
    seen.push_back(file.path + "=" + std::to_string(content.size()));
    if (file.path == "app") return fail("cannot go on: had enough");
    EXPECT_EQ(file.path == "Windows/System32/tiny.dll", as_text(content) == "MZ tiny");
    return {};
  });
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().faults().front().message, "cannot go on: had enough");
  EXPECT_THAT(seen, ElementsAre("Windows=0", "Windows/System32=0", "Windows/System32/tiny.dll=7",
                                "Windows/System32/also.dll=0", "app=0"));
}

TEST(ReadImage, ProvenanceIsReadOnTheWay) {
  TestImage image;
  image.write_archive(image_members({{make_tar({tar_directory("Files"),
                                                tar_directory("Files/Windows"),
                                                tar_directory("Files/Windows/winnow"),
                                                {"Files/Windows/winnow/provenance.json", R"({"name":"shop"})"}})}}));
  const auto info = read_image(image.path());
  ASSERT_TRUE(info) << to_string(info.error());
  EXPECT_EQ(*info->provenance, Json({{"name", "shop"}}));
}

}  // namespace
}  // namespace winnow
