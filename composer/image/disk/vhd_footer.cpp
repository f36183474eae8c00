#include "image/disk/vhd_footer.hpp"

#include <algorithm>
#include <numeric>

#include "formats/vhd.hpp"
#include "image/disk/byte_fields.hpp"

namespace winnow {

namespace {

struct Geometry {
  std::uint64_t cylinders = 0;
  std::uint64_t heads = 0;
  std::uint64_t sectors = 0;
};

// The appendix "CHS Calculation" of the specification.
Geometry geometry_of(ByteCount disk_size) {
  const std::uint64_t total = std::min<std::uint64_t>(disk_size / vhd::kSectorSize, 65'535ull * 16 * 255);
  Geometry shape{0, 16, 255};
  std::uint64_t rows = total / shape.sectors;  // cylinders times heads
  if (total < 65'535ull * 16 * 63) {
    shape.sectors = 17;
    rows = total / shape.sectors;
    shape.heads = std::max<std::uint64_t>(4, (rows + 1023) / 1024);
    if (rows >= shape.heads * 1024 || shape.heads > 16) {
      shape = {0, 16, 31};
      rows = total / shape.sectors;
    }
    if (rows >= shape.heads * 1024) {
      shape = {0, 16, 63};
      rows = total / shape.sectors;
    }
  }
  shape.cylinders = rows / shape.heads;
  return shape;
}

std::uint32_t vhd_time(std::int64_t seconds) {
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(seconds - vhd::kEpoch, 0, UINT32_MAX));
}

}  // namespace

std::uint32_t vhd_checksum(ByteView structure) {
  return ~std::accumulate(structure.begin(), structure.end(), std::uint32_t{0});
}

Bytes vhd_footer(ByteCount disk_size, std::uint32_t type, std::uint64_t data_offset, const DiskWriterOptions& options) {
  using namespace vhd::footer;
  const Geometry shape = geometry_of(disk_size);
  Bytes out(kSize);
  put_text(out, 0, kCookie);
  put_be<std::uint32_t>(out, kFeatures, kFeaturesReserved);
  put_be<std::uint32_t>(out, kVersion, kVersion1);
  put_be<std::uint64_t>(out, kDataOffset, data_offset);
  put_be<std::uint32_t>(out, kTime, vhd_time(options.created));
  put_text(out, kCreator, kCreatorWindows);
  put_be<std::uint32_t>(out, kCreatorVersion, kCreatorVersion10);
  put_text(out, kCreatorHost, kHostWindows);
  put_be<std::uint64_t>(out, kOriginalSize, disk_size);
  put_be<std::uint64_t>(out, kCurrentSize, disk_size);
  put_be<std::uint16_t>(out, kCylinders, static_cast<std::uint16_t>(shape.cylinders));
  put_be<std::uint8_t>(out, kHeads, static_cast<std::uint8_t>(shape.heads));
  put_be<std::uint8_t>(out, kSectorsPerTrack, static_cast<std::uint8_t>(shape.sectors));
  put_be<std::uint32_t>(out, kType, type);
  put_guid(out, kUniqueId, options.disk_id);
  put_be<std::uint32_t>(out, kChecksum, vhd_checksum(out));
  return out;
}

}  // namespace winnow
