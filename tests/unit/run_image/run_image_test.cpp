// Real runs: programs compiled here, in images made here of the installed Wine's modules.
#include "run_image/run_image.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include "base/file_system.hpp"
#include "support/image_builder.hpp"

namespace winnow {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kCompiler = "/usr/bin/x86_64-w64-mingw32-gcc";
const fs::path kWine = "/usr/lib/x86_64-linux-gnu/wine/x86_64-windows";
const fs::path kTables = "/usr/share/wine/nls";

constexpr const char* kProgram = R"(
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>
int main(int count, char **words) {
  char name[100] = "none";
  DWORD size = sizeof name;
  if (count > 1 && words[1][0] == 's') Sleep(60000);
  printf("%s|%s|%s|", count > 1 ? words[1] : "-", getenv("GREETING"), getenv("PATH"));
  if (getenv("OF_THE_CALLER") || getenv("HOME")) printf("leak|");
  GetCurrentDirectoryA(sizeof name, name);
  printf("%s\n", name);
  fprintf(stderr, "to stderr\n");
  return count > 2 ? atoi(words[2]) : 0;
}
)";

std::string text_of(const fs::path& file) {
  const auto bytes = read_file(file, 64 << 20);
  return bytes ? std::string(as_text(*bytes)) : "";
}

// One folder for all tests: the program is compiled once.
class RunImage : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!has_wine() || !fs::exists(kCompiler)) return;
    folder_ = new TemporaryDirectory(*TemporaryDirectory::create("winnow-run-test"));
    ASSERT_TRUE(write_file(folder_->path() / "hello.c", as_bytes(kProgram)));
    const std::string base = (folder_->path() / "hello").string();
    ASSERT_EQ(std::system((std::string(kCompiler) + " -s -o " + base + ".exe " + base + ".c").c_str()), 0);
    std::vector<testing::TarEntry> entries = {testing::tar_directory("Files")};
    for (const char* name : {"ntdll.dll", "kernel32.dll", "kernelbase.dll", "msvcrt.dll"}) {
      entries.push_back({std::string("Files/Windows/System32/") + name, text_of(kWine / name)});
    }
    for (const char* name : {"l_intl.nls", "locale.nls", "sortdefault.nls", "c_20127.nls", "c_1252.nls"}) {
      entries.push_back({std::string("Files/Windows/System32/") + name, text_of(kTables / name)});
    }
    entries.push_back({"Files/app/hello.exe", text_of(base + ".exe")});
    entries.push_back({"Files/Windows/winnow/provenance.json", kProvenance});
    const std::string archive = testing::make_tar(testing::image_members({{testing::make_tar(entries)}}));
    ASSERT_TRUE(write_file(folder_->path() / "image.tar", as_bytes(archive)));
  }
  static void TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
  }

  static bool has_wine() { return fs::exists("/usr/lib/wine/wine64") && fs::exists(kWine / "ntdll.dll"); }

  void SetUp() override {
    if (!has_wine()) GTEST_SKIP() << "wine64 and libwine are not installed";
    if (!fs::exists(kCompiler)) GTEST_SKIP() << "gcc-mingw-w64-x86-64 is not installed";
    options_.image = folder_->path() / "image.tar";
    options_.pass_input = false;
    options_.output = open_output("output");
    options_.error_output = open_output("errors");
    // A private TMPDIR tells whether anything is left behind.
    fs::remove_all(folder_->path() / "tmp");
    fs::create_directory(folder_->path() / "tmp");
    ::setenv("TMPDIR", (folder_->path() / "tmp").c_str(), 1);
  }
  void TearDown() override {
    if (folder_ == nullptr) return;
    ::unsetenv("TMPDIR");
    ::close(options_.output);
    ::close(options_.error_output);
    EXPECT_TRUE(fs::is_empty(folder_->path() / "tmp"));
  }
  int open_output(const std::string& name) {
    return ::open((folder_->path() / name).c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  }
  std::string output() { return text_of(folder_->path() / "output"); }
  std::string errors() { return text_of(folder_->path() / "errors"); }

  static constexpr const char* kProvenance =
      R"({"schema":"winnow-provenance-1","owners":[{"kind":"component","name":"Wine-msvcrt.dll"}],)"
      R"("files":[{"path":"Windows/System32/msvcrt.dll","owner":0}]})";
  static inline TemporaryDirectory* folder_ = nullptr;
  RunOptions options_;
};

