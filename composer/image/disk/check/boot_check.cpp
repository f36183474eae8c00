#include "image/disk/check/boot_check.hpp"

#include <algorithm>

#include "base/utf16.hpp"
#include "formats/bcd.hpp"
#include "formats/gpt.hpp"
#include "image/disk/disk_identity.hpp"
#include "image/hive/hive_reader.hpp"

namespace winnow::check {

namespace {

constexpr const char* kBootManager = "{9dea862c-5cdd-4e70-acc1-f32b344d4795}";
constexpr std::uint32_t kBootManagerType = 0x10100002;
constexpr std::uint32_t kLoaderType = 0x10200003;
// Device element (windows-formats.md 4.4).
constexpr std::size_t kDeviceType = 0x10;   // u32
constexpr std::size_t kDeviceSize = 0x18;   // u32, of all but the first 16 bytes
constexpr std::size_t kPartitionId = 0x20;  // GUID, or u64 byte offset
constexpr std::size_t kDiskKind = 0x34;     // u32, 0 = GPT, 1 = MBR
constexpr std::size_t kDiskId = 0x38;       // GUID, or u32 signature
constexpr std::size_t kDeviceLength = 88;
constexpr std::uint32_t kPartitionDevice = 6;
constexpr std::uint32_t kBootDevice = 5;
constexpr std::uint32_t kLocateDevice = 8;

bool contains(const std::vector<std::string>& files, const std::string& path) {
  return std::find(files.begin(), files.end(), path) != files.end();
}

// "{ae5534e0-a924-466c-b836-758539a3ee3a}"
std::string braced_guid(ByteView bytes) {
  Guid guid;
  std::copy_n(bytes.begin(), guid.bytes.size(), guid.bytes.begin());
  return "{" + to_string(guid) + "}";
}

class StoreCheck {
 public:
  StoreCheck(const PartitionTable& table, const std::vector<BootVolume>& volumes, const BootVolume& volume,
             const Hive& hive, Findings& findings)
      : table_(table), volumes_(volumes), hive_(hive), findings_(findings) {
    subject_ = (volume.partition == 0 ? "" : "partition " + std::to_string(volume.partition) + ": ") + "BCD";
  }

  void run() {
    check_type(kBootManager, kBootManagerType, "{bootmgr}");
    check_device(kBootManager, "11000001", "{bootmgr} device");
    const auto value = element(kBootManager, "23000003");
    const auto loader = value ? to_text(*value) : std::nullopt;
    if (!loader) {
      fault("{bootmgr} has no default entry (23000003)");
      return;
    }
    const std::string name = printable(std::string_view(*loader));
    if (!check_type(*loader, kLoaderType, "default entry " + name)) return;
    check_order(*loader, name);
    check_device(*loader, "11000001", "device of " + name);
    const auto partition = check_device(*loader, "21000001", "osdevice of " + name);
    const auto root = element(*loader, "22000002");
    if (!root || !to_text(*root)) fault("default entry " + name + " has no systemroot (22000002)");
    check_loader(*loader, name, partition);
  }

 private:
  void fault(const std::string& message) { findings_.add(subject_, message); }

  [[nodiscard]] std::optional<RegistryValue> element(const std::string& object, const std::string& id) const {
    return hive_.find_value("Objects\\" + object + "\\Elements\\" + id, "Element");
  }

  bool check_type(const std::string& object, std::uint32_t expected, const std::string& what) {
    const auto value = hive_.find_value("Objects\\" + object + "\\Description", "Type");
    const auto type = value ? to_dword(*value) : std::nullopt;
    if (!type) {
      fault(what + " is no object of the store");
    } else if (*type != expected) {
      fault(what + ": " + differs_hex("object type", *type, expected));
    }
    return type && *type == expected;
  }

  // displayorder is a REG_MULTI_SZ of GUIDs.
  void check_order(const std::string& loader, const std::string& name) {
    const auto order = element(kBootManager, "24000001");
    const auto text = order ? from_utf16le(order->data) : std::nullopt;
    if (order && (!text || text->find(loader) == std::string::npos)) {
      fault("{bootmgr} displayorder (24000001) does not list the default entry " + name);
    }
  }

