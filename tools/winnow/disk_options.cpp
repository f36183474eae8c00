#include "winnow/disk_options.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <map>

#include "base/utf16.hpp"

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

// "COM1", "COM2:9600"
Result<SerialPort> parse_serial_port(const std::string& text, const std::string& option) {
  SerialPort port;
  const std::size_t colon = text.find(':');
  const std::string name = ascii_lower(text.substr(0, colon));
  const auto parse = [](std::string_view digits, std::uint32_t& value) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc() && end == digits.data() + digits.size() && value != 0;
  };
  const bool has_rate = colon != std::string::npos;
  if (!name.starts_with("com") || !parse(std::string_view(name).substr(3), port.port) || port.port > 4 ||
      (has_rate && !parse(std::string_view(text).substr(colon + 1), port.baud))) {
    return fail("cannot use " + option + " \"" + text + "\": a port is COM1 to COM4, with a rate COM1:115200");
  }
  return port;
}

}  // namespace

Result<ByteCount> parse_size(const std::string& text, const std::string& option) {
  constexpr std::string_view kUnits = "kmgt";
  ByteCount value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  std::string unit = ascii_lower(std::string(end, text.data() + text.size()));
  if (unit.ends_with("ib")) {
    unit.resize(unit.size() - 2);
  } else if (unit.ends_with("b")) {
    unit.resize(unit.size() - 1);
  }
  const std::size_t place = unit.size() == 1 ? kUnits.find(unit[0]) : std::string_view::npos;
  const unsigned shift = unit.empty() ? 0 : 10 * static_cast<unsigned>(place + 1);
  const bool is_known = error == std::errc() && (unit.empty() || place != std::string_view::npos);
  if (!is_known || value > (~0ull >> 1 >> shift)) {
    return fail("cannot use " + option + " \"" + text + "\": a size is a number of bytes, or one with K, M, G or T");
  }
  return value << shift;
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
  app.add_option("--ems", options.ems, "Emergency Management Services on COM1[:115200]")->group(kBoot);
  app.add_option("--debug", options.debug, "Kernel debugger on COM1[:115200]")->group(kBoot);
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
  if (!options.ems.empty()) {
    WINNOW_TRY(write.disk.boot.ems, parse_serial_port(options.ems, "--ems"));
  }
  if (!options.debug.empty()) {
    WINNOW_TRY(write.disk.boot.debugger, parse_serial_port(options.debug, "--debug"));
  }
  write.disk.boot.test_signing = options.test_signing;
  write.disk.boot.timeout_seconds = static_cast<std::uint32_t>(options.boot_timeout);
  if (!options.wim_compression.empty()) write.wim.compression = kWimCompressions.at(options.wim_compression);
  write.wim.solid = options.solid;
  return {};
}

}  // namespace winnow
