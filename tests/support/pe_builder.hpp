// Small PE files for tests, described as data: winnow's own fixtures, so that no vendor's binary is needed.
//   const Bytes dll = build_pe({.is_dll = true, .imports = {{"KERNEL32.dll", {"ExitProcess", "#7"}}}});
// Header-only: every test program may include it. The files are well-formed (objdump reads them); a test that wants a
// broken one changes bytes of a good one.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "formats/pe.hpp"
#include "support/clr_builder.hpp"
#include "support/pe_description.hpp"
#include "support/pe_resource_builder.hpp"
#include "support/pe_section_builder.hpp"

namespace winnow::testing {

// Puts a PE file together; used through build_pe().
class PeBuilder {
 public:
  explicit PeBuilder(const PeDescription& description) : description_(description) {}

  [[nodiscard]] Bytes build() && {
    build_sections();
    Bytes file;
    ByteWriter out(file);
    write_headers(out);
    out.zeros(headers_size() - file.size());
    for (const PeSectionBuilder& section : sections_) {
      out.bytes(section.bytes());
      out.align(kFileAlignment);
    }
    return file;
  }

 private:
  static constexpr std::uint32_t kFileAlignment = 0x200;
  static constexpr std::uint32_t kSectionAlignment = 0x1000;
  static constexpr std::uint32_t kImageBase = 0x400000;
  static constexpr std::size_t kPeOffset = 0x80;

  [[nodiscard]] bool is_64_bit() const { return description_.machine != kPeX86; }

  PeSectionBuilder& section(const std::string& name, std::uint32_t flags) {
    std::uint32_t rva = kSectionAlignment;
    if (!sections_.empty()) rva = aligned(sections_.back().end_rva(), kSectionAlignment);
    return sections_.emplace_back(name, rva, flags);
  }

  [[nodiscard]] static std::uint32_t aligned(std::uint32_t value, std::uint32_t alignment) {
    return (value + alignment - 1) / alignment * alignment;
  }

  void set_directory(pe::Directory index, std::uint32_t rva, std::uint32_t size) {
    directories_[static_cast<std::size_t>(index)] = {rva, size};
  }

  void build_sections() {
    constexpr std::uint8_t kReturn = 0xc3;
    section(".text", 0x60000020).add(ByteView(&kReturn, 1));
    build_rdata(section(".rdata", 0x40000040));
    if (!description_.hidden_delay_imports.empty()) build_data(section(".data", 0xc0000040));
    std::vector<PeResource> resources = description_.resources;
    if (description_.version) resources.push_back({"#16", "#1", 0x409, build_version_resource(*description_.version)});
    if (!description_.manifest.empty()) {
      const ByteView text = as_bytes(description_.manifest);
      resources.push_back({"#24", description_.is_dll ? "#2" : "#1", 0x409, Bytes(text.begin(), text.end())});
    }
    if (!resources.empty()) {
      PeSectionBuilder& out = section(".rsrc", 0x40000040);
      add_resources(out, std::move(resources));
      set_directory(pe::Directory::resources, out.rva(), out.end_rva() - out.rva());
    }
    if (!description_.api_set_schema.empty()) section(".apiset", 0x40000040).add(description_.api_set_schema);
  }

  void build_rdata(PeSectionBuilder& out) {
    for (const std::string& text : description_.strings) out.add_text(text);
    for (const std::string& text : description_.wide_strings) out.add_wide_text(text);
    out.add(as_bytes(description_.packed_strings));
    build_imports(out);
    build_delay_imports(out, description_.delay_imports, true);
    build_exports(out);
    if (!description_.platform_invokes.empty()) {
      const std::uint32_t start = out.end_rva();
      const std::uint32_t header =
          add_clr_header(out, build_clr_metadata(description_.platform_invokes, description_.clr_heaps_are_large));
      set_directory(pe::Directory::clr, header, out.end_rva() - start);
    }
  }

  void build_data(PeSectionBuilder& out) {
    out.add_text("data before the descriptors");
    build_delay_imports(out, description_.hidden_delay_imports, false);
  }

