// What a test's PE file is made of; build_pe() of pe_builder.hpp makes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "support/pe_resource_builder.hpp"

namespace winnow::testing {

inline constexpr std::uint16_t kPeX86 = 0x14c;
inline constexpr std::uint16_t kPeArm64 = 0xaa64;
inline constexpr std::uint16_t kPeAmd64 = 0x8664;

struct PeImport {
  std::string module = {};
  std::vector<std::string> functions = {};  // a name, or "#12" for an ordinal
};

// Ordinals count from 1 in the order of the list.
struct PeExport {
  std::string name = {};       // "" = by ordinal only
  std::string forwarder = {};  // "" = code here
};

struct PeDescription {
  std::uint16_t machine = kPeAmd64;  // kPeX86 gives a PE32 file, the others PE32+
  bool is_dll = false;
  bool is_wine_builtin = false;
  std::vector<PeImport> imports = {};
  std::vector<PeImport> delay_imports = {};  // data directory 13
  bool delay_imports_use_addresses = false;  // the form of Visual C++ 6: virtual addresses, attribute bit 0 clear
  std::vector<PeImport> hidden_delay_imports = {};  // in .data, in no directory, as winebuild leaves them
  std::string export_name = {};                     // the name the export directory gives the module
  std::vector<PeExport> exports = {};
  std::vector<PeResource> resources = {};
  std::optional<PeVersion> version = {};
  std::string manifest = {};                       // RT_MANIFEST, "" = none
  std::vector<std::string> strings = {};           // NUL-terminated, in .rdata
  std::vector<std::string> wide_strings = {};      // the same in UTF-16LE
  std::string packed_strings = {};                 // laid end to end, without NULs between, as Go and Rust do
  std::vector<std::string> platform_invokes = {};  // names of a .NET ModuleRef table; not empty = managed
  bool clr_heaps_are_large = false;
  Bytes api_set_schema = {};  // section .apiset, see support/api_set_builder.hpp
};

}  // namespace winnow::testing
