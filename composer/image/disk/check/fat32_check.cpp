#include "image/disk/check/fat32_check.hpp"

#include <algorithm>
#include <bit>
#include <set>

#include "base/utf16.hpp"
#include "formats/fat32.hpp"
#include "image/disk/check/fat32_directory.hpp"
#include "image/disk/check/fat32_volume.hpp"

namespace winnow::check {

namespace {

constexpr std::string_view kBootStore = "\\efi\\microsoft\\boot\\bcd";
constexpr ByteCount kMaxStore = 16u << 20;
constexpr std::uint32_t kUnknown = 0xFFFFFFFF;  // FSInfo: nobody counted

class Fat32Check {
 public:
  Fat32Check(const DiskView& disk, std::string prefix, std::optional<std::uint64_t> hidden, Findings& findings)
      : disk_(disk), prefix_(std::move(prefix)), hidden_(hidden), findings_(findings) {}

  Fat32Result run() {
    const auto boot = disk_.read(0, fat32::kSectorSize);
    if (!boot) {
      fault("boot sector", "the volume cannot be read");
      return {};
    }
    check_boot(*boot);
    const auto geometry = geometry_of(*boot);
    if (!geometry) return {};
    geometry_ = *geometry;
    check_backup(*boot);
    FatChains chains(disk_, geometry_, prefix_, findings_);
    chains.check_tables((*boot)[fat32::boot::kMedia]);
    walk(chains, {"\\", geometry_.root, geometry_.root, true, 0});
    chains.check_lost();
    check_info(chains);
    return std::move(result_);
  }

 private:
  struct Folder {
    std::string path;  // ends with a backslash
    std::uint32_t cluster;
    std::uint32_t parent;
    bool is_root;
    std::size_t depth;
  };

  void fault(const std::string& subject, std::string message) { findings_.add(prefix_ + subject, std::move(message)); }
  void expect(const char* what, std::uint64_t found, std::uint64_t expected) {
    if (found != expected) fault("boot sector", differs(what, found, expected));
  }

  void check_boot(ByteView boot) {
    const bool is_jump = boot[0] == 0xEB ? boot[2] == 0x90 : boot[0] == 0xE9;
    if (!is_jump) fault("boot sector", differs_hex("jump", boot[0], 0xEB));
    expect("bytes per sector", *read_le<std::uint16_t>(boot, fat32::boot::kBytesPerSector), fat32::kSectorSize);
    expect("number of FATs", boot[fat32::boot::kFats], fat32::kFatCount);
    expect("root entries", *read_le<std::uint16_t>(boot, 0x11), 0);
    expect("16-bit sectors per FAT", *read_le<std::uint16_t>(boot, 0x16), 0);
    expect("media byte", boot[fat32::boot::kMedia], fat32::boot::kMediaFixed);
    if (hidden_) expect("hidden sectors", *read_le<std::uint32_t>(boot, fat32::boot::kHiddenSectors), *hidden_);
    expect("total sectors", *read_le<std::uint32_t>(boot, fat32::boot::kTotalSectors),
           disk_.size() / fat32::kSectorSize);
    expect("version", *read_le<std::uint16_t>(boot, 0x2A), 0);
    expect("FSInfo sector", *read_le<std::uint16_t>(boot, fat32::boot::kFsInfo), fat32::kFsInfoSector);
    expect("backup boot sector", *read_le<std::uint16_t>(boot, fat32::boot::kBackupBoot), fat32::kBackupBootSector);
    if (as_text(boot).substr(fat32::boot::kTypeName, 8) != fat32::boot::kTypeNameFat32) {
      fault("boot sector",
            "type is \"" + printable(as_text(boot).substr(fat32::boot::kTypeName, 8)) + "\", expected \"FAT32   \"");
    }
    const auto signature = *read_le<std::uint16_t>(boot, fat32::boot::kSignature);
    if (signature != 0xAA55) fault("boot sector", differs_hex("signature", signature, 0xAA55));
  }

