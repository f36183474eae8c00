#include <algorithm>
#include <bit>

#include "formats/ntfs.hpp"
#include "image/disk/check/ntfs_passes.hpp"

namespace winnow::check {

namespace {

constexpr auto kSubject = "boot sector";
constexpr ByteCount kMaxClusterSize = 2u << 20;
constexpr ByteCount kMinRecordSize = 1024;
constexpr ByteCount kMaxRecordSize = 65536;

// The size that a signed count of clusters or a negative log2 of bytes stands for; 0 when it is none.
ByteCount size_of(std::uint8_t coded, ByteCount cluster_size) {
  if (coded < 0x80) return coded * cluster_size;
  const unsigned shift = 256u - coded;
  return shift <= 30 ? ByteCount{1} << shift : 0;
}

bool is_power_of_two(ByteCount size, ByteCount least, ByteCount most) {
  return std::has_single_bit(size) && size >= least && size <= most;
}

// Values above 0x80 are a negative log2 of sectors.
ByteCount cluster_size_of(std::uint8_t coded) {
  if (coded <= 0x80) return ByteCount{coded} * ntfs::kSectorSize;
  const unsigned shift = 256u - coded;
  return shift <= 20 ? ntfs::kSectorSize << shift : 0;
}

void check_fixed_fields(ByteView sector, const DiskView& disk, std::optional<std::uint64_t> hidden,
                        NtfsFindings& findings) {
  const auto expect = [&](const char* what, std::uint64_t found, std::uint64_t expected) {
    if (found != expected) findings.add(kSubject, differs(what, found, expected));
  };
  if (as_text(sector).substr(ntfs::boot::kOemIdOffset, 8) != ntfs::boot::kOemId) {
    findings.add(kSubject, "OEM id is \"" + printable(as_text(sector).substr(ntfs::boot::kOemIdOffset, 8)) +
                               "\", expected \"NTFS    \"");
  }
  expect("bytes per sector", *read_le<std::uint16_t>(sector, ntfs::boot::kBytesPerSector), ntfs::kSectorSize);
  expect("media type", sector[ntfs::boot::kMediaType], 0xF8);
  expect("reserved sectors", *read_le<std::uint16_t>(sector, 0x0E), 0);
  if (hidden) expect("hidden sectors", *read_le<std::uint32_t>(sector, ntfs::boot::kHiddenSectors), *hidden);
  expect("total sectors", *read_le<std::uint64_t>(sector, ntfs::boot::kTotalSectors),
         disk.size() / ntfs::kSectorSize - 1);
  const auto signature = *read_le<std::uint16_t>(sector, ntfs::boot::kSignature);
  if (signature != 0xAA55) findings.add(kSubject, differs_hex("signature", signature, 0xAA55));
  if (*read_le<std::uint64_t>(sector, ntfs::boot::kSerial) == 0) {
    findings.add(kSubject, "volume serial number is 0");
  }
}

std::optional<Geometry> geometry_of(ByteView sector, const DiskView& disk, NtfsFindings& findings) {
  Geometry g;
  g.cluster_size = cluster_size_of(sector[ntfs::boot::kSectorsPerCluster]);
  g.record_size = size_of(sector[ntfs::boot::kClustersPerRecord], g.cluster_size);
  g.index_block_size = size_of(sector[ntfs::boot::kClustersPerIndexBlock], g.cluster_size);
  if (!is_power_of_two(g.cluster_size, ntfs::kSectorSize, kMaxClusterSize)) {
    findings.add(kSubject, "sectors per cluster is " + std::to_string(sector[ntfs::boot::kSectorsPerCluster]));
    return std::nullopt;
  }
  if (!is_power_of_two(g.record_size, kMinRecordSize, kMaxRecordSize) ||
      !is_power_of_two(g.index_block_size, ntfs::kSectorSize, kMaxRecordSize)) {
    findings.add(kSubject, "records of " + std::to_string(g.record_size) + " bytes, index blocks of " +
                               std::to_string(g.index_block_size));
    return std::nullopt;
  }
  g.total_sectors = *read_le<std::uint64_t>(sector, ntfs::boot::kTotalSectors);
  // What the volume really has decides, when the field says more.
  const std::uint64_t sectors = std::min(g.total_sectors, disk.size() / ntfs::kSectorSize);
  g.cluster_count = sectors / (g.cluster_size / ntfs::kSectorSize);
  g.mft_cluster = *read_le<std::uint64_t>(sector, ntfs::boot::kMftCluster);
  g.mirror_cluster = *read_le<std::uint64_t>(sector, ntfs::boot::kMftMirrorCluster);
  for (const std::uint64_t cluster : {g.mft_cluster, g.mirror_cluster}) {
    if (cluster == 0 || cluster >= g.cluster_count) {
      findings.add(kSubject, (cluster == g.mft_cluster ? "$MFT" : "$MFTMirr") + std::string(" cluster is ") +
                                 std::to_string(cluster) + ", outside the volume's " + std::to_string(g.cluster_count));
    }
  }
  return g.mft_cluster >= g.cluster_count ? std::nullopt : std::optional(g);
}

}  // namespace

std::optional<Geometry> check_boot_sector(const DiskView& disk, std::optional<std::uint64_t> hidden,
                                          NtfsFindings& findings) {
  const auto first = disk.read(0, ntfs::kSectorSize);
  const auto last =
      disk.size() < 2 * ntfs::kSectorSize
          ? std::nullopt
          : disk.read(disk.size() / ntfs::kSectorSize * ntfs::kSectorSize - ntfs::kSectorSize, ntfs::kSectorSize);
  if (!first || !last) {
    findings.add(kSubject, "the volume cannot be read");
    return std::nullopt;
  }
  check_fixed_fields(*first, disk, hidden, findings);
  if (*first != *last) {
    const auto at = std::mismatch(first->begin(), first->end(), last->begin()).first - first->begin();
    findings.add("backup boot sector", "the last sector differs from the boot sector from byte " +
                                           hex(static_cast<std::uint64_t>(at)) + " on");
  }
  return geometry_of(*first, disk, findings);
}

std::optional<Stream> find_mft(const NtfsVolume& volume, NtfsFindings& findings) {
  auto raw = volume.first_record();
  auto record = raw ? parse_record(0, std::move(*raw), volume.geometry(), RecordReport()) : std::nullopt;
  if (!record) {
    findings.add(ntfs::kMft, "no record at cluster " + std::to_string(volume.geometry().mft_cluster) +
                                 ", where the boot sector says that $MFT begins");
    return std::nullopt;
  }
  // The record alone gives the first extent; extension records, if any, lie in it.
  NtfsVolume first = volume;
  const auto data = std::find_if(record->attributes.begin(), record->attributes.end(), [](const Attribute& a) {
    return a.type == ntfs::kData && a.name.empty() && a.non_resident;
  });
  if (data == record->attributes.end() || data->first_vcn != 0) {
    findings.add(ntfs::kMft, "$DATA is missing or broken, no other record can be found");
    return std::nullopt;
  }
  Stream extent;
  extent.resident = false;
  extent.runs = data->runs;
  extent.size = data->size;
  extent.initialized = data->initialized;
  first.set_mft(std::move(extent));
  const NtfsFile file = gather_file(first, std::move(*record), RecordReport());
  return *file.find(ntfs::kData);
}

}  // namespace winnow::check
