// Checks a registry hive from the first byte to the last and looks values up in it. Nothing is trusted: every offset is
// bounded, every cell is used by at most one owner, so damaged and hostile hives end in an error and never in a loop.
// Shares only the constants of formats/regf.hpp with the writer.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "image/hive/hive_cells.hpp"

namespace winnow {

struct RegistryValue {
  std::uint32_t type = 0;
  Bytes data;
};

class Hive {
 public:
  // Base block (checksum, sequence numbers, version), hbins, cells that tile them, every key, value, list and security
  // descriptor. `bytes` must outlive the Hive. Error "cannot read hive: <reason>".
  [[nodiscard]] static Result<Hive> parse(ByteView bytes);

  // The value `name` ("" = default) of the key `path` (names joined by '\', "" = root), compared without case. Nothing
  // when the key or the value does not exist.
  [[nodiscard]] std::optional<RegistryValue> find_value(std::string_view path, std::string_view name) const;

 private:
  explicit Hive(HiveCells cells) : cells_(std::move(cells)) {}
  [[nodiscard]] std::optional<std::uint32_t> find_key(std::string_view path) const;
  HiveCells cells_;
};

// Text of a REG_SZ or REG_EXPAND_SZ value up to its first NUL; a REG_DWORD. Nothing when type or data do not fit.
[[nodiscard]] std::optional<std::string> to_text(const RegistryValue& value);
[[nodiscard]] std::optional<std::uint32_t> to_dword(const RegistryValue& value);

}  // namespace winnow
