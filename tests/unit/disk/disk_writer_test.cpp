// Raw, VHD and VHDX files: their structures byte by byte where the specifications say them, what other programs read
// in them, and what happens when they cannot be written.
#include "image/disk/disk_writer.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "disk_fixture.hpp"
#include "formats/vhd.hpp"
#include "image/disk/crc32c.hpp"

namespace winnow {
namespace {

namespace fs = std::filesystem;
using namespace test;

// Data at the start, across blocks of every format, of zeros, and at the very end.
DiskLayout sample_layout() {
  DiskLayout layout{24 * kMebibyte, {}};
  layout.segments.push_back(memory_segment(0, pattern(512, 1)));
  layout.segments.push_back(memory_segment(4096, pattern(3 * kMebibyte + 17, 2)));
  layout.segments.push_back(memory_segment(9 * kMebibyte, Bytes(5 * kMebibyte)));
  layout.segments.push_back(memory_segment(16 * kMebibyte - 300, pattern(600, 3)));
  layout.segments.push_back(memory_segment(layout.size - 512, pattern(512, 4)));
  return layout;
}

ByteCount allocated(const fs::path& path) {
  struct stat info {};
  EXPECT_EQ(::stat(path.c_str(), &info), 0);
  return static_cast<ByteCount>(info.st_blocks) * 512;
}

std::uint64_t big_endian(ByteView bytes, std::size_t offset, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | bytes[offset + i];
  return value;
}

class DiskWriter : public DiskTest {};

TEST_F(DiskWriter, ChecksumsAreCrc32c) {
  EXPECT_EQ(crc32c(as_bytes("123456789")), 0xE3069283u);  // the check value of the catalogue of CRCs
  EXPECT_EQ(crc32c({}), 0u);
}

TEST_F(DiskWriter, RawIsTheDiskItselfWithHoles) {
  const DiskLayout layout = sample_layout();
  const DiskWriteReport report = write(layout, DiskFormat::kRaw, "disk.raw");
  EXPECT_EQ(file_bytes(at("disk.raw")), disk_bytes(layout));
  EXPECT_EQ(report.disk_size, layout.size);
  EXPECT_EQ(report.file_size, layout.size);
  EXPECT_LT(report.data_size, 4 * kMebibyte);
  EXPECT_LT(allocated(at("disk.raw")), 4 * kMebibyte);  // the 5 MiB of zeros too are a hole
}

TEST_F(DiskWriter, FixedVhdIsTheDiskAndAFooter) {
  const DiskLayout layout = sample_layout();
  write(layout, DiskFormat::kVhdFixed, "fixed.vhd");
  Bytes file = file_bytes(at("fixed.vhd"));
  ASSERT_EQ(file.size(), layout.size + 512);
  const Bytes footer(file.end() - 512, file.end());
  file.resize(layout.size);
  EXPECT_EQ(file, disk_bytes(layout));
  // 1,600,000,000 - 946,684,800 = 653,315,200 = 0x26F0CC80; 24 MiB = 49152 sectors = 722 cylinders of 4 heads, 17
  // sectors.
  EXPECT_EQ(to_hex(ByteView(footer).first(85)),
            "636f6e6563746978"
            "00000002"
            "00010000"
            "ffffffffffffffff"
            "26f0cc80"
            "77696e20"
            "000a0000"
            "5769326b"
            "0000000001800000"
            "0000000001800000"
            "02d20411"
            "00000002" +
                to_hex(ByteView(footer).subspan(64, 4)) +
                "33221100554477668899aabbccddeeff"
                "00");
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < footer.size(); ++i) sum += i >= 64 && i < 68 ? 0u : footer[i];
  EXPECT_EQ(big_endian(footer, 64, 4), ~sum);
  EXPECT_TRUE(std::all_of(footer.begin() + 85, footer.end(), [](std::uint8_t byte) { return byte == 0; }));
}

TEST_F(DiskWriter, DynamicVhdHasOnlyTheBlocksThatAreNotZero) {
  const DiskLayout layout = sample_layout();
  const DiskWriteReport report = write(layout, DiskFormat::kVhdDynamic, "dynamic.vhd");
  const Bytes file = file_bytes(at("dynamic.vhd"));
  // Blocks 0 and 1 (the long stretch), 7 and 8 (across 16 MiB), 11 (the end), each with a sector of bitmap.
  ASSERT_EQ(file.size(), 512 + 1024 + 512 + 5 * (2 * kMebibyte + 512) + 512);
  EXPECT_EQ(report.file_size, file.size());
  EXPECT_EQ(report.data_size, 10 * kMebibyte);
  EXPECT_TRUE(std::equal(file.begin(), file.begin() + 512, file.end() - 512));  // the footer and its copy
  EXPECT_EQ(big_endian(file, 16, 8), 512u);
  EXPECT_EQ(big_endian(file, 60, 4), 3u);
  EXPECT_EQ(to_hex(ByteView(file).subspan(512, 36)),
            "6378737061727365"
            "ffffffffffffffff"
            "0000000000000600"
            "00010000"
            "0000000c"
            "00200000");
  const std::vector<std::uint32_t> table = {4, 4101, ~0u, ~0u, ~0u, ~0u, ~0u, 8198, 12295, ~0u, ~0u, 16392};
  for (std::size_t i = 0; i < 128; ++i) EXPECT_EQ(big_endian(file, 1536 + 4 * i, 4), i < 12 ? table[i] : ~0u) << i;
  EXPECT_EQ(Bytes(file.begin() + 4 * 512, file.begin() + 5 * 512), Bytes(512, 0xFF));
  const Bytes disk = disk_bytes(layout);
  EXPECT_TRUE(std::equal(disk.begin() + 22 * kMebibyte, disk.end(), file.begin() + 16393 * 512));
}

TEST_F(DiskWriter, VhdxIsAsItsSpecificationSays) {
  const DiskLayout layout = sample_layout();
  write(layout, DiskFormat::kVhdx, "disk.vhdx");
  Bytes file = file_bytes(at("disk.vhdx"));
  // 0 to 3 (the long stretch), 15 and 16, 23: seven blocks behind four MiB of structures.
  ASSERT_EQ(file.size(), 11 * kMebibyte);
  EXPECT_EQ(as_text(ByteView(file).first(8)), "vhdxfile");
  for (const std::size_t header : {0x10000u, 0x20000u}) {
    const std::uint32_t checksum = *read_le<std::uint32_t>(file, header + 4);
    std::fill_n(file.begin() + static_cast<std::ptrdiff_t>(header) + 4, 4, std::uint8_t{0});
    EXPECT_EQ(crc32c(ByteView(file).subspan(header, 4096)), checksum);
    EXPECT_EQ(to_hex(ByteView(file).subspan(header, 80)), std::string("6865616400000000") +
                                                              (header == 0x10000 ? "00" : "01") +
                                                              "00000000000000"
                                                              "33221110554477668899aabbccddeeff"
                                                              "33221120554477668899aabbccddeeff"
                                                              "00000000000000000000000000000000"
                                                              "0000"
                                                              "0100"
                                                              "00001000"
                                                              "0000100000000000");
  }
  EXPECT_TRUE(std::equal(file.begin() + 0x30000, file.begin() + 0x40000, file.begin() + 0x40000));
  EXPECT_EQ(to_hex(ByteView(file).subspan(0x30008, 72)),
            "0200000000000000"
            "6677c22d23f600429d64115e9bfd4a08"
            "0000300000000000"
            "00001000"
            "01000000"
            "06a27c8b90479a4bb8fe575f050f886e"
            "0000200000000000"
            "00001000"
            "01000000");
  const std::size_t table = 3 * kMebibyte;
  const std::vector<std::uint64_t> places = {4, 5, 6, 7, 0, 0, 0, 0, 0, 0, 0,  0, 0,
                                             0, 0, 8, 9, 0, 0, 0, 0, 0, 0, 10, 0};
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::uint64_t expected = places[i] == 0 ? 0 : places[i] << 20 | 6;
    EXPECT_EQ(*read_le<std::uint64_t>(file, table + 8 * i), expected) << i;
  }
}