  std::optional<FatGeometry> geometry_of(ByteView boot) {
    FatGeometry g;
    g.cluster_size = ByteCount{boot[fat32::boot::kSectorsPerCluster]} * fat32::kSectorSize;
    g.reserved = *read_le<std::uint16_t>(boot, fat32::boot::kReserved);
    g.fat_sectors = *read_le<std::uint32_t>(boot, fat32::boot::kFatSectors);
    g.root = *read_le<std::uint32_t>(boot, fat32::boot::kRootCluster);
    const std::uint64_t sectors = std::min<std::uint64_t>(*read_le<std::uint32_t>(boot, fat32::boot::kTotalSectors),
                                                          disk_.size() / fat32::kSectorSize);
    const std::uint64_t before = g.reserved + 2 * g.fat_sectors;
    if (!std::has_single_bit(g.cluster_size) || g.cluster_size > 65536 || g.reserved < 8 || before >= sectors) {
      fault("boot sector", "clusters of " + std::to_string(g.cluster_size) + " bytes, " + std::to_string(g.reserved) +
                               " reserved sectors and FATs of " + std::to_string(g.fat_sectors) + " do not fit " +
                               std::to_string(sectors) + " sectors");
      return std::nullopt;
    }
    g.clusters = (sectors - before) / (g.cluster_size / fat32::kSectorSize);
    if (g.clusters < fat32::kMinClusters) {
      fault("boot sector", "the volume has " + std::to_string(g.clusters) + " clusters, FAT32 needs at least 65525");
    }
    const std::uint64_t room = g.fat_sectors * fat32::kSectorSize / fat32::kEntrySize;
    if (room < g.clusters + 2 || g.clusters > kMaxFatClusters) {
      fault("boot sector", "a FAT of " + std::to_string(g.fat_sectors) + " sectors has no room for " +
                               std::to_string(g.clusters) + " clusters, or they are more than this check takes");
      return std::nullopt;
    }
    return g;
  }

  void check_backup(const Bytes& boot) {
    const auto backup = disk_.read(fat32::kBackupBootSector * fat32::kSectorSize, fat32::kSectorSize);
    if (!backup || *backup != boot) {
      const auto at = backup ? std::mismatch(boot.begin(), boot.end(), backup->begin()).first - boot.begin() : 0;
      fault("backup boot sector",
            "sector 6 differs from the boot sector from byte " + hex(static_cast<std::uint64_t>(at)) + " on");
    }
  }

  void check_info(const FatChains& chains) {
    const auto info = disk_.read(fat32::kFsInfoSector * fat32::kSectorSize, fat32::kSectorSize);
    const auto copy = disk_.read((fat32::kBackupBootSector + 1) * fat32::kSectorSize, fat32::kSectorSize);
    if (!info || !copy) return;
    const auto u32 = [&](std::size_t field) { return *read_le<std::uint32_t>(*info, field); };
    const auto compare = [&](const char* what, std::uint32_t found, std::uint32_t expected) {
      if (found != expected) fault("FSInfo", differs_hex(what, found, expected));
    };
    compare("lead signature", u32(0), fat32::info::kLeadSignature);
    compare("structure signature", u32(fat32::info::kStructSignatureOffset), fat32::info::kStructSignature);
    compare("trail signature", u32(fat32::info::kTrailSignatureOffset), fat32::info::kTrailSignature);
    const std::uint32_t free = u32(fat32::info::kFreeClusters);
    if (free != kUnknown && free != chains.free_clusters()) {
      fault("FSInfo", differs("free clusters", free, chains.free_clusters()));
    }
    const std::uint32_t next = u32(fat32::info::kNextFree);
    if (next != kUnknown && (next < fat32::kFirstCluster || next >= geometry_.clusters + fat32::kFirstCluster)) {
      fault("FSInfo", "next free cluster is " + std::to_string(next) + ", outside the volume");
    }
    // The copy may be from before anything was written, as mkfs.fat leaves it.
    for (const std::size_t field :
         {std::size_t{0}, fat32::info::kStructSignatureOffset, fat32::info::kTrailSignatureOffset}) {
      const auto word = *read_le<std::uint32_t>(*copy, field);
      if (word != u32(field)) fault("FSInfo copy", differs_hex("signature at " + hex(field), word, u32(field)));
    }
  }