  // A device element, when it is as long as it says.
  std::optional<Bytes> device_of(const std::string& object, const std::string& id, const std::string& what) {
    auto value = element(object, id);
    if (!value) {
      fault(what + " (" + id + ") is missing");
      return std::nullopt;
    }
    const auto size = read_le<std::uint32_t>(value->data, kDeviceSize);
    if (!size || *size + 16ull != value->data.size()) {
      fault(what + ": " + differs("device length", value->data.size(), size.value_or(kDeviceLength - 16) + 16ull));
      return std::nullopt;
    }
    return std::move(value->data);
  }

  // The number of the partition that a device element names.
  std::optional<std::size_t> check_device(const std::string& object, const std::string& id, const std::string& what) {
    const auto device = device_of(object, id, what);
    if (!device) return std::nullopt;
    if (*read_le<std::uint32_t>(*device, kDeviceType) != bcd::ram_disk::kKind) return check_place(*device, what);
    check_ram_disk(*device, what);
    return std::nullopt;
  }

  // A device that is no file.
  std::optional<std::size_t> check_place(ByteView device, const std::string& what) {
    const auto type = *read_le<std::uint32_t>(device, kDeviceType);
    if (type == kBootDevice || type == kLocateDevice) return std::nullopt;
    if (type != kPartitionDevice || device.size() < kDeviceLength) {
      fault(what + ": device type is " + std::to_string(type) + ", expected 5, 6 or 8");
      return std::nullopt;
    }
    if (table_.partitions.empty()) return std::nullopt;
    return check_partition(device, what);
  }

  // The file it is made of and its options. That it can be read as a WIM file is not looked at.
  void check_ram_disk(ByteView device, const std::string& what) {
    is_ram_disk_ = true;
    const auto field = [&](std::size_t offset) { return read_le<std::uint32_t>(device, offset).value_or(0); };
    const std::size_t inner_size = field(bcd::ram_disk::kInnerDevice + kDeviceSize - kDeviceType);
    const std::size_t path = bcd::ram_disk::kInnerDevice + inner_size;
    const bool is_file = field(bcd::ram_disk::kSubtypeField) == bcd::ram_disk::kSubtype &&
                         field(bcd::ram_disk::kFilePathType) == bcd::ram_disk::kDeviceAndPath &&
                         field(bcd::ram_disk::kFilePathLength) == device.size() - bcd::ram_disk::kFilePath;
    if (!is_file || inner_size != kDeviceLength - kDeviceType || path + 2 > device.size()) {
      fault(what + ": the device is no RAM disk made of a file");
      return;
    }
    Bytes inner(kDeviceType);
    const ByteView from_kind = device.subspan(bcd::ram_disk::kInnerDevice, inner_size);
    inner.insert(inner.end(), from_kind.begin(), from_kind.end());
    const auto partition = check_place(inner, what);
    const auto image = from_utf16le(device.subspan(path, device.size() - path - 2));
    if (!image || !is_there(*image, partition)) {
      fault(what + ": its file " + printable(std::string_view(image.value_or(""))) + " is not on the volume");
    }
    check_ram_disk_options(braced_guid(device.first(16)), what);
  }

  void check_ram_disk_options(const std::string& options, const std::string& what) {
    if (!check_type(options, bcd::kDeviceOptionsObject, what + ": its options " + options)) return;
    const std::string sdi = "ramdisksdidevice of " + options;
    const auto device = device_of(options, "31000003", sdi);
    if (!device) return;
    const auto partition = check_place(*device, sdi);
    const auto value = element(options, "32000004");
    const auto path = value ? to_text(*value) : std::nullopt;
    if (!path || !is_there(*path, partition)) {
      fault(options + ": ramdisksdipath " + printable(std::string_view(path.value_or(""))) + " is not on the volume");
    }
  }

  // A bare volume says nothing of files that a partition elsewhere holds.
  [[nodiscard]] bool is_there(const std::string& path, std::optional<std::size_t> partition) const {
    return table_.partitions.empty() || std::any_of(volumes_.begin(), volumes_.end(), [&](const BootVolume& volume) {
             return (!partition || volume.partition == *partition) && contains(volume.files, ascii_lower(path));
           });
  }

