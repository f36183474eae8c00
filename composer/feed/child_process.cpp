#include "feed/child_process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace winnow {
namespace {

constexpr std::size_t kKeptOutput = 4096;  // bytes of a tool's output that are kept for the message

class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  posix_spawn_file_actions_t* get() { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

// Reads to the end, keeps the beginning. Closes `fd`.
std::string read_output(int fd) {
  std::string output;
  std::array<char, 4096> chunk{};
  for (;;) {
    const ssize_t count = ::read(fd, chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    output.append(chunk.data(), std::min(static_cast<std::size_t>(count), kKeptOutput - output.size()));
  }
  ::close(fd);
  return output;
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

std::string describe(int status, const std::string& output) {
  if (const std::size_t end = output.find('\n'); end != 0 && !output.empty()) return output.substr(0, end);
  if (WIFSIGNALED(status)) return "it was killed by signal " + std::to_string(WTERMSIG(status));
  return "it ended with status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

Result<void> run_tool(const std::vector<std::string>& command, const std::filesystem::path& scratch) {
  const auto cannot_run = [&](const std::string& reason) { return fail("cannot run " + command[0] + ": " + reason); };
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return cannot_run(std::generic_category().message(errno));
  FileActions actions;
  posix_spawn_file_actions_addopen(actions.get(), STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(actions.get(), ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(actions.get(), ends[1], STDERR_FILENO);
  std::vector<std::string> arguments = command;
  const char* const path = std::getenv("PATH");
  std::vector<std::string> environment = {std::string("PATH=") + (path != nullptr ? path : "/usr/bin:/bin"), "LC_ALL=C",
                                          "TMPDIR=" + scratch.string()};
  pid_t child = 0;
  const int fault = ::posix_spawnp(&child, command[0].c_str(), actions.get(), nullptr, pointers(arguments).data(),
                                   pointers(environment).data());
  ::close(ends[1]);
  if (fault != 0) {
    ::close(ends[0]);
    return cannot_run(fault == ENOENT ? "no such program" : std::generic_category().message(fault));
  }
  const std::string output = read_output(ends[0]);
  const int status = wait_for(child);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return cannot_run(describe(status, output));
}

}  // namespace winnow
