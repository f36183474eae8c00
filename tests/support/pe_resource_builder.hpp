// Resources of a PE file under construction (see pe_builder.hpp): the tree, and the version resource.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/utf16.hpp"
#include "formats/pe.hpp"
#include "support/pe_section_builder.hpp"

namespace winnow::testing {

// Numbers are spelled "#16".
struct PeResource {
  std::string type = {};
  std::string name = {};
  std::uint16_t language = 0x409;
  Bytes data = {};
};

struct PeVersion {
  std::array<std::uint16_t, 4> file_version{};
  std::string description = {};
  std::string product_name = {};
};

// A block of a version resource: header, key, value, children (each child already a block).
[[nodiscard]] inline Bytes build_version_block(const std::string& key, const Bytes& value, bool is_text,
                                               const std::vector<Bytes>& children = {}) {
  Bytes block;
  ByteWriter out(block);
  out.le16(0);
  out.le16(static_cast<std::uint16_t>(is_text ? value.size() / 2 : value.size()));
  out.le16(is_text ? 1 : 0);
  out.bytes(to_utf16le(key, true).value_or(Bytes{}));
  if (!value.empty()) out.align(4);
  out.bytes(value);
  for (const Bytes& child : children) {
    out.align(4);
    out.bytes(child);
  }
  out.put_le16_at(0, static_cast<std::uint16_t>(block.size()));
  return block;
}

[[nodiscard]] inline Bytes build_version_resource(const PeVersion& version) {
  Bytes fixed;
  ByteWriter out(fixed);
  out.le32(pe::FixedFileInfo::kSignature);
  out.le32(0x10000);
  for (const std::size_t i : {1u, 0u, 3u, 2u}) out.le16(version.file_version[i]);
  out.zeros(pe::FixedFileInfo::kSize - fixed.size());
  const auto text = [](const std::string& key, const std::string& value) {
    return build_version_block(key, to_utf16le(value, true).value_or(Bytes{}), true);
  };
  const Bytes table = build_version_block(
      "040904b0", {}, true, {text("FileDescription", version.description), text("ProductName", version.product_name)});
  const Bytes variables =
      build_version_block("VarFileInfo", {}, true, {build_version_block("Translation", {9, 4, 0xb0, 4}, false)});
  return build_version_block("VS_VERSION_INFO", fixed, false,
                             {build_version_block("StringFileInfo", {}, true, {table}), variables});
}

// Writes the tree for `resources`: tables of types, names and languages, then the data.
class PeResourceTree {
 public:
  explicit PeResourceTree(PeSectionBuilder& out) : out_(out) {}

  void add(const std::vector<PeResource>& resources) {
    for (const PeResource& resource : resources) {
      tree_[key(resource.type)][key(resource.name)][{false, resource.language, {}}] = &resource;
    }
    const std::uint32_t root = add_table(tree_);
    std::uint32_t type_entry = root;
    for (const auto& [type, names] : tree_) {
      const std::uint32_t name_table = add_table(names);
      link(type_entry, name_table, true);
      std::uint32_t name_entry = name_table;
      for (const auto& [name, languages] : names) {
        const std::uint32_t language_table = add_table(languages);
        link(name_entry, language_table, true);
        std::uint32_t language_entry = language_table;
        for (const auto& [language, resource] : languages) link(language_entry, add_data(resource->data), false);
      }
    }
  }

 private:
  struct Key {
    bool is_number = false;  // strings come first, then numbers, each sorted
    std::uint32_t number = 0;
    std::string text;
    auto operator<=>(const Key&) const = default;
  };
  static Key key(const std::string& name) {
    if (name.starts_with('#')) return {true, static_cast<std::uint32_t>(std::stoul(name.substr(1))), {}};
    return {false, 0, name};
  }

  template <class Children>
  std::uint32_t add_table(const Children& children) {
    std::uint16_t named = 0;
    for (const auto& [key, child] : children) named = static_cast<std::uint16_t>(named + !key.text.empty());
    Bytes header(pe::ResourceTable::kNamedCount);
    ByteWriter writer(header);
    writer.le16(named);
    writer.le16(static_cast<std::uint16_t>(children.size() - named));
    out_.align(4);
    const std::uint32_t table = out_.add(header);
    const std::uint32_t entries = out_.reserve(children.size() * pe::ResourceTable::kEntrySize);
    std::uint32_t entry = entries;
    for (const auto& [key, child] : children) {
      out_.put_le32(entry, key.text.empty() ? key.number : pe::ResourceTable::kHighBit | add_name(key.text));
      entry += pe::ResourceTable::kEntrySize;
    }
    return table;
  }

  std::uint32_t add_name(const std::string& text) {
    const Bytes units = to_utf16le(text, false).value_or(Bytes{});
    const std::uint32_t start = out_.add_numbers({units.size() / 2}, 2);
    out_.add(units);
    return start - out_.rva();
  }

  std::uint32_t add_data(const Bytes& data) {
    out_.align(4);
    const std::uint32_t entry = out_.reserve(pe::ResourceData::kEntrySize);
    out_.put_le32(entry + pe::ResourceData::kRva, out_.add(data));
    out_.put_le32(entry + pe::ResourceData::kSize, static_cast<std::uint32_t>(data.size()));
    return entry;
  }

  // Points the next entry of the table at `table` to `target`; `table` moves on by one entry.
  void link(std::uint32_t& table, std::uint32_t target, bool is_table) {
    const std::uint32_t offset = target - out_.rva();
    out_.put_le32(table + pe::ResourceTable::kSize + 4, is_table ? pe::ResourceTable::kHighBit | offset : offset);
    table += pe::ResourceTable::kEntrySize;
  }

  PeSectionBuilder& out_;
  std::map<Key, std::map<Key, std::map<Key, const PeResource*>>> tree_;
};

inline void add_resources(PeSectionBuilder& out, const std::vector<PeResource>& resources) {
  PeResourceTree(out).add(resources);
}

}  // namespace winnow::testing
