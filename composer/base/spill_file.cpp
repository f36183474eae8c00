#include "base/spill_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace winnow {

namespace fs = std::filesystem;

namespace {

auto failure(const fs::path& folder, int error_number) {
  return fail("cannot use a temporary file in " + folder.string() + ": " +
              std::generic_category().message(error_number));
}

}  // namespace

Result<std::shared_ptr<SpillFile>> SpillFile::create(const fs::path& folder) {
  const fs::path place = folder.empty() ? fs::path(".") : folder;
  int fd = ::open(place.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0) {
    std::string name = (place / ".winnow.XXXXXX").string();
    fd = ::mkostemp(name.data(), O_CLOEXEC);
    if (fd >= 0) ::unlink(name.c_str());
  }
  if (fd < 0) return failure(place, errno);
  return std::make_shared<SpillFile>(place, fd);
}

SpillFile::~SpillFile() { ::close(fd_); }

Result<ByteCount> SpillFile::append(ByteView bytes) {
  const ByteCount start = end_.fetch_add(bytes.size());
  WINNOW_CHECK(write_at(start, bytes));
  return start;
}

Result<void> SpillFile::write_at(ByteCount offset, ByteView bytes) {
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t count = ::pwrite(fd_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failure(folder_, errno);
    done += static_cast<std::size_t>(count);
  }
  return {};
}

Result<void> SpillFile::read_at(ByteCount offset, std::span<std::uint8_t> out) const {
  for (std::size_t done = 0; done < out.size();) {
    const ssize_t count = ::pread(fd_, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    const int error_number = count == 0 ? EIO : errno;
    if (count <= 0) return failure(folder_, error_number);
    done += static_cast<std::size_t>(count);
  }
  return {};
}

}  // namespace winnow
