#include "image/container/layer_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include "formats/pax.hpp"

namespace winnow {

namespace {

// Limits against hostile input.
constexpr std::size_t kMaxEntries = 4'000'000;
constexpr ByteCount kMaxRecordsSize = 1u << 20;
constexpr std::size_t kMaxNameSize = 32767 * 3;  // UTF-8 bytes of the longest path NT takes
constexpr ByteCount kMaxEntrySize = ByteCount{1} << 40;

tl::unexpected<Error> failure(const std::string& reason) { return fail("cannot read layer: " + reason); }

std::string_view field_text(ByteView block, pax::Field field) {
  const std::string_view text = as_text(block.subspan(field.offset, field.size));
  return text.substr(0, text.find('\0'));
}

// Octal digits, spaces before and after them; an empty field is 0.
std::optional<std::uint64_t> field_octal(ByteView block, pax::Field field) {
  std::string_view text = field_text(block, field);
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  text = text.substr(0, text.find(' '));
  std::uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '7') return std::nullopt;
    value = value << 3 | static_cast<std::uint64_t>(c - '0');  // 12 digits at most
  }
  return value;
}

bool has_right_checksum(ByteView block) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < block.size(); ++i) {
    const bool is_checksum = i >= pax::kChecksum.offset && i < pax::kChecksum.offset + pax::kChecksum.size;
    sum += is_checksum ? std::uint64_t{' '} : block[i];
  }
  return field_octal(block, pax::kChecksum) == sum;
}

template <class Number>
std::optional<Number> parse_decimal(std::string_view text) {
  Number value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "LENGTH KEY=VALUE\n" at the front of `text`, which is cut off; nothing when it is malformed.
std::optional<std::pair<std::string, std::string>> take_record(std::string_view& text) {
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto length = parse_decimal<std::size_t>(text.substr(0, space));
  if (!length || *length <= space + 1 || *length > text.size() || text[*length - 1] != '\n') return std::nullopt;
  const std::string_view record = text.substr(space + 1, *length - space - 2);
  const std::size_t equals = record.find('=');
  if (equals == std::string_view::npos || equals == 0) return std::nullopt;
  text.remove_prefix(*length);
  return std::pair(std::string(record.substr(0, equals)), std::string(record.substr(equals + 1)));
}

std::string header_name(ByteView block) {
  const std::string name(field_text(block, pax::kName));
  if (as_text(block.subspan(pax::kMagic.offset, pax::kMagic.size)) != pax::kUstarMagic) return name;
  const std::string prefix(field_text(block, pax::kPrefix));
  return prefix.empty() ? name : prefix + "/" + name;
}

bool has_known_magic(ByteView block) {
  const std::string_view magic = as_text(block.subspan(pax::kMagic.offset, pax::kMagic.size));
  return magic == pax::kUstarMagic || magic == pax::kGnuMagic;
}

const std::string* find_record(const std::map<std::string, std::string>& records, std::string_view key) {
  const auto found = records.find(std::string(key));
  return found == records.end() ? nullptr : &found->second;
}

}  // namespace

Result<std::size_t> LayerReader::read(std::span<std::uint8_t> out) {
  std::size_t filled = 0;
  while (filled < out.size()) {
    WINNOW_TRY(const std::size_t count, source_.read(out.subspan(filled)));
    if (count == 0) break;
    filled += count;
  }
  offset_ += filled;
  return filled;
}

Result<void> LayerReader::read_all(std::span<std::uint8_t> out, const std::string& what) {
  WINNOW_TRY(const std::size_t count, read(out));
  if (count != out.size()) return failure(what + " is cut off");
  return {};
}

Result<void> LayerReader::skip(ByteCount count) {
  std::array<std::uint8_t, 65536> buffer;
  while (count > 0) {
    const auto piece = static_cast<std::size_t>(std::min<ByteCount>(count, buffer.size()));
    WINNOW_CHECK(read_all(std::span(buffer).first(piece), "the content of \"" + current_ + "\""));
    count -= piece;
  }
  return {};
}

Result<std::optional<LayerEntry>> LayerReader::next() {
  Pending pending;
  for (;;) {
    WINNOW_CHECK(skip(std::exchange(content_left_, 0) + std::exchange(padding_, 0)));
    std::array<std::uint8_t, pax::kBlockSize> block;
    WINNOW_TRY(const std::size_t count, read(block));
    const bool is_zero = std::all_of(block.begin(), block.end(), [](std::uint8_t byte) { return byte == 0; });
    if (count < block.size() || is_zero) {
      if (pending.is_set) return failure("an extended header is the last thing in it");
      WINNOW_CHECK(finish(count));
      return std::nullopt;
    }
    if (++entries_ > kMaxEntries) return failure("it has more than " + std::to_string(kMaxEntries) + " entries");
    WINNOW_TRY(LayerEntry entry, make_entry(block, std::move(pending)));
    if (entry.type != pax::kExtendedHeader) return entry;
    WINNOW_TRY(pending.records, read_records(entry.size));
    pending.is_set = true;
  }
}

