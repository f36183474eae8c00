#include "image/disk/check/fat32_directory.hpp"

#include <algorithm>

#include "formats/fat32.hpp"
#include "image/disk/check/findings.hpp"

namespace winnow::check {

namespace {

constexpr std::string_view kNotInShortNames = "\"*+,./:;<=>?[\\]|";
constexpr std::uint8_t kReservedAttributes = 0xC0;

std::uint8_t checksum_of(std::string_view short_name) {
  std::uint8_t sum = 0;
  for (const char c : short_name) {
    sum = static_cast<std::uint8_t>((sum >> 1 | sum << 7) + static_cast<std::uint8_t>(c));
  }
  return sum;
}

bool is_short_name(std::string_view raw) {
  if (raw == ".          " || raw == "..         ") return true;
  if (raw[0] == ' ') return false;
  for (const std::string_view part : {raw.substr(0, 8), raw.substr(8)}) {
    const std::string_view used = part.substr(0, part.find_last_not_of(' ') + 1);
    for (std::size_t i = 0; i < used.size(); ++i) {
      const auto c = static_cast<std::uint8_t>(used[i]);
      const bool is_e5 = c == fat32::directory::kKanjiE5 && i == 0 && part.data() == raw.data();
      if (c < 0x20 && !is_e5) return false;
      if ((c >= 'a' && c <= 'z') || kNotInShortNames.find(used[i]) != std::string_view::npos) return false;
    }
  }
  return true;
}

std::string join_short(std::string_view raw) {
  const auto trim = [](std::string_view part) { return part.substr(0, part.find_last_not_of(' ') + 1); };
  std::string name(trim(raw.substr(0, 8)));
  if (!trim(raw.substr(8)).empty()) name += "." + std::string(trim(raw.substr(8)));
  return printable(std::string_view(name));
}

// Collects the pieces of a long name, which stand before the short entry, the last one first.
class LongName {
 public:
  explicit LongName(const std::function<void(const std::string&)>& report) : report_(report) {}

  void add(ByteView entry) {
    const std::uint8_t order = entry[fat32::long_name::kOrder];
    const std::uint8_t number = order & 0x1F;
    if ((order & fat32::long_name::kLast) != 0) {
      if (expected_ != 0) report_("long name entries without a short one");
      expected_ = number;
      checksum_ = entry[fat32::long_name::kChecksum];
      units_.clear();
      is_sound_ = true;
    }
    if (number != expected_ || number == 0 || entry[fat32::long_name::kChecksum] != checksum_) {
      if (is_sound_) {
        report_("long name entry: order is " + hex(order) + " with checksum " +
                hex(entry[fat32::long_name::kChecksum]) + ", expected piece " + std::to_string(expected_) + " with " +
                hex(checksum_));
      }
      is_sound_ = false;
    }
    expected_ = expected_ == 0 ? 0 : static_cast<std::uint8_t>(expected_ - 1);
    std::u16string piece;
    for (const auto& [at, count] : {std::pair(fat32::long_name::kPart1, 5), std::pair(fat32::long_name::kPart2, 6),
                                    std::pair(fat32::long_name::kPart3, 2)}) {
      for (int i = 0; i < count; ++i) {
        piece += static_cast<char16_t>(*read_le<std::uint16_t>(entry, at + static_cast<std::size_t>(i) * 2));
      }
    }
    units_.insert(0, piece);
    is_pending_ = true;
  }

  // The long name of `raw`, "" when it has none.
  std::string take(std::string_view raw) {
    if (!is_pending_) return "";
    is_pending_ = false;
    const std::size_t end = std::min(units_.size(), units_.find(u'\0'));
    const std::string name = printable(std::u16string_view(units_).substr(0, end));
    const bool is_padded = std::all_of(units_.begin() + static_cast<std::ptrdiff_t>(std::min(units_.size(), end + 1)),
                                       units_.end(), [](char16_t u) { return u == 0xFFFF; });
    if (is_sound_ && expected_ != 0) report_("long name \"" + name + "\" lacks its first pieces");
    if (is_sound_ && checksum_ != checksum_of(raw)) {
      report_("long name \"" + name + "\": " + differs_hex("checksum of the short name", checksum_, checksum_of(raw)));
    }
    if (!is_padded || end == 0) report_("long name \"" + name + "\" is empty or not padded with 0xffff");
    expected_ = 0;
    return name;
  }

 private:
  const std::function<void(const std::string&)>& report_;
  std::u16string units_;
  std::uint8_t expected_ = 0;  // number of the piece that comes next
  std::uint8_t checksum_ = 0;
  bool is_sound_ = true;
  bool is_pending_ = false;
};

}  // namespace

std::vector<FatEntry> parse_fat_directory(ByteView bytes, const std::function<void(const std::string&)>& report) {
  std::vector<FatEntry> entries;
  LongName long_name(report);
  for (std::size_t offset = 0; offset + fat32::directory::kEntrySize <= bytes.size();
       offset += fat32::directory::kEntrySize) {
    const ByteView entry = bytes.subspan(offset, fat32::directory::kEntrySize);
    if (entry[0] == 0) break;
    if (entry[0] == fat32::directory::kDeleted) continue;
    const std::uint8_t attributes = entry[fat32::directory::kAttributes];
    if ((attributes & 0x3F) == fat32::directory::kLongName) {
      long_name.add(entry);
      continue;
    }
    const std::string_view raw = as_text(entry).substr(0, 11);
    FatEntry found;
    found.short_name = join_short(raw);
    found.name = long_name.take(raw);
    if (found.name.empty()) found.name = found.short_name;
    if ((attributes & fat32::directory::kVolumeLabel) != 0) continue;
    if (!is_short_name(raw)) report("short name \"" + printable(raw) + "\" is none");
    if ((attributes & kReservedAttributes) != 0) report("\"" + found.name + "\": attributes are " + hex(attributes));
    found.attributes = attributes;
    found.cluster = *read_le<std::uint16_t>(entry, fat32::directory::kClusterLow) |
                    static_cast<std::uint32_t>(*read_le<std::uint16_t>(entry, fat32::directory::kClusterHigh)) << 16;
    found.size = *read_le<std::uint32_t>(entry, fat32::directory::kFileSize);
    entries.push_back(std::move(found));
  }
  return entries;
}

}  // namespace winnow::check
