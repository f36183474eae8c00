#include "base/file_system.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "base/parallel.hpp"

namespace winnow {
namespace {

namespace fs = std::filesystem;

class FileSystem : public ::testing::Test {
 protected:
  [[nodiscard]] fs::path at(const std::string& name) const { return folder_.path() / name; }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder_.path())) found.push_back(entry.path().filename());
    std::sort(found.begin(), found.end());
    return found;
  }
  static void put(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }
  static std::string get(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }
  TemporaryDirectory folder_ = *TemporaryDirectory::create("winnow-test");
};

TEST_F(FileSystem, ReadsUpToALimit) {
  put(at("f"), "12345");
  EXPECT_EQ(as_text(*read_file(at("f"), 5)), "12345");
  EXPECT_EQ(to_string(read_file(at("f"), 4).error()),
            "cannot read " + at("f").string() + ": it is larger than 4 bytes");
  EXPECT_EQ(to_string(read_file(at("no"), 4).error()),
            "cannot read " + at("no").string() + ": no such file or directory");
  EXPECT_EQ(to_string(read_file(folder_.path(), 4).error()),
            "cannot read " + folder_.path().string() + ": it is a folder");
  EXPECT_EQ(as_text(MappedFile::open(at("f"))->bytes()), "12345");
}

TEST_F(FileSystem, ListsInByteOrderAndRefusesLinks) {
  fs::create_directory(at("b"));
  put(at("b/x"), "1");
  put(at("a"), "22");
  const auto entries = list_tree(folder_.path());
  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), 3u);
  EXPECT_EQ((*entries)[0].path, "a");
  EXPECT_EQ((*entries)[1].path, "b");
  EXPECT_TRUE((*entries)[1].is_directory);
  EXPECT_EQ((*entries)[2].path, "b/x");
  fs::create_symlink("a", at("link"));
  EXPECT_EQ(to_string(list_tree(folder_.path()).error()),
            "cannot take " + at("link").string() + ": it is neither a file nor a folder");
}

TEST_F(FileSystem, OutputAppearsOnlyWhenCommitted) {
  put(at("out"), "old");
  {
    auto file = OutputFile::create(at("out"));
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->write(as_bytes("half")));
  }
  EXPECT_EQ(get(at("out")), "old");
  EXPECT_EQ(names(), std::vector<std::string>{"out"});
  ASSERT_TRUE(write_file(at("out"), as_bytes("new")));
  EXPECT_EQ(get(at("out")), "new");
  EXPECT_EQ(names(), std::vector<std::string>{"out"});
}

TEST_F(FileSystem, OutputInAMissingFolderSaysSo) {
  EXPECT_EQ(to_string(write_file(at("no/out"), {}).error()),
            "cannot write " + at("no/out").string() + ": no such file or directory");
}

TEST_F(FileSystem, FifoIsWrittenThroughAndStays) {
  ASSERT_EQ(::mkfifo(at("fifo").c_str(), 0600), 0);
  std::string received;
  std::jthread reader([&] { received = get(at("fifo")); });
  ASSERT_TRUE(write_file(at("fifo"), as_bytes("through")));
  reader.join();
  EXPECT_EQ(received, "through");
  EXPECT_TRUE(fs::is_fifo(at("fifo")));
}

TEST_F(FileSystem, LinksAndDevicesAreWrittenThroughAndStay) {
  put(at("real"), "old and long");
  fs::create_symlink("real", at("link"));
  ASSERT_TRUE(write_file(at("link"), as_bytes("new")));
  EXPECT_TRUE(fs::is_symlink(at("link")));
  EXPECT_EQ(get(at("real")), "new");
  ASSERT_TRUE(write_file("/dev/null", as_bytes("gone")));
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(FileSystem, FolderIsReplacedOnlyWhenItIsOurs) {
  fs::create_directory(at("theirs"));
  put(at("theirs/letter"), "keep");
  EXPECT_EQ(to_string(OutputDirectory::create(at("theirs"), "index.xml").error()),
            "cannot write folder " + at("theirs").string() +
                ": it exists and holds no index.xml\n"
                "  note: name a new folder, or remove that one first");
  for (const char* text : {"first", "second"}) {
    auto folder = OutputDirectory::create(at("ours/"), "index.xml");
    ASSERT_TRUE(folder);
    put(folder->path() / "index.xml", text);
    ASSERT_TRUE(folder->commit());
  }
  EXPECT_EQ(get(at("ours/index.xml")), "second");
  { const auto abandoned = OutputDirectory::create(at("never"), "index.xml"); }
  EXPECT_EQ(names(), (std::vector<std::string>{"ours", "theirs"}));
}

TEST(Parallel, EveryIndexRunsOnceAndExceptionsArrive) {
  std::vector<int> seen(1000);
  parallel_for(seen.size(), [&](std::size_t i) { ++seen[i]; });
  EXPECT_EQ(seen, std::vector<int>(1000, 1));
  EXPECT_THROW(parallel_for(10,
                            [](std::size_t i) {
                              if (i == 7) throw std::runtime_error("7");
                            }),
               std::runtime_error);
  EXPECT_GE(core_count(), 1u);
}

TEST_F(FileSystem, SeekableOutputsAreWrittenInAnyOrder) {
  put(at("source"), "0123456789");
  const int source = ::open(at("source").c_str(), O_RDONLY);
  auto file = OutputFile::create_seekable(at("out"));
  ASSERT_TRUE(file);
  EXPECT_TRUE(file->starts_empty());
  EXPECT_TRUE(file->write_at(6, as_bytes("end")));
  EXPECT_TRUE(file->write_at(0, as_bytes("begin")));
  const auto copied = file->copy_range_at(source, 4, 3, 11);
  ASSERT_TRUE(copied);
  EXPECT_EQ(file->copy_range_at(source, 8, 100, 11 + 4).value_or(99), *copied == 3 ? 2u : 0u);  // it ends at 10
  ::close(source);
  EXPECT_TRUE(file->resize(20));
  EXPECT_FALSE(fs::exists(at("out")));
  EXPECT_TRUE(file->commit());
  std::string expected("begin\0end\0\0\0\0\0\0\0\0\0\0\0", 20);
  if (*copied == 3) expected.replace(11, 3, "456").replace(15, 2, "89");
  EXPECT_EQ(get(at("out")), expected);
}

TEST_F(FileSystem, APipeIsNoSeekableOutput) {
  ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);
  const auto file = OutputFile::create_seekable(at("pipe"));
  ASSERT_FALSE(file);
  EXPECT_EQ(to_string(file.error()), "cannot write " + at("pipe").string() +
                                         ": it is a pipe or a terminal, and this is not written front to back\n"
                                         "  note: name a file or a block device");
}

}  // namespace
}  // namespace winnow
