#include "image_reader/ntfs_descriptors.hpp"

#include <string_view>

#include "formats/ntfs.hpp"

namespace winnow {

namespace {

constexpr std::uint64_t kSecureRecord = 9;
constexpr std::string_view kStreamName = "$SDS";
constexpr std::uint64_t kAlignment = 16;
constexpr std::uint64_t kMirrored = 2 * ntfs::sds::kBlock;  // a block and its copy
constexpr std::uint32_t kStandardInformation = 0x10;

std::uint64_t round_up(std::uint64_t value, std::uint64_t unit) { return (value + unit - 1) / unit * unit; }

Result<Bytes> read_stream(libfsntfs_file_entry_t* entry) {
  FsntfsError error;
  libfsntfs_data_stream_t* made = nullptr;
  const auto* const name = reinterpret_cast<const std::uint8_t*>(kStreamName.data());
  const int found =
      libfsntfs_file_entry_get_alternate_data_stream_by_utf8_name(entry, name, kStreamName.size(), &made, error.out());
  if (found < 0) return fail(error.reason());
  const FsntfsStream stream(made);
  if (found == 0) return Bytes();
  size64_t size = 0;
  if (libfsntfs_data_stream_get_size(stream.get(), &size, error.out()) != 1) return fail(error.reason());
  if (size > kMaxDescriptorStream) return fail("its security descriptors have more bytes than those of any volume");
  Bytes bytes(static_cast<std::size_t>(size));
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t count = libfsntfs_data_stream_read_buffer_at_offset(
        stream.get(), bytes.data() + at, bytes.size() - at, static_cast<off64_t>(at), error.out());
    if (count <= 0) return fail(error.reason());
    at += static_cast<std::size_t>(count);
  }
  return bytes;
}

}  // namespace

Result<NtfsDescriptors> read_ntfs_descriptors(const FsntfsVolume& volume) {
  WINNOW_TRY(const FsntfsEntry entry, volume.entry(kSecureRecord));
  WINNOW_TRY(const Bytes stream, read_stream(entry.get()));
  NtfsDescriptors descriptors;
  for (std::uint64_t at = 0; at + ntfs::sds::kHeader <= stream.size();) {
    const std::uint64_t length = *read_le<std::uint32_t>(stream, at + ntfs::sds::kLength);
    const bool is_entry = *read_le<std::uint64_t>(stream, at + ntfs::sds::kOffset) == at &&
                          length > ntfs::sds::kHeader && length <= stream.size() - at &&
                          at % kMirrored + length <= ntfs::sds::kBlock;
    if (!is_entry) {
      at = round_up(at + 1, kMirrored);  // the rest of the block is empty, and its copy follows
      continue;
    }
    const ByteView descriptor = ByteView(stream).subspan(static_cast<std::size_t>(at) + ntfs::sds::kHeader,
                                                         static_cast<std::size_t>(length) - ntfs::sds::kHeader);
    descriptors.emplace(*read_le<std::uint32_t>(stream, at + ntfs::sds::kId),
                        Bytes(descriptor.begin(), descriptor.end()));
    at = round_up(at + length, kAlignment);
    if (at % kMirrored >= ntfs::sds::kBlock) at = round_up(at, kMirrored);
  }
  return descriptors;
}

std::optional<std::uint32_t> descriptor_number(libfsntfs_file_entry_t* entry) {
  FsntfsError error;
  int count = 0;
  if (libfsntfs_file_entry_get_number_of_attributes(entry, &count, error.out()) != 1) return std::nullopt;
  for (int index = 0; index < count; ++index) {
    libfsntfs_attribute_t* made = nullptr;
    if (libfsntfs_file_entry_get_attribute_by_index(entry, index, &made, error.out()) != 1) return std::nullopt;
    const FsntfsAttribute attribute(made);
    std::uint32_t type = 0;
    if (libfsntfs_attribute_get_type(attribute.get(), &type, error.out()) != 1) return std::nullopt;
    if (type != kStandardInformation) continue;
    std::uint32_t number = 0;
    const int found = libfsntfs_standard_information_attribute_get_security_descriptor_identifier(attribute.get(),
                                                                                                  &number, error.out());
    if (found != 1 || number == 0) return std::nullopt;
    return number;
  }
  return std::nullopt;
}

}  // namespace winnow