  void walk(FatChains& chains, const Folder& folder) {
    const std::string subject = folder.path.size() == 1 ? "\\" : folder.path.substr(0, folder.path.size() - 1);
    const auto chain = chains.claim(folder.cluster, subject);
    if (chain.size() * geometry_.cluster_size > fat32::directory::kMaxEntries * fat32::directory::kEntrySize) {
      fault(subject, "the directory is longer than 2 MiB");
      return;
    }
    const auto bytes = chains.read(chain, chain.size() * geometry_.cluster_size);
    if (!bytes) {
      fault(subject, "the directory cannot be read");
      return;
    }
    const auto entries = parse_fat_directory(*bytes, [&](const std::string& message) { fault(subject, message); });
    if (!folder.is_root) check_dots(entries, folder, subject);
    std::set<std::string> names;
    for (const FatEntry& entry : entries) {
      if (entry.name == "." || entry.name == "..") {
        if (folder.is_root) fault(subject, "the root has an entry \"" + entry.name + "\"");
        continue;
      }
      ++result_.entries;
      for (const std::string& name : std::set{ascii_lower(entry.name), ascii_lower(entry.short_name)}) {
        if (!names.insert(name).second) fault(folder.path + entry.name, "the name \"" + name + "\" is there twice");
      }
      visit(chains, folder, entry);
    }
  }

  void check_dots(const std::vector<FatEntry>& entries, const Folder& folder, const std::string& subject) {
    const auto expect_dot = [&](std::size_t index, const char* name, std::uint32_t cluster) {
      if (index >= entries.size() || entries[index].name != name ||
          (entries[index].attributes & fat32::directory::kDirectory) == 0) {
        fault(subject, "entry " + std::to_string(index + 1) + " of the directory is not \"" + name + "\"");
      } else if (entries[index].cluster != cluster) {
        fault(subject, differs("cluster of \"" + std::string(name) + "\"", entries[index].cluster, cluster));
      }
    };
    expect_dot(0, ".", folder.cluster);
    expect_dot(1, "..", folder.parent == geometry_.root ? 0 : folder.parent);
  }

  void visit(FatChains& chains, const Folder& folder, const FatEntry& entry) {
    const std::string path = folder.path + entry.name;
    if ((entry.attributes & fat32::directory::kDirectory) != 0) {
      if (entry.size != 0) fault(path, differs("size of a directory", entry.size, 0));
      if (folder.depth >= kMaxFatDepth) {
        fault(path, "more than " + std::to_string(kMaxFatDepth) + " levels of directories");
        return;
      }
      walk(chains, {path + "\\", entry.cluster, folder.cluster, false, folder.depth + 1});
      return;
    }
    result_.files.push_back(ascii_lower(path));
    if (entry.size == 0) {
      if (entry.cluster != 0) fault(path, differs("first cluster of an empty file", entry.cluster, 0));
      return;
    }
    const auto chain = chains.claim(entry.cluster, path);
    const std::uint64_t needed = (entry.size + geometry_.cluster_size - 1) / geometry_.cluster_size;
    if (chain.size() != needed) {
      fault(path, differs("chain length in clusters", chain.size(), needed) + " for " + std::to_string(entry.size) +
                      " bytes");
    }
    if (ascii_lower(path) == kBootStore && entry.size <= kMaxStore) result_.boot_store = chains.read(chain, entry.size);
  }

  const DiskView& disk_;
  std::string prefix_;
  std::optional<std::uint64_t> hidden_;
  Findings& findings_;
  FatGeometry geometry_;
  Fat32Result result_;
};

}  // namespace

Fat32Result check_fat32(const DiskView& volume, const std::string& prefix, std::optional<std::uint64_t> hidden,
                        Findings& findings) {
  return Fat32Check(volume, prefix, hidden, findings).run();
}

}  // namespace winnow::check
