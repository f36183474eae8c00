#include "payload/pa30.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <vector>

#include "payload/delta_bits.hpp"

namespace winnow {

namespace {

constexpr std::string_view kMagic = "PA30", kManifestMagic = std::string_view("DCM\x01", 4);
constexpr std::size_t kTimeAt = 4, kStreamAt = 12;
constexpr std::uint64_t kRaw = 1;

// One table of code lengths after another: symbols and copies, lengths of copies, low bits of distances.
constexpr std::size_t kMainSymbols = 600, kLengthSymbols = 256, kAlignSymbols = 16;
constexpr std::size_t kLengths = kMainSymbols + kLengthSymbols + kAlignSymbols;
constexpr std::size_t kPreSymbols = 39;
constexpr std::uint64_t kMaxBlocks = 1 << 16;

using Lengths = std::array<std::uint8_t, kLengths>;

struct Block {
  std::uint64_t start = 0;  // position from which the codes hold, the source counted first
  Lengths lengths{};
};

struct BlockCodes {
  DeltaPrefixCode main, length, align;
};

// Shortest complete code over `lengths.size()` symbols: the first ones a bit shorter where they are no power of two.
void fill_default(std::span<std::uint8_t> lengths) {
  const auto bits = static_cast<std::uint8_t>(std::bit_width(lengths.size() - 1));
  const std::size_t shorter = (std::size_t{1} << bits) - lengths.size();
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    lengths[i] = i < shorter ? static_cast<std::uint8_t>(bits - 1) : bits;
  }
}

// 872 lengths: as they are, as differences from the block before, or runs of either kind.
bool read_lengths(DeltaBits& bits, const DeltaPrefixCode& pre, const Lengths& before, Lengths& out) {
  for (std::size_t i = 0; i < kLengths;) {
    const auto symbol = pre.read(bits);
    if (!symbol) return false;
    if (*symbol < 17) {
      out[i++] = static_cast<std::uint8_t>(*symbol);
      continue;
    }
    if (*symbol < 23) {
      const int step = *symbol < 20 ? static_cast<int>(*symbol) - 16 : 19 - static_cast<int>(*symbol);
      const int length = before[i] + step;
      if (length < 0 || length > static_cast<int>(DeltaPrefixCode::kLongest)) return false;
      out[i++] = static_cast<std::uint8_t>(length);
      continue;
    }
    const unsigned code = (*symbol - 23) % 8;
    std::size_t run = code + 1;
    if (code >= 3) {
      const auto low = bits.read(code - 1);
      if (!low) return false;
      run = static_cast<std::size_t>(std::uint64_t{1} << (code - 1) | *low);
    }
    const bool is_fill = *symbol < 31;
    if (run > kLengths - i || (is_fill && i == 0)) return false;
    for (const std::size_t end = i + run; i < end; ++i) out[i] = is_fill ? out[i - 1] : before[i];
  }
  return true;
}

std::optional<std::vector<Block>> read_blocks(DeltaBits& bits) {
  const auto is_default = bits.read(1);
  if (!is_default) return std::nullopt;
  if (*is_default == 1) {
    std::vector<Block> blocks(1);
    const auto lengths = std::span(blocks[0].lengths);
    fill_default(lengths.first(kMainSymbols));
    fill_default(lengths.subspan(kMainSymbols, kLengthSymbols));
    fill_default(lengths.last(kAlignSymbols));
    return blocks;
  }
  const auto count = bits.read_number();
  if (!count || *count == 0 || *count > kMaxBlocks) return std::nullopt;
  std::vector<Block> blocks(static_cast<std::size_t>(*count));
  std::uint64_t start = 0;
  for (Block& block : blocks) {
    const auto step = bits.read_number();
    if (!step || *step > UINT32_MAX) return std::nullopt;
    block.start = start += *step;
  }
  std::array<std::uint8_t, kPreSymbols> pre_lengths{};
  for (std::uint8_t& length : pre_lengths) {
    const auto bits4 = bits.read(4);
    if (!bits4) return std::nullopt;
    length = static_cast<std::uint8_t>(*bits4);
  }
  const auto pre = DeltaPrefixCode::of_lengths(pre_lengths);
  if (!pre) return std::nullopt;
  const Lengths zeros{};
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (!read_lengths(bits, *pre, i == 0 ? zeros : blocks[i - 1].lengths, blocks[i].lengths)) return std::nullopt;
  }
  return blocks;
}

