#include "payload/stored_file.hpp"

#include <wimlib.h>

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>

#include "payload/pa30.hpp"

namespace winnow {

namespace {

constexpr std::size_t kMagicSize = 4, kDcsHeaderSize = 12, kDcdHeaderSize = 12;
// LZMS takes whole files; libwim's own limit of a block.
constexpr std::uint32_t kMaxBlock = 1u << 30;

tl::unexpected<Error> refuse(const std::string& name, const std::string& reason) {
  return fail("cannot expand " + name + ": " + reason);
}

template <class T>
T number(ByteView bytes, std::size_t offset) {
  return read_le<T>(bytes, offset).value_or(T{});
}

struct DecompressorFree {
  void operator()(wimlib_decompressor* decompressor) const { wimlib_free_decompressor(decompressor); }
};

// "DCS\1", u32 blocks, u32 size of the file; of each block u32 size of what follows, u32 its expanded size, LZMS.
Result<Bytes> expand_dcs(ByteView stored, const std::string& name) {
  const auto blocks = number<std::uint32_t>(stored, 4), size = number<std::uint32_t>(stored, 8);
  Bytes out;
  std::size_t at = kDcsHeaderSize;
  for (std::uint32_t i = 0; i < blocks; ++i) {
    const auto length = number<std::uint32_t>(stored, at), expanded = number<std::uint32_t>(stored, at + 4);
    const auto packed = length < 4 ? std::nullopt : slice(stored, at + 8, length - 4);
    if (!packed || expanded > size - out.size() || expanded > kMaxBlock) return refuse(name, "a block is cut off");
    wimlib_decompressor* made = nullptr;
    if (wimlib_create_decompressor(WIMLIB_COMPRESSION_TYPE_LZMS, std::max(expanded, 1u), &made) != 0) {
      return refuse(name, "libwim cannot decompress a block of " + std::to_string(expanded) + " bytes");
    }
    const std::unique_ptr<wimlib_decompressor, DecompressorFree> decompressor(made);
    out.resize(out.size() + expanded);
    std::uint8_t* const target = out.data() + out.size() - expanded;
    if (packed->size() == expanded) {
      std::copy(packed->begin(), packed->end(), target);
    } else if (wimlib_decompress(packed->data(), packed->size(), target, expanded, made) != 0) {
      return refuse(name, "a block is damaged");
    }
    at += std::size_t{4} + length;
  }
  if (out.size() != size) return refuse(name, "its blocks hold less than it says");
  return out;
}

Result<Bytes> expand(ByteView stored, const std::string& name) {
  if (as_text(stored).starts_with("DCS")) return expand_dcs(stored, name);
  return apply_pa30(stored.subspan(kMagicSize), {}, name, kMaxExpandedFile);
}

// Expands as a whole, and holds that until its end was read.
class ExpandedFile final : public ContentSource {
 public:
  ExpandedFile(Content stored, std::string name, ByteCount size)
      : stored_(std::move(stored)), name_(std::move(name)), size_(size) {}

  [[nodiscard]] ByteCount size() const override { return size_; }
  [[nodiscard]] Result<void> read(ByteCount offset, std::span<std::uint8_t> out) const override {
    const std::lock_guard lock(mutex_);
    if (bytes_.empty() && size_ != 0) {
      WINNOW_TRY(const LoadedContent loaded, stored_.load());
      WINNOW_TRY(Bytes bytes, expand(loaded.bytes(), name_));
      if (bytes.size() != size_) return refuse(name_, "it expands to another size than its header says");
      bytes_ = std::move(bytes);
    }
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
    if (offset + out.size() == size_) bytes_ = {};
    return {};
  }

 private:
  Content stored_;
  std::string name_;
  ByteCount size_;
  mutable std::mutex mutex_;
  mutable Bytes bytes_;  // guarded by the mutex
};

// The version of the component that a DCD is made against: four u16, the last part first.
std::string base_version(ByteView header) {
  std::string text;
  for (std::size_t i = 4; i-- > 0;) {
    text += std::to_string(number<std::uint16_t>(header, kMagicSize + 2 * i)) + (i == 0 ? "" : ".");
  }
  return text;
}

}  // namespace

bool is_stored_packed(const Content& stored) {
  std::array<std::uint8_t, kMagicSize> start{};
  if (stored.size() < start.size() || !stored.read(0, start)) return false;
  constexpr std::array<std::string_view, 5> kForms = {"DCN\x01", "DCS\x01", "DCD\x01", "DCX\x01", "DCH\x01"};
  return std::find(kForms.begin(), kForms.end(), as_text(start)) != kForms.end();
}

Result<Content> expand_stored_file(const Content& stored, const std::string& name) {
  Bytes header(static_cast<std::size_t>(std::min<ByteCount>(stored.size(), kDcsHeaderSize)));
  if (header.size() < kMagicSize) return stored;
  WINNOW_CHECK(stored.read(0, header));
  const std::string_view magic = as_text(header).substr(0, kMagicSize);
  if (magic == "DCD\x01" && header.size() == kDcdHeaderSize) {
    return refuse(name, "it is kept as what differs (DCD) from the same file of version " + base_version(header) +
                            " of its component");
  }
  for (const std::string_view form : {"DCX", "DCH"}) {
    if (magic == std::string(form) + "\x01") {
      return refuse(name, "it is compressed as " + std::string(form) + ", which is not known here");
    }
  }
  ByteCount size = 0;
  if (magic == "DCS\x01" && header.size() == kDcsHeaderSize) {
    size = number<std::uint32_t>(header, 8);
  } else if (magic == "DCN\x01") {
    WINNOW_TRY(const LoadedContent loaded, stored.load());
    WINNOW_TRY(const Pa30Header delta, parse_pa30_header(loaded.bytes().subspan(kMagicSize), name));
    size = delta.target_size;
  } else {
    return stored;
  }
  if (size > kMaxExpandedFile) return refuse(name, "it has more than " + std::to_string(kMaxExpandedFile) + " bytes");
  return Content::of_source(std::make_shared<ExpandedFile>(stored, name, size));
}

}  // namespace winnow
