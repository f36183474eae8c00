#include "compose/ram_disk_notes.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "base/utf16.hpp"
#include "plan/registry_edit.hpp"

namespace winnow {

namespace {

constexpr std::string_view kDrivers = "Windows\\System32\\drivers\\";
constexpr std::string_view kServices = "ControlSet001\\Services\\";
constexpr std::uint32_t kBootStart = 0;

// That ramdisk and Wof start with Windows is so in the registry of a Windows 10 (1709). wof.sys reads WIM files since
// Windows 8.1, wimfsf.sys did before; fbwf.sys takes what is written to a volume that cannot grow.
struct RamDiskDriver {
  std::string_view file;
  std::string_view service;
  std::string_view older_file;  // does the same; "" = none
  std::string_view work;
};
constexpr std::array<RamDiskDriver, 3> kRamDiskDrivers = {{{"ramdisk.sys", "ramdisk", "", "is the disk"},
                                                           {"wof.sys", "Wof", "wimfsf.sys", "reads the WIM file"},
                                                           {"fbwf.sys", "FBWF", "", "takes what is written"}}};

bool has_file(const ImagePlan& plan, std::string_view name) {
  return !name.empty() && plan.tree.contains(*WindowsPath::parse(std::string(kDrivers) + std::string(name)));
}

bool starts_with_windows(const ImagePlan& plan, std::string_view service) {
  const PlannedKey* key = find_key(plan.registry, HiveId::system, std::string(kServices) + std::string(service));
  if (key == nullptr) return false;
  const auto value = key->values.find(u"START");
  return value != key->values.end() && read_le<std::uint32_t>(value->second.data, 0) == kBootStart;
}

// "Windows\System32\drivers\ramdisk.sys (is the disk)", "service Wof at boot start (reads the WIM file)"; "" = all
// there.
std::string lack_of(const ImagePlan& plan, const RamDiskDriver& driver) {
  const std::string work = " (" + std::string(driver.work) + ")";
  if (has_file(plan, driver.file)) {
    if (starts_with_windows(plan, driver.service)) return "";
    return "service " + std::string(driver.service) + " at boot start" + work;
  }
  if (has_file(plan, driver.older_file)) return "";
  return std::string(kDrivers) + std::string(driver.file) + work;
}

}  // namespace

std::vector<std::string> ram_disk_notes(const ImagePlan& plan, const WriteReport& report) {
  std::vector<std::string> notes;
  if (report.volume) {
    notes.emplace_back("runs in memory: what its Windows writes is gone when it stops");
  } else {
    notes.emplace_back(
        "boots from a RAM disk where a boot entry says device and osdevice "
        "ramdisk=[boot]\\sources\\boot.wim,{ramdiskoptions}, winpe yes, detecthal yes, and {ramdiskoptions} says "
        "ramdisksdidevice boot, ramdisksdipath \\boot\\boot.sdi");
  }
  std::string lacks;
  for (const RamDiskDriver& driver : kRamDiskDrivers) {
    const std::string lack = lack_of(plan, driver);
    if (!lack.empty()) lacks += (lacks.empty() ? "" : ", ") + lack;
  }
  if (!lacks.empty()) {
    notes.push_back("may not start from a RAM disk: the image lacks what Windows PE does it with: " + lacks);
  }
  return notes;
}

}  // namespace winnow