TEST_F(DiskWriter, OthersReadTheSameDiskInEveryFormat) {
  WINNOW_REQUIRE_PROGRAMS("qemu-img", "vhdiinfo", "7z");
  const DiskLayout layout = sample_layout();
  for (const FormatCase& format : kFormats) write(layout, format.format, format.file);
  for (const FormatCase& format : kFormats) {
    const Output compared = output_of("qemu-img compare -f raw -F " + std::string(format.qemu_name) + " " +
                                      quoted("disk.raw") + " " + quoted(format.file));
    EXPECT_EQ(compared.text, "Images are identical.\n") << format.file;
    const Output info = output_of("qemu-img info -f " + std::string(format.qemu_name) + " " + quoted(format.file));
    EXPECT_NE(info.text.find("virtual size: 24 MiB (25165824 bytes)"), std::string::npos) << info.text;
  }
  const Output checked = output_of("qemu-img check " + quoted("disk.vhdx"));
  EXPECT_EQ(checked.exit_code, 0) << checked.text;
  EXPECT_NE(checked.text.find("No errors were found"), std::string::npos) << checked.text;
  for (const std::string name : {"fixed.vhd", "dynamic.vhd", "disk.vhdx"}) {
    const Output info = output_of("vhdiinfo " + quoted(name));
    EXPECT_NE(info.text.find("24 MiB (25165824 bytes)"), std::string::npos) << info.text;
    const std::string type = name.ends_with("vhdx") ? "VHDX" : "VHD";
    const Output tested = output_of("7z t -t" + type + " " + quoted(name));
    EXPECT_EQ(tested.exit_code, 0) << tested.text;
    EXPECT_NE(tested.text.find("Everything is Ok"), std::string::npos) << tested.text;
    EXPECT_EQ(tested.text.find("WARNING"), std::string::npos) << tested.text;
  }
  EXPECT_NE(output_of("vhdiinfo " + quoted("fixed.vhd")).text.find("Fixed"), std::string::npos);
  EXPECT_NE(output_of("vhdiinfo " + quoted("dynamic.vhd")).text.find("Dynamic"), std::string::npos);
}

