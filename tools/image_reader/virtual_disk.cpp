#include "image_reader/virtual_disk.hpp"

#include <libvhdi.h>

#include <algorithm>
#include <array>
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

struct VhdCloser {
  void operator()(libvhdi_file_t* file) const {
    libvhdi_file_close(file, nullptr);
    libvhdi_file_free(&file, nullptr);
  }
};
using VhdHandle = std::unique_ptr<libvhdi_file_t, VhdCloser>;

Result<ByteCount> vhd_disk_size(const std::filesystem::path& file) {
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
  return size;
}

}  // namespace

Result<std::shared_ptr<const VirtualDisk>> VirtualDisk::open(const std::filesystem::path& file, DiskFileKind kind) {
  WINNOW_TRY(InputFile input, InputFile::open(file));
  WINNOW_TRY(const FileState state, input.state());
  ByteCount size = state.size;
  if (kind != DiskFileKind::raw) {
    WINNOW_TRY(size, vhd_disk_size(file));
  }
  WINNOW_TRY(BlockMap blocks, BlockMap::read(file, kind, size));
  return std::shared_ptr<const VirtualDisk>(new VirtualDisk(kind, std::move(blocks), std::move(input)));
}

Result<void> VirtualDisk::read(ByteCount offset, std::span<std::uint8_t> out) const {
  if (offset > size() || out.size() > size() - offset) return fail("a read goes beyond the end of the disk");
  while (!out.empty()) {
    ByteCount length = out.size();
    const auto place = blocks_.place(offset, length);
    const auto part = out.first(static_cast<std::size_t>(length));
    if (place) {
      WINNOW_CHECK(file_.read_at(*place, part));
    } else {
      std::fill(part.begin(), part.end(), std::uint8_t{0});
    }
    offset += length;
    out = out.subspan(part.size());
  }
  return {};
}

}  // namespace winnow
