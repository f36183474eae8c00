#include "image/hive/hive_buffer.hpp"

#include <algorithm>

#include "base/round_up.hpp"
#include "formats/regf.hpp"

namespace winnow {

namespace {

std::uint32_t checksum(ByteView base_block) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < regf::base::kChecksum; i += 4) sum ^= *read_le<std::uint32_t>(base_block, i);
  if (sum == 0) return 1;
  return sum == 0xFFFFFFFF ? 0xFFFFFFFE : sum;
}

}  // namespace

Result<std::uint32_t> HiveBuffer::allocate(std::size_t size) {
  const std::size_t total = round_up(size + regf::kCellHeaderSize, regf::kCellAlignment);
  if (total > bin_end_ - bins_.size()) {
    close_bin();
    const std::size_t bin_size = round_up(total + regf::kBinHeaderSize, regf::kBinAlignment);
    if (bin_size > regf::kMaxHiveSize - bins_.size()) return fail("cannot write hive: it would be larger than 2 GiB");
    open_bin(bin_size);
  }
  const auto cell = static_cast<std::uint32_t>(bins_.size());
  ByteWriter out(bins_);
  out.le32(0u - static_cast<std::uint32_t>(total));
  out.zeros(total - regf::kCellHeaderSize);
  return cell;
}

void HiveBuffer::close_bin() {
  const std::size_t rest = bin_end_ - bins_.size();
  if (rest == 0) return;
  ByteWriter out(bins_);
  out.le32(static_cast<std::uint32_t>(rest));
  out.zeros(rest - regf::kCellHeaderSize);
}

void HiveBuffer::open_bin(std::size_t size) {
  const std::size_t start = bins_.size();
  ByteWriter out(bins_);
  out.text(regf::bin::kSignature);
  out.le32(static_cast<std::uint32_t>(start));
  out.le32(static_cast<std::uint32_t>(size));
  out.zeros(regf::bin::kTime - (bins_.size() - start));
  out.le64(start == 0 ? time_ : 0);
  out.zeros(regf::kBinHeaderSize - (bins_.size() - start));
  bin_end_ = start + size;
}

void HiveBuffer::put_bytes(std::uint32_t cell, std::size_t field, ByteView value) {
  std::copy(value.begin(), value.end(),
            bins_.begin() + static_cast<std::ptrdiff_t>(cell + regf::kCellHeaderSize + field));
}

void HiveBuffer::put_le16(std::uint32_t cell, std::size_t field, std::uint16_t value) {
  ByteWriter(bins_).put_le16_at(cell + regf::kCellHeaderSize + field, value);
}

void HiveBuffer::put_le32(std::uint32_t cell, std::size_t field, std::uint32_t value) {
  ByteWriter(bins_).put_le32_at(cell + regf::kCellHeaderSize + field, value);
}

Bytes HiveBuffer::finish(std::uint32_t root, std::uint32_t minor_version, ByteView file_name) && {
  close_bin();
  Bytes hive;
  hive.reserve(regf::kBaseBlockSize + bins_.size());
  ByteWriter out(hive);
  out.text(regf::base::kSignature);
  out.le32(1);  // both sequence numbers
  out.le32(1);
  out.le64(time_);
  out.le32(1);  // major version
  out.le32(minor_version);
  out.le32(0);  // file type
  out.le32(1);  // file format
  out.le32(root);
  out.le32(static_cast<std::uint32_t>(bins_.size()));
  out.le32(1);  // clustering factor
  out.bytes(file_name.last(std::min(file_name.size(), regf::base::kFileNameUnits * 2)));
  out.zeros(regf::base::kChecksum - hive.size());
  out.le32(checksum(hive));
  out.zeros(regf::kBaseBlockSize - hive.size());
  out.bytes(bins_);
  return hive;
}

}  // namespace winnow
