#include "image/boot/bcd_store.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "base/utf16.hpp"
#include "formats/bcd.hpp"
#include "image/hive/hive_writer.hpp"
#include "plan/security_descriptor.hpp"

namespace winnow {

namespace {

constexpr std::uint32_t kRegSz = 1;  // winnt.h
constexpr std::uint32_t kRegBinary = 3;
constexpr std::uint32_t kRegDword = 4;
constexpr std::uint32_t kRegMultiSz = 7;
constexpr std::uint32_t kRootSecurity = 0;  // indexes into the hive's security descriptors
constexpr std::uint32_t kObjectSecurity = 1;

Bytes little_endian(std::uint64_t value, std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(value >> (8 * i));
  return bytes;
}

HiveValue dword(std::string_view name, std::uint32_t value) {
  return {std::string(name), kRegDword, little_endian(value, 4)};
}

Result<HiveValue> text_value(std::string_view name, std::string_view text) {
  auto encoded = to_utf16le(text, true);
  if (!encoded) return fail("cannot write boot configuration: \"" + std::string(text) + "\" is not UTF-8");
  return HiveValue{std::string(name), kRegSz, std::move(*encoded)};
}

std::string braced(std::string_view guid) { return "{" + std::string(guid) + "}"; }

// The device element `element` as windows-formats.md 4.4 draws it.
class DeviceEncoder {
 public:
  explicit DeviceEncoder(std::uint32_t element) : element_(element) {}

  Bytes encode(const BootDevice& device) {
    put(bcd::device::kBodySize, bcd::device::kSize - bcd::device::kKind, 8);
    std::visit(*this, device);
    return std::move(bytes_);
  }

  void operator()(const GptDevice& place) {
    put(bcd::device::kKind, bcd::device::kPartitionKind, 4);
    put(bcd::device::kTableKind, bcd::device::kGpt, 4);
    put(bcd::device::kPartition, place.partition);
    put(bcd::device::kDisk, place.disk);
  }
  void operator()(const MbrDevice& place) {
    put(bcd::device::kKind, bcd::device::kPartitionKind, 4);
    put(bcd::device::kTableKind, bcd::device::kMbr, 4);
    put(bcd::device::kPartition, place.offset, 8);
    put(bcd::device::kDisk, place.disk_signature, 4);
  }
  void operator()(const BootPartition&) { put(bcd::device::kKind, bcd::device::kBootKind, 4); }
  void operator()(const LocatePartition&) {
    put(bcd::device::kKind, bcd::device::kLocateKind, 4);
    put(bcd::device::kLocateElement, element_ == bcd::kOsDevice ? bcd::kSystemRoot : bcd::kPath, 4);
  }

 private:
  void put(std::size_t offset, std::uint64_t value, std::size_t size) {
    const Bytes field = little_endian(value, size);
    std::copy(field.begin(), field.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(offset));
  }
  void put(std::size_t offset, const Guid& guid) {
    std::copy(guid.bytes.begin(), guid.bytes.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(offset));
  }

  std::uint32_t element_;
  Bytes bytes_ = Bytes(bcd::device::kSize);
};

// A RAM disk made of a file of `place`.
Bytes encode_ram_disk(const RamDiskBoot& disk, const BootDevice& place, std::uint32_t element) {
  Bytes bytes(bcd::ram_disk::kInnerDevice);
  const Bytes inner = DeviceEncoder(element).encode(place);
  bytes.insert(bytes.end(), inner.begin() + bcd::device::kKind, inner.end());
  const Bytes path = to_utf16le(disk.image, true).value();
  bytes.insert(bytes.end(), path.begin(), path.end());
  const auto put = [&](std::size_t offset, std::size_t value) {
    const Bytes field = little_endian(value, 4);
    std::copy(field.begin(), field.end(), bytes.begin() + static_cast<std::ptrdiff_t>(offset));
  };
  std::copy(disk.options.bytes.begin(), disk.options.bytes.end(), bytes.begin() + bcd::device::kOptions);
  put(bcd::device::kKind, bcd::ram_disk::kKind);
  put(bcd::device::kFlags, bcd::ram_disk::kFlags);
  put(bcd::device::kBodySize, bytes.size() - bcd::device::kKind);
  put(bcd::ram_disk::kSubtypeField, bcd::ram_disk::kSubtype);
  put(bcd::ram_disk::kFilePath, bcd::ram_disk::kFilePathVersion);
  put(bcd::ram_disk::kFilePathLength, bytes.size() - bcd::ram_disk::kFilePath);
  put(bcd::ram_disk::kFilePathType, bcd::ram_disk::kDeviceAndPath);
  return bytes;
}

// One object of the store under construction.
class BcdObject {
 public:
  BcdObject(std::string_view guid, std::uint32_t type)
      : guid_(guid),
        description_{"Description", {dword("Type", type)}, {}, kObjectSecurity},
        elements_{"Elements", {}, {}, kObjectSecurity} {}

