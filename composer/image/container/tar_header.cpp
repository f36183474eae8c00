#include "image/container/tar_header.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace winnow {

namespace {

using Block = std::array<std::uint8_t, pax::kBlockSize>;

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool fits_octal(pax::Field field, std::uint64_t value) { return value >> (3 * (field.size - 1)) == 0; }

void put_text(Block& block, pax::Field field, std::string_view text) {
  std::copy_n(text.begin(), std::min(text.size(), field.size),
              block.begin() + static_cast<std::ptrdiff_t>(field.offset));
}

// Digits to the last byte but one, which stays NUL.
void put_octal(Block& block, pax::Field field, std::uint64_t value) {
  for (std::size_t i = field.size - 1; i-- > 0; value >>= 3) {
    block[field.offset + i] = static_cast<std::uint8_t>('0' + (value & 7));
  }
}

void put_checksum(Block& block) {
  put_text(block, pax::kChecksum, "        ");
  std::uint64_t sum = 0;
  for (const std::uint8_t byte : block) sum += byte;
  put_octal(block, {pax::kChecksum.offset, pax::kChecksum.size - 1}, sum);  // six digits, NUL, space
  block[pax::kChecksum.offset + 6] = 0;
}

// What the fixed field shows of a name: its ASCII characters as far as they fit. A name cut at a '/' would look like a
// directory.
std::string short_name(std::string_view name) {
  std::string text;
  std::copy_if(name.begin(), name.end(), std::back_inserter(text),
               [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (text.size() <= pax::kName.size) return text;
  text.resize(pax::kName.size);
  while (text.ends_with('/')) text.pop_back();
  return text;
}

void append_header(const TarMember& member, Bytes& out) {
  Block block{};
  const auto time = static_cast<std::uint64_t>(std::max<std::int64_t>(member.time, 0));
  put_text(block, pax::kName, short_name(member.name));
  put_octal(block, pax::kMode, member.mode);
  put_octal(block, pax::kUid, 0);
  put_octal(block, pax::kGid, 0);
  put_octal(block, pax::kSize, fits_octal(pax::kSize, member.size) ? member.size : 0);
  put_octal(block, pax::kMtime, fits_octal(pax::kMtime, time) ? time : 0);
  block[pax::kTypeFlag.offset] = static_cast<std::uint8_t>(member.type);
  put_text(block, pax::kLinkName, short_name(member.link));
  put_text(block, pax::kMagic, pax::kUstarMagic);
  put_text(block, pax::kVersion, pax::kUstarVersion);
  put_octal(block, pax::kDevMajor, 0);
  put_octal(block, pax::kDevMinor, 0);
  put_checksum(block);
  out.insert(out.end(), block.begin(), block.end());
}

// "LENGTH KEY=VALUE\n", where LENGTH counts its own digits.
std::string print_record(const std::string& key, const std::string& value) {
  const std::size_t rest = key.size() + value.size() + 3;  // ' ', '=', '\n'
  std::size_t length = rest + std::to_string(rest).size();
  length = rest + std::to_string(length).size();
  return std::to_string(length) + " " + key + "=" + value + "\n";
}

void append_records(const std::string& name, const std::map<std::string, std::string>& records, Bytes& out) {
  std::string body;
  for (const auto& [key, value] : records) body += print_record(key, value);
  const std::size_t slash = name.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : name.substr(0, slash + 1);
  const std::string base = slash == std::string::npos ? name : name.substr(slash + 1);
  append_header({folder + "PaxHeaders.0/" + base, pax::kExtendedHeader, 0, {}, body.size(), 0, {}}, out);
  ByteWriter writer(out);
  writer.text(body);
  writer.zeros(tar_padding(body.size()));
}

}  // namespace

void write_tar_header(const TarMember& member, Bytes& out) {
  std::map<std::string, std::string> records = member.records;
  if (member.name.size() > pax::kName.size || !is_ascii(member.name)) records.emplace(pax::kPath, member.name);
  if (member.link.size() > pax::kLinkName.size || !is_ascii(member.link)) records.emplace(pax::kLinkPath, member.link);
  if (!fits_octal(pax::kSize, member.size)) records.emplace(pax::kSizeRecord, std::to_string(member.size));
  if (member.time < 0 || !fits_octal(pax::kMtime, static_cast<std::uint64_t>(member.time))) {
    records.emplace(pax::kModificationTime, std::to_string(member.time));
  }
  if (!records.empty()) append_records(member.name, records, out);
  append_header(member, out);
}

std::size_t tar_padding(ByteCount size) {
  return static_cast<std::size_t>((pax::kBlockSize - size % pax::kBlockSize) % pax::kBlockSize);
}

void write_tar_end(Bytes& out) { ByteWriter(out).zeros(pax::kEndBlocks * pax::kBlockSize); }

}  // namespace winnow
