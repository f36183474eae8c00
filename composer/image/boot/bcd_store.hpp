// The boot configuration of one Windows on one disk, as bcdboot makes it, without resume, recovery and memory test
// (windows-formats.md 4.3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "image/disk/disk_identity.hpp"

namespace winnow {

enum class Firmware : std::uint8_t { bios, uefi };

// Where a partition is, as the boot manager finds it again.
struct GptDevice {
  Guid disk;
  Guid partition;
};
struct MbrDevice {
  std::uint32_t disk_signature = 0;
  ByteCount offset = 0;  // of its first byte
};
struct BootPartition {};  // whatever the boot manager itself was started from
struct LocatePartition {
};  // the first one that has the file of the element: not proven with Windows (windows-formats.md 6)
using BootDevice = std::variant<GptDevice, MbrDevice, BootPartition, LocatePartition>;

// Windows runs in memory from a WIM file of os_device; the boot manager makes the RAM disk.
struct RamDiskBoot {
  Guid options = parse_guid("ae5534e0-a924-466c-b836-758539a3ee3a");  // the object {ramdiskoptions}
  // Both on os_device, where Windows PE's media have them; UTF-8.
  std::string image = "\\sources\\boot.wim";
  std::string sdi = "\\boot\\boot.sdi";
};

struct SerialPort {
  std::uint32_t port = 1;  // COM1
  std::uint32_t baud = 115200;
};

// Over the network: `bcdedit /dbgsettings net`.
struct NetDebugger {
  // 192.168.1.2 = 0xC0A80102. That the element holds it in this order rests on no sample of a Windows store.
  std::uint32_t host_ip = 0;
  std::uint32_t port = 0;
  std::string key;
  std::string bus_parameters = {};  // "1.5.0": bus, device, function; "" = any network card that can
};
struct FirewireDebugger {
  std::uint32_t channel = 0;
};
struct UsbDebugger {
  std::string target_name;
};
using Debugger = std::variant<SerialPort, NetDebugger, FirewireDebugger, UsbDebugger>;

// How Windows is started; the defaults are those of bcdboot but for what an image without recovery and without anybody
// at a screen needs.
struct BcdOptions {
  std::string locale = "en-US";
  std::uint32_t timeout_seconds = 0;
  std::optional<SerialPort> ems;     // Emergency Management Services: console and boot menu on a serial port
  std::optional<Debugger> debugger;  // kernel debugging
  bool test_signing = false;         // drivers signed by a test certificate are loaded
  bool nx_opt_out = true;       // data execution prevention for all programs (servers) or for Windows' own (clients)
  bool ignore_failures = true;  // no recovery environment: a boot that failed does not stop the next one
};

struct BcdInput {
  Firmware firmware = Firmware::uefi;
  BootDevice system_device;  // where the boot manager is
  BootDevice os_device;      // where \Windows is, or the WIM file that holds it
  std::optional<RamDiskBoot> ram_disk = {};
  Guid loader;             // the loader object's own GUID
  std::string title;       // what the boot menu calls this Windows
  std::uint64_t time = 0;  // FILETIME of every key
  BcdOptions options;
};

// A store (registry hive, regf 1.3). One that boots from a RAM disk says winpe as Microsoft's media do: Windows then
// keeps its registry in memory; whether it could do without was never tried. That the file may be on a partition, not
// only on the device "boot", is put together from two elements of real stores. Errors: a text that is not UTF-8; one
// serial port for both EMS and the debugger, "cannot use COM1 for the kernel debugger: Emergency Management Services
// use it".
[[nodiscard]] Result<Bytes> write_bcd_store(const BcdInput& input);

}  // namespace winnow
