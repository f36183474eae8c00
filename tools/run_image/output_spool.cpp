#include "run_image/output_spool.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace winnow {

Result<OutputSpool> OutputSpool::create(const std::filesystem::path& folder, Sink sink) {
  std::string name = (folder / "output.XXXXXX").string();
  const int descriptor = ::mkostemp(name.data(), O_APPEND | O_CLOEXEC);
  if (descriptor < 0) return fail("cannot make " + name + ": " + std::generic_category().message(errno));
  ::unlink(name.c_str());
  return OutputSpool(descriptor, std::move(sink));
}

OutputSpool::~OutputSpool() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

OutputSpool::OutputSpool(OutputSpool&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), sink_(std::move(other.sink_)), passed_(other.passed_) {}

void OutputSpool::pass_on() {
  std::array<char, 64 << 10> buffer;
  for (;;) {
    const ssize_t count = ::pread(descriptor_, buffer.data(), buffer.size(), passed_);
    if (count <= 0) return;
    sink_(std::string_view(buffer.data(), static_cast<std::size_t>(count)));
    ::fallocate(descriptor_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, passed_, count);  // a saving, no need
    passed_ += count;
  }
}

}  // namespace winnow
