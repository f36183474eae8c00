// PA30 deltas of our own making, every kind of copy and of code table on request. The target is computed beside the
// delta, byte by byte, so that a test compares two ways to the same bytes.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

namespace winnow::testing {

// Bits from the low end of each byte; the first three are filled in at the end.
class DeltaBitWriter {
 public:
  DeltaBitWriter() { put(0, 3); }

  void put(std::uint64_t value, unsigned count) {
    for (unsigned i = 0; i < count; ++i) put_bit((value >> i & 1) != 0);
  }
  void put_number(std::uint64_t value) {
    const unsigned nibbles = value == 0 ? 1 : (static_cast<unsigned>(std::bit_width(value)) + 3) / 4;
    put(0, nibbles - 1);
    put(1, 1);
    put(value, nibbles * 4);
  }
  void put_large_number(std::uint64_t value) {  // 256 and more
    const unsigned bits = static_cast<unsigned>(std::bit_width(value)) - 1;
    put(0, bits - 8);
    put(1, 1);
    put(value, bits);
  }
  void put_buffer(ByteView bytes) {
    put_number(bytes.size());
    while (count_ % 8 != 0) put_bit(false);
    for (const std::uint8_t byte : bytes) put(byte, 8);
  }
  void put_code(std::uint32_t code, unsigned length) {
    for (unsigned i = length; i-- > 0;) put_bit((code >> i & 1) != 0);
  }
  [[nodiscard]] Bytes finish() && {
    const unsigned padding = (8 - count_ % 8) % 8;
    bytes_[0] = static_cast<std::uint8_t>(bytes_[0] | padding);
    return std::move(bytes_);
  }

 private:
  void put_bit(bool bit) {
    if (count_ % 8 == 0) bytes_.push_back(0);
    if (bit) bytes_.back() = static_cast<std::uint8_t>(bytes_.back() | 1u << count_ % 8);
    ++count_;
  }
  Bytes bytes_;
  unsigned count_ = 0;
};

// Lengths and codes of the symbols that occur: all as short as can be, or one bit longer from one to the next.
class DeltaCodeBuilder {
 public:
  enum class Shape { even, skewed };

  DeltaCodeBuilder(std::vector<bool> used, Shape shape) : lengths_(used.size()), codes_(used.size()) {
    auto count = static_cast<std::size_t>(std::count(used.begin(), used.end(), true));
    if (count == 0) return;
    for (std::size_t i = 0; count < 2; ++i) {  // a complete code has two symbols
      if (!used[i]) used[i] = true, ++count;
    }
    std::size_t rank = 0;
    for (std::size_t i = 0; i < used.size(); ++i) {
      if (used[i]) lengths_[i] = length_of(rank++, count, shape);
    }
    assign();
  }
  [[nodiscard]] const std::vector<std::uint8_t>& lengths() const { return lengths_; }
  void write(DeltaBitWriter& bits, std::size_t symbol) const { bits.put_code(codes_[symbol], lengths_[symbol]); }

 private:
  static std::uint8_t length_of(std::size_t rank, std::size_t count, Shape shape) {
    const std::size_t chain = shape == Shape::skewed ? std::min<std::size_t>(count - 2, 5) : 0;
    if (rank < chain) return static_cast<std::uint8_t>(rank + 1);
    const std::size_t rest = count - chain;
    const auto bits = static_cast<unsigned>(std::bit_width(rest - 1));
    const std::size_t shorter = (std::size_t{1} << bits) - rest;
    return static_cast<std::uint8_t>(chain + bits - (rank - chain < shorter ? 1 : 0));
  }
  void assign() {  // the longest codes have the smallest values
    std::uint32_t next = 0;
    for (unsigned length = 16; length > 0; --length, next /= 2) {
      for (std::size_t i = 0; i < lengths_.size(); ++i) {
        if (lengths_[i] == length) codes_[i] = next++;
      }
    }
  }
  std::vector<std::uint8_t> lengths_;
  std::vector<std::uint32_t> codes_;
};

class Pa30Builder {
 public:
  using Shape = DeltaCodeBuilder::Shape;

  explicit Pa30Builder(Bytes source) : source_(source), window_(std::move(source)) { blocks_.emplace_back(); }