TEST_F(DiskWriter, TheSameBytesOnOneThreadAndOnSeven) {
  const DiskLayout layout = sample_layout();
  fs::create_directory(at("elsewhere"));
  for (const FormatCase& format : kFormats) {
    DiskWriterOptions one = options();
    one.threads = 1;
    DiskWriterOptions seven = options();
    seven.threads = 7;
    const std::string second = std::string("elsewhere/") + format.file;
    const DiskWriteReport first_report = write(layout, format.format, format.file, one);
    const DiskWriteReport second_report = write(layout, format.format, second, seven);
    EXPECT_EQ(file_bytes(at(format.file)), file_bytes(at(second))) << format.file;
    EXPECT_EQ(first_report.data_size, second_report.data_size);
  }
}

TEST_F(DiskWriter, TheGeometryIsTheSpecifications) {
  struct Case {
    ByteCount mebibytes;
    const char* geometry;
  };
  // By hand, with the specification's appendix.
  for (const Case& c :
       {Case{1, "001e0411"}, {24, "02d20411"}, {1024, "0820103f"}, {4096, "2082103f"}, {131072, "ffff10ff"}}) {
    write(DiskLayout{c.mebibytes * kMebibyte, {}}, DiskFormat::kVhdFixed, "disk.vhd");
    std::FILE* file = std::fopen(at("disk.vhd").c_str(), "rb");
    ASSERT_NE(file, nullptr);
    std::fseek(file, -512 + 56, SEEK_END);
    Bytes geometry(4);
    EXPECT_EQ(std::fread(geometry.data(), 1, 4, file), 4u);
    std::fclose(file);
    EXPECT_EQ(to_hex(geometry), c.geometry) << c.mebibytes;
  }
}