// Source and target in one window: copies reach back over the border between them.
class DeltaCopier {
 public:
  DeltaCopier(ByteView source, ByteCount target_size)
      : source_size_(source.size()), window_(source.begin(), source.end()) {
    window_.reserve(source.size() + static_cast<std::size_t>(target_size));
    end_ = source.size() + static_cast<std::size_t>(target_size);
  }

  // False when the stream says what cannot be.
  bool run(DeltaBits& bits, const std::vector<Block>& blocks) {
    BlockCodes codes;
    std::size_t next = 0;
    while (window_.size() < end_) {
      while (next < blocks.size() && (next == 0 || window_.size() >= blocks[next].start)) {
        if (!use(blocks[next++], codes)) return false;
      }
      if (!step(bits, codes)) return false;
    }
    return true;
  }
  [[nodiscard]] Bytes target() && {
    window_.erase(window_.begin(), window_.begin() + static_cast<std::ptrdiff_t>(source_size_));
    return std::move(window_);
  }

 private:
  static bool use(const Block& block, BlockCodes& codes) {
    const auto lengths = std::span(block.lengths);
    const auto main = DeltaPrefixCode::of_lengths(lengths.first(kMainSymbols));
    const auto length = DeltaPrefixCode::of_lengths(lengths.subspan(kMainSymbols, kLengthSymbols));
    const auto align = DeltaPrefixCode::of_lengths(lengths.last(kAlignSymbols));
    if (!main || !length || !align) return false;
    codes = {*main, *length, *align};
    return true;
  }

  bool step(DeltaBits& bits, const BlockCodes& codes) {
    const auto symbol = codes.main.read(bits);
    if (!symbol) return false;
    if (*symbol < 256) {
      window_.push_back(static_cast<std::uint8_t>(*symbol));
      return true;
    }
    const unsigned slot = (*symbol - 256) / 8, length_field = (*symbol - 256) % 8;
    const auto from = copy_start(bits, codes, slot);
    if (!from) return false;
    const auto length = copy_length(bits, codes, length_field);
    if (!length || *length > end_ - window_.size()) return false;
    for (std::uint64_t i = 0; i < *length; ++i) window_.push_back(window_[static_cast<std::size_t>(*from + i)]);
    return true;
  }

  static std::optional<std::uint64_t> copy_length(DeltaBits& bits, const BlockCodes& codes, unsigned field) {
    if (field != 0) return field + 1;
    const auto length = codes.length.read(bits);
    if (!length) return std::nullopt;
    if (*length != 0) return *length + 8;
    const auto large = bits.read_large_number();
    if (!large) return std::nullopt;
    return *large + 8;
  }

  // Where a copy starts in the window, always before its end.
  std::optional<std::uint64_t> copy_start(DeltaBits& bits, const BlockCodes& codes, unsigned slot) {
    if (slot <= 3) return source_start(bits, slot);
    std::optional<std::uint64_t> distance;
    if (slot <= 6) {
      distance = last_[slot - 4];
    } else {
      distance = read_distance(bits, codes, slot);
    }
    if (!distance || *distance == 0 || *distance > window_.size()) return std::nullopt;
    remember(*distance);
    return window_.size() - *distance;
  }

  // Slots 0 to 3: the target's position in the source, and as far beside it as some bits say.
  std::optional<std::uint64_t> source_start(DeltaBits& bits, unsigned slot) const {
    constexpr std::array<unsigned, 3> kBits = {14, 16, 18};
    constexpr std::array<std::int64_t, 3> kBeyond = {0, 0x2000, 0xA000};  // what the slots before reach
    auto start = static_cast<std::int64_t>(window_.size() - source_size_);
    if (slot < 3) {
      const auto raw = bits.read(kBits[slot]);
      if (!raw) return std::nullopt;
      const std::int64_t delta = static_cast<std::int64_t>(*raw) - (std::int64_t{1} << (kBits[slot] - 1));
      start += delta < 0 ? delta - kBeyond[slot] : delta + kBeyond[slot];
    }
    if (start < 0 || static_cast<std::uint64_t>(start) >= source_size_) return std::nullopt;
    return static_cast<std::uint64_t>(start);
  }

