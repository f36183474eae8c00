#include "image/hive/hive_cells.hpp"

#include "formats/regf.hpp"

namespace winnow {

namespace {

std::string hex_offset(std::uint64_t offset) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string digits;
  do {
    digits.insert(digits.begin(), kDigits[offset % 16]);
    offset /= 16;
  } while (offset != 0);
  return "0x" + digits;
}

tl::unexpected<Error> failure(const std::string& reason) { return fail("cannot read hive: " + reason); }

std::uint32_t field(ByteView bytes, std::size_t offset) { return *read_le<std::uint32_t>(bytes, offset); }

// Written apart from the writer's: this side judges that one.
std::uint32_t expected_checksum(ByteView base_block) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < regf::base::kChecksum; i += 4) sum ^= field(base_block, i);
  switch (sum) {
    case 0:
      return 1;
    case 0xFFFFFFFF:
      return 0xFFFFFFFE;
    default:
      return sum;
  }
}

}  // namespace

tl::unexpected<Error> hive_failure(std::uint32_t cell, std::string_view reason) {
  return failure("cell " + hex_offset(cell) + ": " + std::string(reason));
}

Result<HiveCells> HiveCells::parse(ByteView hive) {
  HiveCells cells;
  WINNOW_CHECK(cells.check_base_block(hive));
  WINNOW_CHECK(cells.check_bins());
  return cells;
}

Result<void> HiveCells::check_base_block(ByteView hive) {
  if (hive.size() < regf::kBaseBlockSize + regf::kBinAlignment) {
    return failure("it has " + std::to_string(hive.size()) + " bytes, the least is 8192");
  }
  if (as_text(hive.first(4)) != regf::base::kSignature) return failure("it does not begin with regf");
  if (field(hive, regf::base::kChecksum) != expected_checksum(hive))
    return failure("its base block has a wrong checksum");
  const std::uint32_t sequence1 = field(hive, regf::base::kSequence1);
  const std::uint32_t sequence2 = field(hive, regf::base::kSequence2);
  if (sequence1 != sequence2) {
    return failure("its sequence numbers " + std::to_string(sequence1) + " and " + std::to_string(sequence2) +
                   " differ: a log is not applied");
  }
  minor_version_ = field(hive, regf::base::kMinorVersion);
  if (field(hive, regf::base::kMajorVersion) != 1 || minor_version_ < 3 || minor_version_ > 6) {
    return failure("its version is not 1.3 to 1.6");
  }
  if (field(hive, regf::base::kFileType) != 0 || field(hive, regf::base::kFileFormat) != 1) {
    return failure("it is no primary file");
  }
  root_ = field(hive, regf::base::kRootCell);
  const std::uint32_t size = field(hive, regf::base::kBinsSize);
  const auto bins = slice(hive, regf::kBaseBlockSize, size);
  if (size == 0 || size % regf::kBinAlignment != 0 || size > regf::kMaxHiveSize || !bins) {
    return failure("it has no " + std::to_string(size) + " bytes of bins");
  }
  bins_ = *bins;
  return {};
}

Result<void> HiveCells::check_bins() {
  slots_.assign(bins_.size() / regf::kCellAlignment, Slot::none);
  for (std::size_t start = 0; start < bins_.size();) {
    // The sizes are multiples of 4096, so a header is always there.
    if (as_text(bins_.subspan(start, 4)) != regf::bin::kSignature) {
      return failure("no bin begins at " + hex_offset(start));
    }
    const std::uint32_t size = field(bins_, start + regf::bin::kSize);
    if (field(bins_, start + regf::bin::kOffset) != start || size == 0 || size % regf::kBinAlignment != 0 ||
        size > bins_.size() - start) {
      return failure("the bin at " + hex_offset(start) + " has a wrong header");
    }
    WINNOW_CHECK(check_cells(start + regf::kBinHeaderSize, start + size));
    start += size;
  }
  return {};
}

Result<void> HiveCells::check_cells(std::size_t start, std::size_t end) {
  for (std::size_t cell = start; cell < end;) {
    const auto size = static_cast<std::int32_t>(field(bins_, cell));
    const std::uint64_t length = size < 0 ? 0 - static_cast<std::int64_t>(size) : size;
    if (length == 0 || length % regf::kCellAlignment != 0 || length > end - cell) {
      return hive_failure(static_cast<std::uint32_t>(cell), "its size is wrong");
    }
    if (size < 0) slots_[cell / regf::kCellAlignment] = Slot::cell;
    cell += length;
  }
  return {};
}

std::optional<ByteView> HiveCells::content(std::uint32_t cell) const {
  if (cell % regf::kCellAlignment != 0 || cell / regf::kCellAlignment >= slots_.size()) return std::nullopt;
  if (slots_[cell / regf::kCellAlignment] == Slot::none) return std::nullopt;
  const std::uint32_t length = 0u - field(bins_, cell);
  return bins_.subspan(cell + regf::kCellHeaderSize, length - regf::kCellHeaderSize);
}

std::optional<ByteView> HiveCells::claim(std::uint32_t cell, std::string_view signature, std::size_t size) {
  const auto found = content(cell);
  if (!found || found->size() < size || as_text(found->first(signature.size())) != signature) return std::nullopt;
  Slot& slot = slots_[cell / regf::kCellAlignment];
  if (slot == Slot::claimed) return std::nullopt;
  slot = Slot::claimed;
  return found;
}

}  // namespace winnow
