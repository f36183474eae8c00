// Names of a layer that importers look for, in the case they look for them (windows-formats.md 1.2).
#pragma once

#include <array>
#include <string_view>

namespace winnow {

inline constexpr std::string_view kFilesRoot = "Files";
inline constexpr std::string_view kUtilityRoot = "UtilityVM";
inline constexpr std::string_view kUtilityFiles = "UtilityVM/Files";

inline constexpr std::string_view kSoftwareHive = "Files/Windows/System32/config/SOFTWARE";
inline constexpr std::array<std::string_view, 5> kBaseHives = {
    "Files/Windows/System32/config/DEFAULT", "Files/Windows/System32/config/SAM",
    "Files/Windows/System32/config/SECURITY", kSoftwareHive, "Files/Windows/System32/config/SYSTEM"};
inline constexpr std::array<std::string_view, 2> kUtilityHives = {"UtilityVM/Files/Windows/System32/config/SOFTWARE",
                                                                  "UtilityVM/Files/Windows/System32/config/SYSTEM"};
inline constexpr std::string_view kUtilityBcd = "UtilityVM/Files/EFI/Microsoft/Boot/BCD";
inline constexpr std::string_view kUtilityBootManager = "UtilityVM/Files/EFI/Microsoft/Boot/bootmgfw.efi";

}  // namespace winnow
