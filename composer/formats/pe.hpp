// Layout of PE files: offsets, sizes and flags, nothing else. Names in quotes are sections of Microsoft's "PE Format"
// (learn.microsoft.com/windows/win32/debug/pe-format); every offset counts from the start of its own structure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace winnow::pe {

// "MS-DOS Stub" and "Signature".
struct DosHeader {
  static constexpr std::string_view kMagic = "MZ";
  static constexpr std::size_t kPeOffset = 0x3c;  // le32, file offset of the signature
  static constexpr std::size_t kSize = 0x40;
  // What Wine's winebuild writes behind the DOS header of its own modules (tools/winebuild/spec32.c).
  static constexpr std::string_view kWineBuiltin = "Wine builtin DLL";
};
inline constexpr std::string_view kSignature{"PE\0\0", 4};

// "COFF File Header", right behind the signature.
struct CoffHeader {
  static constexpr std::size_t kMachine = 0;              // le16
  static constexpr std::size_t kSectionCount = 2;         // le16
  static constexpr std::size_t kSymbolTable = 8;          // le32, file offset; 0 = none
  static constexpr std::size_t kSymbolCount = 12;         // le32
  static constexpr std::size_t kOptionalHeaderSize = 16;  // le16
  static constexpr std::size_t kCharacteristics = 18;     // le16
  static constexpr std::size_t kSize = 20;
  static constexpr std::uint16_t kIsExecutable = 0x0002;
  static constexpr std::uint16_t kIsDll = 0x2000;
};
inline constexpr std::size_t kSymbolSize = 18;  // "COFF Symbol Table": one record

// "Optional Header"; PE32 and PE32+ differ in four field widths and in where the data directories begin.
struct OptionalHeader {
  static constexpr std::uint16_t kMagic32 = 0x10b;
  static constexpr std::uint16_t kMagic64 = 0x20b;
  static constexpr std::size_t kMagic = 0;              // le16
  static constexpr std::size_t kEntryPoint = 16;        // le32, RVA
  static constexpr std::size_t kImageBase64 = 24;       // le64 in PE32+
  static constexpr std::size_t kImageBase32 = 28;       // le32 in PE32
  static constexpr std::size_t kSectionAlignment = 32;  // le32
  static constexpr std::size_t kFileAlignment = 36;     // le32
  static constexpr std::size_t kImageSize = 56;         // le32
  static constexpr std::size_t kHeadersSize = 60;       // le32
  static constexpr std::size_t kSubsystem = 68;         // le16
  static constexpr std::size_t kDirectoryCount32 = 92;  // le32; the directories follow
  static constexpr std::size_t kDirectoryCount64 = 108;
  static constexpr std::size_t kDirectorySize = 8;  // le32 RVA, le32 size
};

// "Optional Header Data Directories": the indexes that winnow reads.
enum class Directory : std::size_t {
  exports = 0,
  imports = 1,
  resources = 2,
  certificates = 4,  // its address is a file offset
  debug = 6,
  delay_imports = 13,
  clr = 14,
};
inline constexpr std::size_t kMaxDirectories = 16;
inline constexpr std::uint16_t kSubsystemNative = 1;  // "Windows Subsystem": drivers, and programs before any subsystem

// "Debug Directory (Image Only)": one entry.
struct DebugEntry {
  static constexpr std::size_t kDataSize = 16;    // le32
  static constexpr std::size_t kDataOffset = 24;  // le32, in the file; 0 = not in the file
  static constexpr std::size_t kSize = 28;
};

// "Section Table (Section Headers)".
struct SectionHeader {
  static constexpr std::size_t kName = 0;  // 8 bytes, NUL padded; "/123" = offset into the COFF string table
  static constexpr std::size_t kNameSize = 8;
  static constexpr std::size_t kVirtualSize = 8;  // le32
  static constexpr std::size_t kRva = 12;         // le32
  static constexpr std::size_t kRawSize = 16;     // le32
  static constexpr std::size_t kRawOffset = 20;   // le32
  static constexpr std::size_t kFlags = 36;       // le32
  static constexpr std::size_t kSize = 40;
};
inline constexpr std::size_t kMaxSections = 96;  // "COFF File Header": what the Windows loader takes
// The loader reads a section from its raw offset rounded down to this, whatever the file alignment says.
inline constexpr std::uint32_t kSectorSize = 512;

