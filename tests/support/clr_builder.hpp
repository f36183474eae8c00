// A minimal .NET metadata blob for tests: one module, one type, and the P/Invoke modules asked for (ECMA-335 II.24).
#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "support/pe_section_builder.hpp"

namespace winnow::testing {

// With `large_heaps` every heap index is 4 bytes wide, as in assemblies with more than 64 KB of names.
[[nodiscard]] inline Bytes build_clr_metadata(const std::vector<std::string>& module_refs, bool large_heaps = false) {
  Bytes strings(1);
  std::vector<std::size_t> offsets;
  for (const std::string& name : module_refs) {
    offsets.push_back(strings.size());
    ByteWriter(strings).text(std::string_view(name.c_str(), name.size() + 1));
  }
  Bytes tables;
  ByteWriter out(tables);
  const auto heap_index = [&](std::size_t value) {
    large_heaps ? out.le32(static_cast<std::uint32_t>(value)) : out.le16(static_cast<std::uint16_t>(value));
  };
  out.zeros(4);
  out.bytes(Bytes{2, 0, static_cast<std::uint8_t>(large_heaps ? 7 : 0), 1});
  out.le64(1 << 0x00 | 1 << 0x02 | 1 << 0x06 | 1 << 0x1a);  // Module, TypeDef, MethodDef, ModuleRef
  out.le64(0);
  for (const std::size_t rows : {std::size_t{1}, std::size_t{1}, std::size_t{1}, module_refs.size()}) {
    out.le32(static_cast<std::uint32_t>(rows));
  }
  out.le16(0);  // Module: generation, name, three GUIDs
  for (int i = 0; i < 4; ++i) heap_index(0);
  out.le32(0);  // TypeDef: flags, name, namespace, base, first field, first method
  for (int i = 0; i < 2; ++i) heap_index(0);
  for (const int index : {0, 1, 1}) out.le16(static_cast<std::uint16_t>(index));
  out.zeros(8);  // MethodDef: RVA, implementation flags, flags, name, signature, first parameter
  for (int i = 0; i < 2; ++i) heap_index(0);
  out.le16(1);
  for (const std::size_t offset : offsets) heap_index(offset);
  out.align(4);
  ByteWriter(strings).align(4);

  Bytes metadata;
  ByteWriter root(metadata);
  root.le32(0x424a5342);
  root.le16(1);
  root.le16(1);
  root.le32(0);
  root.le32(12);
  root.text(std::string_view("v4.0.30319\0\0", 12));
  root.le16(0);
  root.le16(2);
  const std::size_t first = metadata.size() + 12 + 20;  // behind the two stream headers
  root.le32(static_cast<std::uint32_t>(first));
  root.le32(static_cast<std::uint32_t>(tables.size()));
  root.text(std::string_view("#~\0\0", 4));
  root.le32(static_cast<std::uint32_t>(first + tables.size()));
  root.le32(static_cast<std::uint32_t>(strings.size()));
  root.text(std::string_view("#Strings\0\0\0\0", 12));
  root.bytes(tables);
  root.bytes(strings);
  return metadata;
}

// Adds `metadata` and a CLR header that points to it; returns the header's RVA.
inline std::uint32_t add_clr_header(PeSectionBuilder& out, const Bytes& metadata) {
  out.align(4);
  const std::uint32_t rva = out.add(metadata);
  constexpr std::uint32_t kHeaderSize = 72;
  const std::uint32_t header = out.add_numbers({kHeaderSize, 0x50002, rva, metadata.size()}, 4);
  out.reserve(kHeaderSize - 16);
  return header;
}

}  // namespace winnow::testing
