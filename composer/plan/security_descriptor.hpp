// SDDL text to the self-relative SECURITY_DESCRIPTOR bytes that layers, NTFS and hives carry (MS-DTYP 2.4.6, 2.5.1).
#pragma once

#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace winnow {

// What plain directories and files get when no manifest says otherwise (windows-formats.md 1.5).
inline constexpr std::string_view kDirectorySddl =
    "O:BAG:SYD:(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)(A;;FA;;;BA)(A;OICIIO;GA;;;CO)(A;OICI;0x1200a9;;;BU)(A;CI;LC;;;BU)"
    "(A;CI;DC;;;BU)";
inline constexpr std::string_view kFileSddl = "O:BAG:SYD:(A;;FA;;;BA)(A;;FA;;;SY)(A;;0x1200a9;;;BU)";

// Owner, group, DACL and SACL with allow, deny, audit and mandatory-label entries; SIDs as two-letter aliases or
// S-1-…. Conditional and object entries are not known. Error: "cannot read security descriptor \"<sddl>\": <reason>".
[[nodiscard]] Result<Bytes> parse_sddl(std::string_view sddl);

}  // namespace winnow
