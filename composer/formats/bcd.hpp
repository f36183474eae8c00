// Boot configuration data: a registry hive of version 1.3 whose objects hold typed elements. Sources:
// windows-formats.md 4 (bcdedit's own stores, ReactOS boot/environ/include/bcd.h); Geoff Chappell's element list for
// the names.
//
//   NewStoreRoot\Description                      KeyName, System, TreatAsSystem
//   NewStoreRoot\Objects\{guid}\Description       Type = REG_DWORD
//   NewStoreRoot\Objects\{guid}\Elements\XXXXXXXX Element = value; eight lower-case hexadecimal digits
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace winnow::bcd {

inline constexpr std::string_view kRootName = "NewStoreRoot";
inline constexpr std::string_view kStoreName = "BCD00000000";  // Description\KeyName
inline constexpr std::uint32_t kHiveMinorVersion = 3;          // regf 1.3: lf lists, which boot managers insist on
// Root and its Description; everything else. Owner, group and DACL as bcdedit writes them.
inline constexpr std::string_view kRootSddl = "O:BAG:BAD:(A;;0xF003F;;;BA)(A;;0xF003F;;;SY)";
inline constexpr std::string_view kObjectSddl = "O:BAG:BAD:(A;;0x60019;;;BA)(A;;0xF003F;;;SY)";

// Object types.
inline constexpr std::uint32_t kBootManagerObject = 0x10100002;
inline constexpr std::uint32_t kLoaderObject = 0x10200003;
inline constexpr std::uint32_t kSettingsObject = 0x20100000;        // inheritable by any
inline constexpr std::uint32_t kLoaderSettingsObject = 0x20200003;  // inheritable by OS loaders
inline constexpr std::uint32_t kDeviceOptionsObject = 0x30000000;   // what a device element says more

// Objects with a GUID of their own.
inline constexpr std::string_view kBootManager = "9dea862c-5cdd-4e70-acc1-f32b344d4795";
inline constexpr std::string_view kGlobalSettings = "7ea2e1ac-2e61-4728-aaa3-896d9d0a9f0e";
inline constexpr std::string_view kLoaderSettings = "6efb52bf-1766-41db-a6b3-0ee5eff72bd7";
inline constexpr std::string_view kDebuggerSettings = "4636856e-540f-4170-a130-a84776f4c654";
inline constexpr std::string_view kEmsSettings = "0ce4991b-e6b3-4b16-b23c-5e0d9250e5d9";
inline constexpr std::string_view kBadMemory = "5189b25c-5558-4bf2-bca4-289b11bd29e2";
inline constexpr std::string_view kHypervisorSettings = "7ff607e0-4395-11db-b0de-0800200c9a66";
inline constexpr std::string_view kRamDiskOptions = "ae5534e0-a924-466c-b836-758539a3ee3a";

// An element's type: class (4 bits: 1 library, 2 application, 3 device, 4 template), format (4 bits), subtype (24
// bits). Formats and the registry types and encodings that carry them.
inline constexpr std::uint32_t kFormatMask = 0x0F000000;
inline constexpr std::uint32_t kDeviceFormat = 0x01000000;       // REG_BINARY: device below
inline constexpr std::uint32_t kStringFormat = 0x02000000;       // REG_SZ
inline constexpr std::uint32_t kObjectFormat = 0x03000000;       // REG_SZ: {guid}
inline constexpr std::uint32_t kObjectListFormat = 0x04000000;   // REG_MULTI_SZ
inline constexpr std::uint32_t kIntegerFormat = 0x05000000;      // REG_BINARY: u64
inline constexpr std::uint32_t kBooleanFormat = 0x06000000;      // REG_BINARY: u8
inline constexpr std::uint32_t kIntegerListFormat = 0x07000000;  // REG_BINARY: u64 each

// Library elements: any application.
inline constexpr std::uint32_t kDevice = 0x11000001;
inline constexpr std::uint32_t kPath = 0x12000002;
inline constexpr std::uint32_t kDescription = 0x12000004;
inline constexpr std::uint32_t kLocale = 0x12000005;
inline constexpr std::uint32_t kInherit = 0x14000006;
inline constexpr std::uint32_t kDebuggerType = 0x15000011;  // 0 serial, 1 1394, 2 USB, 3 network, 4 local
inline constexpr std::uint32_t kDebuggerPort = 0x15000013;
inline constexpr std::uint32_t kDebuggerBaud = 0x15000014;
inline constexpr std::uint32_t kDebuggerChannel = 0x15000015;        // 1394
inline constexpr std::uint32_t kDebuggerTargetName = 0x12000016;     // USB
inline constexpr std::uint32_t kDebuggerBusParameters = 0x12000019;  // network: "1.5.0"
inline constexpr std::uint32_t kDebuggerHostIp = 0x1500001a;         // network: see NetDebugger
inline constexpr std::uint32_t kDebuggerHostPort = 0x1500001b;
inline constexpr std::uint32_t kDebuggerDhcp = 0x1600001c;
inline constexpr std::uint32_t kDebuggerKey = 0x1200001d;
inline constexpr std::uint32_t kEmsPort = 0x15000022;
inline constexpr std::uint32_t kEmsBaud = 0x15000023;
inline constexpr std::uint32_t kRecoveryEnabled = 0x16000009;
inline constexpr std::uint32_t kEmsEnabled = 0x16000020;  // bootems
inline constexpr std::uint32_t kTestSigning = 0x16000049;
inline constexpr std::uint32_t kIsolatedContext = 0x16000060;
inline constexpr std::uint32_t kAllowedInMemorySettings = 0x17000077;
// Of the boot manager.
inline constexpr std::uint32_t kDefaultObject = 0x23000003;
inline constexpr std::uint32_t kDisplayOrder = 0x24000001;
inline constexpr std::uint32_t kTimeout = 0x25000004;  // seconds
// Of an OS loader.
inline constexpr std::uint32_t kOsDevice = 0x21000001;
inline constexpr std::uint32_t kSystemRoot = 0x22000002;
inline constexpr std::uint32_t kNx = 0x25000020;              // 0 opt-in, 1 opt-out, 2 always off, 3 always on
inline constexpr std::uint32_t kBootMenuPolicy = 0x250000c2;  // 0 legacy, 1 standard
inline constexpr std::uint32_t kBootStatusPolicy = 0x250000e0;
inline constexpr std::uint32_t kDetectHal = 0x26000010;
inline constexpr std::uint32_t kWinPe = 0x26000022;
inline constexpr std::uint32_t kKernelDebug = 0x260000a0;
inline constexpr std::uint32_t kOsEms = 0x260000b0;
// Of the hypervisor's settings.
inline constexpr std::uint32_t kHypervisorDebuggerType = 0x250000f3;
inline constexpr std::uint32_t kHypervisorDebuggerPort = 0x250000f4;
inline constexpr std::uint32_t kHypervisorDebuggerBaud = 0x250000f5;
// Of a RAM disk's options.
inline constexpr std::uint32_t kSdiDevice = 0x31000003;
inline constexpr std::uint32_t kSdiPath = 0x32000004;

// Of kDebuggerType (Microsoft's BcdLibrary_DebuggerType; 4 is what bcdboot writes).
inline constexpr std::uint64_t kSerialDebugger = 0;
inline constexpr std::uint64_t kFirewireDebugger = 1;
inline constexpr std::uint64_t kUsbDebugger = 2;
inline constexpr std::uint64_t kNetDebugger = 3;
inline constexpr std::uint64_t kLocalDebugger = 4;
inline constexpr std::uint64_t kIgnoreAllFailures = 1;                 // boot status policy
inline constexpr std::uint64_t kDefaultInMemorySettings = 0x15000075;  // what bcdboot allows

// A device of one of the kinds below.
namespace device {
inline constexpr std::size_t kSize = 88;
inline constexpr std::size_t kOptions = 0x00;        // GUID of an object with more options, or 0
inline constexpr std::size_t kKind = 0x10;           // u32
inline constexpr std::size_t kFlags = 0x14;          // u32
inline constexpr std::size_t kBodySize = 0x18;       // u64: kSize - 16
inline constexpr std::size_t kPartition = 0x20;      // GUID of a GPT partition, or u64: an MBR partition's byte offset
inline constexpr std::size_t kLocateElement = 0x24;  // u32, of a locate device: which path to look for
inline constexpr std::size_t kDiskKind = 0x30;       // u32, 0 local disk
inline constexpr std::size_t kTableKind = 0x34;      // u32
inline constexpr std::size_t kDisk = 0x38;           // GUID of a GPT disk, or u32: an MBR disk's signature
inline constexpr std::uint32_t kBootKind = 5;
inline constexpr std::uint32_t kPartitionKind = 6;
inline constexpr std::uint32_t kLocateKind = 8;
inline constexpr std::uint32_t kGpt = 0;
inline constexpr std::uint32_t kMbr = 1;
}  // namespace device

// A RAM disk made from a file: a device of its own length, with another device in it. The layout is a store's of
// Microsoft's (Windows PE media, 2011) read with ReactOS' structures: a block device, its subtype and 20 bytes for the
// image's place in memory, then a file path with the device the file is on.
//
//   options GUID | kind 0, flags 1, size | subtype 3, zeros | version 1, length, 5 | a device from its kind on | path
namespace ram_disk {
inline constexpr std::uint32_t kKind = 0;             // at device::kKind: a block device of the subtype below
inline constexpr std::uint32_t kFlags = 1;            // at device::kFlags: there is an options object
inline constexpr std::size_t kSubtypeField = 0x20;    // u32
inline constexpr std::uint32_t kSubtype = 3;          // RAM disk
inline constexpr std::size_t kFilePath = 0x38;        // the file path begins: u32 version,
inline constexpr std::uint32_t kFilePathVersion = 1;  //
inline constexpr std::size_t kFilePathLength = 0x3C;  // u32 its length, these fields included,
inline constexpr std::size_t kFilePathType = 0x40;    // u32 what it holds:
inline constexpr std::uint32_t kDeviceAndPath = 5;    // (what other types are is not known)
inline constexpr std::size_t kInnerDevice = 0x44;     // a device without its options GUID,
inline constexpr std::size_t kPath = 0x8C;            // UTF-16 with its NUL: "\sources\boot.wim"
}  // namespace ram_disk

}  // namespace winnow::bcd
