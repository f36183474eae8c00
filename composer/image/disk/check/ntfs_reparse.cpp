#include "formats/ntfs.hpp"
#include "image/disk/check/ntfs_passes.hpp"

namespace winnow::check {

namespace {

constexpr ByteCount kMaxReparse = 16384;
constexpr ByteCount kMaxAttributesSize = 65536;
constexpr std::size_t kReparseHeader = 8;
constexpr std::uint32_t kIsMicrosoft = 0x80000000;
constexpr std::size_t kThirdPartyGuid = 16;
// The data of a WOF reparse point: u32 version 1, u32 provider 2 (file), u32 version 1, u32 algorithm.
constexpr std::size_t kWofSize = 16;
constexpr std::uint32_t kWofAlgorithms[] = {4096, 32768, 8192, 16384};  // XPRESS4K, LZX, XPRESS8K, XPRESS16K
constexpr std::u16string_view kWofStream = u"WofCompressedData";
constexpr std::uint64_t kMaxWofChunks = 16u << 20;
// Extended attributes: u32 next, u8 flags, u8 name length, u16 value length, name, NUL, value.
constexpr std::size_t kEaHeader = 8;
constexpr std::uint8_t kNeedEa = 0x80;

// The chunk table of a WOF stream: where each chunk but the first begins, relative to the table's end.
void check_chunks(const NtfsState& state, const Stream& stream, ByteCount size, ByteCount chunk_size,
                  const RecordReport& report) {
  const std::uint64_t chunks = (size + chunk_size - 1) / chunk_size;
  const std::size_t width = size > 0xFFFFFFFF ? 8 : 4;
  const ByteCount table_size = chunks == 0 ? 0 : (chunks - 1) * width;
  if (chunks > kMaxWofChunks || table_size > stream.size) {
    report("$DATA:WofCompressedData: its " + std::to_string(stream.size) + " bytes have no room for the table of " +
           std::to_string(chunks) + " chunks");
    return;
  }
  Bytes table(static_cast<std::size_t>(table_size));
  if (!state.volume.read(stream, 0, table)) {
    report("$DATA:WofCompressedData: it cannot be read");
    return;
  }
  std::uint64_t start = 0;
  for (std::uint64_t i = 0; i < chunks; ++i) {
    const std::size_t at = static_cast<std::size_t>(i) * width;
    const std::uint64_t end = i + 1 == chunks ? stream.size - table_size
                              : width == 4    ? *read_le<std::uint32_t>(table, at)
                                              : *read_le<std::uint64_t>(table, at);
    const ByteCount plain = i + 1 == chunks ? size - i * chunk_size : chunk_size;
    if (end <= start || end - start > plain) {
      report("$DATA:WofCompressedData: chunk " + std::to_string(i) + " goes from " + std::to_string(start) + " to " +
             std::to_string(end) + ", for " + std::to_string(plain) + " bytes");
      return;
    }
    start = end;
  }
}

void check_wof(const NtfsState& state, const NtfsFile& file, ByteView data, const RecordReport& report) {
  const auto version = read_le<std::uint32_t>(data, 0);
  const auto provider = read_le<std::uint32_t>(data, 4);
  const auto file_version = read_le<std::uint32_t>(data, 8);
  const auto algorithm = read_le<std::uint32_t>(data, 12);
  const bool is_file = version == 1u && provider == 2u;
  if (version && provider && *version == 1 && *provider == 1) return;  // backed by a WIM
  if (!is_file || data.size() != kWofSize || file_version != 1u || *algorithm > 3) {
    report("$REPARSE_POINT: WOF data is {" + std::to_string(version.value_or(0)) + ", " +
           std::to_string(provider.value_or(0)) + ", " + std::to_string(file_version.value_or(0)) + ", " +
           std::to_string(algorithm.value_or(0)) + "}, expected {1, 2, 1, 0 to 3}");
    return;
  }
  const Stream* plain = file.find(ntfs::kData);
  const Stream* compressed = file.find(ntfs::kData, kWofStream);
  if (plain == nullptr || compressed == nullptr) {
    report("$REPARSE_POINT: WOF, but $DATA:WofCompressedData is missing");
    return;
  }
  for (const Run& run : plain->runs) {
    if (run.lcn != kHole) {
      report("$DATA: it has clusters, expected a hole because WofCompressedData holds the content");
      break;
    }
  }
  if (plain->initialized != plain->size)
    report("$DATA: " + differs("initialized size", plain->initialized, plain->size));
  check_chunks(state, *compressed, plain->size, kWofAlgorithms[*algorithm], report);
}

struct AttributeSums {
  std::size_t packed = 0;
  std::size_t needed = 0;
};

// "" or what is wrong.
std::string sum_attributes(ByteView list, AttributeSums& sums) {
  for (std::size_t offset = 0;;) {
    const auto next = read_le<std::uint32_t>(list, offset);
    const auto header = slice(list, offset, kEaHeader);
    if (!header) return "the entry at offset " + std::to_string(offset) + " is cut";
    const std::size_t name = (*header)[5];
    const std::size_t value = *read_le<std::uint16_t>(*header, 6);
    const std::size_t size = kEaHeader + name + 1 + value;
    const auto entry = slice(list, offset, size);
    if (!entry || name == 0 || (*entry)[kEaHeader + name] != 0) {
      return "the entry at offset " + std::to_string(offset) + " has a name or value outside it";
    }
    sums.packed += size - 4;
    sums.needed += ((*header)[4] & kNeedEa) != 0 ? 1u : 0u;
    const std::size_t padded = (size + 3) / 4 * 4;
    if (*next == 0 || offset + padded >= list.size()) {
      const bool is_end = offset + padded >= list.size() && (*next == 0 || *next == padded);
      return is_end ? "" : "it goes on behind its last entry";
    }
    if (*next < size || *next % 4 != 0) return "the entry at offset " + std::to_string(offset) + " leads nowhere";
    offset += *next;
  }
}

}  // namespace

void check_reparse_point(NtfsState& state, const NtfsFile& file, FileFacts& facts, const RecordReport& report) {
  const Stream* point = file.find(ntfs::kReparsePoint);
  if (point == nullptr) return;
  const auto bytes = point->size > kMaxReparse ? std::nullopt : state.volume.read_all(*point);
  if (!bytes || bytes->size() < kReparseHeader) {
    report("$REPARSE_POINT: it has " + std::to_string(point->size) + " bytes, expected 8 to 16384");
    return;
  }
  facts.reparse_tag = *read_le<std::uint32_t>(*bytes, 0);
  const auto length = *read_le<std::uint16_t>(*bytes, 4);
  const std::size_t header = kReparseHeader + ((facts.reparse_tag & kIsMicrosoft) != 0 ? 0 : kThirdPartyGuid);
  if (header + length != bytes->size()) {
    report("$REPARSE_POINT: " + differs("data length", length, bytes->size() - std::min(header, bytes->size())));
    return;
  }
  const Record& base = file.records[0];
  state.reparse_points.emplace(facts.reparse_tag, ntfs::reference(base.number, base.sequence));
  if (facts.reparse_tag == ntfs::kTagWof) check_wof(state, file, ByteView(*bytes).subspan(header), report);
}

void check_extended_attributes(NtfsState& state, const NtfsFile& file, FileFacts& facts, const RecordReport& report) {
  const Stream* info = file.find(ntfs::kEaInformation);
  const Stream* list = file.find(ntfs::kEa);
  if (info == nullptr && list == nullptr) return;
  if (info == nullptr || list == nullptr || info->value.size() != 8) {
    report("$EA_INFORMATION and $EA: one of them is missing or too short");
    return;
  }
  const auto bytes = list->size > kMaxAttributesSize ? std::nullopt : state.volume.read_all(*list);
  if (!bytes) {
    report("$EA: it cannot be read");
    return;
  }
  AttributeSums sums;
  const std::string fault = sum_attributes(*bytes, sums);
  if (!fault.empty()) {
    report("$EA: " + fault);
    return;
  }
  facts.ea_size = *read_le<std::uint16_t>(info->value, 0);
  const auto needed = *read_le<std::uint16_t>(info->value, 2);
  const auto size = *read_le<std::uint32_t>(info->value, 4);
  if (facts.ea_size != sums.packed) report("$EA_INFORMATION: " + differs("packed size", facts.ea_size, sums.packed));
  if (needed != sums.needed) report("$EA_INFORMATION: " + differs("count of needed EAs", needed, sums.needed));
  if (size != bytes->size()) report("$EA_INFORMATION: " + differs("size", size, bytes->size()));
}

}  // namespace winnow::check
