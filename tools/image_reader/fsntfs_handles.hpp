// libfsntfs's handles as owners that cannot leak, its errors as reasons, and the volume it reads from a stretch of a
// VirtualDisk through libbfio.
#pragma once

#include <libbfio.h>
#include <libfsntfs.h>

#include <memory>
#include <string>

#include "base/result.hpp"
#include "image_reader/virtual_disk.hpp"

namespace winnow {

template <class Handle, int (*release)(Handle**, libfsntfs_error_t**)>
struct FsntfsFree {
  void operator()(Handle* handle) const { release(&handle, nullptr); }
};
using FsntfsEntry =
    std::unique_ptr<libfsntfs_file_entry_t, FsntfsFree<libfsntfs_file_entry_t, libfsntfs_file_entry_free>>;
using FsntfsAttribute =
    std::unique_ptr<libfsntfs_attribute_t, FsntfsFree<libfsntfs_attribute_t, libfsntfs_attribute_free>>;
using FsntfsStream =
    std::unique_ptr<libfsntfs_data_stream_t, FsntfsFree<libfsntfs_data_stream_t, libfsntfs_data_stream_free>>;

// libfsntfs's error slot: pass out() to a call, ask for reason() when it failed.
class FsntfsError {
 public:
  FsntfsError() = default;
  ~FsntfsError() { libfsntfs_error_free(&error_); }
  FsntfsError(const FsntfsError&) = delete;
  FsntfsError& operator=(const FsntfsError&) = delete;

  [[nodiscard]] libfsntfs_error_t** out() { return &error_; }
  [[nodiscard]] std::string reason() const;

 private:
  libfsntfs_error_t* error_ = nullptr;
};

class FsntfsVolume {
 public:
  [[nodiscard]] static Result<std::shared_ptr<FsntfsVolume>> open(std::shared_ptr<const VirtualDisk> disk,
                                                                  ByteCount offset, ByteCount size);
  ~FsntfsVolume();
  FsntfsVolume(const FsntfsVolume&) = delete;
  FsntfsVolume& operator=(const FsntfsVolume&) = delete;

  [[nodiscard]] Result<FsntfsEntry> entry(std::uint64_t record) const;
  [[nodiscard]] libfsntfs_volume_t* handle() const { return volume_; }

 private:
  FsntfsVolume() = default;
  libbfio_handle_t* input_ = nullptr;
  libfsntfs_volume_t* volume_ = nullptr;
};

}  // namespace winnow