  void device(std::uint32_t element, const BootDevice& device) {
    add_binary(element, DeviceEncoder(element).encode(device));
  }
  // Of the loader: where Windows is.
  void os_device(std::uint32_t element, const BcdInput& input) {
    if (!input.ram_disk) return device(element, input.os_device);
    add_binary(element, encode_ram_disk(*input.ram_disk, input.os_device, element));
  }
  void integer(std::uint32_t element, std::uint64_t value) { add_binary(element, little_endian(value, 8)); }
  void boolean(std::uint32_t element, bool value) { add_binary(element, little_endian(value ? 1 : 0, 1)); }
  void object(std::uint32_t element, std::string_view guid) {
    add(element, {"Element", kRegSz, to_utf16le(braced(guid), true).value()});
  }
  void objects(std::uint32_t element, const std::vector<std::string>& guids) {
    Bytes list;
    for (const std::string& guid : guids) {
      const Bytes text = to_utf16le(braced(guid), true).value();
      list.insert(list.end(), text.begin(), text.end());
    }
    list.insert(list.end(), {0, 0});
    add(element, {"Element", kRegMultiSz, std::move(list)});
  }
  Result<void> string(std::uint32_t element, std::string_view text) {
    WINNOW_TRY(auto value, text_value("Element", text));
    add(element, std::move(value));
    return {};
  }

  HiveKey finish() && { return {braced(guid_), {}, {std::move(description_), std::move(elements_)}, kObjectSecurity}; }

 private:
  void add_binary(std::uint32_t element, Bytes data) { add(element, {"Element", kRegBinary, std::move(data)}); }
  void add(std::uint32_t element, HiveValue value) {
    Bytes digits = little_endian(element, 4);
    std::reverse(digits.begin(), digits.end());
    elements_.children.push_back({to_hex(digits), {std::move(value)}, {}, kObjectSecurity});
  }

