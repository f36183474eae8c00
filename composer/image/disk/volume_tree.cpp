#include "image/disk/volume_tree.hpp"

#include <algorithm>

#include "base/utf16.hpp"
#include "plan/file_tree.hpp"

namespace winnow {

namespace {

constexpr std::size_t kMaxNameUnits = 255;  // of NTFS and of FAT's long names

std::string readable(std::u16string_view text) {
  if (auto utf8 = to_utf8(text)) return *utf8;
  std::string out;
  for (const char16_t unit : text) out += unit < 0x80 ? static_cast<char>(unit) : '?';
  return out;
}

}  // namespace

bool Inode::is_directory() const { return (attributes & kAttributeDirectory) != 0; }

ByteCount Inode::data_size() const {
  if (extras != nullptr && extras->hole) return *extras->hole;
  return content ? content->size() : 0;
}

std::string path_text(const VolumeTree& tree, std::uint32_t dentry) {
  std::string text;
  for (; dentry != 0; dentry = tree.names[dentry].parent) {
    text = readable(tree.names[dentry].name) + (text.empty() ? "" : "\\" + text);
  }
  return text;
}

std::string name_fault(std::u16string_view name) {
  if (name.size() > kMaxNameUnits) {
    return "has " + std::to_string(name.size()) + " UTF-16 units, at most " + std::to_string(kMaxNameUnits) + " fit";
  }
  for (const char16_t unit : name) {
    if (unit < 0x20) return "holds a control character";
    if (std::u16string_view(u"\"*/:<>?\\|").find(unit) != std::u16string_view::npos) {
      return std::string("holds \"") + static_cast<char>(unit) + "\"";
    }
  }
  const bool ends_badly = !name.empty() && (name.back() == u'.' || name.back() == u' ');
  return ends_badly ? "ends in a dot or a space" : "";
}

Result<void> read_pinned(const Content& content, const std::optional<Digest>& digest, ByteCount offset,
                         std::span<std::uint8_t> out) {
  if (!digest || offset != 0) return content.read(offset, out);
  if (out.size() == content.size()) {
    WINNOW_CHECK(content.read(0, out));
    if (sha256(out) == *digest) return {};
  }
  WINNOW_TRY(const LoadedContent loaded, content.load_verified(*digest));
  std::copy_n(loaded.bytes().begin(), out.size(), out.begin());
  return {};
}

}  // namespace winnow
