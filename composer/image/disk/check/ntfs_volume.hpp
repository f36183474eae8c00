// Raw access to an NTFS volume: geometry from its boot sector, streams by their runs, MFT records by number.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "image/disk/check/disk_view.hpp"

namespace winnow::check {

inline constexpr std::uint64_t kHole = ~std::uint64_t{0};
// A stream that is read whole (bitmaps, $SDS, the boot store): more than any sound one has.
inline constexpr ByteCount kMaxWholeStream = 256u << 20;
inline constexpr std::uint64_t kMaxRecords = 1u << 28;

struct Run {
  std::uint64_t vcn = 0;
  std::uint64_t lcn = 0;  // kHole = not allocated
  std::uint64_t length = 0;
};

// The data of one attribute, assembled of its extents.
struct Stream {
  std::uint32_t type = 0;
  std::u16string name;
  std::uint16_t flags = 0;
  bool resident = true;
  Bytes value;            // resident
  std::vector<Run> runs;  // non-resident, by VCN, without gaps
  ByteCount allocated = 0;
  ByteCount size = 0;
  ByteCount initialized = 0;
  ByteCount total_allocated = 0;  // clusters that are no holes, as the header says; only when compressed or sparse
  std::uint8_t compression_unit = 0;
};

struct Geometry {
  ByteCount cluster_size = 0;
  ByteCount record_size = 0;
  ByteCount index_block_size = 0;
  std::uint64_t total_sectors = 0;
  std::uint64_t cluster_count = 0;
  std::uint64_t mft_cluster = 0;
  std::uint64_t mirror_cluster = 0;
};

class NtfsVolume {
 public:
  NtfsVolume(DiskView disk, const Geometry& geometry) : disk_(std::move(disk)), geometry_(geometry) {}

  [[nodiscard]] const Geometry& geometry() const { return geometry_; }
  [[nodiscard]] const DiskView& disk() const { return disk_; }
  // What lies where the boot sector says that $MFT begins.
  [[nodiscard]] std::optional<Bytes> first_record() const;
  void set_mft(Stream mft) { mft_ = std::move(mft); }
  [[nodiscard]] std::uint64_t record_count() const;
  // As stored, update sequence not undone.
  [[nodiscard]] std::optional<Bytes> raw_record(std::uint64_t number) const;

  // Holes and what lies behind the initialized size read as zeros; false when a part lies outside the stream's runs or
  // the volume, or when it is compressed.
  [[nodiscard]] bool read(const Stream& stream, ByteCount offset, std::span<std::uint8_t> out) const;
  // Nothing also when it is larger than kMaxWholeStream.
  [[nodiscard]] std::optional<Bytes> read_all(const Stream& stream) const;

 private:
  [[nodiscard]] bool read_clusters(const Stream& stream, ByteCount offset, std::span<std::uint8_t> out) const;

  DiskView disk_;
  Geometry geometry_;
  Stream mft_;
};

}  // namespace winnow::check
