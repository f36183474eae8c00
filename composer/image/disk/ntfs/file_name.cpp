#include "image/disk/ntfs/file_name.hpp"

#include "image/disk/byte_fields.hpp"

namespace winnow::ntfs {

void put_times(std::span<std::uint8_t> out, std::size_t at, const FileTimes& times) {
  put_le<std::uint64_t>(out, at, times.created);
  put_le<std::uint64_t>(out, at + 8, times.modified);
  put_le<std::uint64_t>(out, at + 16, times.changed);
  put_le<std::uint64_t>(out, at + 24, times.accessed);
}

void write_file_name(const FileName& value, std::span<std::uint8_t> out) {
  put_le<std::uint64_t>(out, file_name::kParent, value.parent);
  put_times(out, file_name::kCreated, value.times);
  put_le<std::uint64_t>(out, file_name::kAllocatedSize, value.allocated);
  put_le<std::uint64_t>(out, file_name::kDataSize, value.size);
  put_le<std::uint32_t>(out, file_name::kAttributes, value.attributes);
  put_le<std::uint32_t>(out, file_name::kReparseTag, value.reparse_tag);
  out[file_name::kNameLength] = static_cast<std::uint8_t>(value.name.size());
  out[file_name::kNamespace] = value.name_space;
  put_units(out, file_name::kName, value.name);
}

}  // namespace winnow::ntfs
