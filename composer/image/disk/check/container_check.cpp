#include "image/disk/check/container_check.hpp"

#include <algorithm>
#include <array>

#include "formats/vhd.hpp"
#include "formats/vhdx.hpp"

namespace winnow::check {

namespace {

constexpr std::uint32_t kCastagnoli = 0x82F63B78;  // reflected

std::array<std::uint32_t, 256> make_crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? crc >> 1 ^ kCastagnoli : crc >> 1;
    table[i] = crc;
  }
  return table;
}

bool has_text(ByteView file, std::uint64_t offset, std::string_view text) {
  const auto bytes = slice(file, offset, text.size());
  return bytes && as_text(*bytes) == text;
}

// Does a sector look like a VHD footer? The cookie alone, or everything else that is fixed.
bool is_footer(ByteView file, std::uint64_t offset) {
  if (has_text(file, offset, vhd::footer::kCookie)) return true;
  const auto sector = slice(file, offset, vhd::footer::kSize);
  if (!sector) return false;
  const auto be32 = [&](std::size_t field) {
    const auto raw = *read_le<std::uint32_t>(*sector, field);
    return raw >> 24 | (raw >> 8 & 0xFF00) | (raw << 8 & 0xFF0000) | raw << 24;
  };
  const int marks = (be32(vhd::footer::kFeatures) == vhd::footer::kFeaturesReserved ? 1 : 0) +
                    (be32(vhd::footer::kVersion) == vhd::footer::kVersion1 ? 1 : 0) +
                    (has_text(*sector, vhd::footer::kCreatorHost, vhd::footer::kHostWindows) ? 1 : 0);
  return marks >= 2;
}

}  // namespace

Container recognise_container(ByteView file) {
  const int marks = (has_text(file, 0, vhdx::kFileIdentifier) ? 1 : 0) +
                    (has_text(file, vhdx::header::kOffset1, vhdx::header::kSignature) ? 1 : 0) +
                    (has_text(file, vhdx::region::kOffset1, vhdx::region::kSignature) ? 1 : 0);
  if (marks >= 2 || (marks == 1 && has_text(file, 0, vhdx::kFileIdentifier))) return Container::vhdx;
  if (file.size() < vhd::footer::kSize) return Container::raw;
  const bool is_vhd = is_footer(file, file.size() - vhd::footer::kSize) || is_footer(file, 0);
  return is_vhd ? Container::vhd : Container::raw;
}

std::uint32_t crc32c(ByteView bytes) {
  static const std::array<std::uint32_t, 256> table = make_crc_table();
  std::uint32_t crc = ~std::uint32_t{0};
  for (const std::uint8_t byte : bytes) crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF];
  return ~crc;
}

std::string file_place(std::uint64_t offset) { return "file offset " + hex(offset); }

void check_overlaps(std::vector<Extent> extents, Findings& findings) {
  std::sort(extents.begin(), extents.end(),
            [](const Extent& a, const Extent& b) { return std::tie(a.offset, a.name) < std::tie(b.offset, b.name); });
  for (std::size_t i = 1; i < extents.size(); ++i) {
    const Extent& before = extents[i - 1];
    if (extents[i].offset >= before.offset + before.length) continue;
    findings.add(extents[i].name, file_place(extents[i].offset) + " overlaps " + before.name + ", which ends at " +
                                      hex(before.offset + before.length));
  }
}

}  // namespace winnow::check
