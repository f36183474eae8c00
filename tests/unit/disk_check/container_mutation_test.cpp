// Mutation proof for VHD and VHDX.
#include "image/disk/check/container_check.hpp"
#include "support/disk_maker.hpp"
#include "support/ntfs_editor.hpp"
#include "unit/disk_check/mutation_case.hpp"

namespace winnow {
namespace {

using test::put_le;

void put_be(std::span<std::uint8_t> bytes, std::size_t at, std::size_t size, std::uint64_t value) {
  for (std::size_t i = size; i-- > 0; value >>= 8) bytes[at + i] = static_cast<std::uint8_t>(value);
}
std::uint64_t get_be(ByteView bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | bytes[at + i];
  return value;
}

// Edits a structure whose checksum is at `field`, and sets that right.
void seal(std::span<std::uint8_t> bytes, std::size_t field) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) sum += i >= field && i < field + 4 ? 0u : bytes[i];
  put_be(bytes, field, 4, ~sum);
}
auto footer(std::size_t at, std::size_t size, std::uint64_t value) {
  return [=](Bytes& file) {
    const std::span<std::uint8_t> last = std::span(file).last(512);
    put_be(last, at, size, value);
    seal(last, 64);
  };
}
auto header(std::size_t at, std::size_t size, std::uint64_t value) {
  return [=](Bytes& file) {
    const std::span<std::uint8_t> bytes = std::span(file).subspan(512, 1024);
    put_be(bytes, at, size, value);
    seal(bytes, 36);
  };
}
auto byte(std::size_t at) {
  return [=](Bytes& file) { file[at] ^= 0x15; };
}
void add_sector(Bytes& file) { file.insert(file.end() - 512, 512, std::uint8_t{0}); }

TEST(VhdMutation, FixedIsNamed) {
  const Bytes sound = test::written(test::gpt_disk(test::plain_tree()), DiskFormat::kVhdFixed);
  test::expect_named(
      sound, {{"cookie", "VHD footer", "cookie is", [](Bytes& f) { f[f.size() - 512] = 'X'; }},
              {"features", "VHD footer", "features is 0x0, expected 0x2", footer(8, 4, 0)},
              {"version", "VHD footer", "version is 0x20000", footer(12, 4, 0x20000)},
              {"data offset", "VHD footer", "data offset is 0x200", footer(16, 8, 512)},
              {"checksum", "VHD footer", "checksum is", [](Bytes& f) { f[f.size() - 512 + 67] ^= 1; }},
              {"a byte under the checksum", "VHD footer", "checksum is", [](Bytes& f) { f[f.size() - 512 + 28] ^= 1; }},
              {"original size", "VHD footer", "original size is", footer(40, 8, 512)},
              {"current size", "VHD footer", "current size is", footer(48, 8, 512)},
              {"geometry", "VHD footer", "geometry", footer(56, 4, 0x00010203)},
              {"type", "VHD footer", "disk type is 4", footer(60, 4, 4)},
              {"unique id", "VHD footer", "unique id is zero",
               [](Bytes& f) {
                 footer(68, 8, 0)(f);
                 footer(76, 8, 0)(f);
               }},
              {"saved state", "VHD footer", "saved state is 0x1", footer(84, 1, 1)},
              {"reserved", "VHD footer", "reserved bytes are not zero", footer(200, 1, 1)},
              {"a sector too many", "VHD footer", "current size is", add_sector},
              {"length", "VHD", "no multiple of 512", [](Bytes& f) { f.insert(f.end() - 512, 7, std::uint8_t{0}); }}});
}

TEST(VhdMutation, DynamicIsNamed) {
  const Bytes sound = test::written(test::gpt_disk(test::plain_tree()), DiskFormat::kVhdDynamic);
  const auto table = static_cast<std::size_t>(get_be(sound, 512 + 16, 8));
  ASSERT_NE(get_be(sound, table, 4), 0xFFFFFFFFu);
  test::expect_named(sound,
                     {{"footer copy", "VHD footer copy", "differs from the footer", byte(30)},
                      {"footer copy, its cookie", "VHD footer copy", "cookie is", byte(0)},
                      {"data offset", "VHD footer", "no place for the dynamic header", footer(16, 8, 1u << 30)},
                      {"header cookie", "VHD dynamic header", "cookie is", byte(512)},
                      {"header checksum", "VHD dynamic header", "checksum is", byte(512 + 39)},
                      {"header version", "VHD dynamic header", "version is", header(24, 4, 0x20000)},
                      {"BAT offset", "VHD dynamic header", "does not lie inside the file", header(16, 8, 1u << 30)},
                      {"BAT entries", "VHD dynamic header", "BAT entries is 1,", header(28, 4, 1)},
                      {"block size", "VHD dynamic header", "block size is 3145728", header(32, 4, 3u << 20)},
                      {"parent", "VHD dynamic header", "parent fields are not zero", header(40, 1, 1)},
                      {"BAT entry outside", "VHD BAT entry 0", "lie outside the file",
                       [=](Bytes& f) { put_be(f, table, 4, f.size() / 512); }},
                      {"BAT entry on the headers", "VHD", "overlaps", [=](Bytes& f) { put_be(f, table, 4, 2); }},
                      {"two BAT entries, one block", "VHD BAT entry 1", "overlaps VHD BAT entry 0",
                       [=](Bytes& f) { put_be(f, table + 4, 4, get_be(f, table, 4)); }},
                      {"sector bitmap", "VHD block 0", "marked absent, but it holds data",
                       [=](Bytes& f) { f[static_cast<std::size_t>(get_be(f, table, 4)) * 512] = 0; }},
                      {"a sector too many", "VHD", "file length is", add_sector}});
}

