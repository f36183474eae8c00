#include "image/image_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <functional>
#include <future>

#include "base/file_system.hpp"
#include "base/json.hpp"
#include "image/container/oci_documents.hpp"
#include "image/container/verify_image.hpp"
#include "unit/image/image_fixtures.hpp"
#include "unit/image/tar_builder.hpp"

namespace winnow {
namespace {

namespace fs = std::filesystem;

std::string format_for(const fs::path& target, std::string_view format = "") {
  const auto writer = find_image_writer(target, format);
  return writer ? std::string((*writer)->format()) : to_string(writer.error());
}

class ImageWriterTest : public testing::Test {
 protected:
  WriteReport write(const std::string& name, const ImagePlan& plan, const WriteOptions& options = {}) {
    SilentProgress progress;
    auto report = find_image_writer(folder_ / name, "").value()->write(plan, folder_ / name, options, progress);
    EXPECT_TRUE(report) << to_string(report.error());
    return report.value_or(WriteReport());
  }
  std::string write_error(const std::string& name, const ImagePlan& plan, const WriteOptions& options = {}) {
    SilentProgress progress;
    return to_string(
        find_image_writer(folder_ / name, "").value()->write(plan, folder_ / name, options, progress).error());
  }
  std::string verify(const std::string& name) {
    const auto report = verify_image(folder_ / name);
    if (!report) return to_string(report.error());
    std::string text;
    for (const auto& v : report->violations) text += std::to_string(v.rule) + " " + v.subject + ": " + v.message + "\n";
    return text;
  }
  std::string read(const fs::path& name) {
    const Bytes bytes = read_file(folder_ / name, 1u << 30).value();
    return std::string(as_text(bytes));
  }
  std::string blob_path(const std::string& digest) { return "layout/blobs/sha256/" + digest.substr(7); }