  std::string guid_;
  HiveKey description_;
  HiveKey elements_;
};

Result<HiveKey> boot_manager(const BcdInput& input) {
  const std::string loader = to_string(input.loader);
  BcdObject object(bcd::kBootManager, bcd::kBootManagerObject);
  object.device(bcd::kDevice, input.system_device);
  if (input.firmware == Firmware::uefi) {
    WINNOW_CHECK(object.string(bcd::kPath, "\\EFI\\Microsoft\\Boot\\bootmgfw.efi"));
  }
  WINNOW_CHECK(object.string(bcd::kDescription, "Windows Boot Manager"));
  WINNOW_CHECK(object.string(bcd::kLocale, input.options.locale));
  object.objects(bcd::kInherit, {std::string(bcd::kGlobalSettings)});
  if (input.options.ems) object.boolean(bcd::kEmsEnabled, true);
  object.object(bcd::kDefaultObject, loader);
  object.objects(bcd::kDisplayOrder, {loader});
  object.integer(bcd::kTimeout, input.options.timeout_seconds);
  return std::move(object).finish();
}

Result<HiveKey> os_loader(const BcdInput& input) {
  const BcdOptions& options = input.options;
  const bool is_uefi = input.firmware == Firmware::uefi;
  BcdObject object(to_string(input.loader), bcd::kLoaderObject);
  object.os_device(bcd::kDevice, input);
  WINNOW_CHECK(object.string(bcd::kPath, std::string("\\Windows\\system32\\winload.") + (is_uefi ? "efi" : "exe")));
  WINNOW_CHECK(object.string(bcd::kDescription, input.title));
  WINNOW_CHECK(object.string(bcd::kLocale, options.locale));
  object.objects(bcd::kInherit, {std::string(bcd::kLoaderSettings)});
  if (options.ignore_failures) object.boolean(bcd::kRecoveryEnabled, false);
  if (options.test_signing) object.boolean(bcd::kTestSigning, true);
  if (is_uefi) object.boolean(bcd::kIsolatedContext, true);
  object.integer(bcd::kAllowedInMemorySettings, bcd::kDefaultInMemorySettings);
  object.os_device(bcd::kOsDevice, input);
  WINNOW_CHECK(object.string(bcd::kSystemRoot, "\\Windows"));
  object.integer(bcd::kNx, options.nx_opt_out ? 1 : 0);
  object.integer(bcd::kBootMenuPolicy, 1);
  if (options.ignore_failures) object.integer(bcd::kBootStatusPolicy, bcd::kIgnoreAllFailures);
  if (input.ram_disk) {
    object.boolean(bcd::kDetectHal, true);
    object.boolean(bcd::kWinPe, true);
  }
  if (options.debugger) object.boolean(bcd::kKernelDebug, true);
  if (options.ems) object.boolean(bcd::kOsEms, true);
  return std::move(object).finish();
}

// The elements of one kind of debugger.
class DebuggerWriter {
 public:
  explicit DebuggerWriter(BcdObject& object) : object_(object) {}

  Result<void> operator()(const SerialPort& line) {
    object_.integer(bcd::kDebuggerType, bcd::kSerialDebugger);
    object_.integer(bcd::kDebuggerPort, line.port);
    object_.integer(bcd::kDebuggerBaud, line.baud);
    return {};
  }
  Result<void> operator()(const FirewireDebugger& line) {
    object_.integer(bcd::kDebuggerType, bcd::kFirewireDebugger);
    object_.integer(bcd::kDebuggerChannel, line.channel);
    return {};
  }
  Result<void> operator()(const UsbDebugger& line) {
    WINNOW_CHECK(object_.string(bcd::kDebuggerTargetName, line.target_name));
    object_.integer(bcd::kDebuggerType, bcd::kUsbDebugger);
    return {};
  }
  Result<void> operator()(const NetDebugger& net) {
    if (!net.bus_parameters.empty()) WINNOW_CHECK(object_.string(bcd::kDebuggerBusParameters, net.bus_parameters));
    WINNOW_CHECK(object_.string(bcd::kDebuggerKey, net.key));
    object_.integer(bcd::kDebuggerType, bcd::kNetDebugger);
    object_.integer(bcd::kDebuggerHostIp, net.host_ip);
    object_.integer(bcd::kDebuggerHostPort, net.port);
    object_.boolean(bcd::kDebuggerDhcp, true);
    return {};
  }

