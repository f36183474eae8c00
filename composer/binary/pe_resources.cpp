#include "binary/pe_resources.hpp"

#include <algorithm>

#include "base/utf16.hpp"
#include "binary/text_budget.hpp"

namespace winnow {
namespace {

// Limits against hostile input: tables may share their subtables, so a small file can describe an endless tree.
constexpr std::size_t kMaxEntries = 65'536;
constexpr std::size_t kMaxNameUnits = 1024;
constexpr std::size_t kMaxText = std::size_t{16} << 20;

struct Entry {
  std::uint32_t name = 0;
  std::uint32_t offset = 0;
};

class ResourceReader {
 public:
  explicit ResourceReader(const PeImage& image) : image_(image) {}

  [[nodiscard]] Result<std::vector<Resource>> read() && {
    const DataDirectory directory = image_.directory(pe::Directory::resources);
    if (directory.rva == 0) return std::move(resources_);
    const auto tree = image_.bytes_from(directory.rva);
    if (!tree) return image_.broken("the resource directory lies outside the file");
    tree_ = *tree;
    WINNOW_TRY(const auto types, read_table(0));
    for (const Entry& type : types) WINNOW_CHECK(read_type(type));
    return std::move(resources_);
  }

 private:
  [[nodiscard]] Result<void> read_type(const Entry& type) {
    Resource resource;
    WINNOW_TRY(resource.type, read_name(type.name));
    WINNOW_TRY(const auto names, read_subtable(type));
    for (const Entry& name : names) {
      WINNOW_TRY(resource.name, read_name(name.name));
      WINNOW_TRY(const auto languages, read_subtable(name));
      for (const Entry& language : languages) {
        resource.language = static_cast<std::uint16_t>(language.name);
        WINNOW_TRY(resource.data, read_data(language));
        WINNOW_CHECK(add(resource));
      }
    }
    return {};
  }

  [[nodiscard]] Result<void> add(const Resource& resource) {
    if (!budget_.take(resource.type.size() + resource.name.size())) {
      return image_.broken("its resource names are longer than " + std::to_string(kMaxText) + " bytes in all");
    }
    resources_.push_back(resource);
    return {};
  }

  // Three levels and no more are read, so a loop among the tables cannot be followed for long.
  [[nodiscard]] Result<std::vector<Entry>> read_subtable(const Entry& entry) {
    if ((entry.offset & pe::ResourceTable::kHighBit) == 0) return image_.broken("its resource tree ends above level 3");
    return read_table(entry.offset & ~pe::ResourceTable::kHighBit);
  }

  [[nodiscard]] Result<std::vector<Entry>> read_table(std::uint64_t offset) {
    const auto header = slice(tree_, offset, pe::ResourceTable::kSize);
    if (!header) return image_.broken("a resource table lies outside the file");
    const std::size_t count = std::size_t{*read_le<std::uint16_t>(*header, pe::ResourceTable::kNamedCount)} +
                              *read_le<std::uint16_t>(*header, pe::ResourceTable::kNumberCount);
    entry_count_ += count;
    if (entry_count_ > kMaxEntries) {
      return image_.broken("its resource tree has more than " + std::to_string(kMaxEntries) + " entries");
    }
    const auto table = slice(tree_, offset + pe::ResourceTable::kSize, count * pe::ResourceTable::kEntrySize);
    if (!table) return image_.broken("a resource table is cut off");
    std::vector<Entry> entries(count);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t at = i * pe::ResourceTable::kEntrySize;
      entries[i] = {*read_le<std::uint32_t>(*table, at), *read_le<std::uint32_t>(*table, at + 4)};
    }
    return entries;
  }

  [[nodiscard]] Result<std::string> read_name(std::uint32_t name) const {
    if ((name & pe::ResourceTable::kHighBit) == 0) return "#" + std::to_string(name & 0xffff);
    const std::uint64_t offset = name & ~pe::ResourceTable::kHighBit;
    const auto units = read_le<std::uint16_t>(tree_, offset);
    if (!units || *units > kMaxNameUnits) return image_.broken("a resource name lies outside the file or is too long");
    const auto text = slice(tree_, offset + sizeof(std::uint16_t), std::uint64_t{*units} * sizeof(char16_t));
    if (!text) return image_.broken("a resource name is cut off");
    const auto utf8 = from_utf16le(*text);
    if (!utf8) return image_.broken("a resource name is not UTF-16");
    return *utf8;
  }

  [[nodiscard]] Result<ByteView> read_data(const Entry& entry) const {
    if ((entry.offset & pe::ResourceTable::kHighBit) != 0) {
      return image_.broken("its resource tree goes on below level 3");
    }
    const auto data = slice(tree_, entry.offset, pe::ResourceData::kEntrySize);
    if (!data) return image_.broken("a resource data entry lies outside the file");
    return image_.bytes_at(*read_le<std::uint32_t>(*data, pe::ResourceData::kRva),
                           *read_le<std::uint32_t>(*data, pe::ResourceData::kSize), "resource data");
  }

  const PeImage& image_;
  ByteView tree_;  // from the root table to the end of its section; tables and names are found by offsets into it
  std::size_t entry_count_ = 0;
  std::vector<Resource> resources_;
  TextBudget budget_{kMaxText};
};

}  // namespace

Result<std::vector<Resource>> read_resources(const PeImage& image) { return ResourceReader(image).read(); }

Result<std::optional<std::string>> read_embedded_manifest(const PeImage& image) {
  WINNOW_TRY(const auto resources, read_resources(image));
  const std::string type = "#" + std::to_string(pe::kResourceManifest);
  // CreateProcess takes manifest 1, LoadLibrary manifest 2 ("Using Side-by-side Assemblies"); tools also write others.
  const std::string preferred = (image.characteristics() & pe::CoffHeader::kIsDll) != 0 ? "#2" : "#1";
  const Resource* chosen = nullptr;
  for (const Resource& resource : resources) {
    if (resource.type != type) continue;
    if (chosen == nullptr || (resource.name == preferred && chosen->name != preferred)) chosen = &resource;
  }
  if (chosen == nullptr) return std::optional<std::string>{};
  std::string_view text = as_text(chosen->data);
  if (text.starts_with("\xff\xfe")) {
    auto utf8 = from_utf16le(chosen->data.subspan(2));
    if (!utf8) return image.broken("its manifest is not UTF-16");
    return std::optional(std::move(*utf8));
  }
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  if (!to_utf16(text)) return image.broken("its manifest is not UTF-8");
  return std::optional(std::string(text));
}

}  // namespace winnow