  TemporaryDirectory temporary_ = TemporaryDirectory::create("winnow-image").value();
  fs::path folder_ = temporary_.path();
};

TEST_F(ImageWriterTest, NameChoosesTheFormat) {
  EXPECT_EQ(format_for("x.tar"), "oci-archive");
  EXPECT_EQ(format_for("x.TAR"), "oci-archive");
  EXPECT_EQ(format_for("/dev/null"), "oci-archive");
  EXPECT_EQ(format_for("x/"), "oci-layout");
  EXPECT_EQ(format_for("x"), "oci-layout");
  EXPECT_EQ(format_for(folder_), "oci-layout");
  EXPECT_EQ(format_for("x.vhd", "oci-layout"), "oci-layout");
  EXPECT_EQ(format_for("x.vhd"), "vhd");
  EXPECT_EQ(
      format_for("x.qcow2"),
      "cannot choose a format for x.qcow2: its name ends in \".qcow2\", not in .tar, .vhd, .vhdx, .raw, .img, .wim or "
      "/\n  note: known formats are oci-archive, oci-layout, vhd, vhdx, raw, wim");
  EXPECT_EQ(format_for("x", "qcow2"),
            "cannot write format \"qcow2\": known are oci-archive, oci-layout, vhd, vhdx, raw, wim");
}

TEST_F(ImageWriterTest, ArchiveAndLayoutKeepAllRules) {
  const WriteReport archive = write("image.tar", test::make_plan());
  const WriteReport layout = write("layout", test::make_plan());
  EXPECT_EQ(verify("image.tar"), "");
  EXPECT_EQ(verify("layout"), "");
  EXPECT_EQ(archive.manifest, layout.manifest);
  EXPECT_EQ(archive.stored, fs::file_size(folder_ / "image.tar"));
  std::vector<std::string> steps;
  for (const StepTime& step : archive.steps) steps.push_back(step.step);
  EXPECT_THAT(steps, testing::ElementsAre("hives", "layer", "compress", "write"));
  EXPECT_THAT(verify_image(folder_ / "image.tar")->entries, 12u);
}

TEST_F(ImageWriterTest, EveryCompressionIsTheSameLayer) {
  const WriteReport gzip = write("gzip", test::make_plan(), {Compression::gzip, 9});
  const WriteReport zstd = write("zstd", test::make_plan(), {Compression::zstd, 0});
  const WriteReport none = write("none", test::make_plan(), {Compression::none, 0});
  for (const auto* name : {"gzip", "zstd", "none"}) EXPECT_EQ(verify(name), "") << name;
  EXPECT_EQ(gzip.diff_id, zstd.diff_id);
  EXPECT_EQ(gzip.diff_id, none.diff_id);
}

TEST_F(ImageWriterTest, SameBytesAgain) {
  write("a.tar", test::make_plan());
  write("b.tar", test::make_plan());
  EXPECT_TRUE(read("a.tar") == read("b.tar"));
}

TEST_F(ImageWriterTest, ArchiveHoldsBothKindsOfIndex) {
  write("image.tar", test::make_plan());
  const std::string tar = read("image.tar");
  for (const auto* name : {"oci-layout", "index.json", "manifest.json", "blobs/sha256/"}) {
    EXPECT_NE(tar.find(name), std::string::npos) << name;
  }
  EXPECT_EQ(tar.find(std::string("Files\0", 6)), std::string::npos);
}

TEST_F(ImageWriterTest, DocumentsSayWhatRuntimesAsk) {
  const WriteReport report = write("layout", test::make_plan());
  EXPECT_EQ(read("layout/oci-layout"), R"({"imageLayoutVersion":"1.0.0"})");
  const std::string manifest = report.manifest->hex();
  const auto manifest_size = fs::file_size(folder_ / "layout/blobs/sha256" / manifest);
  EXPECT_EQ(read("layout/index.json"),
            R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[)"
            R"({"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:)" +
                manifest + R"(","size":)" + std::to_string(manifest_size) +
                R"(,"annotations":{"io.containerd.image.name":"docker.io/library/shop:1.0",)"
                R"("org.opencontainers.image.ref.name":"1.0"},)"
                R"("platform":{"architecture":"amd64","os":"windows","os.version":"10.0.20348.2113"}}]})");
  const Json json = parse_json(read("layout/blobs/sha256/" + manifest), "manifest").value();
  EXPECT_EQ(json["layers"][0]["mediaType"], "application/vnd.oci.image.layer.v1.tar+gzip");
  EXPECT_EQ(read(blob_path(json["config"]["digest"])),
            R"({"created":"2023-11-14T22:13:20Z","architecture":"amd64","os":"windows","os.version":"10.0.20348.2113",)"
            R"("config":{"User":"ContainerUser","Env":["LANG=en","PATH=C:\\Windows"],)"
            R"("Cmd":["C:\\app\\shop.exe","--all"],"WorkingDir":"C:\\app"},)"
            R"("rootfs":{"type":"layers","diff_ids":["sha256:)" +
                report.diff_id->hex() +
                R"("]},)"
                R"("history":[{"created":"2023-11-14T22:13:20Z","created_by":"Apply image 10.0.20348.2113"}]})");
}

TEST_F(ImageWriterTest, WritesThroughAPipe) {
  write("image.tar", test::make_plan());
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  auto received = std::async(std::launch::async, [&] {
    std::ifstream stream(folder_ / "pipe", std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), {});
  });
  write("pipe", test::make_plan());
  EXPECT_TRUE(received.get() == read("image.tar"));
  EXPECT_TRUE(fs::is_fifo(folder_ / "pipe"));
}