  Pa30Builder& literals(std::string_view text) {
    for (const std::uint8_t byte : as_bytes(text)) {
      add(Step{Alphabet::main, byte, 0});
      window_.push_back(byte);
    }
    return *this;
  }
  // Copies from the source, `offset` beside the position the target has reached; slots 0 to 3.
  Pa30Builder& copy_source(std::int64_t offset, std::uint64_t length) {
    const auto from = static_cast<std::int64_t>(window_.size() - source_.size()) + offset;
    if (offset == 0) return copy(3, {}, static_cast<std::uint64_t>(from), length);
    constexpr std::array<unsigned, 3> kBits = {14, 16, 18};
    std::int64_t beyond = 0;
    for (unsigned slot = 0; slot < 3; ++slot) {
      const std::int64_t half = std::int64_t{1} << (kBits[slot] - 1);
      const std::int64_t delta = offset < 0 ? offset + beyond : offset - beyond;
      if (delta >= -half && delta < half) {
        return copy(slot, {Step{Alphabet::raw, static_cast<std::uint64_t>(delta + half), kBits[slot]}},
                    static_cast<std::uint64_t>(from), length);
      }
      beyond += half;
    }
    return *this;
  }
  // Copies from `distance` bytes back; one of the last three distances is named by its slot.
  Pa30Builder& copy_back(std::uint64_t distance, std::uint64_t length) {
    const std::uint64_t from = window_.size() - distance;
    for (unsigned i = 0; i < 3; ++i) {
      if (last_[i] == distance) return remember(distance), copy(4 + i, {}, from, length);
    }
    remember(distance);
    if (distance < 4) return copy(static_cast<unsigned>(distance) + 7, {}, from, length);
    const auto low_bits = static_cast<unsigned>(std::bit_width(distance)) - 2;
    const unsigned slot = 9 + 2 * low_bits + static_cast<unsigned>(distance >> low_bits & 1);
    std::vector<Step> more;
    if (slot >= 43) more = escape(slot);
    if (low_bits < 4) {
      more.push_back({Alphabet::raw, distance, low_bits});
    } else {
      more.push_back({Alphabet::raw, distance >> 4, low_bits - 4});
      more.push_back({Alphabet::align, distance & 15, 0});
    }
    return copy(slot >= 43 ? 7 : slot, more, from, length);
  }
  // From here on other codes; at most once at one position.
  Pa30Builder& new_block() {
    blocks_.push_back({window_.size(), {}});
    return *this;
  }
  Pa30Builder& shape(Shape shape) { return shape_ = shape, *this; }
  // The first bit that says: no tables, every symbol as likely as any.
  Pa30Builder& default_codes() { return default_codes_ = true, *this; }

  [[nodiscard]] Bytes target() const {
    return {window_.begin() + static_cast<std::ptrdiff_t>(source_.size()), window_.end()};
  }
  [[nodiscard]] Bytes patch(bool rift_table = false) const {
    DeltaBitWriter bits;
    bits.put(rift_table ? 1 : 0, 1);
    bits.put(default_codes_ ? 1 : 0, 1);
    std::vector<Codes> codes;
    for (const Block& block : blocks_) codes.push_back(codes_of(block));
    if (!default_codes_) write_tables(bits, codes);
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      for (const Step& step : blocks_[i].steps) write_step(bits, step, codes[default_codes_ ? 0 : i]);
    }
    return std::move(bits).finish();
  }
  [[nodiscard]] Bytes delta() const { return wrap(patch(), target().size()); }
  // "PA30" around a patch.
  [[nodiscard]] static Bytes wrap(ByteView patch, ByteCount target_size, std::uint64_t file_type = 1,
                                  ByteView preprocess = {}) {
    Bytes out;
    ByteWriter writer(out);
    writer.text("PA30");
    writer.le64(0x01D5AC0000000000);
    DeltaBitWriter bits;
    for (const std::uint64_t number : {std::uint64_t{1}, file_type, std::uint64_t{0}, target_size, std::uint64_t{0}}) {
      bits.put_number(number);
    }
    for (const ByteView buffer : {ByteView{}, preprocess, patch}) bits.put_buffer(buffer);
    writer.bytes(std::move(bits).finish());
    return out;
  }

 private:
  enum class Alphabet { main, length, align, raw, large };
  struct Step {
    Alphabet alphabet = Alphabet::raw;
    std::uint64_t value = 0;
    unsigned bits = 0;  // of a raw one
  };
  struct Block {
    std::uint64_t start = 0;
    std::vector<Step> steps;
  };
  struct Codes {
    DeltaCodeBuilder main, length, align;
  };

  void add(Step step) { blocks_.back().steps.push_back(step); }
  Pa30Builder& copy(unsigned slot, const std::vector<Step>& more, std::uint64_t from, std::uint64_t length) {
    const std::uint64_t field = length <= 8 ? length - 1 : 0;
    add({Alphabet::main, 256 + slot * 8 + field, 0});
    for (const Step& step : more) add(step);
    if (field == 0) {
      const bool is_long = length - 8 > 255;
      add({Alphabet::length, is_long ? 0 : length - 8, 0});
      if (is_long) add({Alphabet::large, length - 8, 0});
    }
    for (std::uint64_t i = 0; i < length; ++i) window_.push_back(window_[static_cast<std::size_t>(from + i)]);
    return *this;
  }
  static std::vector<Step> escape(unsigned slot) {
    if (slot < 47) return {{Alphabet::raw, 0, 1}, {Alphabet::raw, slot - 43, 2}};
    if (slot < 55) return {{Alphabet::raw, 1, 2}, {Alphabet::raw, slot - 47, 3}};
    return {{Alphabet::raw, 3, 2}, {Alphabet::raw, slot - 55, 4}};
  }
  void remember(std::uint64_t distance) {
    if (last_[0] == distance) return;
    if (last_[1] != distance) last_[2] = last_[1];
    last_[1] = last_[0];
    last_[0] = distance;
  }

