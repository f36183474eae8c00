#include "image_reader/fsntfs_handles.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#if defined(__SANITIZE_ADDRESS__)
// libfsntfs 20200921 forgets 28 bytes for each security descriptor it looks up.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_options();
extern "C" const char* __lsan_default_options() { return "print_suppressions=0"; }
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libfsntfs_security_descriptor_index_value_initialize\nleak:libfsntfs_sds_index_value_initialize\n";
}
#endif

namespace winnow {

namespace {

// What libbfio calls a file: a stretch of a disk and a position in it.
struct DiskStretch {
  std::shared_ptr<const VirtualDisk> disk;
  ByteCount offset = 0;
  ByteCount size = 0;
  ByteCount position = 0;
};

DiskStretch& stretch_of(intptr_t* handle) { return *reinterpret_cast<DiskStretch*>(handle); }

int free_stretch(intptr_t** handle, libbfio_error_t** /*error*/) {
  delete reinterpret_cast<DiskStretch*>(std::exchange(*handle, nullptr));
  return 1;
}
int clone_stretch(intptr_t** copy, intptr_t* handle, libbfio_error_t** /*error*/) {
  *copy = reinterpret_cast<intptr_t*>(new DiskStretch(stretch_of(handle)));
  return 1;
}
int open_stretch(intptr_t* handle, int /*flags*/, libbfio_error_t** /*error*/) {
  stretch_of(handle).position = 0;
  return 1;
}
int close_stretch(intptr_t* /*handle*/, libbfio_error_t** /*error*/) { return 0; }
int is_there(intptr_t* /*handle*/, libbfio_error_t** /*error*/) { return 1; }

ssize_t read_stretch(intptr_t* handle, std::uint8_t* buffer, std::size_t size, libbfio_error_t** /*error*/) {
  DiskStretch& stretch = stretch_of(handle);
  const ByteCount left = stretch.size - std::min(stretch.position, stretch.size);
  const auto count = static_cast<std::size_t>(std::min<ByteCount>(size, left));
  if (!stretch.disk->read(stretch.offset + stretch.position, {buffer, count})) return -1;
  stretch.position += count;
  return static_cast<ssize_t>(count);
}

off64_t seek_stretch(intptr_t* handle, off64_t offset, int whence, libbfio_error_t** /*error*/) {
  DiskStretch& stretch = stretch_of(handle);
  const ByteCount base = whence == SEEK_CUR ? stretch.position : whence == SEEK_END ? stretch.size : 0;
  const off64_t target = static_cast<off64_t>(base) + offset;
  if (target < 0) return -1;
  stretch.position = static_cast<ByteCount>(target);
  return target;
}

int size_of_stretch(intptr_t* handle, size64_t* size, libbfio_error_t** /*error*/) {
  *size = stretch_of(handle).size;
  return 1;
}

}  // namespace

// Its last line is the outermost, its first the cause.
std::string FsntfsError::reason() const {
  std::array<char, 4096> text{};
  if (error_ != nullptr) libfsntfs_error_backtrace_sprint(error_, text.data(), text.size());
  std::string reason(text.data());
  reason = reason.substr(0, reason.find('\n'));
  while (!reason.empty() && reason.back() == '.') reason.pop_back();
  return "its NTFS volume is damaged (" + (reason.empty() ? "libfsntfs does not say how" : reason) + ")";
}

Result<std::shared_ptr<FsntfsVolume>> FsntfsVolume::open(std::shared_ptr<const VirtualDisk> disk, ByteCount offset,
                                                         ByteCount size) {
  const std::shared_ptr<FsntfsVolume> volume(new FsntfsVolume());
  auto stretch = std::make_unique<DiskStretch>(DiskStretch{std::move(disk), offset, size, 0});
  FsntfsError error;
  if (libbfio_handle_initialize(
          &volume->input_, reinterpret_cast<intptr_t*>(stretch.get()), free_stretch, clone_stretch, open_stretch,
          close_stretch, read_stretch, nullptr, seek_stretch, is_there, is_there, size_of_stretch,
          LIBBFIO_FLAG_IO_HANDLE_MANAGED | LIBBFIO_FLAG_IO_HANDLE_CLONE_BY_FUNCTION, error.out()) != 1) {
    return fail(error.reason());
  }
  stretch.release();  // libbfio's now
  if (libfsntfs_volume_initialize(&volume->volume_, error.out()) != 1 ||
      libfsntfs_volume_open_file_io_handle(volume->volume_, volume->input_, LIBFSNTFS_OPEN_READ, error.out()) != 1) {
    return fail(error.reason());
  }
  return volume;
}

FsntfsVolume::~FsntfsVolume() {
  if (volume_ != nullptr) {
    libfsntfs_volume_close(volume_, nullptr);
    libfsntfs_volume_free(&volume_, nullptr);
  }
  if (input_ != nullptr) libbfio_handle_free(&input_, nullptr);
}

Result<FsntfsEntry> FsntfsVolume::entry(std::uint64_t record) const {
  libfsntfs_file_entry_t* made = nullptr;
  FsntfsError error;
  if (libfsntfs_volume_get_file_entry_by_index(volume_, record, &made, error.out()) != 1) return fail(error.reason());
  return FsntfsEntry(made);
}

}  // namespace winnow
