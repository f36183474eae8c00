#include "image_reader/tar_attributes.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "formats/pax.hpp"

namespace winnow {

namespace {

constexpr ByteCount kMaxRecordBytes = 1u << 20;  // extended records of one entry

template <class Number>
std::optional<Number> parse_number(std::string_view digits, int base) {
  Number value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::string_view field(ByteView header, pax::Field place) { return as_text(header.subspan(place.offset, place.size)); }

// Octal digits, blanks in front and blanks or NULs behind. GNU's binary form is left to libarchive: nothing.
std::optional<ByteCount> parse_size(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return std::nullopt;
  text.remove_prefix(first);
  return parse_number<ByteCount>(text.substr(0, text.find_first_of(std::string_view(" \0", 2))), 8);
}

ByteCount padded(ByteCount size) { return (size + pax::kBlockSize - 1) / pax::kBlockSize * pax::kBlockSize; }

}  // namespace

std::uint32_t TarAttributes::take(ByteCount position) {
  while (!entries_.empty() && entries_.front().position < position) entries_.pop_front();
  const bool found = !entries_.empty() && entries_.front().position == position;
  descriptor_ = found ? entries_.front().descriptor : Bytes();
  return found ? entries_.front().attributes : 0;
}

void TarAttributes::feed(ByteView bytes) {
  while (!bytes.empty() && part_ != Part::unreadable) {
    const auto count = static_cast<std::size_t>(std::min<ByteCount>(left_, bytes.size()));
    if (part_ != Part::content)
      block_.insert(block_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
    bytes = bytes.subspan(count);
    left_ -= count;
    position_ += count;
    if (left_ == 0) end_block();
  }
}

void TarAttributes::end_block() {
  switch (part_) {
    case Part::header:
      return read_header();
    case Part::records:
      read_records();
      [[fallthrough]];
    case Part::content:
      return begin(Part::header, pax::kBlockSize);
    case Part::unreadable:
      return;
  }
}

void TarAttributes::begin(Part part, ByteCount length) {
  block_.clear();
  part_ = part;
  left_ = length;
  if (length == 0) end_block();
}

void TarAttributes::read_header() {
  const ByteView header(block_);
  const char type = field(header, pax::kTypeFlag)[0];
  const auto size = parse_size(field(header, pax::kSize));
  const bool is_end = std::all_of(block_.begin(), block_.end(), [](std::uint8_t byte) { return byte == 0; });
  if (is_end || !size) {
    part_ = Part::unreadable;
    return;
  }
  if (!in_group_) next_ = Entry{position_ - pax::kBlockSize, 0, {}};
  if (type == pax::kExtendedHeader) {
    in_group_ = true;
    if (*size > kMaxRecordBytes) {
      part_ = Part::unreadable;
      return;
    }
    record_bytes_ = static_cast<std::size_t>(*size);
    return begin(Part::records, padded(*size));
  }
  in_group_ = type == pax::kGlobalHeader || type == 'L' || type == 'K';  // GNU's long name and long link
  const bool has_content = in_group_ || type == pax::kFile || type == pax::kOldFile;
  const ByteCount content = has_next_size_ && !in_group_ ? next_size_ : *size;
  if (!in_group_) {
    entries_.push_back(next_);
    has_next_size_ = false;
  }
  begin(Part::content, has_content ? padded(content) : 0);
}

// "LENGTH KEY=VALUE\n", LENGTH counting the whole record.
void TarAttributes::read_records() {
  std::string_view records = as_text(ByteView(block_).first(record_bytes_));
  while (!records.empty()) {
    const std::size_t blank = records.find(' ');
    const auto length =
        blank == std::string_view::npos ? std::nullopt : parse_number<std::size_t>(records.substr(0, blank), 10);
    if (!length || *length < blank + 2 || *length > records.size()) return;
    const std::string_view record = records.substr(blank + 1, *length - blank - 2);
    records.remove_prefix(*length);
    const std::size_t equals = record.find('=');
    if (equals == std::string_view::npos) return;
    const std::string_view value = record.substr(equals + 1);
    if (record.substr(0, equals) == pax::kFileAttributes)
      next_.attributes = parse_number<std::uint32_t>(value, 10).value_or(0);
    if (record.substr(0, equals) == pax::kSecurityDescriptor) next_.descriptor = from_base64(value).value_or(Bytes());
    if (record.substr(0, equals) == pax::kSizeRecord) {
      const auto size = parse_number<ByteCount>(value, 10);
      has_next_size_ = size.has_value() && *size <= ~ByteCount{0} - pax::kBlockSize;
      next_size_ = size.value_or(0);
    }
  }
}

}  // namespace winnow
