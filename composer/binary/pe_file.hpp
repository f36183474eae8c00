// A PE file (EXE, DLL, driver; x86-64, x86, ARM64) as far as resolving needs it: what it imports, exports and carries.
// Other machines are read as well and reported as Machine::unknown.
// Input is hostile: every offset is checked, every count has a named limit, a fault names the file and the field.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "binary/pe_image.hpp"

namespace winnow {

enum class Machine : std::uint16_t { unknown = 0, x86 = 0x14c, arm64 = 0xaa64, amd64 = 0x8664 };

struct ImportedModule {
  std::string name;                    // as written: "KERNEL32.dll"
  std::vector<std::string> functions;  // names, or "#12" for an ordinal, in table order
};

struct ExportedSymbol {
  std::string name;  // "" when exported by ordinal only
  std::uint32_t ordinal = 0;
  std::string forwarder;  // "NTDLL.RtlAllocateHeap", "" when it is code or data here
};

// A resource by type and name; integer ids are spelled "#16".
struct Resource {
  std::string type;
  std::string name;
  std::uint16_t language = 0;
  ByteView data;  // into the file's bytes
};

struct VersionInfo {
  std::array<std::uint16_t, 4> file_version{};
  std::string description;   // FileDescription, "" when absent
  std::string product_name;  // ProductName, "" when absent
  std::string company_name;  // CompanyName, "" when absent
};

// Views into `bytes`, which must outlive the object.
class PeFile {
 public:
  // Checks the headers and the section table. Error: "cannot read PE file <name>: <reason>".
  [[nodiscard]] static Result<PeFile> parse(ByteView bytes, const std::string& name);

  [[nodiscard]] Machine machine() const;
  [[nodiscard]] bool is_dll() const;
  [[nodiscard]] bool is_wine_builtin() const;  // "Wine builtin DLL" in the DOS stub
  [[nodiscard]] bool is_managed() const;       // has a CLR header

  [[nodiscard]] Result<std::vector<ImportedModule>> imports() const;
  // Data directory 13, and descriptors that winebuild leaves in .data with no directory (open-feed.md 2).
  [[nodiscard]] Result<std::vector<ImportedModule>> delay_imports() const;
  [[nodiscard]] Result<std::vector<ExportedSymbol>> exports() const;  // by ordinal, then name
  [[nodiscard]] Result<std::vector<Resource>> resources() const;
  [[nodiscard]] Result<std::optional<VersionInfo>> version_info() const;
  [[nodiscard]] Result<std::optional<std::string>> embedded_manifest() const;  // RT_MANIFEST text, UTF-8
  // .NET metadata's ModuleRef names: the native modules of P/Invoke. Empty when not managed.
  [[nodiscard]] Result<std::vector<std::string>> platform_invoke_modules() const;
  // Contents of the named section, nothing when there is none: used for the API-set schema.
  [[nodiscard]] std::optional<ByteView> section(std::string_view name) const;

 private:
  PeFile() = default;

  PeImage image_;
};

}  // namespace winnow