// Edits the structure of `size` bytes at `at` and sets its CRC-32C right.
auto sealed(std::size_t at, std::size_t size, std::function<void(std::span<std::uint8_t>)> edit) {
  return [=](Bytes& file) {
    const std::span<std::uint8_t> bytes = std::span(file).subspan(at, size);
    edit(bytes);
    put_le(bytes, 4, 4, 0);
    put_le(bytes, 4, 4, check::crc32c(bytes));
  };
}
auto vhdx_header(std::size_t field, std::uint64_t value) {
  return [=](Bytes& file) {
    for (const std::size_t at : {65536u, 131072u}) {
      sealed(at, 4096, [=](std::span<std::uint8_t> h) { put_le(h, field, 2, value); })(file);
    }
  };
}

struct VhdxPlaces {
  std::size_t metadata = 0;
  std::size_t table = 0;
  std::size_t parameters = 0;  // item data
  std::size_t sector = 0;
};

VhdxPlaces places_of(const Bytes& file) {
  VhdxPlaces places;
  for (std::size_t i = 0; i < 2; ++i) {
    const std::size_t entry = 196608 + 16 + i * 32;
    const std::size_t offset = test::get_le(file, entry + 16, 8);
    (file[entry] == 0x66 ? places.table : places.metadata) = offset;
  }
  for (std::size_t i = 0; i < 5; ++i) {
    const std::size_t entry = places.metadata + 32 + i * 32;
    const std::size_t data = places.metadata + test::get_le(file, entry + 16, 4);
    if (file[entry] == 0x37) places.parameters = data;
    if (file[entry] == 0x1D) places.sector = data;
  }
  return places;
}

TEST(VhdxMutation, IsNamed) {
  const Bytes sound = test::written(test::gpt_disk(test::plain_tree()), DiskFormat::kVhdx);
  const VhdxPlaces at = places_of(sound);
  ASSERT_NE(at.parameters, 0u);
  ASSERT_NE(at.sector, 0u);
  const auto table = [=](std::size_t index, std::uint64_t value) {
    return [=](Bytes& f) { put_le(f, at.table + index * 8, 8, value); };
  };
  const std::uint64_t first = test::get_le(sound, at.table, 8);
  ASSERT_EQ(first & 7, 6u);
  test::expect_named(
      sound,
      {{"file identifier", "VHDX file identifier", "expected \"vhdxfile\"", byte(0)},
       {"header 1 checksum", "VHDX header 1", "checksum is", byte(65536 + 4)},
       {"header 2 signature", "VHDX header 2", "not \"head\"", byte(131072)},
       {"header version", "VHDX header 1", "version is 2, expected 1", vhdx_header(66, 2)},
       {"log GUID", "VHDX header 1", "the log is not empty", vhdx_header(48, 1)},
       {"sequence numbers", "VHDX header 2", "the same as header 1's",
        [](Bytes& f) {
          const std::uint64_t one = test::get_le(f, 65536 + 8, 8);
          sealed(131072, 4096, [=](std::span<std::uint8_t> h) { put_le(h, 8, 8, one); })(f);
        }},
       {"headers differ", "VHDX header 2", "in more than the sequence number",
        sealed(131072, 4096, [](std::span<std::uint8_t> h) { h[20] ^= 1; })},
       {"region table 2", "VHDX region table 2", "differs from region table 1",
        sealed(262144, 65536, [](std::span<std::uint8_t> t) { t[40] ^= 1; })},
       {"region table checksum", "VHDX region table 1", "checksum is", byte(196608 + 4)},
       {"region outside", "VHDX", "outside the file",
        [](Bytes& f) {
          for (const std::size_t t : {196608u, 262144u}) {
            sealed(t, 65536, [](std::span<std::uint8_t> r) { put_le(r, 16 + 16, 8, 1ull << 40); })(f);
          }
        }},
       {"metadata signature", "VHDX metadata table", "not \"metadata\"", byte(at.metadata)},
       {"metadata item missing", "VHDX metadata table", "is missing", byte(at.metadata + 32)},
       {"metadata item flags", "VHDX metadata item", "flags is", byte(at.metadata + 32 + 24)},
       {"metadata item outside", "VHDX metadata item", "outside the region",
        [=](Bytes& f) { put_le(f, at.metadata + 32 + 16, 4, 0x7FFFFFFF); }},
       {"block size", "VHDX metadata", "block size is", [=](Bytes& f) { put_le(f, at.parameters, 4, 3u << 20); }},
       {"has a parent", "VHDX metadata", "the disk has a parent", [=](Bytes& f) { f[at.parameters + 4] |= 2; }},
       {"sector size", "VHDX metadata", "a sector size is 513", [=](Bytes& f) { f[at.sector] ^= 1; }},
       {"BAT state", "VHDX BAT entry 0", "state is 5", table(0, (first & ~7ull) | 5)},
       {"BAT reserved bits", "VHDX BAT entry 0", "reserved bits is", table(0, first | 0x100)},
       {"BAT entry outside", "VHDX BAT entry 0", "outside the file", table(0, 0x7FFull << 20 | 6)},
       {"BAT entry on the headers", "VHDX", "overlaps", table(0, 6)},
       {"two BAT entries, one block", "VHDX BAT entry 1", "overlaps VHDX BAT entry 0", table(1, first)},
       {"behind the BAT", "VHDX BAT region", "it is not zero", table(5000, 1)},
       {"length", "VHDX", "no multiple of 1 MiB", [](Bytes& f) { f.resize(f.size() + 512); }},
       {"a MiB too many", "VHDX", "file length is", [](Bytes& f) { f.resize(f.size() + test::kMiB); }}});
}

}  // namespace
}  // namespace winnow
