// Mutation proof for GPT, MBR and boot stores.
#include "support/disk_maker.hpp"
#include "support/ntfs_editor.hpp"
#include "unit/disk_check/mutation_case.hpp"

namespace winnow {
namespace {

using test::get_le;
using test::put_le;

std::uint32_t crc32_of(ByteView bytes) {
  std::uint32_t crc = ~0u;
  for (const std::uint8_t b : bytes) {
    crc ^= b;
    for (int i = 0; i < 8; ++i) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
  }
  return ~crc;
}

// Sets the checksums of the header at `lba` right.
void seal(Bytes& disk, std::size_t lba) {
  const std::span<std::uint8_t> header = std::span(disk).subspan(lba * 512, 92);
  const std::size_t entries = get_le(header, 72, 8) * 512;
  if (entries + 16384 <= disk.size()) put_le(header, 88, 4, crc32_of(ByteView(disk).subspan(entries, 16384)));
  put_le(header, 16, 4, 0);
  put_le(header, 16, 4, crc32_of(header));
}
auto header(std::size_t field, std::size_t size, std::uint64_t value) {
  return [=](Bytes& disk) {
    put_le(disk, 512 + field, size, value);
    seal(disk, 1);
  };
}
// A field of a partition in both tables.
auto entry(std::size_t index, std::size_t field, std::size_t size, std::uint64_t value) {
  return [=](Bytes& disk) {
    const std::size_t last = disk.size() / 512 - 1;
    for (const std::size_t table : {std::size_t{2}, last - 32})
      put_le(disk, table * 512 + index * 128 + field, size, value);
    seal(disk, 1);
    seal(disk, last);
  };
}
auto byte(std::size_t at) {
  return [=](Bytes& disk) { disk[at] ^= 0x15; };
}

TEST(GptMutation, IsNamed) {
  const Bytes sound = test::written(test::gpt_disk(test::plain_tree()), DiskFormat::kRaw);
  const std::size_t last = sound.size() / 512 - 1;
  const std::uint64_t volume_id = get_le(sound, 1024 + 16, 8);
  test::expect_named(
      sound,
      {{"protective MBR: type", "protective MBR", "type is", byte(0x1BE + 4)},
       {"protective MBR: size", "protective MBR", "number of sectors is", byte(0x1BE + 12)},
       {"protective MBR: signature", "protective MBR", "signature is", byte(0x1FE)},
       {"protective MBR: a second entry", "protective MBR", "entries 2 to 4 are not empty", byte(0x1CE + 4)},
       {"header signature", "GPT header", "does not begin with", byte(512)},
       {"header checksum", "GPT header", "checksum is", byte(512 + 16)},
       {"own LBA", "GPT header", "its own LBA is 7, expected 1", header(24, 8, 7)},
       {"other LBA", "GPT header", "LBA of the other header is 9", header(32, 8, 9)},
       {"first usable", "GPT header", "first usable LBA is 40, expected 34", header(40, 8, 40)},
       {"last usable", "GPT header", "last usable LBA is 1000", header(48, 8, 1000)},
       {"entries LBA", "GPT header", "LBA of the entries is 3, expected 2", header(72, 8, 3)},
       {"entries checksum", "GPT header", "checksum of the entries is", byte(1024 + 56)},
       {"revision", "GPT header", "revision is", header(8, 4, 0x20000)},
       {"disk GUID", "GPT backup header", "disk GUID is", header(56, 1, 0x77)},
       {"backup header", "GPT backup header", "does not begin with", byte(last * 512)},
       {"backup entries", "GPT backup entries", "they differ from the entries", byte((last - 32) * 512 + 57)},
       {"partition outside", "partition 2", "outside the usable", entry(1, 40, 8, last - 5)},
       {"partition off the disk", "GPT partition 2", "not on the disk", entry(1, 40, 8, last * 2)},
       {"partitions overlap", "partition 2", "it overlaps partition 1", entry(1, 32, 8, 3000)},
       {"unique GUID used twice", "GPT partition 2", "is used twice",
        [=](Bytes& d) {
          const std::uint64_t half = get_le(d, 1024 + 24, 8);
          entry(1, 16, 8, volume_id)(d);
          entry(1, 24, 8, half)(d);
        }},
       {"type promises another volume", "partition 1", "it holds NTFS, its type",
        [](Bytes& d) {
          entry(0, 0, 8, 0x11D2F81FC12A7328)(d);
          entry(0, 8, 8, 0x3BC93EC9A0004BBA)(d);
        }},
       {"NTFS hidden sectors", "partition 1: boot sector", "hidden sectors is", byte(test::kVolumeOffset + 0x1C)}});
}

TEST(MbrMutation, IsNamed) {
  const Bytes sound = test::written(test::mbr_disk(test::plain_tree()), DiskFormat::kRaw);
  const auto put = [](std::size_t at, std::size_t size, std::uint64_t value) {
    return [=](Bytes& d) { put_le(d, at, size, value); };
  };
  constexpr std::size_t kEntry = 0x1BE;
  const auto second = [=](Bytes& d, std::uint64_t first, std::uint64_t sectors) {
    put_le(d, kEntry + 16, 16, 0);
    d[kEntry + 16 + 4] = 0x83;
    put_le(d, kEntry + 16 + 8, 4, first);
    put_le(d, kEntry + 16 + 12, 4, sectors);
  };
  test::expect_named(
      sound, {{"signature", "MBR", "signature is", byte(0x1FE)},
              {"disk signature", "MBR", "disk signature is 0", put(0x1B8, 4, 0)},
              {"outside", "partition 1", "outside the usable", put(kEntry + 12, 4, 0x7FFFFFFF)},
              {"before the first", "partition 1", "outside the usable", put(kEntry + 8, 4, 0)},
              {"overlap", "partition 2", "it overlaps partition 1", [=](Bytes& d) { second(d, 3000, 100); }},
              {"two are active", "MBR", "2 partitions are active",
               [=](Bytes& d) {
                 second(d, 100, 100);
                 d[kEntry + 16] = 0x80;
               }},
              {"first CHS", "MBR partition 1", "first CHS address is", byte(kEntry + 1)},
              {"last CHS", "MBR partition 1", "last CHS address is", byte(kEntry + 5)},
              {"type", "partition 1", "it holds NTFS, its type 0xc promises FAT32", put(kEntry + 4, 1, 0x0C)},
              {"an entry without type", "MBR partition 3", "the entry is not empty", put(kEntry + 32 + 8, 4, 77)}});
}

// A bootable disk whose store was made for something else.
std::string store_faults(const std::function<void(BcdInput&)>& edit) {
  BcdInput input = test::bios_store();
  edit(input);
  const DiskLayout layout = test::mbr_disk(test::bootable_tree(write_bcd_store(input).value()));
  return test::print(check_disk_bytes(test::written(layout, DiskFormat::kRaw)));
}

TEST(BootStore, SoundStoresHaveNone) {
  EXPECT_EQ(store_faults([](BcdInput&) {}), "");
  EXPECT_EQ(store_faults([](BcdInput& b) { b.system_device = b.os_device = BootPartition{}; }), "");
  EXPECT_EQ(store_faults([](BcdInput& b) { b.os_device = LocatePartition{}; }), "");
}

TEST(BootStore, DevicesOfOtherDisksAreNamed) {
  const auto has = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos; };
  const auto other_disk = store_faults([](BcdInput& b) { b.os_device = MbrDevice{1, test::kVolumeOffset}; });
  EXPECT_TRUE(has(other_disk, "BCD: osdevice of {30112233-4455-4677-8899-aabbccddeeff}: disk id is 01000000"))
      << other_disk;
  const auto other_place = store_faults([](BcdInput& b) { b.system_device = MbrDevice{test::kDiskSignature, 4096}; });
  EXPECT_TRUE(has(other_place, "{bootmgr} device: it names partition at byte 4096, which is not on this disk"))
      << other_place;
  const auto gpt = store_faults([](BcdInput& b) {
    b.os_device = GptDevice{parse_guid(test::kDiskGuid), parse_guid(test::kWindowsGuid)};
  });
  EXPECT_TRUE(has(gpt, "disk kind (0 GPT, 1 MBR) is 0, expected 1")) << gpt;
  const auto firmware = store_faults([](BcdInput& b) { b.firmware = Firmware::uefi; });
  EXPECT_TRUE(has(firmware, "winload.efi is not on the volume")) << firmware;
}

// A disk that boots from a RAM disk; `edit` sees its store before it is written.
std::string ram_disk_faults(const std::function<void(BcdInput&)>& edit, bool has_files = true,
                            const std::function<void(Bytes&)>& damage = {}) {
  BcdInput input = test::bios_store();
  input.ram_disk = RamDiskBoot{};
  edit(input);
  Bytes store = write_bcd_store(input).value();
  if (damage) damage(store);
  test::DiskTree t;
  t.file(0, "bootmgr", test::disk_bytes(5'000, 1));
  const auto boot = t.directory(0, "Boot");
  t.file(boot, "BCD", std::move(store));
  if (has_files) t.file(boot, "boot.sdi", test::disk_bytes(5'000, 2));
  if (has_files) t.file(t.directory(0, "Sources"), "boot.wim", test::disk_bytes(5'000, 3));
  return test::print(check_disk_bytes(test::written(test::mbr_disk(std::move(t.tree)), DiskFormat::kRaw)));
}

TEST(BootStore, RamDisksAreMadeOfFilesThatAreThere) {
  EXPECT_EQ(ram_disk_faults([](BcdInput&) {}), "");
  EXPECT_EQ(ram_disk_faults([](BcdInput& b) { b.os_device = BootPartition{}; }), "");
  const std::string subject = "partition 1: BCD: ";
  const std::string loader = "{30112233-4455-4677-8899-aabbccddeeff}";
  const std::string options =
      "{ae5534e0-a924-466c-b836-758539a3ee3a}: ramdisksdipath \\boot\\boot.sdi is not on the "
      "volume\n";
  const std::string image = ": its file \\sources\\boot.wim is not on the volume\n";
  EXPECT_EQ(ram_disk_faults([](BcdInput&) {}, false), subject + "device of " + loader + image + subject + options +
                                                          subject + "osdevice of " + loader + image + subject +
                                                          options);
  const auto elsewhere = ram_disk_faults([](BcdInput& b) { b.os_device = MbrDevice{test::kDiskSignature, 4096}; });
  for (const char* what : {"device of ", "osdevice of "}) {
    EXPECT_NE(elsewhere.find(subject + what + loader + ": it names partition at byte 4096"), std::string::npos)
        << elsewhere;
  }
  const auto no_file =
      ram_disk_faults([](BcdInput&) {}, true,
                      [](Bytes& store) {
                        // Subtype 3 in front of the 20 bytes of zeros and the file path's version, length and type.
                        const std::string path = std::string(20, '\0') + std::string("\1\0\0\0\x78\0\0\0\5\0\0\0", 12);
                        for (std::size_t at = 0; (at = as_text(store).find(path, at)) != std::string_view::npos; ++at)
                          store[at - 4] = 2;
                      });
  EXPECT_EQ(no_file, subject + "device of " + loader + ": the device is no RAM disk made of a file\n" + subject +
                         "osdevice of " + loader + ": the device is no RAM disk made of a file\n");
}

TEST(BootStore, BrokenStoresAreNamed) {
  const Bytes store = write_bcd_store(test::bios_store()).value();
  const auto faults = [&](const std::function<void(Bytes&)>& edit) {
    Bytes broken = store;
    edit(broken);
    const DiskLayout layout = test::mbr_disk(test::bootable_tree(std::move(broken)));
    return test::print(check_disk_bytes(test::written(layout, DiskFormat::kRaw)));
  };
  const auto has = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos; };
  // The text of a UTF-16 or ASCII name in the store, replaced.
  const auto replace = [](Bytes& bytes, std::string_view from, char to) {
    const auto at = as_text(bytes).find(from);
    ASSERT_NE(at, std::string_view::npos);
    bytes[at] = static_cast<std::uint8_t>(to);
  };
  const auto checksum = faults([](Bytes& b) { b[508] ^= 1; });
  EXPECT_TRUE(has(checksum, "partition 1: BCD: cannot read hive:")) << checksum;
  const auto cut = faults([](Bytes& b) { b.resize(b.size() - 4096); });
  EXPECT_TRUE(has(cut, "partition 1: BCD: cannot read hive:")) << cut;
  const auto no_default = faults([&](Bytes& b) { replace(b, "23000003", '9'); });
  EXPECT_TRUE(has(no_default, "BCD: ")) << no_default;
  const auto wrong_object =
      faults([&](Bytes& b) { replace(b, std::string_view("3\0000\0001\0001\0002\0002\0003\0003\000", 16), '4'); });
  EXPECT_TRUE(has(wrong_object, "is no object of the store")) << wrong_object;
}

TEST(BootStore, FilesWithoutAStoreAreNamed) {
  test::DiskTree t;
  t.file(0, "bootmgr", test::disk_bytes(100, 1));
  const auto text = test::print(check_disk_bytes(test::written(test::mbr_disk(std::move(t.tree)), DiskFormat::kRaw)));
  EXPECT_EQ(text, "partition 1: boot files: \\bootmgr is there, its BCD is not\n");
}

}  // namespace
}  // namespace winnow
