// Mutation proof for FAT32, on a volume that mkfs.fat and mtools made.
#include <fstream>

#include "base/file_system.hpp"
#include "support/disk_programs.hpp"
#include "support/ntfs_editor.hpp"
#include "unit/disk_check/mutation_case.hpp"

namespace winnow {
namespace {

using test::get_le;
using test::put_le;

constexpr std::size_t kFat = 32 * 512;

Bytes make_volume(const std::filesystem::path& folder) {
  const std::string image = "'" + (folder / "esp.img").string() + "'";
  const std::string file = "'" + (folder / "file").string() + "'";
  std::ofstream(folder / "file", std::ios::binary) << std::string(3000, 'x');
  std::ofstream(folder / "empty").close();
  const std::string mtools = "MTOOLS_SKIP_CHECK=1 ";
  EXPECT_TRUE(test::run_program("truncate -s 34M " + image + " && mkfs.fat -F 32 -s 1 -f 2 " + image + " >/dev/null"));
  EXPECT_TRUE(test::run_program(mtools + "mmd -i " + image + " ::/EFI ::/EFI/Sub && " + mtools + "mcopy -i " + image +
                                " " + file + " ::/FILE.TXT && " + mtools + "mcopy -i " + image + " " + file +
                                " '::/EFI/A rather long name.dll' && " + mtools + "mcopy -i " + image + " " + file +
                                " ::/OTHER.TXT && " + mtools + "mcopy -i " + image + " '" +
                                (folder / "empty").string() + "' ::/EMPTY.TXT"));
  return read_file(folder / "esp.img", 64u << 20).value();
}

// Where the directory entry with this short name is.
std::size_t entry_of(ByteView volume, std::string_view short_name) {
  const std::size_t at = as_text(volume).find(short_name, kFat);
  EXPECT_NE(at, std::string_view::npos) << short_name;
  return at;
}

TEST(Fat32Mutation, IsNamed) {
  WINNOW_REQUIRE_PROGRAMS("mkfs.fat", "mmd", "mcopy");
  const TemporaryDirectory folder = TemporaryDirectory::create("winnow-fat").value();
  const Bytes sound = make_volume(folder.path());
  const std::size_t file = entry_of(sound, "FILE    TXT");
  const std::size_t other = entry_of(sound, "OTHER   TXT");
  const std::size_t empty = entry_of(sound, "EMPTY   TXT");
  const std::size_t efi = entry_of(sound, "EFI        ");
  const std::size_t long_name = entry_of(sound, "ARATHE~1DLL");
  const std::size_t dot_dot = entry_of(sound, "..         ");
  const std::size_t first = get_le(sound, file + 26, 2);
  const std::size_t fats[] = {kFat, kFat + get_le(sound, 0x24, 4) * 512};
  const auto link = [&](std::size_t cluster, std::uint32_t next) {
    return [=](Bytes& v) {
      for (const std::size_t fat : fats) put_le(v, fat + cluster * 4, 4, next);
    };
  };
  const auto put = [](std::size_t at, std::size_t size, std::uint64_t value) {
    return [=](Bytes& v) { put_le(v, at, size, value); };
  };
  test::expect_named(
      sound,
      {{"signature", "boot sector", "signature is", put(510, 2, 0)},
       {"total sectors", "boot sector", "total sectors is", put(0x20, 4, 60'000)},
       {"media byte", "boot sector", "media byte is", put(0x15, 1, 0xF0)},
       {"backup boot sector", "backup boot sector", "differs from the boot sector from byte 0x3",
        put(6 * 512 + 3, 1, 1)},
       {"number of FATs", "boot sector", "number of FATs is 1", put(0x10, 1, 1)},
       {"sectors per FAT", "boot sector", "has no room for", put(0x24, 4, 100)},
       {"FSInfo signature", "FSInfo", "lead signature is", put(512, 1, 0)},
       {"FSInfo free clusters", "FSInfo", "free clusters is 5,", put(512 + 488, 4, 5)},
       {"FAT entry 0", "FAT", "entry 0 is", link(0, 0x0FFFFF00)},
       {"FAT entry 1: dirty", "FAT", "entry 1 (clean, no errors) is", link(1, 0x07FFFFFF)},
       {"FATs differ", "FAT 2", "it differs from FAT 1 in cluster", put(fats[1] + first * 4, 4, 0x0FFFFFFF)},
       {"loop", "\\FILE.TXT", "(loop)", link(first + 2, static_cast<std::uint32_t>(first))},
       {"cross link", "\\OTHER.TXT", "(cross link)", put(other + 26, 2, first)},
       {"chain too short", "\\FILE.TXT", "chain length in clusters is 2, expected 6", link(first + 1, 0x0FFFFFFF)},
       {"chain into a free cluster", "\\FILE.TXT", "expected an end mark", link(first + 1, 0)},
       {"chain out of the volume", "\\FILE.TXT", "outside 2 to", link(first + 1, 0x0F000000)},
       {"lost clusters", "FAT", "no file has them (lost)", link(60'000, 0x0FFFFFFF)},
       {"size", "\\FILE.TXT", "for 90000 bytes", put(file + 28, 4, 90'000)},
       {"an empty file with a cluster", "\\EMPTY.TXT", "first cluster of an empty file is 9", put(empty + 26, 2, 9)},
       {"a directory with a size", "\\EFI", "size of a directory is 7", put(efi + 28, 4, 7)},
       {"short name", "\\", "short name \"fILE    TXT\" is none", put(file, 1, 'f')},
       {"the same name twice", "\\FILE.TXT", "is there twice",
        [=](Bytes& v) {
          std::copy_n(v.begin() + static_cast<std::ptrdiff_t>(file), 11,
                      v.begin() + static_cast<std::ptrdiff_t>(other));
        }},
       {"long name checksum", "\\EFI", "long name entry: order is", put(long_name - 32 + 13, 1, 0x99)},
       {"long name order", "\\EFI", "long name entry: order is 0x5", put(long_name - 32, 1, 5)},
       {"dot-dot entry", "\\EFI", "cluster of \"..\" is 55, expected", put(dot_dot + 26, 2, 55)},
       {"attributes", "\\", "attributes are", put(file + 11, 1, 0xC0)}});
}

}  // namespace
}  // namespace winnow
