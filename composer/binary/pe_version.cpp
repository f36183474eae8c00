#include <algorithm>

#include "base/utf16.hpp"
#include "binary/pe_resources.hpp"

namespace winnow {
namespace {

// VS_VERSIONINFO > StringFileInfo > StringTable > String. Real files have a few dozen blocks.
constexpr int kMaxDepth = 4;
constexpr int kMaxBlocks = 4096;

std::size_t align4(std::size_t offset) { return (offset + 3) & ~std::size_t{3}; }

struct Block {
  std::string key;
  ByteView rest;  // behind the key, from the next multiple of 4: the value, then children
  std::size_t value_size = 0;
  std::size_t size = 0;  // of the whole block with its header; 0 = padding, nothing follows
};

// The text of the NUL-terminated UTF-16 at the start of `bytes`; nothing when it has no end or is ill-formed. `used` is
// what it takes with its NUL.
std::optional<std::string> read_text(ByteView bytes, std::size_t& used) {
  for (std::size_t i = 0; const auto unit = read_le<std::uint16_t>(bytes, i); i += sizeof(char16_t)) {
    if (*unit != 0) continue;
    used = i + sizeof(char16_t);
    return from_utf16le(bytes.first(i));
  }
  return std::nullopt;
}

class VersionReader {
 public:
  explicit VersionReader(const PeImage& image) : image_(image) {}

  [[nodiscard]] Result<VersionInfo> read(ByteView bytes) && {
    WINNOW_TRY(const Block root, read_block(bytes));
    if (root.key != "VS_VERSION_INFO") return image_.broken("its version resource is not one");
    const auto fixed = slice(root.rest, 0, pe::FixedFileInfo::kSize);
    if (fixed && root.value_size >= pe::FixedFileInfo::kSize &&
        read_le<std::uint32_t>(*fixed, 0) == pe::FixedFileInfo::kSignature) {
      const auto high = *read_le<std::uint32_t>(*fixed, pe::FixedFileInfo::kFileVersionHigh);
      const auto low = *read_le<std::uint32_t>(*fixed, pe::FixedFileInfo::kFileVersionLow);
      info_.file_version = {static_cast<std::uint16_t>(high >> 16), static_cast<std::uint16_t>(high & 0xffff),
                            static_cast<std::uint16_t>(low >> 16), static_cast<std::uint16_t>(low & 0xffff)};
    }
    WINNOW_CHECK(read_children(root, 1));
    return std::move(info_);
  }

 private:
  [[nodiscard]] Result<Block> read_block(ByteView bytes) const {
    const auto size = read_le<std::uint16_t>(bytes, pe::VersionBlock::kLength);
    if (!size || *size == 0) return Block{};
    const auto block = slice(bytes, 0, *size);
    if (!block || *size < pe::VersionBlock::kKey) return image_.broken("a block of its version resource is cut off");
    Block result;
    result.size = *size;
    result.value_size = *read_le<std::uint16_t>(*block, pe::VersionBlock::kValueLength);
    // Text values count in UTF-16 units or in bytes, depending on the tool: what matters of them is read up to the NUL.
    std::size_t key_size = 0;
    auto key = read_text(block->subspan(pe::VersionBlock::kKey), key_size);
    if (!key) return image_.broken("a key of its version resource has no end or is not UTF-16");
    result.key = std::move(*key);
    const std::size_t value = align4(pe::VersionBlock::kKey + key_size);
    if (value < block->size()) result.rest = block->subspan(value);
    return result;
  }

  [[nodiscard]] Result<void> read_children(const Block& parent, int depth) {
    ByteView left = parent.rest.subspan(std::min(align4(parent.value_size), parent.rest.size()));
    while (!left.empty()) {
      WINNOW_TRY(const Block child, read_block(left));
      if (child.size == 0) return {};
      if (++block_count_ > kMaxBlocks || depth == kMaxDepth) return image_.broken("its version resource has no end");
      WINNOW_CHECK(read_child(child, depth));
      left = left.subspan(std::min(align4(child.size), left.size()));
    }
    return {};
  }

  [[nodiscard]] Result<void> read_child(const Block& child, int depth) {
    if (depth == 1 && child.key != "StringFileInfo") return {};
    if (depth < kMaxDepth - 1) return read_children(child, depth + 1);
    if (child.key == "FileDescription") return read_value(child, info_.description);
    if (child.key == "ProductName") return read_value(child, info_.product_name);
    if (child.key == "CompanyName") return read_value(child, info_.company_name);
    return {};
  }

  // The first language's text is kept.
  [[nodiscard]] Result<void> read_value(const Block& child, std::string& value) const {
    if (!value.empty() || child.value_size == 0) return {};
    std::size_t used = 0;
    // Some resource compilers write a value that fills its block without the NUL.
    auto text = read_text(child.rest, used);
    if (!text) text = from_utf16le(child.rest);
    if (!text) return image_.broken("value " + child.key + " of its version resource is not UTF-16");
    value = std::move(*text);
    return {};
  }

  const PeImage& image_;
  int block_count_ = 0;
  VersionInfo info_;
};

}  // namespace

Result<std::optional<VersionInfo>> read_version_info(const PeImage& image) {
  WINNOW_TRY(const auto resources, read_resources(image));
  const std::string type = "#" + std::to_string(pe::kResourceVersion);
  const auto found = std::find_if(resources.begin(), resources.end(), [&](const auto& r) { return r.type == type; });
  if (found == resources.end()) return std::optional<VersionInfo>{};
  WINNOW_TRY(VersionInfo info, VersionReader(image).read(found->data));
  return std::optional(std::move(info));
}

}  // namespace winnow