 private:
  BcdObject& object_;
};

Result<HiveKey> debugger_settings(const std::optional<Debugger>& debugger) {
  BcdObject object(bcd::kDebuggerSettings, bcd::kSettingsObject);
  if (debugger) {
    WINNOW_CHECK(std::visit(DebuggerWriter(object), *debugger));
  } else {
    object.integer(bcd::kDebuggerType, bcd::kLocalDebugger);
  }
  return std::move(object).finish();
}

HiveKey ems_settings(const std::optional<SerialPort>& ems) {
  BcdObject object(bcd::kEmsSettings, bcd::kSettingsObject);
  object.boolean(bcd::kEmsEnabled, ems.has_value());
  if (ems) {
    object.integer(bcd::kEmsPort, ems->port);
    object.integer(bcd::kEmsBaud, ems->baud);
  }
  return std::move(object).finish();
}

// Settings that others inherit: what bcdboot puts into every store.
Result<std::vector<HiveKey>> settings(const BcdOptions& options) {
  BcdObject global(bcd::kGlobalSettings, bcd::kSettingsObject);
  global.objects(bcd::kInherit,
                 {std::string(bcd::kDebuggerSettings), std::string(bcd::kEmsSettings), std::string(bcd::kBadMemory)});
  BcdObject loader(bcd::kLoaderSettings, bcd::kLoaderSettingsObject);
  loader.objects(bcd::kInherit, {std::string(bcd::kGlobalSettings), std::string(bcd::kHypervisorSettings)});
  BcdObject hypervisor(bcd::kHypervisorSettings, bcd::kLoaderSettingsObject);
  hypervisor.integer(bcd::kHypervisorDebuggerType, 0);
  hypervisor.integer(bcd::kHypervisorDebuggerPort, 1);
  hypervisor.integer(bcd::kHypervisorDebuggerBaud, 115200);
  std::vector<HiveKey> keys;
  keys.push_back(std::move(global).finish());
  keys.push_back(std::move(loader).finish());
  WINNOW_TRY(HiveKey debugger, debugger_settings(options.debugger));
  keys.push_back(std::move(debugger));
  keys.push_back(ems_settings(options.ems));
  keys.push_back(BcdObject(bcd::kBadMemory, bcd::kSettingsObject).finish());
  keys.push_back(std::move(hypervisor).finish());
  return keys;
}

Result<HiveKey> ram_disk_options(const BcdInput& input) {
  BcdObject object(to_string(input.ram_disk->options), bcd::kDeviceOptionsObject);
  object.device(bcd::kSdiDevice, input.os_device);
  WINNOW_CHECK(object.string(bcd::kSdiPath, input.ram_disk->sdi));
  return std::move(object).finish();
}

Result<void> check_serial_ports(const BcdOptions& options) {
  const SerialPort* debugger = options.debugger ? std::get_if<SerialPort>(&*options.debugger) : nullptr;
  if (debugger == nullptr || !options.ems || options.ems->port != debugger->port) return {};
  return fail("cannot use COM" + std::to_string(debugger->port) +
              " for the kernel debugger: Emergency Management Services use it");
}

}  // namespace

Result<Bytes> write_bcd_store(const BcdInput& input) {
  WINNOW_CHECK(check_serial_ports(input.options));
  HiveOptions options;
  options.file_name = "BCD";
  options.root_name = bcd::kRootName;
  options.time = input.time;
  options.minor_version = bcd::kHiveMinorVersion;
  for (const std::string_view sddl : {bcd::kRootSddl, bcd::kObjectSddl}) {
    WINNOW_TRY(auto descriptor, parse_sddl(sddl));
    options.security_descriptors.push_back(std::move(descriptor));
  }
  HiveKey description{"Description", {}, {}, kRootSecurity};
  WINNOW_TRY(auto name, text_value("KeyName", bcd::kStoreName));
  description.values = {std::move(name), dword("System", 1), dword("TreatAsSystem", 1)};
  WINNOW_TRY(std::vector<HiveKey> all_settings, settings(input.options));
  HiveKey objects{"Objects", {}, std::move(all_settings), kObjectSecurity};
  WINNOW_TRY(auto manager, boot_manager(input));
  objects.children.push_back(std::move(manager));
  WINNOW_TRY(auto loader, os_loader(input));
  objects.children.push_back(std::move(loader));
  if (input.ram_disk) {
    WINNOW_TRY(auto ram_disk, ram_disk_options(input));
    objects.children.push_back(std::move(ram_disk));
  }
  HiveKey root{std::string(), {}, {}, kRootSecurity};
  root.children.push_back(std::move(description));
  root.children.push_back(std::move(objects));
  return write_hive(root, options);
}

}  // namespace winnow
