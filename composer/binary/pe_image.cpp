#include "binary/pe_image.hpp"

#include <algorithm>
#include <charconv>

#include "base/utf16.hpp"

namespace winnow {
namespace {

std::string hex(std::uint64_t value) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), value, 16).ptr;
  return "0x" + std::string(digits.begin(), end);
}

bool is_clean_text(std::string_view text) {
  bool ascii = true;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) return false;
    ascii = ascii && byte < 0x80;
  }
  return ascii || to_utf16(text).has_value();
}

}  // namespace

Result<PeImage> PeImage::parse(ByteView bytes, const std::string& name) {
  PeImage image;
  image.bytes_ = bytes;
  image.name_ = name;
  WINNOW_CHECK(image.read_headers());
  return image;
}

tl::unexpected<Error> PeImage::broken(std::string_view reason) const {
  return fail("cannot read PE file " + name_ + ": " + std::string(reason));
}

tl::unexpected<Error> PeImage::outside(std::uint64_t rva, std::string_view what) const {
  return broken(std::string(what) + " lies outside the file (RVA " + hex(rva) + ")");
}

Result<void> PeImage::read_headers() {
  if (!as_text(bytes_).starts_with(pe::DosHeader::kMagic)) return broken("it does not begin with MZ");
  const auto start = read_le<std::uint32_t>(bytes_, pe::DosHeader::kPeOffset);
  if (!start) return broken("its DOS header is cut off");
  const auto signature = slice(bytes_, *start, pe::kSignature.size());
  if (!signature || as_text(*signature) != pe::kSignature) return broken("it has no PE signature");
  const std::size_t coff_offset = *start + pe::kSignature.size();
  const auto coff = slice(bytes_, coff_offset, pe::CoffHeader::kSize);
  if (!coff) return broken("its COFF header is cut off");
  machine_ = *read_le<std::uint16_t>(*coff, pe::CoffHeader::kMachine);
  characteristics_ = *read_le<std::uint16_t>(*coff, pe::CoffHeader::kCharacteristics);
  const auto symbols = *read_le<std::uint32_t>(*coff, pe::CoffHeader::kSymbolTable);
  const auto symbol_count = *read_le<std::uint32_t>(*coff, pe::CoffHeader::kSymbolCount);
  if (symbols != 0) strings_ = symbols + std::uint64_t{symbol_count} * pe::kSymbolSize;
  const auto optional_size = *read_le<std::uint16_t>(*coff, pe::CoffHeader::kOptionalHeaderSize);
  const std::size_t optional_offset = coff_offset + pe::CoffHeader::kSize;
  WINNOW_CHECK(read_optional_header(optional_offset, optional_size));
  return read_sections(optional_offset + optional_size, *read_le<std::uint16_t>(*coff, pe::CoffHeader::kSectionCount));
}

Result<void> PeImage::read_optional_header(std::size_t offset, std::size_t size) {
  const auto header = slice(bytes_, offset, size);
  if (!header) return broken("its optional header is cut off");
  const auto magic = read_le<std::uint16_t>(*header, pe::OptionalHeader::kMagic);
  if (magic != pe::OptionalHeader::kMagic32 && magic != pe::OptionalHeader::kMagic64) {
    return broken("its optional header is neither PE32 nor PE32+");
  }
  is_64_bit_ = magic == pe::OptionalHeader::kMagic64;
  const std::size_t count_at =
      is_64_bit_ ? pe::OptionalHeader::kDirectoryCount64 : pe::OptionalHeader::kDirectoryCount32;
  const auto stated = read_le<std::uint32_t>(*header, count_at);
  if (!stated) return broken("its optional header of " + std::to_string(size) + " bytes is too short");
  image_base_ = is_64_bit_ ? *read_le<std::uint64_t>(*header, pe::OptionalHeader::kImageBase64)
                           : *read_le<std::uint32_t>(*header, pe::OptionalHeader::kImageBase32);
  const auto headers_size = *read_le<std::uint32_t>(*header, pe::OptionalHeader::kHeadersSize);
  headers_ = bytes_.first(std::min<std::size_t>(headers_size, bytes_.size()));
  // The header may state more directories than it has room for; those behind its end are the section table.
  const std::size_t first = count_at + sizeof(std::uint32_t);
  const std::size_t room = (size - first) / pe::OptionalHeader::kDirectorySize;
  const std::size_t count = std::min({std::size_t{*stated}, room, directories_.size()});
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t entry = first + i * pe::OptionalHeader::kDirectorySize;
    directories_[i] = {*read_le<std::uint32_t>(*header, entry), *read_le<std::uint32_t>(*header, entry + 4)};
  }
  return {};
}

