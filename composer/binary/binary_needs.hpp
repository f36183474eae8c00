// What a binary needs from other modules, hard and soft.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "binary/pe_file.hpp"

namespace winnow {

// Module names are lower case and have an extension ("ws2_32" of a P/Invoke becomes "ws2_32.dll"); sorted, no
// duplicates.
struct BinaryNeeds {
  Machine machine = Machine::unknown;
  bool managed = false;
  std::vector<std::string> imports;  // hard: static imports, contract names as written
  // Of each of `imports`: what is imported from it by name, or "#12" by ordinal; sorted, no duplicates.
  std::map<std::string, std::vector<std::string>> functions;
  std::vector<std::string> delay_imports;  // soft
  std::vector<std::string> named;          // soft: P/Invoke modules, and names of `known_modules` that occur in strings

  bool operator==(const BinaryNeeds&) const = default;
};

// Needs of the PE file `bytes`. `known_modules` (lower case, with extension) are the names looked for in strings: ASCII
// and UTF-16LE, any case, with ".dll" written out; in packed strings (Go, Rust) the longest known name that ends at
// ".dll" counts (module_names.hpp has the rule). P/Invoke modules are listed whether known or not, but for the names
// that .NET gives its own runtime ("QCall").
[[nodiscard]] Result<BinaryNeeds> read_binary_needs(ByteView bytes, const std::string& name,
                                                    const std::set<std::string, std::less<>>& known_modules);

// Every way in which a static import can name what a PE file exports (names, and "#12"), with the forwarder behind it
// ("NTDLL.RtlAllocateHeap"); "" when it is code or data of the file itself.
using ExportNames = std::map<std::string, std::string, std::less<>>;
[[nodiscard]] Result<ExportNames> read_exports(ByteView bytes, const std::string& name);

// Does it begin like a PE file (MZ, and a PE header inside)? Cheap; used to pick the binaries among an app's files.
[[nodiscard]] bool looks_like_pe(ByteView bytes);

}  // namespace winnow
