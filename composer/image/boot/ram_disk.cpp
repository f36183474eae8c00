#include "image/boot/ram_disk.hpp"

#include <array>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/utf16.hpp"
#include "formats/sdi.hpp"
#include "image/boot/tree_editor.hpp"
#include "image/disk/byte_fields.hpp"
#include "image/disk/ntfs/ntfs_volume.hpp"
#include "plan/file_tree.hpp"
#include "plan/security_descriptor.hpp"

namespace winnow {

namespace {

constexpr ByteCount kFreeSpace = 512u << 10;

constexpr std::u16string_view kEfiSdi = u"Windows\\Boot\\DVD\\EFI\\boot.sdi";
constexpr std::u16string_view kPcatSdi = u"Windows\\Boot\\DVD\\PCAT\\boot.sdi";

// "\\boot\\boot.sdi" as trees name it. Precondition: UTF-8 that begins with a backslash.
std::u16string tree_path(const std::string& path) { return to_utf16(path).value().substr(1); }

std::optional<std::uint32_t> find_file(const VolumeTree& tree, std::u16string_view path) {
  const auto name = find_name(tree, path);
  return name && !tree.inodes[tree.names[*name].inode].is_directory() ? name : std::nullopt;
}

Result<void> check_sdi(const Inode& file, std::u16string_view path) {
  Bytes magic(sdi::kMagic.size());
  if (file.content && file.content->size() > sdi::kTable) {
    WINNOW_CHECK(file.content->read(0, magic));
  }
  if (as_text(magic) == sdi::kMagic) return {};
  return fail("cannot make the disk boot: " + to_utf8(path).value_or("?") + " is no SDI file");
}

VolumeTree empty_volume(const Inode& root, Bytes descriptor) {
  VolumeTree tree;
  tree.security_descriptors.push_back(std::move(descriptor));
  Inode& folder = tree.inodes.emplace_back();
  folder.attributes = root.attributes;
  folder.times = root.times;
  tree.names.emplace_back();
  return tree;
}

// Bytes of a layout that fits into memory.
Result<void> read_layout(const DiskLayout& layout, std::span<std::uint8_t> out) {
  for (const Segment& segment : layout.segments) {
    WINNOW_CHECK(segment.source->read(0, out.subspan(segment.offset, segment.length)));
  }
  return {};
}

void put_entry(Bytes& file, std::size_t index, std::string_view type, ByteCount offset, ByteCount size,
               std::uint64_t partition_type) {
  const std::size_t at = sdi::kTable + index * sdi::kEntrySize;
  put_text(file, at + sdi::kEntryType, type);
  put_le<std::uint64_t>(file, at + sdi::kEntryOffset, offset);
  put_le<std::uint64_t>(file, at + sdi::kEntrySizeField, size);
  put_le<std::uint64_t>(file, at + sdi::kEntryPartitionType, partition_type);
}

void put_header(Bytes& file) {
  put_text(file, 0, sdi::kMagic);
  put_le<std::uint64_t>(file, sdi::kAlignment, sdi::kBootAlignment);
  const auto sum = std::accumulate(file.begin(), file.begin() + sdi::kHeaderSize, 0u);
  file[sdi::kChecksum] = static_cast<std::uint8_t>(0u - sum);
}

}  // namespace

Result<Bytes> make_boot_sdi(std::uint64_t serial, std::uint64_t time) {
  Inode root;
  root.attributes = kAttributeDirectory;
  root.times = {time, time, time, time};
  WINNOW_TRY(Bytes descriptor, parse_sddl(kDirectorySddl));
  NtfsOptions options;
  options.free_space = kFreeSpace;
  options.alignment = sdi::kBootAlignment * sdi::kPageSize;
  options.serial = serial;
  options.time = time;
  WINNOW_TRY(const NtfsVolume volume, plan_ntfs_volume(empty_volume(root, std::move(descriptor)), options));

  const ByteCount start = options.alignment;
  Bytes file(start + volume.layout.size);
  WINNOW_CHECK(read_layout(volume.layout, std::span(file).subspan(start)));
  put_header(file);
  put_entry(file, 0, sdi::kPart, start, volume.layout.size, sdi::kNtfs);
  put_entry(file, 1, sdi::kWim, file.size(), 0, 0);
  return file;
}

Result<RamDiskVolume> ram_disk_volume(const VolumeTree& windows, Content wim, const BcdInput& bcd,
                                      std::uint64_t serial) {
  const Inode& root = windows.inodes[0];
  RamDiskVolume volume{empty_volume(root, windows.security_descriptors[root.security]), false};
  TreeEditor editor(volume.tree, {bcd.time, bcd.time, bcd.time, bcd.time});
  WINNOW_CHECK(editor.put_content(tree_path(bcd.ram_disk->image), std::move(wim), kAttributeArchive));

  const std::u16string sdi = tree_path(bcd.ram_disk->sdi);
  std::array<std::u16string_view, 2> places = {kEfiSdi, kPcatSdi};
  if (bcd.firmware == Firmware::bios) std::swap(places[0], places[1]);
  for (const std::u16string_view place : places) {
    const auto name = find_file(windows, place);
    if (!name) continue;
    WINNOW_CHECK(check_sdi(windows.inodes[windows.names[*name].inode], place));
    WINNOW_CHECK(editor.copy_file(windows, place, sdi));
    return volume;
  }
  WINNOW_TRY(Bytes made, make_boot_sdi(serial, bcd.time));
  WINNOW_CHECK(editor.put_bytes(sdi, std::move(made), kAttributeArchive));
  volume.has_own_sdi = true;
  return volume;
}

}  // namespace winnow