// A file of the host, also for the kernel to copy.
class HostFile final : public SegmentSource {
 public:
  explicit HostFile(const fs::path& path) : fd_(::open(path.c_str(), O_RDONLY)) {}
  ~HostFile() override { ::close(fd_); }
  HostFile(const HostFile&) = delete;
  HostFile& operator=(const HostFile&) = delete;
  [[nodiscard]] Result<void> read(ByteCount offset, std::span<std::uint8_t> out) const override {
    const ssize_t count = ::pread(fd_, out.data(), out.size(), static_cast<off_t>(offset));
    if (count != static_cast<ssize_t>(out.size())) return fail("cannot read the file: it has changed");
    return {};
  }
  [[nodiscard]] std::optional<FileRange> file_range(ByteCount offset, ByteCount length) const override {
    return FileRange{fd_, offset, length};
  }

 private:
  int fd_;
};

TEST_F(DiskWriter, FilesOfTheHostWithHolesKeepThem) {
  Bytes content = pattern(12 * kMebibyte, 9);
  std::fill_n(content.begin() + 2 * kMebibyte, 7 * kMebibyte, std::uint8_t{0});
  DiskLayout plain{16 * kMebibyte, {memory_segment(4096, content)}};
  write(DiskLayout{content.size(), {memory_segment(0, content)}}, DiskFormat::kRaw, "source");
  const DiskLayout copied{16 * kMebibyte, {{4096, content.size(), std::make_shared<HostFile>(at("source"))}}};
  for (const FormatCase& format : kFormats) {
    write(plain, format.format, format.file);
    const DiskWriteReport report = write(copied, format.format, std::string("copied-") + format.file);
    EXPECT_EQ(file_bytes(at(format.file)), file_bytes(at(std::string("copied-") + format.file))) << format.file;
    EXPECT_LT(report.data_size, 11 * kMebibyte);
    EXPECT_LT(allocated(at(std::string("copied-") + format.file)), 11 * kMebibyte) << format.file;
  }
}

TEST_F(DiskWriter, AFileThatBecameShorterIsAnErrorAndLeavesNothing) {
  const fs::path source = at("source");
  ASSERT_TRUE(write_file(source, pattern(3 * kMebibyte, 5)));
  const DiskLayout layout{8 * kMebibyte, {{0, 5 * kMebibyte, std::make_shared<HostFile>(source)}}};
  for (const FormatCase& format : kFormats) {
    EXPECT_EQ(error_of(layout, format.format, at(format.file)), "cannot read the file: it has changed");
  }
  EXPECT_EQ(names(), std::vector<std::string>{"source"});
}

TEST_F(DiskWriter, SizesThatAFormatCannotHoldAreErrors) {
  const auto refusal = [&](DiskFormat format, ByteCount size) {
    const std::string text = error_of(DiskLayout{size, {}}, format, at("d"));
    const std::string start = "cannot write " + at("d").string() + ": ";
    return text.starts_with(start) ? text.substr(start.size()) : text;
  };
  EXPECT_EQ(refusal(DiskFormat::kVhdFixed, kMebibyte + 512),
            "a fixed VHD holds whole MiB, up to 2040 GiB, and this disk has 1049088 bytes");
  EXPECT_EQ(refusal(DiskFormat::kVhdDynamic, 2041ull << 30),
            "a VHD holds up to 2040 GiB, and this disk has 2191507062784 bytes");
  EXPECT_EQ(refusal(DiskFormat::kVhdx, 65ull << 40),
            "a VHDX holds whole sectors, up to 64 TiB, and this disk has 71468255805440 bytes");
  EXPECT_TRUE(names().empty());
}