Result<LayerEntry> LayerReader::make_entry(ByteView block, Pending pending) {
  const std::string where = " at byte " + std::to_string(offset_ - pax::kBlockSize);
  if (!has_right_checksum(block)) return failure("the header" + where + " has a wrong checksum");
  if (!has_known_magic(block)) return failure("the header" + where + " is not of a ustar archive");
  const auto size = field_octal(block, pax::kSize);
  const auto time = field_octal(block, pax::kMtime);
  if (!size || !time) return failure("the header" + where + " has a number that is not octal");

  LayerEntry entry;
  entry.type = static_cast<char>(block[pax::kTypeFlag.offset]);
  if (entry.type == pax::kOldFile) entry.type = pax::kFile;
  if (entry.type == pax::kExtendedHeader && pending.is_set) return failure("two extended headers meet" + where);
  if (entry.type == pax::kGlobalHeader) return failure("there is a global header" + where);
  const std::string* const path = find_record(pending.records, pax::kPath);
  const std::string* const link = find_record(pending.records, pax::kLinkPath);
  const std::string* const mtime = find_record(pending.records, pax::kModificationTime);
  const std::string* const long_size = find_record(pending.records, pax::kSizeRecord);
  entry.name = path != nullptr ? *path : header_name(block);
  entry.link = link != nullptr ? *link : std::string(field_text(block, pax::kLinkName));
  entry.time = mtime != nullptr ? *mtime : std::to_string(*time);
  const auto stated = long_size != nullptr ? parse_decimal<ByteCount>(*long_size) : size;
  if (!stated || *stated > kMaxEntrySize) return failure("the entry" + where + " has a size that cannot be");
  if (entry.name.empty() || entry.name.size() > kMaxNameSize || entry.name.find('\0') != std::string::npos) {
    return failure("the entry" + where + " has a name that cannot be");
  }
  entry.size = *stated;
  entry.content_offset = offset_;
  entry.records = std::move(pending.records);
  content_left_ = entry.size;
  padding_ = static_cast<std::size_t>((pax::kBlockSize - entry.size % pax::kBlockSize) % pax::kBlockSize);
  current_ = entry.name;
  return entry;
}

Result<std::map<std::string, std::string>> LayerReader::read_records(ByteCount size) {
  if (size > kMaxRecordsSize) return failure("an extended header has " + std::to_string(size) + " bytes");
  WINNOW_TRY(const Bytes body, read_content(kMaxRecordsSize));
  std::map<std::string, std::string> records;
  for (std::string_view rest = as_text(body); !rest.empty();) {
    auto record = take_record(rest);
    if (!record) return failure("the extended header at byte " + std::to_string(offset_ - size) + " is malformed");
    const std::string key = record->first;
    if (!records.insert(std::move(*record)).second) return failure("an extended header has two records " + key);
  }
  return records;
}

Result<Bytes> LayerReader::read_content(ByteCount limit) {
  if (content_left_ > limit) {
    return failure("\"" + current_ + "\" is larger than " + std::to_string(limit) + " bytes");
  }
  // Grows with what is really there, so that a lie about the size costs no memory.
  constexpr ByteCount kStep = 1u << 20;
  Bytes content;
  while (content_left_ > 0) {
    const auto piece = static_cast<std::size_t>(std::min(content_left_, kStep));
    content.resize(content.size() + piece);
    WINNOW_CHECK(read_all(std::span(content).last(piece), "the content of \"" + current_ + "\""));
    content_left_ -= piece;
  }
  return content;
}

// `block_size`: how much of the last block, the first that is no header, was there.
Result<void> LayerReader::finish(std::size_t block_size) {
  std::array<std::uint8_t, pax::kBlockSize> block{};
  std::size_t count = block_size;
  bool is_zero = block_size == pax::kBlockSize;
  while (count == block.size() && is_zero) {
    ++end_.zero_blocks;
    WINNOW_TRY(count, read(block));
    is_zero = std::all_of(block.begin(), block.end(), [](std::uint8_t byte) { return byte == 0; });
  }
  end_.has_more = count == block.size();
  while (count > 0) {
    WINNOW_TRY(count, read(block));
  }
  end_.size = offset_;
  return {};
}

}  // namespace winnow
