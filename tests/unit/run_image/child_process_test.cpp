// Starting, watching and ending a program.
#include "run_image/child_process.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>

#include "base/file_system.hpp"

namespace winnow {
namespace {

class ChildTest : public ::testing::Test {
 protected:
  Result<ChildResult> run(const std::string& script) {
    command_.program = "/bin/sh";
    command_.arguments = {"-c", script};
    command_.directory = "/";
    command_.spool_folder = folder_.path();
    command_.output_sink = [this](std::string_view text) { output_ += text; };
    command_.error_sink = [this](std::string_view text) { errors_ += text; };
    return run_child(command_);
  }
  ChildCommand command_;
  TemporaryDirectory folder_ = *TemporaryDirectory::create("winnow-test");
  std::string output_;
  std::string errors_;
};

TEST_F(ChildTest, GivesExitCodeAndStandardError) {
  const auto result = run("echo to stderr >&2; pwd >&2; exit 7");
  ASSERT_TRUE(result);
  EXPECT_EQ(result->exit_code, 7);
  EXPECT_EQ(errors_, "to stderr\n/\n");
}

TEST_F(ChildTest, HasOnlyTheEnvironmentItIsGiven) {
  command_.environment = {"A=1", "B=two words"};
  ASSERT_TRUE(run("/usr/bin/env >&2"));
  EXPECT_EQ(errors_.find("HOME="), std::string::npos);
  EXPECT_NE(errors_.find("A=1\n"), std::string::npos);
  EXPECT_NE(errors_.find("B=two words\n"), std::string::npos);
}

TEST_F(ChildTest, ReadsNothingWithoutInput) {
  const auto result = run("read line; echo $? >&2");
  ASSERT_TRUE(result);
  EXPECT_EQ(errors_, "1\n");
}

// A pipe or a terminal would not do for Windows programs (output_spool.hpp).
TEST_F(ChildTest, WritesItsOutputToRegularFiles) {
  ASSERT_TRUE(run("echo out; test -f /dev/stdout -a -f /dev/stderr && echo regular"));
  EXPECT_EQ(output_, "out\nregular\n");
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(ChildTest, PassesOutputOnWhileItRuns) {
  command_.timeout = std::chrono::seconds(10);
  const auto stop_when_seen = [this](std::string_view text) {
    output_ += text;
    if (output_ == "ready\n") std::ofstream(folder_.path() / "seen") << "";
  };
  command_.program = "/bin/sh";
  command_.arguments = {"-c", "echo ready; until [ -e seen ]; do /bin/sleep 0.01; done"};
  command_.directory = command_.spool_folder = folder_.path();
  command_.output_sink = stop_when_seen;
  const auto result = run_child(command_);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->exit_code, 0);
}

TEST_F(ChildTest, KeepsALotOfErrorOutput) {
  ASSERT_TRUE(run("head -c 300000 /dev/zero >&2"));
  EXPECT_EQ(errors_.size(), 300'000u);
}

TEST_F(ChildTest, EndedBySignalIs128More) {
  const auto result = run("kill -SEGV $$");
  ASSERT_TRUE(result);
  EXPECT_EQ(result->exit_code, 128 + SIGSEGV);
}

// The sleeping grandchild has the file too; nobody waits for it, and it goes with the group.
TEST_F(ChildTest, RunningTooLongIsEndedWithItsGroup) {
  command_.timeout = std::chrono::seconds(1);
  const auto result = run("sleep 1000 & echo $! >&2; wait");
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->timed_out);
  EXPECT_FALSE(result->interrupted);
  const pid_t grandchild = std::stoi(errors_);
  for (int i = 0; i < 100 && ::access(("/proc/" + std::to_string(grandchild) + "/exe").c_str(), F_OK) == 0; ++i)
    ::usleep(10'000);
  EXPECT_NE(::access(("/proc/" + std::to_string(grandchild) + "/exe").c_str(), F_OK), 0);
}

TEST_F(ChildTest, ThatIsNotThereIsAnError) {
  command_.program = "/nonexistent/program";
  command_.directory = "/";
  const auto result = run_child(command_);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().faults().front().message, "cannot start /nonexistent/program: No such file or directory");
}

}  // namespace
}  // namespace winnow