TEST_F(DiskWriter, APipeIsRefusedAndStays) {
  ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);
  EXPECT_EQ(error_of(sample_layout(), DiskFormat::kRaw, at("pipe")),
            "cannot write " + at("pipe").string() +
                ": it is a pipe or a terminal, and this is not written front to back\n"
                "  note: name a file or a block device");
  EXPECT_TRUE(fs::is_fifo(at("pipe")));
}

TEST_F(DiskWriter, AFullDeviceIsAnError) {
  for (const FormatCase& format : kFormats) {
    EXPECT_EQ(error_of(sample_layout(), format.format, "/dev/full"), "cannot write /dev/full: no space left on device");
  }
}

void put_text_file(const char* path, const std::string& text) { std::ofstream(path) << text; }

// Makes `folder` a file system of 1 MiB for this process alone, as an ordinary user.
bool mount_small_file_system(const fs::path& folder) {
  const std::string uid = std::to_string(::getuid());
  const std::string gid = std::to_string(::getgid());
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
  put_text_file("/proc/self/setgroups", "deny");
  put_text_file("/proc/self/uid_map", "0 " + uid + " 1");
  put_text_file("/proc/self/gid_map", "0 " + gid + " 1");
  return ::mount("winnow", folder.c_str(), "tmpfs", 0, "size=1m") == 0;
}

TEST_F(DiskWriter, AFullFileSystemLeavesNothingBehind) {
  constexpr int kMayNotMount = 99;
  const pid_t child = ::fork();
  if (child == 0) {
    if (!mount_small_file_system(folder_.path())) ::_exit(kMayNotMount);
    int faults = 0;
    for (const FormatCase& format : kFormats) {
      const std::string error = error_of(sample_layout(), format.format, at(format.file));
      if (error != "cannot write " + at(format.file).string() + ": no space left on device") ++faults;
    }
    ::_exit(names().empty() ? faults : faults + 10);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  if (WEXITSTATUS(status) == kMayNotMount) GTEST_SKIP() << "this user may not mount a tmpfs in a name space";
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0) << "formats with another error; 10 more when something was left behind";
}

TEST_F(DiskWriter, ALimitOnFileSizesIsAnErrorAndKeepsTheOldFile) {
  ASSERT_TRUE(write_file(at("disk.vhdx"), as_bytes("the old one")));
  struct rlimit old {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const struct rlimit small { 1u << 20, old.rlim_max };
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const std::string error = error_of(sample_layout(), DiskFormat::kVhdx, at("disk.vhdx"));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &old), 0);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_EQ(error, "cannot write " + at("disk.vhdx").string() + ": file too large");
  EXPECT_EQ(as_text(file_bytes(at("disk.vhdx"))), "the old one");
  EXPECT_EQ(names(), std::vector<std::string>{"disk.vhdx"});
}

TEST_F(DiskWriter, AnEmptyDiskOfFiveGibibytesCostsNothing) {
  WINNOW_REQUIRE_PROGRAMS("qemu-img");
  DiskLayout layout{5ull << 30, {}};
  layout.segments.push_back(memory_segment(4ull << 30, pattern(512, 8)));
  for (const FormatCase& format : kFormats) {
    const DiskWriteReport report = write(layout, format.format, format.file);
    EXPECT_LE(report.data_size, 2 * kMebibyte);
    EXPECT_LE(allocated(at(format.file)), 8 * kMebibyte) << format.file;
  }
  EXPECT_EQ(output_of("qemu-img compare -f vhdx -F vpc " + quoted("disk.vhdx") + " " + quoted("dynamic.vhd")).text,
            "Images are identical.\n");
  const Output checked = output_of("qemu-img check " + quoted("disk.vhdx"));
  EXPECT_EQ(checked.exit_code, 0) << checked.text;
}

}  // namespace
}  // namespace winnow
