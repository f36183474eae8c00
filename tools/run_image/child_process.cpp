#include "run_image/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" {  // glibc 2.36 forgets to say so itself
#include <sys/pidfd.h>
}

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "base/interrupt.hpp"

namespace winnow {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kTick{100};  // how soon an interrupt is seen
constexpr int kMostReadsAfterEnd = 64;           // 1 MiB, the largest a pipe may be

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor() { reset(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  void reset(int fd = -1) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

class Child {
 public:
  explicit Child(const ChildCommand& command) : command_(command) {}

  Result<ChildResult> run();

 private:
  tl::unexpected<Error> failure(int error_number) const {
    return fail("cannot start " + command_.program.string() + ": " + std::generic_category().message(error_number));
  }
  Result<void> start();
  int spawn(int error_end);
  ChildResult watch();
  // Waits at most `limit` for stderr or the end of the program.
  void wait_a_little(std::chrono::milliseconds limit);
  bool read_errors();
  bool has_ended(ChildResult& result);
  void kill_all();

  const ChildCommand& command_;
  pid_t pid_ = -1;
  bool own_group_ = false;
  Descriptor handle_;  // of the process, readable when it has ended
  Descriptor errors_;  // our end of its stderr
};

Result<ChildResult> Child::run() {
  WINNOW_CHECK(start());
  const ChildResult result = watch();
  // What it wrote before it ended is in the pipe; what its own children still write is not waited for.
  int reads = 0;
  while (reads < kMostReadsAfterEnd && read_errors()) ++reads;
  return result;
}

Result<void> Child::start() {
  Descriptor error_end;
  if (command_.error_sink) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return failure(errno);
    errors_.reset(ends[0]);
    error_end.reset(ends[1]);
    ::fcntl(errors_.get(), F_SETFL, O_NONBLOCK);
  }
  if (const int error_number = spawn(error_end.get()); error_number != 0) return failure(error_number);
  handle_.reset(::pidfd_open(pid_, 0));  // without one (an old kernel) the wait below ticks instead
  return {};
}

int Child::spawn(int error_end) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const auto connect = [&actions](std::optional<int> from, int to, int flags) {
    if (from) posix_spawn_file_actions_adddup2(&actions, *from, to);
    if (!from) posix_spawn_file_actions_addopen(&actions, to, "/dev/null", flags, 0);
  };
  connect(command_.input, STDIN_FILENO, O_RDONLY);
  connect(command_.output, STDOUT_FILENO, O_WRONLY);  // before stderr: both may be told to go to our own stderr
  connect(error_end >= 0 ? std::optional(error_end) : std::nullopt, STDERR_FILENO, O_WRONLY);
  posix_spawn_file_actions_addchdir_np(&actions, command_.directory.c_str());

  // A program in a process group of its own is stopped by the kernel when it reads from our terminal.
  own_group_ = !command_.input || ::isatty(*command_.input) == 0;
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  if (own_group_) posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);

  std::vector<std::string> arguments{command_.program.string()};
  arguments.insert(arguments.end(), command_.arguments.begin(), command_.arguments.end());
  std::vector<std::string> environment = command_.environment;
  const int error_number = ::posix_spawn(&pid_, command_.program.c_str(), &actions, &attributes,
                                         pointers(arguments).data(), pointers(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error_number;
}

ChildResult Child::watch() {
  ChildResult result;
  const auto deadline = Clock::now() + command_.timeout;
  while (!has_ended(result)) {
    const bool is_late = command_.timeout.count() > 0 && Clock::now() >= deadline;
    if (is_late || (command_.heeds_interrupts && interrupted())) {
      kill_all();
      while (!has_ended(result)) wait_a_little(kTick);
      result.timed_out = is_late;
      result.interrupted = !is_late;
      return result;
    }
    wait_a_little(kTick);
    read_errors();
  }
  return result;
}

void Child::wait_a_little(std::chrono::milliseconds limit) {
  std::array<pollfd, 2> watched{{{handle_.get(), POLLIN, 0}, {errors_.get(), POLLIN, 0}}};  // -1 is left out by poll
  const bool has_handle = handle_.get() >= 0;
  ::poll(watched.data(), watched.size(), static_cast<int>(has_handle ? limit.count() : 10));
}

// Passes on what is there; false when that is nothing for now.
bool Child::read_errors() {
  if (errors_.get() < 0) return false;
  std::array<char, 16 << 10> buffer;
  const ssize_t count = ::read(errors_.get(), buffer.data(), buffer.size());
  if (count > 0) command_.error_sink(std::string_view(buffer.data(), static_cast<std::size_t>(count)));
  if (count == 0) errors_.reset();
  return count > 0;
}

bool Child::has_ended(ChildResult& result) {
  int status = 0;
  const pid_t ended = ::waitpid(pid_, &status, WNOHANG);
  if (ended == 0 || (ended < 0 && errno == EINTR)) return false;
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return true;
}

void Child::kill_all() { ::kill(own_group_ ? -pid_ : pid_, SIGKILL); }

}  // namespace

Result<ChildResult> run_child(const ChildCommand& command) { return Child(command).run(); }

}  // namespace winnow