// "Import Directory Table"; the entry whose name is 0 ends it.
struct ImportDescriptor {
  static constexpr std::size_t kLookupTable = 0;    // le32, RVA; 0 in old files: use the address table
  static constexpr std::size_t kName = 12;          // le32, RVA
  static constexpr std::size_t kAddressTable = 16;  // le32, RVA
  static constexpr std::size_t kSize = 20;
};
// "Import Lookup Table": a number of pointer width whose top bit says "ordinal", else the RVA of a hint (le16) and a
// name.
inline constexpr std::uint64_t kOrdinalFlag32 = 0x80000000u;
inline constexpr std::uint64_t kOrdinalFlag64 = 0x8000000000000000u;
inline constexpr std::size_t kHintSize = 2;

// "The Delay-Load Directory Table"; the entry whose name is 0 ends it.
struct DelayDescriptor {
  static constexpr std::size_t kAttributes =
      0;                                   // le32; bit 0: the fields are RVAs, else virtual addresses (Visual C++ 6)
  static constexpr std::size_t kName = 4;  // le32
  static constexpr std::size_t kModuleHandle = 8;         // le32
  static constexpr std::size_t kAddressTable = 12;        // le32
  static constexpr std::size_t kNameTable = 16;           // le32
  static constexpr std::size_t kBoundAddressTable = 20;   // le32
  static constexpr std::size_t kUnloadAddressTable = 24;  // le32
  static constexpr std::size_t kTimestamp = 28;           // le32
  static constexpr std::size_t kSize = 32;
  static constexpr std::uint32_t kFieldsAreRvas = 1;
};

// "Export Directory Table".
struct ExportDirectory {
  static constexpr std::size_t kName = 12;          // le32, RVA
  static constexpr std::size_t kOrdinalBase = 16;   // le32
  static constexpr std::size_t kAddressCount = 20;  // le32
  static constexpr std::size_t kNameCount = 24;     // le32
  static constexpr std::size_t kAddresses = 28;     // le32, RVA of le32 RVAs
  static constexpr std::size_t kNames = 32;         // le32, RVA of le32 RVAs
  static constexpr std::size_t kOrdinals = 36;      // le32, RVA of le16 indexes into the addresses
  static constexpr std::size_t kSize = 40;
};

// "The .rsrc Section": three levels of tables (type, name, language), then data entries.
struct ResourceTable {
  static constexpr std::size_t kNamedCount = 12;   // le16
  static constexpr std::size_t kNumberCount = 14;  // le16
  static constexpr std::size_t kSize = 16;
  static constexpr std::size_t kEntrySize = 8;            // le32 name or number, le32 offset
  static constexpr std::uint32_t kHighBit = 0x80000000u;  // of the first: it is a string; of the second: it is a table
};
struct ResourceData {
  static constexpr std::size_t kRva = 0;   // le32
  static constexpr std::size_t kSize = 4;  // le32
  static constexpr std::size_t kEntrySize = 16;
};
inline constexpr std::uint16_t kResourceVersion = 16;   // RT_VERSION
inline constexpr std::uint16_t kResourceManifest = 24;  // RT_MANIFEST

// VS_VERSIONINFO and its children ("Version Information Structures", winver): a header, a NUL-terminated UTF-16 key,
// the value, the children; value and children begin at multiples of 4.
struct VersionBlock {
  static constexpr std::size_t kLength = 0;       // le16, of the whole block
  static constexpr std::size_t kValueLength = 2;  // le16
  static constexpr std::size_t kType = 4;         // le16, 1 = text
  static constexpr std::size_t kKey = 6;
};
struct FixedFileInfo {
  static constexpr std::uint32_t kSignature = 0xfeef04bdu;  // le32 at 0
  static constexpr std::size_t kFileVersionHigh = 8;        // le32
  static constexpr std::size_t kFileVersionLow = 12;        // le32
  static constexpr std::size_t kSize = 52;
};

}  // namespace winnow::pe