  std::optional<std::size_t> check_partition(ByteView device, const std::string& what) {
    const auto kind = *read_le<std::uint32_t>(device, kDiskKind);
    if (kind != (table_.is_gpt ? 0u : 1u))
      fault(what + ": " + differs("disk kind (0 GPT, 1 MBR)", kind, table_.is_gpt ? 0 : 1));
    const ByteView disk = device.subspan(kDiskId, table_.disk_id.size());
    if (!std::equal(disk.begin(), disk.end(), table_.disk_id.begin())) {
      fault(what + ": disk id is " + to_hex(disk) + ", expected " + to_hex(table_.disk_id));
    }
    for (const Partition& partition : table_.partitions) {
      const ByteView id = device.subspan(kPartitionId, 16);
      const bool is_named = table_.is_gpt ? std::equal(id.begin(), id.end(), partition.id.begin(), partition.id.end())
                                          : *read_le<std::uint64_t>(id, 0) == partition.first_lba * gpt::kSectorSize;
      if (is_named) return partition.number;
    }
    fault(what + ": it names partition " +
          (table_.is_gpt ? to_hex(device.subspan(kPartitionId, 16))
                         : "at byte " + std::to_string(*read_le<std::uint64_t>(device, kPartitionId))) +
          ", which is not on this disk");
    return std::nullopt;
  }

  void check_loader(const std::string& loader, const std::string& name, std::optional<std::size_t> partition) {
    const auto value = element(loader, "12000002");
    const auto path = value ? to_text(*value) : std::nullopt;
    if (!path) {
      fault("default entry " + name + " has no path (12000002)");
      return;
    }
    if (is_ram_disk_) return;  // it is in the WIM file
    for (const BootVolume& volume : volumes_) {
      const bool is_meant = partition ? volume.partition == *partition : !volume.is_fat;
      if (is_meant && contains(volume.files, ascii_lower(*path))) return;
    }
    fault("default entry " + name + ": its loader " + printable(std::string_view(*path)) + " is not on the volume");
  }

  const PartitionTable& table_;
  const std::vector<BootVolume>& volumes_;
  const Hive& hive_;
  Findings& findings_;
  std::string subject_;
  bool is_ram_disk_ = false;  // of the default entry
};

// Boot files without a store and the other way round.
void check_files(const BootVolume& volume, Findings& findings) {
  const std::string subject = volume.partition == 0 ? "volume" : "partition " + std::to_string(volume.partition);
  const char* manager = volume.is_fat ? "\\efi\\microsoft\\boot\\bootmgfw.efi" : "\\bootmgr";
  const bool has_manager = contains(volume.files, manager);
  if (has_manager && !volume.store) {
    findings.add(subject, std::string("boot files: ") + manager + " is there, its BCD is not");
  }
  if (volume.store && !has_manager) {
    findings.add(subject, std::string("boot files: the BCD is there, ") + manager + " is not");
  }
  const bool has_removable = std::any_of(volume.files.begin(), volume.files.end(), [](const std::string& file) {
    return file.starts_with("\\efi\\boot\\boot") && file.ends_with(".efi");
  });
  if (volume.is_fat && has_manager && !has_removable) {
    findings.add(subject, "boot files: \\efi\\boot has no boot loader, firmware finds nothing to start");
  }
}

}  // namespace

void check_boot(const PartitionTable& table, const std::vector<BootVolume>& volumes, Findings& findings) {
  for (const BootVolume& volume : volumes) {
    check_files(volume, findings);
    if (!volume.store) continue;
    const auto hive = Hive::parse(*volume.store);
    if (!hive) {
      const std::string prefix = volume.partition == 0 ? "" : "partition " + std::to_string(volume.partition) + ": ";
      findings.add(prefix + "BCD", hive.error().faults().front().message);
      continue;
    }
    StoreCheck(table, volumes, volume, *hive, findings).run();
    const auto partition = std::find_if(table.partitions.begin(), table.partitions.end(),
                                        [&](const Partition& p) { return p.number == volume.partition; });
    if (!table.is_gpt && partition != table.partitions.end() && !partition->is_active) {
      findings.add("partition " + std::to_string(volume.partition), "it holds the boot files, but it is not active");
    }
  }
}

}  // namespace winnow::check
