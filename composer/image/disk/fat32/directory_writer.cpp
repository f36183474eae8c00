#include "image/disk/fat32/directory_writer.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "base/utf16.hpp"
#include "formats/fat32.hpp"
#include "image/disk/byte_fields.hpp"
#include "image/disk/fat32/fat_time.hpp"
#include "plan/file_tree.hpp"

namespace winnow::fat32 {

namespace {

constexpr std::size_t kPackedSize = 11;
constexpr std::size_t kBaseSize = 8;
using PackedName = std::array<std::uint8_t, kPackedSize>;  // padded with spaces, no dot

PackedName pack(std::string_view base, std::string_view extension) {
  PackedName packed;
  packed.fill(' ');
  std::copy(base.begin(), base.end(), packed.begin());
  std::copy(extension.begin(), extension.end(), packed.begin() + kBaseSize);
  return packed;
}

// Precondition: `name` is an 8.3 name, which is ASCII.
PackedName pack_short_name(std::u16string_view name) {
  std::string text;
  for (const char16_t unit : name) text += static_cast<char>(upcase(unit));
  const std::size_t dot = text.find('.');
  return pack(std::string_view(text).substr(0, dot),
              dot == std::string::npos ? "" : std::string_view(text).substr(dot + 1));
}

enum class LetterCase { kNone, kUpper, kLower, kMixed };

LetterCase case_of(std::u16string_view text) {
  const bool upper = std::any_of(text.begin(), text.end(), [](char16_t unit) { return unit >= u'A' && unit <= u'Z'; });
  const bool lower = std::any_of(text.begin(), text.end(), [](char16_t unit) { return unit >= u'a' && unit <= u'z'; });
  if (upper && lower) return LetterCase::kMixed;
  return upper ? LetterCase::kUpper : lower ? LetterCase::kLower : LetterCase::kNone;
}

// An 8.3 name whose parts are each in one case needs no long name: two bits say which (as Windows NT does).
struct CaseBits {
  bool is_enough = false;
  std::uint8_t bits = 0;
};

CaseBits case_bits(std::u16string_view name) {
  const std::size_t dot = name.find(u'.');
  const LetterCase base = case_of(name.substr(0, dot));
  const LetterCase extension = dot == std::u16string_view::npos ? LetterCase::kNone : case_of(name.substr(dot + 1));
  CaseBits out;
  out.is_enough = base != LetterCase::kMixed && extension != LetterCase::kMixed;
  if (base == LetterCase::kLower) out.bits |= directory::kLowerBase;
  if (extension == LetterCase::kLower) out.bits |= directory::kLowerExtension;
  return out;
}

bool needs_long_name(std::u16string_view name, std::u16string_view short_name) {
  return !short_name.empty() || !case_bits(name).is_enough;
}

std::size_t long_entries(std::u16string_view name) {
  return (name.size() + long_name::kUnitsPerEntry - 1) / long_name::kUnitsPerEntry;
}

std::uint8_t checksum(const PackedName& name) {
  std::uint8_t sum = 0;
  for (const std::uint8_t byte : name) sum = static_cast<std::uint8_t>((sum >> 1 | sum << 7) + byte);
  return sum;
}

std::size_t unit_offset(std::size_t index) {
  if (index < 5) return long_name::kPart1 + 2 * index;
  if (index < 11) return long_name::kPart2 + 2 * (index - 5);
  return long_name::kPart3 + 2 * (index - 11);
}

std::span<std::uint8_t> append_entry(Bytes& out) {
  out.resize(out.size() + directory::kEntrySize);
  return std::span(out).last(directory::kEntrySize);
}

// The last piece of the name first; behind its end one 0000, then FFFF.
void append_long_name(Bytes& out, std::u16string_view name, std::uint8_t sum) {
  for (std::size_t piece = long_entries(name); piece > 0; --piece) {
    const auto entry = append_entry(out);
    const bool is_last = piece == long_entries(name);
    entry[long_name::kOrder] = static_cast<std::uint8_t>(piece | (is_last ? long_name::kLast : 0u));
    entry[long_name::kAttributes] = directory::kLongName;
    entry[long_name::kChecksum] = sum;
    for (std::size_t i = 0; i < long_name::kUnitsPerEntry; ++i) {
      const std::size_t index = (piece - 1) * long_name::kUnitsPerEntry + i;
      const char16_t unit = index < name.size() ? name[index] : index == name.size() ? u'\0' : u'\xFFFF';
      put_le<std::uint16_t>(entry, unit_offset(i), unit);
    }
  }
}

void append_short_entry(Bytes& out, const PackedName& name, std::uint8_t bits, const EntryTarget& target) {
  using namespace directory;
  const Inode& inode = *target.inode;
  constexpr std::uint32_t kKept = kReadOnly | kHidden | kSystem | kArchive;
  const bool is_directory = (inode.attributes & kAttributeDirectory) != 0;
  const auto entry = append_entry(out);
  put_bytes(entry, kName, name);
  entry[kAttributes] =
      static_cast<std::uint8_t>((inode.attributes & kKept) | (is_directory ? std::uint32_t{kDirectory} : 0u));
  entry[kCase] = bits;
  const FatTime created = to_fat_time(inode.times.created);
  const FatTime written = to_fat_time(inode.times.modified);
  entry[kCreatedTenths] = created.tenths;
  put_le<std::uint16_t>(entry, kCreatedTime, created.time);
  put_le<std::uint16_t>(entry, kCreatedDate, created.date);
  put_le<std::uint16_t>(entry, kAccessedDate, to_fat_time(inode.times.accessed).date);
  put_le<std::uint16_t>(entry, kWrittenTime, written.time);
  put_le<std::uint16_t>(entry, kWrittenDate, written.date);
  put_le<std::uint16_t>(entry, kClusterHigh, static_cast<std::uint16_t>(target.cluster >> 16));
  put_le<std::uint16_t>(entry, kClusterLow, static_cast<std::uint16_t>(target.cluster));
  put_le<std::uint32_t>(entry, kFileSize, target.size);
}

}  // namespace

std::size_t entry_count(std::u16string_view name, std::u16string_view short_name) {
  return 1 + (needs_long_name(name, short_name) ? long_entries(name) : 0);
}

void append_entries(Bytes& out, std::u16string_view name, std::u16string_view short_name, const EntryTarget& target) {
  const PackedName packed = pack_short_name(short_name.empty() ? name : short_name);
  const bool is_long = needs_long_name(name, short_name);
  if (is_long) append_long_name(out, name, checksum(packed));
  append_short_entry(out, packed, is_long ? std::uint8_t{0} : case_bits(name).bits, target);
}

void append_dot_entry(Bytes& out, std::string_view dots, const EntryTarget& target) {
  append_short_entry(out, pack(dots, ""), 0, target);
}

void append_label(Bytes& out, std::string_view label, std::uint64_t filetime) {
  PackedName packed;
  packed.fill(' ');
  std::copy(label.begin(), label.end(), packed.begin());
  const auto entry = append_entry(out);
  put_bytes(entry, directory::kName, packed);
  entry[directory::kAttributes] = directory::kVolumeLabel;
  const FatTime time = to_fat_time(filetime);
  put_le<std::uint16_t>(entry, directory::kWrittenTime, time.time);
  put_le<std::uint16_t>(entry, directory::kWrittenDate, time.date);
}

}  // namespace winnow::fat32