TEST_F(ImageWriterTest, LeavesNothingBehindWhenItFails) {
  ImagePlan plan = test::make_plan();
  plan.tree.at(*WindowsPath::parse("app\\shop.exe")).digest = {};
  EXPECT_THAT(write_error("image.tar", plan), testing::StartsWith("cannot use "));
  EXPECT_THAT(write_error("layout", plan), testing::StartsWith("cannot use "));
  EXPECT_EQ(list_tree(folder_)->size(), 0u);
  EXPECT_EQ(write_error("image.tar", test::make_plan(), {Compression::zstd, 0, {}, {}}),
            "cannot write " + (folder_ / "image.tar").string() +
                ": an oci-archive has no zstd layers, docker load does not take them\n"
                "  note: choose gzip or none, or write an oci-layout folder");
}

TEST(ImageName, IsWhatLoadersTake) {
  const auto error = [](const std::string& tag) {
    const auto checked = check_image_name(tag);
    return checked ? "" : to_string(checked.error());
  };
  for (const auto* good : {"shop", "shop:1.0", "a/b_c/d--e:X_y.z-1", "localhost:5000/shop:1", "r.example/a.b:_"}) {
    EXPECT_EQ(error(good), "") << good;
  }
  const std::string reason = "a name is lower-case letters and digits, with '.', '_' or '-' between them";
  for (const std::string bad : {"", "Shop", "a b", "a//b", "-a", "a-", "a..b", "a___b", "a/"}) {
    EXPECT_EQ(error(bad), "cannot name image \"" + bad + "\": " + reason);
  }
  EXPECT_EQ(
      error("shop:.1"),
      "cannot name image \"shop:.1\": a tag is at most 128 letters, digits, '_', '.' and '-', and begins with none of "
      "the last two");
  EXPECT_EQ(full_image_name("shop"), "docker.io/library/shop:latest");
  EXPECT_EQ(full_image_name("me/shop:1"), "docker.io/me/shop:1");
  EXPECT_EQ(full_image_name("localhost:5000/shop:1"), "localhost:5000/shop:1");
}

// Documents of a layout, bent: what verify says of each.
class VerifyDocuments : public ImageWriterTest {
 protected:
  void SetUp() override {
    report_ = write("layout", test::make_plan());
    manifest_ = print_digest(*report_.manifest);
    config_ = json(blob_path(manifest_))["config"]["digest"];
  }
  Json json(const std::string& name) { return parse_json(read(name), name).value(); }
  void put(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary | std::ios::trunc) << text;
  }
  // Stores `value` as a blob; its descriptor takes the place of `descriptor`'s digest and size.
  void put_blob(const Json& value, Json& descriptor) {
    const std::string text = value.dump();
    const std::string digest = print_digest(sha256(as_bytes(text)));
    put(blob_path(digest), text);
    descriptor["digest"] = digest;
    descriptor["size"] = text.size();
  }
  // Changes the config, and the documents above it so that their digests fit.
  void change_config(const std::function<void(Json&)>& change) {
    Json config = json(blob_path(config_));
    Json manifest = json(blob_path(manifest_));
    Json index = json("layout/index.json");
    change(config);
    put_blob(config, manifest["config"]);
    put_blob(manifest, index["manifests"][0]);
    put("layout/index.json", index.dump());
    config_ = manifest["config"]["digest"];
  }
  std::string config_name() { return "blobs/sha256/" + config_.substr(7); }

  WriteReport report_;
  std::string manifest_;
  std::string config_;
};

TEST_F(VerifyDocuments, Rule14DiffId) {
  const std::string wrong = "sha256:" + std::string(64, '0');
  change_config([&](Json& config) { config["rootfs"]["diff_ids"][0] = wrong; });
  EXPECT_EQ(verify("layout"), "14 " + config_name() + ": its diff_id \"" + wrong + "\" is not the layer's, " +
                                  print_digest(*report_.diff_id) + "\n");
}

TEST_F(VerifyDocuments, Rule15VersionsDiffer) {
  change_config([](Json& config) { config["os.version"] = "10.0.20348.1"; });
  EXPECT_EQ(verify("layout"),
            "15 index.json: its os.version \"10.0.20348.2113\" is not the config's, \"10.0.20348.1\"\n"
            "15 " +
                config_name() + ": its os.version \"10.0.20348.1\" is not the SOFTWARE hive's, \"10.0.20348.2113\"\n");
}

