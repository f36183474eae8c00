#include "image/disk/check/boot_check.hpp"

#include <algorithm>

#include "base/utf16.hpp"
#include "formats/gpt.hpp"
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

  // The number of the partition that a device element names.
  std::optional<std::size_t> check_device(const std::string& object, const std::string& id, const std::string& what) {
    const auto value = element(object, id);
    if (!value) {
      fault(what + " (" + id + ") is missing");
      return std::nullopt;
    }
    const ByteView device = value->data;
    const auto type = read_le<std::uint32_t>(device, kDeviceType);
    const auto size = read_le<std::uint32_t>(device, kDeviceSize);
    if (!type || !size || *size + 16 != device.size()) {
      fault(what + ": " + differs("device length", device.size(), size.value_or(kDeviceLength - 16) + 16ull));
      return std::nullopt;
    }
    if (*type == kBootDevice || *type == kLocateDevice) return std::nullopt;
    if (*type != kPartitionDevice || device.size() < kDeviceLength) {
      fault(what + ": device type is " + std::to_string(*type) + ", expected 5, 6 or 8");
      return std::nullopt;
    }
    if (table_.partitions.empty()) return std::nullopt;
    return check_partition(device, what);
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
