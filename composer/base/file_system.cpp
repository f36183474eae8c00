#include "base/file_system.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <utility>

#include "base/interrupt.hpp"

namespace winnow {

namespace fs = std::filesystem;

namespace {

std::string reason(int error_number) {
  std::string text = std::generic_category().message(error_number);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] + 32);
  return text;
}

// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

Result<Descriptor> open_to_read(const fs::path& path) {
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return fail("cannot read " + path.string() + ": " + reason(errno));
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return fail("cannot read " + path.string() + ": " + reason(errno));
  if (S_ISDIR(info.st_mode)) return fail("cannot read " + path.string() + ": it is a folder");
  return fd;
}

}  // namespace

Result<Bytes> read_file(const fs::path& path, ByteCount limit) {
  WINNOW_TRY(const Descriptor fd, open_to_read(path));
  Bytes bytes;
  constexpr std::size_t kChunk = 1 << 16;
  for (;;) {
    const std::size_t size = bytes.size();
    struct stat info {};
    const bool sized = size == 0 && ::fstat(fd.get(), &info) == 0 && info.st_size > 0;
    const std::size_t want = sized ? std::min<ByteCount>(static_cast<ByteCount>(info.st_size), limit) + 1 : kChunk;
    bytes.resize(size + want);
    const ssize_t count = ::read(fd.get(), bytes.data() + size, want);
    if (count < 0 && errno != EINTR) return fail("cannot read " + path.string() + ": " + reason(errno));
    bytes.resize(size + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (bytes.size() > limit) {
      return fail("cannot read " + path.string() + ": it is larger than " + std::to_string(limit) + " bytes");
    }
    if (count == 0) return bytes;
  }
}

Result<MappedFile> MappedFile::open(const fs::path& path) {
  WINNOW_TRY(const Descriptor fd, open_to_read(path));
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return fail("cannot read " + path.string() + ": " + reason(errno));
  if (!S_ISREG(info.st_mode)) return fail("cannot read " + path.string() + ": it is no regular file");
  const auto size = static_cast<std::size_t>(info.st_size);
  if (size == 0) return MappedFile(nullptr, 0);
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0);
  if (data == MAP_FAILED) return fail("cannot read " + path.string() + ": " + reason(errno));
  return MappedFile(static_cast<const std::uint8_t*>(data), size);
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<std::uint8_t*>(data_), size_);
}
MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

Result<InputFile> InputFile::open(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return fail("cannot read " + path.string() + ": " + reason(errno));
  return InputFile(path, fd);
}

InputFile::~InputFile() {
  if (fd_ >= 0) ::close(fd_);
}
InputFile::InputFile(InputFile&& other) noexcept : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)) {}

