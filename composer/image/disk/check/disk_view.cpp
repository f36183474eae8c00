#include "image/disk/check/disk_view.hpp"

#include <algorithm>
#include <cstring>

namespace winnow::check {

bool is_filled(ByteView bytes, std::uint8_t value) {
  // Equal to itself moved by one: all the same.
  return bytes.empty() || (bytes[0] == value && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

DiskView::DiskView(ByteView file, ByteCount size, ByteCount block_size, std::vector<std::uint64_t> places)
    : file_(file),
      size_(size),
      block_size_(block_size),
      places_(std::make_shared<const std::vector<std::uint64_t>>(std::move(places))) {}

DiskView DiskView::part(ByteCount offset, ByteCount size) const {
  DiskView view = *this;
  view.start_ += offset;
  view.size_ = size;
  return view;
}

bool DiskView::read_piece(ByteCount position, std::span<std::uint8_t> out) const {
  const auto bytes = slice(file_, position, out.size());
  if (bytes) std::copy(bytes->begin(), bytes->end(), out.begin());
  return bytes.has_value();
}

bool DiskView::read(ByteCount offset, std::span<std::uint8_t> out) const {
  if (offset > size_ || out.size() > size_ - offset) return false;
  ByteCount position = start_ + offset;
  if (block_size_ == 0) return read_piece(position, out);
  while (!out.empty()) {
    const ByteCount block = position / block_size_;
    const ByteCount inside = position % block_size_;
    const auto count = static_cast<std::size_t>(std::min<ByteCount>(out.size(), block_size_ - inside));
    if (block >= places_->size()) return false;
    const std::uint64_t place = (*places_)[static_cast<std::size_t>(block)];
    if (place == kNotStored) {
      std::fill_n(out.begin(), count, std::uint8_t{0});
    } else if (!read_piece(place + inside, out.first(count))) {
      return false;
    }
    out = out.subspan(count);
    position += count;
  }
  return true;
}

std::optional<Bytes> DiskView::read(ByteCount offset, ByteCount count) const {
  if (offset > size_ || count > size_ - offset) return std::nullopt;
  Bytes bytes(static_cast<std::size_t>(count));
  if (!read(offset, bytes)) return std::nullopt;
  return bytes;
}

}  // namespace winnow::check