TEST_F(RunImage, PassesArgumentsEnvironmentOutputAndExitCode) {
  ::setenv("OF_THE_CALLER", "1", 1);
  options_.arguments = {"7"};
  options_.environment = {"PATH=C:\\windows\\system32", "WINEPREFIX=/tmp", "LD_PRELOAD=/x.so"};
  const auto report = run_image(options_);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->program, "C:\\app\\hello.exe");
  EXPECT_EQ(report->exit_code, 7);
  EXPECT_THAT(report->missing, ElementsAre());
  EXPECT_EQ(output(), "world|hi|C:\\windows\\system32|C:\\app\r\n");
  EXPECT_EQ(errors(), "to stderr\r\n");
}

TEST_F(RunImage, NamesWhatIsMissingAndWhoWouldBringIt) {
  options_.without = {"msvcrt.dll"};
  const auto report = run_image(options_);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->exit_code, 53);
  EXPECT_EQ(to_string(Error(print_missing(*report))),
            "cannot run C:\\app\\hello.exe: module msvcrt.dll is missing, needed by C:\\app\\hello.exe\n"
            "  note: component Wine-msvcrt.dll would bring it");
  EXPECT_THAT(errors(), HasSubstr("import_dll Library msvcrt.dll"));
}

TEST_F(RunImage, NamesWhatWineItselfDoesNot) {
  options_.without = {"ntdll.dll", "sortdefault.nls"};
  const auto report = run_image(options_);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_NE(report->exit_code, 0);
  EXPECT_EQ(to_string(Error(print_missing(*report))),
            "cannot run C:\\app\\hello.exe: module ntdll.dll is missing, which every program needs\n"
            "cannot run C:\\app\\hello.exe: module sortdefault.nls is missing, which every program needs");
}

TEST_F(RunImage, EndsAProgramThatRunsTooLong) {
  options_.command = {"C:\\app\\hello.exe", "sleep"};
  options_.timeout = std::chrono::seconds(1);
  const auto report = run_image(options_);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_TRUE(report->timed_out);
  EXPECT_EQ(report->exit_code, kTimeoutExitCode);
  EXPECT_EQ(output(), "");
}

TEST_F(RunImage, TakesAFolderToo) {
  const fs::path root = folder_->path() / "extracted";
  for (const char* name : {"ntdll.dll", "kernel32.dll", "kernelbase.dll", "msvcrt.dll"}) {
    fs::create_directories(root / "Windows/System32");
    fs::copy_file(kWine / name, root / "Windows/System32" / name);
  }
  for (const char* name : {"l_intl.nls", "locale.nls", "sortdefault.nls", "c_20127.nls", "c_1252.nls"}) {
    fs::copy_file(kTables / name, root / "Windows/System32" / name);
  }
  fs::copy_file(folder_->path() / "hello.exe", root / "hello.exe");
  options_.image = root;
  options_.arguments = {"C:\\hello.exe", "x", "3"};
  const auto report = run_image(options_);
  fs::remove_all(root);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_EQ(report->exit_code, 3);
  EXPECT_THAT(output(), ::testing::StartsWith("x|(null)|"));
}

std::string error_of(const RunOptions& options) {
  const auto report = run_image(options);
  return report ? "" : to_string(report.error());
}

TEST_F(RunImage, SaysWhatCannotBeStarted) {
  options_.command = {"C:\\app\\absent.exe"};
  EXPECT_EQ(error_of(options_), "cannot run C:\\app\\absent.exe: the image holds no such file");
  options_.without = {"absent.dll"};
  EXPECT_EQ(error_of(options_), "cannot leave out absent.dll: the image holds no such file");
  options_.image = folder_->path() / "tmp";
  options_.without.clear();
  options_.command.clear();
  EXPECT_EQ(error_of(options_), "cannot run " + options_.image.string() +
                                    ": it names no program to run\n  note: name one: -- 'C:\\app\\program.exe'");
}

TEST(RunImageWithoutWine, NamesThePackages) {
  RunOptions options;
  options.image = "unused";
  options.wine_root = "/nonexistent";
  EXPECT_EQ(error_of(options),
            "cannot run programs on this machine: /nonexistent/wine/wine64 is not there\n"
            "  note: install the Debian packages wine64 and libwine (apt-get install wine64 libwine)");
}

}  // namespace
}  // namespace winnow