  static std::optional<std::uint64_t> read_distance(DeltaBits& bits, const BlockCodes& codes, unsigned slot) {
    if (slot >= 8 && slot < 11) return slot - 7;
    if (slot == 7) {  // 0xx, 10xxx, 11xxxx: slots 43 to 70
      unsigned more = 2;
      std::uint64_t first = 43;
      for (const std::uint64_t next : {47u, 55u}) {
        const auto bit = bits.read(1);
        if (!bit) return std::nullopt;
        if (*bit == 0) break;
        first = next;
        ++more;
      }
      const auto low = bits.read(more);
      if (!low) return std::nullopt;
      slot = static_cast<unsigned>(first + *low);
    }
    const unsigned low_bits = (slot - 9) / 2;
    std::uint64_t distance = std::uint64_t{2 | ((slot - 11) & 1)} << low_bits;
    if (low_bits < 4) {
      const auto low = bits.read(low_bits);
      if (!low) return std::nullopt;
      return distance | *low;
    }
    const auto middle = bits.read(low_bits - 4);
    const auto low = codes.align.read(bits);
    if (!middle || !low) return std::nullopt;
    return distance | *middle << 4 | *low;
  }

  void remember(std::uint64_t distance) {
    if (last_[0] == distance) return;
    if (last_[1] != distance) last_[2] = last_[1];
    last_[1] = last_[0];
    last_[0] = distance;
  }

  std::size_t source_size_;
  std::size_t end_ = 0;
  Bytes window_;
  std::array<std::uint64_t, 3> last_{};  // distances, the newest first; 0 = none yet
};

struct ParsedDelta {
  Pa30Header header;
  ByteView preprocess, patch;
};

tl::unexpected<Error> refuse(const std::string& name, const std::string& reason) {
  return fail("cannot apply delta " + name + ": " + reason);
}

Result<ParsedDelta> parse_delta(ByteView delta, const std::string& name) {
  const auto magic = slice(delta, 0, kMagic.size());
  if (!magic || as_text(*magic) != kMagic) return refuse(name, "it does not start with PA30");
  ParsedDelta parsed;
  Pa30Header& header = parsed.header;
  const auto time = read_le<std::uint64_t>(delta, kTimeAt);
  auto bits = time ? DeltaBits::open(delta.subspan(kStreamAt)) : std::nullopt;
  if (!bits) return refuse(name, "it ends in its header");
  header.target_time = *time;
  std::uint64_t algorithm = 0;
  for (std::uint64_t* field :
       {&header.file_type_set, &header.file_type, &header.flags, &header.target_size, &algorithm}) {
    const auto number = bits->read_number();
    if (!number) return refuse(name, "it ends in its header");
    *field = *number;
  }
  header.hash_algorithm = static_cast<std::uint32_t>(algorithm);
  const auto hash = bits->read_buffer();
  const auto preprocess = hash ? bits->read_buffer() : std::nullopt;
  const auto patch = preprocess ? bits->read_buffer() : std::nullopt;
  if (!patch) return refuse(name, "it ends in its buffers");
  header.hash.assign(hash->begin(), hash->end());
  parsed.preprocess = *preprocess;
  parsed.patch = *patch;
  return parsed;
}

}  // namespace

Result<Pa30Header> parse_pa30_header(ByteView delta, const std::string& name) {
  WINNOW_TRY(ParsedDelta parsed, parse_delta(delta, name));
  return std::move(parsed.header);
}

Result<Bytes> apply_pa30(ByteView delta, ByteView source, const std::string& name, ByteCount limit) {
  WINNOW_TRY(const ParsedDelta parsed, parse_delta(delta, name));
  if (parsed.header.file_type != kRaw || !parsed.preprocess.empty()) {
    return refuse(name, "it transforms an executable (file type " + std::to_string(parsed.header.file_type) + ")");
  }
  if (parsed.header.target_size > limit) {
    return refuse(name, "its target has " + std::to_string(parsed.header.target_size) + " bytes, at most " +
                            std::to_string(limit) + " are made");
  }
  auto bits = DeltaBits::open(parsed.patch);
  const auto has_rift_table = bits ? bits->read(1) : std::nullopt;
  if (!has_rift_table) return refuse(name, "its patch is empty");
  if (*has_rift_table == 1) return refuse(name, "it has a rift table");
  const auto blocks = read_blocks(*bits);
  if (!blocks) return refuse(name, "its code tables are damaged");
  DeltaCopier copier(source, parsed.header.target_size);
  if (!copier.run(*bits, *blocks)) return refuse(name, "its patch is damaged, or made for another source");
  return std::move(copier).target();
}

bool is_delta_manifest(ByteView bytes) {
  const auto magic = slice(bytes, 0, kManifestMagic.size());
  return magic && as_text(*magic) == kManifestMagic;
}

Result<Bytes> expand_manifest(ByteView bytes, ByteView dictionary, const std::string& name) {
  if (!is_delta_manifest(bytes)) return Bytes(bytes.begin(), bytes.end());
  return apply_pa30(bytes.subspan(kManifestMagic.size()), dictionary, name, kMaxDeltaManifest);
}

}  // namespace winnow
