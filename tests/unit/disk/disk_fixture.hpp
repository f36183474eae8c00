// Layouts and disk files for the tests of the disk writers, and what other programs say of them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "base/file_system.hpp"
#include "image/disk/disk_layout.hpp"
#include "image/disk/disk_writer.hpp"
#include "support/disk_programs.hpp"

namespace winnow::test {

inline constexpr ByteCount kMebibyte = 1u << 20;

// No two stretches of it are alike, and no byte of it is 0.
inline Bytes pattern(std::size_t size, std::uint64_t seed) {
  Bytes bytes((size + 7) / 8 * 8);
  std::uint64_t state = seed * 0x9E3779B97F4A7C15u + 1;
  for (std::size_t i = 0; i < bytes.size(); i += 8) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    const std::uint64_t word = (state ^ state >> 33) | 0x0101010101010101u;
    std::memcpy(&bytes[i], &word, 8);
  }
  bytes.resize(size);
  return bytes;
}

struct Output {
  int exit_code = -1;
  std::string text;  // standard output and standard error
};

inline Output output_of(const std::string& command) {
  Output result;
  std::FILE* pipe = ::popen(("PATH=\"$PATH:/usr/sbin:/sbin\"; { " + command + "; } 2>&1").c_str(), "r");
  if (pipe == nullptr) return result;
  char buffer[4096];
  for (std::size_t count = 0; (count = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
    result.text.append(buffer, count);
  }
  const int status = ::pclose(pipe);
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return result;
}

inline Bytes file_bytes(const std::filesystem::path& path) { return read_file(path, 1u << 30).value_or(Bytes()); }

// What the layout says the disk holds.
inline Bytes disk_bytes(const DiskLayout& layout) {
  Bytes disk(layout.size);
  for (const Segment& segment : layout.segments) {
    const auto done = segment.source->read(0, std::span(disk).subspan(segment.offset, segment.length));
    EXPECT_TRUE(done);
  }
  return disk;
}

class DiskTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path at(const std::string& name) const { return folder_.path() / name; }
  [[nodiscard]] std::string quoted(const std::string& name) const { return "'" + at(name).string() + "'"; }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
      found.push_back(entry.path().filename());
    std::sort(found.begin(), found.end());
    return found;
  }
  static DiskWriterOptions options() {
    DiskWriterOptions options;
    options.disk_id = parse_guid("00112233-4455-6677-8899-aabbccddeeff");
    options.file_write_id = parse_guid("10112233-4455-6677-8899-aabbccddeeff");
    options.data_write_id = parse_guid("20112233-4455-6677-8899-aabbccddeeff");
    options.created = 1'600'000'000;
    return options;
  }
  DiskWriteReport write(const DiskLayout& layout, DiskFormat format, const std::string& name) {
    return write(layout, format, name, options());
  }
  DiskWriteReport write(const DiskLayout& layout, DiskFormat format, const std::string& name,
                        const DiskWriterOptions& options) {
    SilentProgress progress;
    const auto report = write_disk(layout, format, options, at(name), progress);
    EXPECT_TRUE(report) << to_string(report.error());
    return report.value_or(DiskWriteReport{});
  }
  std::string error_of(const DiskLayout& layout, DiskFormat format, const std::filesystem::path& target) {
    SilentProgress progress;
    const auto report = write_disk(layout, format, options(), target, progress);
    return report ? "" : to_string(report.error());
  }

  TemporaryDirectory folder_ = *TemporaryDirectory::create("winnow-disk-test");
};

struct FormatCase {
  DiskFormat format;
  const char* file;
  const char* qemu_name;
};
inline constexpr FormatCase kFormats[] = {{DiskFormat::kRaw, "disk.raw", "raw"},
                                          {DiskFormat::kVhdFixed, "fixed.vhd", "vpc"},
                                          {DiskFormat::kVhdDynamic, "dynamic.vhd", "vpc"},
                                          {DiskFormat::kVhdx, "disk.vhdx", "vhdx"}};

}  // namespace winnow::test
