#include "run_image/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" {  // glibc 2.36 forgets to say so itself
#include <sys/pidfd.h>
}

#include <cerrno>
#include <system_error>

#include "base/interrupt.hpp"
#include "run_image/output_spool.hpp"

namespace winnow {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kTick{20};  // how soon output is passed on and an interrupt is seen

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

// Programs started while it lives get the usual layout of memory, not a random one. Wine's loader wants fixed places
// (0x7FFE0000); on a random layout something else is there now and then ("failed to map the shared user
// data"). Where a sandbox forbids it, the layout stays random.
class UsualLayout {
 public:
  UsualLayout() : before_(::personality(kAsk)) {
    if (before_ != -1) ::personality(static_cast<unsigned long>(before_) | ADDR_NO_RANDOMIZE);
  }
  ~UsualLayout() {
    if (before_ != -1) ::personality(static_cast<unsigned long>(before_));
  }
  UsualLayout(const UsualLayout&) = delete;
  UsualLayout& operator=(const UsualLayout&) = delete;

 private:
  static constexpr unsigned long kAsk = 0xFFFFFFFF;
  int before_;
};

class Child {
 public:
  explicit Child(const ChildCommand& command) : command_(command) {}

  Result<ChildResult> run();

 private:
  tl::unexpected<Error> failure(int error_number) const {
    return fail("cannot start " + command_.program.string() + ": " + std::generic_category().message(error_number));
  }
  Result<void> start();
  int spawn();
  ChildResult watch();
  void wait_a_little();  // at most kTick, shorter when the program ends
  void pass_output_on();
  bool has_ended(ChildResult& result);
  void kill_all();

  const ChildCommand& command_;
  pid_t pid_ = -1;
  bool own_group_ = false;
  Descriptor handle_;  // of the process, readable when it has ended
  std::optional<OutputSpool> output_;
  std::optional<OutputSpool> errors_;
};

Result<ChildResult> Child::run() {
  WINNOW_CHECK(start());
  const ChildResult result = watch();
  pass_output_on();  // what its own children still write is not waited for
  return result;
}

Result<void> Child::start() {
  const auto make_spool = [this](const OutputSpool::Sink& sink, std::optional<OutputSpool>& spool) -> Result<void> {
    if (!sink) return {};
    WINNOW_TRY(OutputSpool made, OutputSpool::create(command_.spool_folder, sink));
    spool.emplace(std::move(made));
    return {};
  };
  WINNOW_CHECK(make_spool(command_.output_sink, output_));
  WINNOW_CHECK(make_spool(command_.error_sink, errors_));
  if (const int error_number = spawn(); error_number != 0) return failure(error_number);
  handle_.reset(::pidfd_open(pid_, 0));  // without one (an old kernel) the wait below ticks instead
  return {};
}

int Child::spawn() {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const auto connect = [&actions](std::optional<int> from, int to, int flags) {
    if (from) posix_spawn_file_actions_adddup2(&actions, *from, to);
    if (!from) posix_spawn_file_actions_addopen(&actions, to, "/dev/null", flags, 0);
  };
  connect(command_.input, STDIN_FILENO, O_RDONLY);
  const auto descriptor = [](const std::optional<OutputSpool>& spool) {
    return spool ? std::optional(spool->descriptor()) : std::nullopt;
  };
  connect(descriptor(output_), STDOUT_FILENO, O_WRONLY);
  connect(descriptor(errors_), STDERR_FILENO, O_WRONLY);
  posix_spawn_file_actions_addchdir_np(&actions, command_.directory.c_str());

  // A program in a process group of its own is stopped by the kernel when it reads from our terminal.
  own_group_ = !command_.input || ::isatty(*command_.input) == 0;
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t usual;  // winnow ignores SIGPIPE; the program starts as any other
  sigemptyset(&usual);
  sigaddset(&usual, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  const int group = own_group_ ? POSIX_SPAWN_SETPGROUP : 0;
  posix_spawnattr_setflags(&attributes, static_cast<short>(POSIX_SPAWN_SETSIGDEF | group));

  std::vector<std::string> arguments{command_.program.string()};
  arguments.insert(arguments.end(), command_.arguments.begin(), command_.arguments.end());
  std::vector<std::string> environment = command_.environment;
  const UsualLayout layout;
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
      while (!has_ended(result)) wait_a_little();
      result.timed_out = is_late;
      result.interrupted = !is_late;
      return result;
    }
    wait_a_little();
    pass_output_on();
  }
  return result;
}

void Child::wait_a_little() {
  pollfd watched{handle_.get(), POLLIN, 0};  // -1 is left out by poll
  ::poll(&watched, 1, static_cast<int>(kTick.count()));
}

void Child::pass_output_on() {
  if (output_) output_->pass_on();
  if (errors_) errors_->pass_on();
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
