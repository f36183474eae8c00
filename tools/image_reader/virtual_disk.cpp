#include "image_reader/virtual_disk.hpp"

#include <libvhdi.h>

#include <array>
#include <mutex>
#include <string>
#include <utility>

#include "base/file_system.hpp"

namespace winnow {

namespace {

// The last line of libvhdi's account, which is the outermost.
std::string take_reason(libvhdi_error_t*& error) {
  std::array<char, 1024> text{};
  if (error != nullptr) libvhdi_error_sprint(error, text.data(), text.size());
  libvhdi_error_free(&error);
  std::string reason(text.data());
  while (!reason.empty() && (reason.back() == '\n' || reason.back() == '.')) reason.pop_back();
  return reason.empty() ? "libvhdi cannot read it" : reason;
}

class RawDisk final : public VirtualDisk {
 public:
  RawDisk(InputFile file, ByteCount size) : VirtualDisk(DiskFileKind::raw, size), file_(std::move(file)) {}

  [[nodiscard]] Result<void> read(ByteCount offset, std::span<std::uint8_t> out) const override {
    return file_.read_at(offset, out);
  }

 private:
  InputFile file_;
};

struct VhdCloser {
  void operator()(libvhdi_file_t* file) const {
    libvhdi_file_close(file, nullptr);
    libvhdi_file_free(&file, nullptr);
  }
};
using VhdHandle = std::unique_ptr<libvhdi_file_t, VhdCloser>;

class VhdDisk final : public VirtualDisk {
 public:
  VhdDisk(VhdHandle handle, DiskFileKind kind, ByteCount size) : VirtualDisk(kind, size), handle_(std::move(handle)) {}

  [[nodiscard]] Result<void> read(ByteCount offset, std::span<std::uint8_t> out) const override {
    const std::lock_guard lock(mutex_);
    while (!out.empty()) {
      libvhdi_error_t* error = nullptr;
      const ssize_t count = libvhdi_file_read_buffer_at_offset(handle_.get(), out.data(), out.size(),
                                                               static_cast<off64_t>(offset), &error);
      if (count <= 0) return fail(take_reason(error));
      offset += static_cast<ByteCount>(count);
      out = out.subspan(static_cast<std::size_t>(count));
    }
    return {};
  }

 private:
  mutable std::mutex mutex_;
  VhdHandle handle_;
};

Result<std::shared_ptr<const VirtualDisk>> open_vhd(const std::filesystem::path& file, DiskFileKind kind) {
  libvhdi_error_t* error = nullptr;
  libvhdi_file_t* made = nullptr;
  if (libvhdi_file_initialize(&made, &error) != 1) return fail(take_reason(error));
  VhdHandle handle(made);
  if (libvhdi_file_open(made, file.c_str(), LIBVHDI_OPEN_READ, &error) != 1) return fail(take_reason(error));
  std::uint32_t type = 0;
  size64_t size = 0;
  if (libvhdi_file_get_disk_type(made, &type, &error) != 1 || libvhdi_file_get_media_size(made, &size, &error) != 1) {
    return fail(take_reason(error));
  }
  if (type == LIBVHDI_DISK_TYPE_DIFFERENTIAL)
    return fail("it is a differencing disk, which is nothing without its parent");
  return std::make_shared<VhdDisk>(std::move(handle), kind, size);
}

}  // namespace

std::string_view to_string(DiskFileKind kind) {
  switch (kind) {
    case DiskFileKind::raw:
      return "raw";
    case DiskFileKind::vhd_fixed:
      return "fixed VHD";
    case DiskFileKind::vhd_dynamic:
      return "dynamic VHD";
    case DiskFileKind::vhdx:
      return "VHDX";
  }
  return "raw";
}

Result<std::shared_ptr<const VirtualDisk>> VirtualDisk::open(const std::filesystem::path& file, DiskFileKind kind) {
  if (kind != DiskFileKind::raw) return open_vhd(file, kind);
  WINNOW_TRY(InputFile input, InputFile::open(file));
  WINNOW_TRY(const FileState state, input.state());
  return std::make_shared<RawDisk>(std::move(input), state.size);
}

}  // namespace winnow