TEST_F(VerifyDocuments, Rule15VersionIsNone) {
  change_config([](Json& config) { config["os.version"] = "6.3.9600.1"; });
  EXPECT_EQ(verify("layout"), "15 " + config_name() + ": its os.version \"6.3.9600.1\" is not 10.0.BUILD.UBR\n");
}

TEST_F(VerifyDocuments, Fields) {
  change_config([](Json& config) {
    config["os"] = "linux";
    config["os.features"] = {"win32k"};
  });
  EXPECT_EQ(verify("layout"),
            "0 " + config_name() + ": its os is not windows\n0 " + config_name() + ": it states os.features\n");
}

TEST_F(VerifyDocuments, BlobsAreWhatTheirNamesSay) {
  const std::string name = blob_path(config_);
  put(name, read(name) + " ");
  const auto size = std::to_string(read(name).size());
  EXPECT_EQ(verify("layout"), "0 " + config_name() + ": it has " + size + " bytes, its descriptor says " +
                                  std::to_string(read(name).size() - 1) + "\n0 " + config_name() + ": its SHA-256 is " +
                                  sha256(as_bytes(read(name))).hex() + "\n");
  fs::remove(folder_ / name);
  EXPECT_EQ(verify("layout"), "0 " + config_name() + ": it is missing\n");
}

TEST_F(VerifyDocuments, HostileJsonIsNoCrash) {
  for (const std::string text : {"[]", "{}", "1", "{\"manifests\":{}}", "{\"manifests\":[1,{\"digest\":2}]}",
                                 "{\"manifests\":[{\"digest\":\"sha256:../../etc\"}]}", "{\"manifests\":", "\xff"}) {
    put("layout/index.json", text);
    EXPECT_NE(verify("layout"), "") << text;
  }
}

TEST_F(VerifyDocuments, DockerArchiveAlone) {
  const Json manifest = json(blob_path(manifest_));
  const std::string layer = std::string(manifest["layers"][0]["digest"]);
  const Json docker = Json::array({{{"Config", "config.json"}, {"RepoTags", {"shop:1"}}, {"Layers", {"layer.tar"}}}});
  const auto archive = [&](const std::string& config) {
    const std::string tar = test::tar_of({{"manifest.json", '0', docker.dump(), "", {}},
                                          {"config.json", '0', config, "", {}},
                                          {"layer.tar", '0', read(blob_path(layer)), "", {}}});
    put("docker.tar", tar);
    return verify("docker.tar");
  };
  EXPECT_EQ(archive(read(blob_path(config_))), "");
  Json config = json(blob_path(config_));
  config["os.version"] = "10.0.1.1";
  EXPECT_EQ(archive(config.dump()),
            "15 config.json: its os.version \"10.0.1.1\" is not the SOFTWARE hive's, \"10.0.20348.2113\"\n");
}

TEST_F(VerifyDocuments, BareLayer) {
  const Json manifest = json(blob_path(manifest_));
  fs::copy_file(folder_ / blob_path(manifest["layers"][0]["digest"]), folder_ / "layer.tar.gz");
  EXPECT_EQ(verify("layer.tar.gz"), "");
}

TEST_F(VerifyDocuments, WhatIsNoImage) {
  put("text", "hello");
  EXPECT_EQ(verify("text"),
            "cannot read image " + (folder_ / "text").string() + ": it is neither an image nor a layer");
  EXPECT_EQ(verify("absent"), "cannot read " + (folder_ / "absent").string() + ": no such file or directory");
  fs::create_directory(folder_ / "empty");
  EXPECT_EQ(verify("empty"), "cannot read image " + (folder_ / "empty").string() + ": the folder has no index.json");
}

}  // namespace
}  // namespace winnow