Result<FileState> InputFile::state() const {
  struct stat info {};
  if (::fstat(fd_, &info) != 0) return fail("cannot read " + path_.string() + ": " + reason(errno));
  if (!S_ISREG(info.st_mode)) return fail("cannot read " + path_.string() + ": it is no regular file");
  return FileState{static_cast<ByteCount>(info.st_size),
                   info.st_mtim.tv_sec * std::int64_t{1'000'000'000} + info.st_mtim.tv_nsec};
}

Result<void> InputFile::read_at(ByteCount offset, std::span<std::uint8_t> out) const {
  while (!out.empty()) {
    const ssize_t count = ::pread(fd_, out.data(), out.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail("cannot read " + path_.string() + ": " + reason(errno));
    if (count == 0) return fail("cannot read " + path_.string() + ": it ends early");
    offset += static_cast<ByteCount>(count);
    out = out.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

Result<std::vector<DirectoryEntry>> list_tree(const fs::path& root) {
  std::error_code code;
  std::vector<DirectoryEntry> entries;
  fs::recursive_directory_iterator it(root, code);
  if (code) return fail("cannot read folder " + root.string() + ": " + reason(code.value()));
  for (; it != fs::recursive_directory_iterator(); it.increment(code)) {
    const fs::file_status status = it->symlink_status(code);
    DirectoryEntry entry{it->path().lexically_relative(root).generic_string(), fs::is_directory(status), 0};
    if (!entry.is_directory && !fs::is_regular_file(status)) {
      return fail("cannot take " + it->path().string() + ": it is neither a file nor a folder");
    }
    if (!entry.is_directory) entry.size = it->file_size(code);
    if (code) return fail("cannot read " + it->path().string() + ": " + reason(code.value()));
    entries.push_back(std::move(entry));
  }
  if (code) return fail("cannot read folder " + root.string() + ": " + reason(code.value()));
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return entries;
}

struct OutputFile::State {
  fs::path target;
  fs::path temporary;  // empty: unnamed (O_TMPFILE), or the target is written through
  bool write_through = false;
  bool is_device = false;
  int fd = -1;

  ~State() {
    if (fd >= 0) ::close(fd);
    if (!temporary.empty()) ::unlink(temporary.c_str());
  }
  [[nodiscard]] auto failure(int error_number) const {
    return fail("cannot write " + target.string() + ": " + reason(error_number));
  }
  [[nodiscard]] fs::path name_beside() const {
    return target.parent_path() / ("." + target.filename().string() + "." + std::to_string(::getpid()) + ".tmp");
  }
};

OutputFile::OutputFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
OutputFile::~OutputFile() = default;
OutputFile::OutputFile(OutputFile&&) noexcept = default;
OutputFile& OutputFile::operator=(OutputFile&&) noexcept = default;

Result<OutputFile> OutputFile::create(const fs::path& target) {
  auto state = std::make_unique<State>();
  state->target = target;
  struct stat info {};
  const bool exists = ::lstat(target.c_str(), &info) == 0;
  if (exists && S_ISDIR(info.st_mode)) return fail("cannot write " + target.string() + ": it is a folder");
  if (exists && !S_ISREG(info.st_mode)) {
    state->write_through = true;
    state->fd = ::open(target.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
    if (state->fd < 0) return state->failure(errno);
    return OutputFile(std::move(state));
  }
  const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
  state->fd = ::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
  if (state->fd < 0) {
    const fs::path beside = state->name_beside();
    state->fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (state->fd < 0) return state->failure(errno);
    state->temporary = beside;
  }
  return OutputFile(std::move(state));
}

Result<OutputFile> OutputFile::create_seekable(const fs::path& target) {
  const auto refusal = [&] {
    return fail(
        "cannot write " + target.string() + ": it is a pipe or a terminal, and this is not written front to back",
        {"name a file or a block device"});
  };
  struct stat info {};
  const bool exists = ::stat(target.c_str(), &info) == 0;
  if (exists && (S_ISFIFO(info.st_mode) || S_ISSOCK(info.st_mode)))
    return refusal();  // opening might wait for a reader
  WINNOW_TRY(OutputFile file, create(target));
  if (::lseek(file.state_->fd, 0, SEEK_CUR) < 0) return refusal();
  if (::fstat(file.state_->fd, &info) != 0) return file.state_->failure(errno);
  file.state_->is_device = !S_ISREG(info.st_mode);
  return file;
}

namespace {

// Writes all of `bytes` by calls of `write_some`, which write a part or set errno.
template <class WriteSome, class State>
Result<void> write_all(const State& state, ByteView bytes, WriteSome write_some) {
  while (!bytes.empty()) {
    if (interrupted()) return fail("cannot write " + state.target.string() + ": interrupted");
    constexpr std::size_t kMostAtOnce = 8u << 20;  // so that an interrupt is seen soon
    const ssize_t count = write_some(bytes.data(), std::min(bytes.size(), kMostAtOnce));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return state.failure(errno);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

}  // namespace

Result<void> OutputFile::write(ByteView bytes) {
  return write_all(*state_, bytes, [&](const void* data, std::size_t size) { return ::write(state_->fd, data, size); });
}

Result<void> OutputFile::write_at(ByteCount offset, ByteView bytes) {
  return write_all(*state_, bytes, [&](const void* data, std::size_t size) {
    const ssize_t count = ::pwrite(state_->fd, data, size, static_cast<off_t>(offset));
    if (count > 0) offset += static_cast<ByteCount>(count);
    return count;
  });
}

Result<ByteCount> OutputFile::copy_range_at(int source, ByteCount source_offset, ByteCount length, ByteCount offset) {
  ByteCount copied = 0;
  while (copied < length) {
    if (interrupted()) return fail("cannot write " + state_->target.string() + ": interrupted");
    constexpr ByteCount kMostAtOnce = 64u << 20;
    auto from = static_cast<off_t>(source_offset + copied);
    auto to = static_cast<off_t>(offset + copied);
    const auto size = static_cast<std::size_t>(std::min(length - copied, kMostAtOnce));
    const ssize_t count = ::copy_file_range(source, &from, state_->fd, &to, size, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;  // whatever is wrong, ordinary reading and writing will do it or say it
    copied += static_cast<ByteCount>(count);
  }
  return copied;
}

Result<void> OutputFile::resize(ByteCount size) {
  if (!state_->is_device) {
    if (::ftruncate(state_->fd, static_cast<off_t>(size)) != 0) return state_->failure(errno);
    return {};
  }
  struct stat info {};
  if (::fstat(state_->fd, &info) != 0) return state_->failure(errno);
  if (!S_ISBLK(info.st_mode)) return {};
  const off_t end = ::lseek(state_->fd, 0, SEEK_END);
  if (end < 0) return state_->failure(errno);
  if (static_cast<ByteCount>(end) >= size) return {};
  return fail("cannot write " + state_->target.string() + ": it holds " + std::to_string(end) + " bytes, " +
              std::to_string(size) + " are needed");
}

bool OutputFile::starts_empty() const { return !state_->is_device; }

Result<void> OutputFile::commit() {
  if (state_->write_through) {
    if (::close(std::exchange(state_->fd, -1)) != 0) return state_->failure(errno);
    return {};
  }
  if (state_->temporary.empty()) {
    const fs::path beside = state_->name_beside();
    const std::string self = "/proc/self/fd/" + std::to_string(state_->fd);
    ::unlink(beside.c_str());
    if (::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, beside.c_str(), AT_SYMLINK_FOLLOW) != 0) {
      return state_->failure(errno);
    }
    state_->temporary = beside;
  }
  if (::close(std::exchange(state_->fd, -1)) != 0) return state_->failure(errno);
  if (::rename(state_->temporary.c_str(), state_->target.c_str()) != 0) return state_->failure(errno);
  state_->temporary.clear();
  return {};
}

Result<void> write_file(const fs::path& target, ByteView bytes) {
  WINNOW_TRY(OutputFile file, OutputFile::create(target));
  WINNOW_CHECK(file.write(bytes));
  return file.commit();
}

struct OutputDirectory::State {
  fs::path target;
  fs::path temporary;
  bool replaces = false;

  ~State() {
    std::error_code ignored;
    if (!temporary.empty()) fs::remove_all(temporary, ignored);
  }
};

OutputDirectory::OutputDirectory(std::unique_ptr<State> state) : state_(std::move(state)) {}
OutputDirectory::~OutputDirectory() = default;
OutputDirectory::OutputDirectory(OutputDirectory&&) noexcept = default;
OutputDirectory& OutputDirectory::operator=(OutputDirectory&&) noexcept = default;

const fs::path& OutputDirectory::path() const { return state_->temporary; }

Result<OutputDirectory> OutputDirectory::create(const fs::path& target, const std::string& marker) {
  auto state = std::make_unique<State>();
  const std::string text = target.string();
  state->target = text.ends_with('/') && text.size() > 1 ? fs::path(text.substr(0, text.size() - 1)) : target;
  std::error_code code;
  const fs::file_status status = fs::symlink_status(state->target, code);
  if (fs::exists(status)) {
    const bool is_ours =
        fs::is_directory(status) && (fs::is_empty(state->target, code) || fs::exists(state->target / marker, code));
    if (!is_ours) {
      return fail("cannot write folder " + state->target.string() + ": it exists and holds no " + marker,
                  {"name a new folder, or remove that one first"});
    }
    state->replaces = true;
  }
  const fs::path beside = state->target.parent_path() /
                          ("." + state->target.filename().string() + "." + std::to_string(::getpid()) + ".tmp");
  fs::remove_all(beside, code);
  if (!fs::create_directory(beside, code)) {
    return fail("cannot write folder " + state->target.string() + ": " + reason(code.value()));
  }
  state->temporary = beside;
  return OutputDirectory(std::move(state));
}

Result<void> OutputDirectory::commit() {
  const int done = state_->replaces ? ::renameat2(AT_FDCWD, state_->temporary.c_str(), AT_FDCWD, state_->target.c_str(),
                                                  RENAME_EXCHANGE)
                                    : ::rename(state_->temporary.c_str(), state_->target.c_str());
  if (done != 0) return fail("cannot write folder " + state_->target.string() + ": " + reason(errno));
  if (!state_->replaces) state_->temporary.clear();  // after an exchange the old folder goes with the state
  return {};
}

Result<TemporaryDirectory> TemporaryDirectory::create(const std::string& prefix) {
  std::error_code code;
  std::string name = (fs::temp_directory_path(code) / (prefix + ".XXXXXX")).string();
  if (::mkdtemp(name.data()) == nullptr) return fail("cannot make folder " + name + ": " + reason(errno));
  return TemporaryDirectory(fs::path(name));
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}
TemporaryDirectory::TemporaryDirectory(TemporaryDirectory&& other) noexcept
    : path_(std::exchange(other.path_, fs::path())) {}
TemporaryDirectory& TemporaryDirectory::operator=(TemporaryDirectory&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

}  // namespace winnow
