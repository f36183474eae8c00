#include "image/disk/check/ntfs_volume.hpp"

#include <algorithm>

#include "formats/ntfs.hpp"

namespace winnow::check {

std::optional<Bytes> NtfsVolume::first_record() const {
  return disk_.read(geometry_.mft_cluster * geometry_.cluster_size, geometry_.record_size);
}

std::uint64_t NtfsVolume::record_count() const {
  return std::min<std::uint64_t>(mft_.size / geometry_.record_size, kMaxRecords);
}

std::optional<Bytes> NtfsVolume::raw_record(std::uint64_t number) const {
  if (number >= record_count()) return std::nullopt;
  Bytes bytes(static_cast<std::size_t>(geometry_.record_size));
  if (!read(mft_, number * geometry_.record_size, bytes)) return std::nullopt;
  return bytes;
}

bool NtfsVolume::read(const Stream& stream, ByteCount offset, std::span<std::uint8_t> out) const {
  if (offset > stream.size || out.size() > stream.size - offset) return false;
  if (stream.resident) {
    const auto bytes = slice(stream.value, offset, out.size());
    if (bytes) std::copy(bytes->begin(), bytes->end(), out.begin());
    return bytes.has_value();
  }
  if ((stream.flags & (ntfs::attribute::kCompressed | ntfs::attribute::kEncrypted)) != 0) return false;
  const ByteCount known = stream.initialized > offset ? stream.initialized - offset : 0;
  const auto stored = static_cast<std::size_t>(std::min<ByteCount>(known, out.size()));
  std::fill(out.begin() + static_cast<std::ptrdiff_t>(stored), out.end(), std::uint8_t{0});
  return read_clusters(stream, offset, out.first(stored));
}

bool NtfsVolume::read_clusters(const Stream& stream, ByteCount offset, std::span<std::uint8_t> out) const {
  const ByteCount cluster = geometry_.cluster_size;
  auto run = std::upper_bound(stream.runs.begin(), stream.runs.end(), offset / cluster,
                              [](std::uint64_t vcn, const Run& r) { return vcn < r.vcn; });
  if (run != stream.runs.begin()) --run;
  while (!out.empty()) {
    if (run == stream.runs.end()) return false;
    const ByteCount start = run->vcn * cluster;
    const ByteCount end = start + run->length * cluster;
    if (offset < start || offset >= end) return false;
    const auto count = static_cast<std::size_t>(std::min<ByteCount>(out.size(), end - offset));
    if (run->lcn == kHole) {
      std::fill_n(out.begin(), count, std::uint8_t{0});
    } else if (!disk_.read(run->lcn * cluster + (offset - start), out.first(count))) {
      return false;
    }
    out = out.subspan(count);
    offset += count;
    ++run;
  }
  return true;
}

std::optional<Bytes> NtfsVolume::read_all(const Stream& stream) const {
  if (stream.size > kMaxWholeStream) return std::nullopt;
  Bytes bytes(static_cast<std::size_t>(stream.size));
  if (!read(stream, 0, bytes)) return std::nullopt;
  return bytes;
}

}  // namespace winnow::check
