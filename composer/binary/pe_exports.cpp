#include "binary/pe_exports.hpp"

#include <algorithm>
#include <tuple>

#include "binary/text_budget.hpp"

namespace winnow {
namespace {

// Limits against hostile input. Ordinals are 16 bits wide.
constexpr std::uint32_t kMaxExports = 65'536;
constexpr std::size_t kMaxText = std::size_t{64} << 20;

class ExportReader {
 public:
  explicit ExportReader(const PeImage& image) : image_(image), directory_(image.directory(pe::Directory::exports)) {}

  [[nodiscard]] Result<std::vector<ExportedSymbol>> read() && {
    if (directory_.rva == 0) return std::move(symbols_);
    WINNOW_CHECK(read_header());
    WINNOW_CHECK(read_named());
    WINNOW_CHECK(read_unnamed());
    std::sort(symbols_.begin(), symbols_.end(),
              [](const auto& a, const auto& b) { return std::tie(a.ordinal, a.name) < std::tie(b.ordinal, b.name); });
    return std::move(symbols_);
  }

 private:
  [[nodiscard]] Result<std::uint32_t> header_field(std::size_t offset) const {
    return image_.le32_at(std::uint64_t{directory_.rva} + offset, "the export directory");
  }

  [[nodiscard]] Result<void> read_header() {
    using Field = pe::ExportDirectory;
    WINNOW_TRY(ordinal_base_, header_field(Field::kOrdinalBase));
    WINNOW_TRY(const std::uint32_t address_count, header_field(Field::kAddressCount));
    WINNOW_TRY(name_count_, header_field(Field::kNameCount));
    if (address_count > kMaxExports || name_count_ > kMaxExports) {
      return image_.broken("it exports more than " + std::to_string(kMaxExports) + " symbols");
    }
    WINNOW_TRY(addresses_, header_field(Field::kAddresses));
    WINNOW_TRY(names_, header_field(Field::kNames));
    WINNOW_TRY(ordinals_, header_field(Field::kOrdinals));
    is_named_.resize(address_count);
    return {};
  }

  [[nodiscard]] Result<void> read_named() {
    for (std::uint64_t i = 0; i < name_count_; ++i) {
      WINNOW_TRY(const std::uint32_t name_rva, image_.le32_at(names_ + 4 * i, "the export name table"));
      WINNOW_TRY(const std::uint16_t index, image_.le16_at(ordinals_ + 2 * i, "the export ordinal table"));
      WINNOW_TRY(std::string name, image_.name_at(name_rva, "the name of an exported symbol"));
      if (index >= is_named_.size()) {
        return image_.broken("export \"" + name + "\" has index " + std::to_string(index) + " of " +
                             std::to_string(is_named_.size()));
      }
      is_named_[index] = true;
      WINNOW_CHECK(add(std::move(name), index));
    }
    return {};
  }

  [[nodiscard]] Result<void> read_unnamed() {
    for (std::uint32_t index = 0; index < is_named_.size(); ++index) {
      if (!is_named_[index]) WINNOW_CHECK(add({}, index));
    }
    return {};
  }

  [[nodiscard]] Result<void> add(std::string name, std::uint32_t index) {
    WINNOW_TRY(const std::uint32_t rva,
               image_.le32_at(std::uint64_t{addresses_} + 4 * std::uint64_t{index}, "the export address table"));
    if (rva == 0) return {};
    ExportedSymbol symbol{std::move(name), ordinal_base_ + index, {}};
    // An address inside the export directory is text, not code.
    if (rva >= directory_.rva && rva - directory_.rva < directory_.size) {
      WINNOW_TRY(symbol.forwarder, image_.name_at(rva, "an export forwarder"));
    }
    if (!budget_.take(symbol.name.size() + symbol.forwarder.size())) {
      return image_.broken("its export names are longer than " + std::to_string(kMaxText) + " bytes in all");
    }
    symbols_.push_back(std::move(symbol));
    return {};
  }

  const PeImage& image_;
  DataDirectory directory_;
  std::uint32_t ordinal_base_ = 0;
  std::uint32_t name_count_ = 0;
  std::uint32_t addresses_ = 0;
  std::uint32_t names_ = 0;
  std::uint32_t ordinals_ = 0;
  std::vector<bool> is_named_;  // by index into the address table
  std::vector<ExportedSymbol> symbols_;
  TextBudget budget_{kMaxText};
};

}  // namespace

Result<std::vector<ExportedSymbol>> read_exports(const PeImage& image) { return ExportReader(image).read(); }

}  // namespace winnow
