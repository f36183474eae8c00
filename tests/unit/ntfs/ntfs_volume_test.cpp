// The NTFS writer's volumes as ntfs-3g's own programs see them.
#include "image/disk/ntfs/ntfs_volume.hpp"

#include <chrono>
#include <cstdlib>
#include <optional>

#include "base/file_system.hpp"
#include "base/utf16.hpp"
#include "gtest/gtest.h"
#include "image/disk/disk_writer.hpp"
#include "image/disk/ntfs/wof.hpp"
#include "plan/file_tree.hpp"
#include "plan/security_descriptor.hpp"
#include "support/volume_file.hpp"

namespace winnow {
namespace {

constexpr std::int64_t kTime = 1'577'836'800;  // 2020-01-01

class TreeBuilder {
 public:
  TreeBuilder() {
    tree.security_descriptors.push_back(parse_sddl(kDirectorySddl).value());
    tree.security_descriptors.push_back(parse_sddl(kFileSddl).value());
    add_inode(kAttributeDirectory);
    tree.names.emplace_back();
  }
  std::uint32_t directory(std::uint32_t parent, const std::string& name) {
    return add_name(parent, name, add_inode(kAttributeDirectory));
  }
  std::uint32_t file(std::uint32_t parent, const std::string& name, const std::string& text) {
    const std::uint32_t inode = add_inode(kAttributeArchive);
    tree.inodes[inode].content = Content::of_bytes(Bytes(text.begin(), text.end()));
    return add_name(parent, name, inode);
  }
  std::uint32_t add_name(std::uint32_t parent, const std::string& name, std::uint32_t inode) {
    tree.names.push_back({parent, inode, to_utf16(name).value(), {}});
    return static_cast<std::uint32_t>(tree.names.size() - 1);
  }
  std::uint32_t add_inode(std::uint32_t attributes) {
    Inode& inode = tree.inodes.emplace_back();
    inode.attributes = attributes;
    inode.security = (attributes & kAttributeDirectory) != 0 ? 0 : 1;
    inode.times = {to_filetime(kTime), to_filetime(kTime), to_filetime(kTime), to_filetime(kTime)};
    return static_cast<std::uint32_t>(tree.inodes.size() - 1);
  }
  VolumeTree tree;
};

NtfsOptions some_options() {
  NtfsOptions options;
  options.time = to_filetime(kTime);
  options.serial = 0x1813F14C2198984D;
  options.hidden_sectors = 2048;
  return options;
}

// Every program that checks a volume without mounting it.
void expect_accepted(const std::filesystem::path& image) {
  for (const char* program : {"ntfsfix -n", "ntfsinfo -m", "ntfsls -R", "ntfscluster -i -f", "ntfsresize -f -i",
                              "ntfsclone --metadata -f --save-image -o -", "ntfssecaudit -a"}) {
    const std::string log = image.string() + ".log";
    const std::string command = std::string(program) + " " + image.string() + " >" + log + " 2>&1";
    EXPECT_EQ(std::system(command.c_str()), 0) << program << ":\n"
                                               << as_text(read_file(log, 1u << 26).value()).substr(0, 2000);
  }
}

void write(VolumeTree tree, const NtfsOptions& options, const std::filesystem::path& image) {
  auto volume = plan_ntfs_volume(std::move(tree), options);
  ASSERT_TRUE(volume.has_value()) << to_string(volume.error());
  test::write_volume_file(volume->layout, image);
}

TEST(NtfsVolume, empty_volume_is_accepted) {
  const auto folder = TemporaryDirectory::create("ntfs").value();
  TreeBuilder builder;
  NtfsOptions options = some_options();
  options.size = 64u << 20;
  write(std::move(builder.tree), options, folder.path() / "e.img");
  expect_accepted(folder.path() / "e.img");
}

TEST(NtfsVolume, files_and_directories_are_accepted) {
  const auto folder = TemporaryDirectory::create("ntfs").value();
  TreeBuilder builder;
  const auto windows = builder.directory(0, "Windows");
  const auto system = builder.directory(windows, "System32");
  builder.file(system, "small.txt", "hello");
  builder.file(system, "empty", "");
  builder.file(system, "large.bin", std::string(100'000, 'x'));
  for (int i = 0; i < 3000; ++i) builder.file(system, "module-" + std::to_string(i * 7919 % 3000) + ".dll", "m");
  const auto linked = builder.file(windows, "linked", std::string(5000, 'l'));
  for (int i = 0; i < 40; ++i) {
    builder.add_name(windows, "a rather long name of a hard link, number " + std::to_string(i),
                     builder.tree.names[linked].inode);
  }
  write(std::move(builder.tree), some_options(), folder.path() / "v.img");
  expect_accepted(folder.path() / "v.img");
}

// A folder with one file of `size` bytes, and a volume planned around it.
struct PlannedFile {
  TemporaryDirectory folder = TemporaryDirectory::create("ntfs").value();
  std::filesystem::path source = folder.path() / "source";
  std::filesystem::path target = folder.path() / "disk.raw";
  std::optional<NtfsVolume> volume;

  explicit PlannedFile(std::size_t size) {
    EXPECT_TRUE(write_file(source, Bytes(size, 'a')).has_value());
    TreeBuilder builder;
    const auto file = builder.add_inode(kAttributeArchive);
    const auto state = InputFile::open(source)->state();
    builder.tree.inodes[file].content = Content::of_file(source, size, state->modified);
    builder.add_name(0, "file", file);
    volume = plan_ntfs_volume(std::move(builder.tree), some_options()).value();
  }
  // The error's text, and that nothing was left beside the source.
  std::string write_error() {
    SilentProgress progress;
    const auto written = write_disk(volume->layout, DiskFormat::kRaw, {}, target, progress);
    EXPECT_FALSE(written.has_value());
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) EXPECT_EQ(entry.path(), source);
    return written ? "" : to_string(written.error());
  }
};

TEST(NtfsVolume, a_source_that_vanishes_is_an_error_and_leaves_nothing) {
  PlannedFile planned(3'000'000);
  std::filesystem::remove(planned.source);
  EXPECT_EQ(planned.write_error(), "cannot read " + planned.source.string() + ": no such file or directory");
}

TEST(NtfsVolume, a_source_that_changes_is_an_error_and_leaves_nothing) {
  PlannedFile resident(100);
  ASSERT_TRUE(write_file(resident.source, Bytes(101, 'b')).has_value());
  EXPECT_EQ(resident.write_error(), "cannot read " + resident.source.string() + ": it has 101 bytes, expected 100");
  PlannedFile large(3'000'000);
  std::filesystem::last_write_time(large.source, std::filesystem::file_time_type() + std::chrono::hours(1));
  EXPECT_EQ(large.write_error(), "cannot read " + large.source.string() + ": it was changed after it was planned");
}

TEST(NtfsVolume, what_boot_reads_is_never_compressed) {
  const auto folder = TemporaryDirectory::create("ntfs").value();
  TreeBuilder builder;
  const auto windows = builder.directory(0, "Windows");
  const auto system = builder.directory(windows, "System32");
  const auto drivers = builder.directory(system, "drivers");
  const std::string text(100'000, 'x');
  const std::vector<std::uint32_t> kept = {builder.file(drivers, "disk.dll", text),
                                           builder.file(system, "NTOSKRNL.EXE", text),
                                           builder.file(system, "c_1252.nls", text), builder.file(0, "bootmgr", text),
                                           builder.file(system, "small.dll", std::string(4096, 'x'))};
  const auto packed = builder.file(system, "user32.dll", text);
  const auto linked = builder.file(system, "linked.dll", text);
  builder.add_name(drivers, "linked.sys", builder.tree.names[linked].inode);
  SilentProgress progress;
  const auto report = compress_files(builder.tree, WofFormat::xpress8k, folder.path(), progress);
  ASSERT_TRUE(report.has_value()) << to_string(report.error());
  EXPECT_EQ(report->files, 1u);
  EXPECT_EQ(report->before, 25u * 4096);
  EXPECT_EQ(report->after, 4096u);
  for (const std::uint32_t name : kept) EXPECT_EQ(builder.tree.inodes[builder.tree.names[name].inode].extras, nullptr);
  const Inode& inode = builder.tree.inodes[builder.tree.names[packed].inode];
  ASSERT_NE(inode.extras, nullptr);
  EXPECT_EQ(inode.extras->hole, text.size());
  EXPECT_EQ(inode.extras->reparse->tag, 0x80000017u);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  write(std::move(builder.tree), some_options(), folder.path() / "v.img");
  expect_accepted(folder.path() / "v.img");
}

}  // namespace
}  // namespace winnow