Result<void> PeImage::read_sections(std::size_t offset, std::size_t count) {
  if (count > pe::kMaxSections) {
    return broken("it has " + std::to_string(count) + " sections, more than " + std::to_string(pe::kMaxSections));
  }
  const auto table = slice(bytes_, offset, count * pe::SectionHeader::kSize);
  if (!table) return broken("its section table is cut off");
  for (std::size_t i = 0; i < count; ++i) {
    const ByteView header = table->subspan(i * pe::SectionHeader::kSize, pe::SectionHeader::kSize);
    const auto virtual_size = *read_le<std::uint32_t>(header, pe::SectionHeader::kVirtualSize);
    const auto raw_size = *read_le<std::uint32_t>(header, pe::SectionHeader::kRawSize);
    const auto raw_offset = *read_le<std::uint32_t>(header, pe::SectionHeader::kRawOffset);
    PeSection section;
    section.name = section_name(header);
    section.rva = *read_le<std::uint32_t>(header, pe::SectionHeader::kRva);
    // Linkers before 1995 leave the virtual size 0. Raw bytes behind the virtual size are padding, and may be cut off.
    section.size = virtual_size != 0 ? virtual_size : raw_size;
    const std::uint64_t start = raw_size == 0 ? 0 : raw_offset - raw_offset % pe::kSectorSize;
    const std::uint64_t used = std::min<std::uint64_t>(raw_size, section.size);
    const auto raw = slice(bytes_, start, used);
    if (!raw) {
      return broken("section " + section.name + " ends at " + std::to_string(start + used) + ", behind the file's " +
                    std::to_string(bytes_.size()) + " bytes");
    }
    section.raw = *raw;
    sections_.push_back(std::move(section));
  }
  return {};
}

std::string PeImage::section_name(ByteView header) const {
  std::string_view name = as_text(header.subspan(pe::SectionHeader::kName, pe::SectionHeader::kNameSize));
  name = name.substr(0, name.find('\0'));
  std::uint32_t offset = 0;
  if (strings_ != 0 && name.starts_with('/') &&
      std::from_chars(name.data() + 1, name.data() + name.size(), offset).ec == std::errc{}) {
    const auto text = slice(bytes_, strings_ + offset, 0);
    if (text && strings_ + offset < bytes_.size()) {
      const std::string_view rest = as_text(bytes_.subspan(static_cast<std::size_t>(strings_ + offset)));
      name = rest.substr(0, std::min(rest.substr(0, kMaxPeNameLength).find('\0'), kMaxPeNameLength));
    }
  }
  std::string printable(name);
  if (!is_clean_text(printable))
    std::replace_if(
        printable.begin(), printable.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return printable;
}

DataDirectory PeImage::directory(pe::Directory index) const { return directories_.at(static_cast<std::size_t>(index)); }

const PeSection* PeImage::find_section(std::string_view name) const {
  const auto found = std::find_if(sections_.begin(), sections_.end(), [&](const auto& s) { return s.name == name; });
  return found == sections_.end() ? nullptr : &*found;
}

// Sections that overlap, which the loader refuses, are read as the first of them.
std::optional<PeImage::Mapped> PeImage::map(std::uint64_t rva) const {
  for (const PeSection& section : sections_) {
    if (rva < section.rva || rva - section.rva >= section.size) continue;
    const std::uint64_t offset = rva - section.rva;
    if (offset >= section.raw.size()) return Mapped{{}, section.size - offset};
    return Mapped{section.raw.subspan(static_cast<std::size_t>(offset)), section.size - section.raw.size()};
  }
  if (rva < headers_.size()) return Mapped{headers_.subspan(static_cast<std::size_t>(rva)), 0};
  return std::nullopt;
}

std::optional<ByteView> PeImage::bytes_from(std::uint64_t rva) const {
  const auto mapped = map(rva);
  if (!mapped) return std::nullopt;
  return mapped->raw;
}

Result<ByteView> PeImage::bytes_at(std::uint64_t rva, std::uint64_t count, std::string_view what) const {
  if (count == 0) return ByteView{};  // of nothing the address does not matter: resources of no bytes may lie anywhere
  const auto mapped = map(rva);
  if (!mapped || mapped->raw.size() < count) return outside(rva, what);
  return mapped->raw.first(static_cast<std::size_t>(count));
}

template <class T>
Result<T> PeImage::number_at(std::uint64_t rva, std::string_view what) const {
  const auto mapped = map(rva);
  if (!mapped || mapped->raw.size() + mapped->zeros < sizeof(T)) return outside(rva, what);
  if (const auto value = read_le<T>(mapped->raw, 0)) return *value;
  std::array<std::uint8_t, sizeof(T)> padded{};
  std::copy(mapped->raw.begin(), mapped->raw.end(), padded.begin());
  return *read_le<T>(padded, 0);
}

Result<std::uint16_t> PeImage::le16_at(std::uint64_t rva, std::string_view what) const {
  return number_at<std::uint16_t>(rva, what);
}
Result<std::uint32_t> PeImage::le32_at(std::uint64_t rva, std::string_view what) const {
  return number_at<std::uint32_t>(rva, what);
}
Result<std::uint64_t> PeImage::le64_at(std::uint64_t rva, std::string_view what) const {
  return number_at<std::uint64_t>(rva, what);
}

Result<std::string> PeImage::name_at(std::uint64_t rva, std::string_view what) const {
  const auto mapped = map(rva);
  if (!mapped) return outside(rva, what);
  const std::string_view rest = as_text(mapped->raw).substr(0, kMaxPeNameLength + 1);
  const std::size_t end = std::min(rest.find('\0'), rest.size());
  if (end > kMaxPeNameLength) return broken(std::string(what) + " is too long (RVA " + hex(rva) + ")");
  // In the zeros behind the raw data every name has its end.
  if (end == mapped->raw.size() && mapped->zeros == 0) {
    return broken(std::string(what) + " has no end (RVA " + hex(rva) + ")");
  }
  if (!is_clean_text(rest.substr(0, end))) return broken(std::string(what) + " is not text (RVA " + hex(rva) + ")");
  return std::string(rest.substr(0, end));
}

}  // namespace winnow