  [[nodiscard]] Codes codes_of(const Block& block) const {
    std::vector<bool> main(600), length(256), align(16);
    for (const Step& step : block.steps) {
      if (step.alphabet == Alphabet::main) main[static_cast<std::size_t>(step.value)] = true;
      if (step.alphabet == Alphabet::length) length[static_cast<std::size_t>(step.value)] = true;
      if (step.alphabet == Alphabet::align) align[static_cast<std::size_t>(step.value)] = true;
    }
    if (default_codes_) {
      for (auto* used : {&main, &length, &align}) used->assign(used->size(), true);
    }
    const Shape shape = default_codes_ ? Shape::even : shape_;
    return {{main, shape}, {length, shape}, {align, shape}};
  }
  static void write_step(DeltaBitWriter& bits, const Step& step, const Codes& codes) {
    const auto symbol = static_cast<std::size_t>(step.value);
    switch (step.alphabet) {
      case Alphabet::main:
        return codes.main.write(bits, symbol);
      case Alphabet::length:
        return codes.length.write(bits, symbol);
      case Alphabet::align:
        return codes.align.write(bits, symbol);
      case Alphabet::raw:
        return bits.put(step.value, step.bits);
      case Alphabet::large:
        return bits.put_large_number(step.value);
    }
  }

  // One symbol of the code of code lengths, with the low bits of a run.
  struct LengthStep {
    std::size_t symbol;
    std::uint64_t low = 0;
    unsigned low_bits = 0;
  };
  static LengthStep run_step(std::size_t base, std::size_t run) {
    if (run <= 3) return {base + run - 1};
    const auto bits = static_cast<unsigned>(std::bit_width(run)) - 1;
    return {base + bits + 1, run - (std::size_t{1} << bits), bits};
  }
  // A run of the length before, a run equal to the table before, a small difference to it, or the length itself.
  static std::vector<LengthStep> length_steps(const std::vector<std::uint8_t>& lengths,
                                              const std::vector<std::uint8_t>& before) {
    std::vector<LengthStep> steps;
    for (std::size_t i = 0; i < lengths.size();) {
      std::size_t same = 0, fill = 0;
      while (i + same < lengths.size() && same < 127 && lengths[i + same] == before[i + same]) ++same;
      while (i > 0 && i + fill < lengths.size() && fill < 127 && lengths[i + fill] == lengths[i - 1]) ++fill;
      if (const std::size_t run = std::max(same, fill); run > 0) {
        steps.push_back(run_step(fill >= same ? 23 : 31, run));
        i += run;
        continue;
      }
      const int step = lengths[i] - before[i];
      if (step >= -3 && step <= 3) {
        steps.push_back({static_cast<std::size_t>(step > 0 ? 16 + step : 19 - step)});
      } else {
        steps.push_back({lengths[i]});
      }
      ++i;
    }
    return steps;
  }
  void write_tables(DeltaBitWriter& bits, const std::vector<Codes>& codes) const {
    bits.put_number(blocks_.size());
    std::uint64_t start = 0;
    for (const Block& block : blocks_) {
      bits.put_number(block.start - start);
      start = block.start;
    }
    std::vector<std::vector<LengthStep>> tables;
    std::vector<std::uint8_t> before(872);
    std::vector<bool> used(39);
    for (const Codes& code : codes) {
      std::vector<std::uint8_t> lengths;
      for (const auto* one : {&code.main, &code.length, &code.align}) {
        lengths.insert(lengths.end(), one->lengths().begin(), one->lengths().end());
      }
      tables.push_back(length_steps(lengths, before));
      for (const LengthStep& step : tables.back()) used[step.symbol] = true;
      before = lengths;
    }
    const DeltaCodeBuilder pre(used, shape_);
    for (const std::uint8_t length : pre.lengths()) bits.put(length, 4);
    for (const auto& table : tables) {
      for (const LengthStep& step : table) {
        pre.write(bits, step.symbol);
        bits.put(step.low, step.low_bits);
      }
    }
  }

  Bytes source_, window_;
  std::vector<Block> blocks_;
  std::array<std::uint64_t, 3> last_{};
  Shape shape_ = Shape::even;
  bool default_codes_ = false;
};

}  // namespace winnow::testing