  // A lookup table as wide as the machine's pointers; returns its RVA.
  std::uint32_t add_thunks(PeSectionBuilder& out, const std::vector<std::string>& functions, std::uint32_t base) {
    std::vector<std::uint64_t> thunks;
    for (const std::string& function : functions) {
      if (function.starts_with('#')) {
        const std::uint64_t flag = is_64_bit() ? pe::kOrdinalFlag64 : pe::kOrdinalFlag32;
        thunks.push_back(flag | std::stoul(function.substr(1)));
      } else {
        thunks.push_back(base + out.add_text(std::string(pe::kHintSize, '\0') + function));
      }
    }
    thunks.push_back(0);
    return out.add_numbers(thunks, is_64_bit() ? 8 : 4);
  }

  void build_imports(PeSectionBuilder& out) {
    if (description_.imports.empty()) return;
    std::vector<std::uint64_t> fields;
    for (const PeImport& import : description_.imports) {
      const std::uint32_t name = out.add_text(import.module);
      const std::uint32_t lookup = add_thunks(out, import.functions, 0);
      const std::uint32_t addresses = add_thunks(out, import.functions, 0);
      fields.insert(fields.end(), {lookup, 0, 0, name, addresses});
    }
    fields.insert(fields.end(), 5, 0);
    const std::uint32_t size = static_cast<std::uint32_t>(fields.size() * 4);
    set_directory(pe::Directory::imports, out.add_numbers(fields, 4), size);
  }

  void build_delay_imports(PeSectionBuilder& out, const std::vector<PeImport>& imports, bool in_directory) {
    if (imports.empty()) return;
    const bool as_addresses = in_directory && description_.delay_imports_use_addresses;
    const std::uint32_t base = as_addresses ? kImageBase : 0;
    std::vector<std::uint64_t> fields;
    for (const PeImport& import : imports) {
      const std::uint32_t name = base + out.add_text(import.module);
      const std::uint32_t handle = base + out.add_numbers({0}, 8);
      const std::uint32_t addresses = base + add_thunks(out, import.functions, base);
      const std::uint32_t lookup = base + add_thunks(out, import.functions, base);
      fields.insert(fields.end(), {as_addresses ? 0u : 1u, name, handle, addresses, lookup, 0, 0, 0});
    }
    if (in_directory) fields.insert(fields.end(), 8, 0);
    const std::uint32_t size = static_cast<std::uint32_t>(fields.size() * 4);
    const std::uint32_t rva = out.add_numbers(fields, 4);
    if (in_directory) set_directory(pe::Directory::delay_imports, rva, size);
  }

  void build_exports(PeSectionBuilder& out) {
    if (description_.exports.empty()) return;
    out.align(4);
    const std::uint32_t start = out.reserve(pe::ExportDirectory::kSize);
    std::vector<std::pair<std::string, std::uint64_t>> named;  // name, index; the loader wants the names sorted
    std::vector<std::uint64_t> addresses, names, ordinals;
    for (const PeExport& symbol : description_.exports) {
      if (!symbol.name.empty()) named.emplace_back(symbol.name, addresses.size());
      addresses.push_back(symbol.forwarder.empty() ? sections_.front().rva() : out.add_text(symbol.forwarder));
    }
    std::sort(named.begin(), named.end());
    for (const auto& [name, index] : named) {
      names.push_back(out.add_text(name));
      ordinals.push_back(index);
    }
    const std::vector<std::uint64_t> tables{addresses.size(), names.size(), out.add_numbers(addresses, 4),
                                            out.add_numbers(names, 4), out.add_numbers(ordinals, 2)};
    std::vector<std::uint64_t> fields{0, 0, 0, out.add_text(description_.export_name), 1};
    fields.insert(fields.end(), tables.begin(), tables.end());
    for (std::size_t i = 0; i < fields.size(); ++i) {
      out.put_le32(start + static_cast<std::uint32_t>(4 * i), static_cast<std::uint32_t>(fields[i]));
    }
    set_directory(pe::Directory::exports, start, out.end_rva() - start);
  }

  void write_headers(ByteWriter& out) const {
    out.text(pe::DosHeader::kMagic);
    out.zeros(pe::DosHeader::kPeOffset - out.size());
    out.le32(kPeOffset);
    if (description_.is_wine_builtin) out.text(pe::DosHeader::kWineBuiltin);
    out.zeros(kPeOffset - out.size());
    out.text(pe::kSignature);
    out.le16(description_.machine);
    out.le16(static_cast<std::uint16_t>(sections_.size()));
    out.zeros(12);  // no time stamp, no symbols
    const std::size_t directories =
        is_64_bit() ? pe::OptionalHeader::kDirectoryCount64 : pe::OptionalHeader::kDirectoryCount32;
    out.le16(static_cast<std::uint16_t>(directories + 4 + pe::kMaxDirectories * pe::OptionalHeader::kDirectorySize));
    out.le16(pe::CoffHeader::kIsExecutable | (description_.is_dll ? pe::CoffHeader::kIsDll : 0));
    write_optional_header(out, out.size());
    write_section_table(out);
  }

