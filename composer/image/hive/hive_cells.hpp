// The cells of a hive that is read: base block and hbins are checked once, after that a cell is reached by its offset,
// or not at all.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace winnow {

class HiveCells {
 public:
  // Error "cannot read hive: <reason>" when base block, hbins or cell sizes are wrong.
  [[nodiscard]] static Result<HiveCells> parse(ByteView hive);

  [[nodiscard]] std::uint32_t root() const { return root_; }
  [[nodiscard]] std::uint32_t minor_version() const { return minor_version_; }
  // Content of the cell in use that begins at `cell`; nothing for any other offset.
  [[nodiscard]] std::optional<ByteView> content(std::uint32_t cell) const;
  // content() of a cell that begins with `signature` and has at least `size` bytes, taken: a second claim() of it gives
  // nothing.
  [[nodiscard]] std::optional<ByteView> claim(std::uint32_t cell, std::string_view signature, std::size_t size);

 private:
  Result<void> check_base_block(ByteView hive);
  Result<void> check_bins();
  Result<void> check_cells(std::size_t start, std::size_t end);

  enum class Slot : std::uint8_t { none, cell, claimed };
  ByteView bins_;
  std::vector<Slot> slots_;  // one for every 8 bytes: does a cell in use begin here
  std::uint32_t root_ = 0;
  std::uint32_t minor_version_ = 0;
};

// The error of a reader at `cell`.
[[nodiscard]] tl::unexpected<Error> hive_failure(std::uint32_t cell, std::string_view reason);

}  // namespace winnow
