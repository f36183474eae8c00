#include "winnow/disk_options.hpp"

#include <CLI/CLI.hpp>
#include <map>

#include "manifest/machine_settings.hpp"

namespace winnow {

namespace {

constexpr auto kDisk = "Disks";
constexpr auto kBoot = "Disks: how Windows starts";
constexpr auto kWim = "WIM files";

const std::map<std::string, WofFormat> kCompactFormats = {{"xpress4k", WofFormat::xpress4k},
                                                          {"xpress8k", WofFormat::xpress8k},
                                                          {"xpress16k", WofFormat::xpress16k},
                                                          {"lzx", WofFormat::lzx}};
const std::map<std::string, WimCompression> kWimCompressions = {{"none", WimCompression::none},
                                                                {"xpress", WimCompression::xpress},
                                                                {"lzx", WimCompression::lzx},
                                                                {"lzms", WimCompression::lzms}};

}  // namespace

Result<ByteCount> parse_size(const std::string& text, const std::string& option) {
  if (const auto size = parse_byte_size(text)) return *size;
  return fail("cannot use " + option + " \"" + text + "\": a size is a number of bytes, or one with K, M, G or T");
}

void add_disk_options(CLI::App& app, DiskCommandOptions& options) {
  app.add_option("--gen", options.generation, "1 = MBR and BIOS (.vhd), 2 = GPT and UEFI (.vhdx, .raw)")
      ->check(CLI::IsMember({1, 2}))
      ->group(kDisk);
  app.add_flag("--fixed", options.fixed, "A fixed VHD, as Azure takes it")->group(kDisk);
  app.add_option("--size", options.size, "Of the disk: 4G (default: what the content needs)")->group(kDisk);
  app.add_option("--free-space", options.free_space, "On the Windows volume: 512M (default: none)")->group(kDisk);
  app.add_option("--compact", options.compact, "Compress files as CompactOS does: xpress4k, xpress8k, xpress16k, lzx")
      ->check(CLI::IsMember({"xpress4k", "xpress8k", "xpress16k", "lzx"}))
      ->group(kDisk);
  app.add_flag("--short-names", options.short_names, "Give files DOS (8.3) names")->group(kDisk);
  app.add_option("--label", options.label, "Of the Windows volume")->group(kDisk);
  app.add_flag("--test-signing", options.test_signing, "Load drivers signed by test certificates")->group(kBoot);
  app.add_option("--boot-timeout", options.boot_timeout, "Seconds the boot menu waits (default 0)")
      ->check(CLI::Range(0, 999))
      ->group(kBoot);
  app.add_option("--wim-compression", options.wim_compression, "none, xpress, lzx (default) or lzms")
      ->check(CLI::IsMember({"none", "xpress", "lzx", "lzms"}))
      ->group(kWim);
  app.add_flag("--solid", options.solid, "All contents in one resource")->group(kWim);
}

Result<void> set_disk_options(const DiskCommandOptions& options, WriteOptions& write) {
  if (options.generation != 0) write.disk.firmware = options.generation == 1 ? Firmware::bios : Firmware::uefi;
  write.disk.fixed = options.fixed;
  if (!options.size.empty()) {
    WINNOW_TRY(write.disk.size, parse_size(options.size, "--size"));
  }
  if (!options.free_space.empty()) {
    WINNOW_TRY(write.disk.free_space, parse_size(options.free_space, "--free-space"));
  }
  if (!options.compact.empty()) write.disk.compact = kCompactFormats.at(options.compact);
  write.disk.short_names = options.short_names;
  write.disk.label = options.label;
  write.disk.boot.test_signing = options.test_signing;
  write.disk.boot.timeout_seconds = static_cast<std::uint32_t>(options.boot_timeout.value_or(0));
  if (!options.wim_compression.empty()) write.wim.compression = kWimCompressions.at(options.wim_compression);
  write.wim.solid = options.solid;
  return {};
}

}  // namespace winnow