  void write_optional_header(ByteWriter& out, std::size_t start) const {
    const auto zeros_to = [&](std::size_t offset) { out.zeros(start + offset - out.size()); };
    out.le16(is_64_bit() ? pe::OptionalHeader::kMagic64 : pe::OptionalHeader::kMagic32);
    zeros_to(pe::OptionalHeader::kEntryPoint);
    out.le32(sections_.front().rva());
    zeros_to(is_64_bit() ? pe::OptionalHeader::kImageBase64 : pe::OptionalHeader::kImageBase32);
    if (is_64_bit()) {
      out.le64(kImageBase);
    } else {
      out.le32(kImageBase);
    }
    out.le32(kSectionAlignment);
    out.le32(kFileAlignment);
    out.le16(6);  // of Windows 6.0
    zeros_to(pe::OptionalHeader::kImageSize - 8);
    out.le16(6);  // subsystem version
    zeros_to(pe::OptionalHeader::kImageSize);
    out.le32(aligned(sections_.back().end_rva(), kSectionAlignment));
    out.le32(headers_size());
    zeros_to(pe::OptionalHeader::kSubsystem);
    out.le16(3);  // console
    zeros_to(is_64_bit() ? pe::OptionalHeader::kDirectoryCount64 : pe::OptionalHeader::kDirectoryCount32);
    out.le32(pe::kMaxDirectories);
    for (const auto& [rva, size] : directories_) {
      out.le32(rva);
      out.le32(size);
    }
  }

  [[nodiscard]] std::uint32_t headers_size() const {
    // Signature, COFF header, the larger optional header and the section table.
    const std::size_t size = kPeOffset + 4 + pe::CoffHeader::kSize + 240 + sections_.size() * pe::SectionHeader::kSize;
    return aligned(static_cast<std::uint32_t>(size), kFileAlignment);
  }

  void write_section_table(ByteWriter& out) const {
    std::uint32_t offset = headers_size();
    for (const PeSectionBuilder& section : sections_) {
      const auto size = static_cast<std::uint32_t>(section.bytes().size());
      const std::uint32_t raw_size = aligned(size, kFileAlignment);
      out.text(section.name());
      out.zeros(pe::SectionHeader::kNameSize - section.name().size());
      out.le32(size);
      out.le32(section.rva());
      out.le32(raw_size);
      out.le32(offset);
      out.zeros(12);
      out.le32(section.flags());
      offset += raw_size;
    }
  }

  const PeDescription& description_;
  std::vector<PeSectionBuilder> sections_;
  std::array<std::pair<std::uint32_t, std::uint32_t>, pe::kMaxDirectories> directories_{};
};

[[nodiscard]] inline Bytes build_pe(const PeDescription& description) { return PeBuilder(description).build(); }

// Where header number `index` of the section table begins in a file that build_pe() made: .text, .rdata, then .data,
// .rsrc and .apiset as far as they are needed.
[[nodiscard]] inline std::size_t section_header_offset(const Bytes& file, std::size_t index) {
  const std::size_t coff = *read_le<std::uint32_t>(file, pe::DosHeader::kPeOffset) + pe::kSignature.size();
  const auto optional_size = *read_le<std::uint16_t>(file, coff + pe::CoffHeader::kOptionalHeaderSize);
  return coff + pe::CoffHeader::kSize + optional_size + index * pe::SectionHeader::kSize;
}

// Where the byte at `rva` lies in a file that build_pe() made; `rva` must be in section number `index`.
[[nodiscard]] inline std::size_t file_offset(const Bytes& file, std::size_t index, std::uint32_t rva) {
  const std::size_t header = section_header_offset(file, index);
  return *read_le<std::uint32_t>(file, header + pe::SectionHeader::kRawOffset) +
         (rva - *read_le<std::uint32_t>(file, header + pe::SectionHeader::kRva));
}

}  // namespace winnow::testing
