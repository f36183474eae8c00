// Registrar scripts (.rgs, "Creating Registrar Scripts" in Microsoft's ATL documentation): what a COM module wants
// registered, as text. Wine's modules carry them as WINE_REGISTRY resources.
//
//   HKCR { NoRemove CLSID { '{…}' = s 'Name' { InprocServer32 = s '%MODULE%' { val ThreadingModel = s 'Both' } } } }
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "feed/registry_values.hpp"

namespace winnow {

// Limits against hostile input.
inline constexpr std::size_t kMaxScriptBytes = 4u << 20;
inline constexpr std::size_t kMaxScriptDepth = 64;

// Adds what the script sets to `keys`. `replacements` are the texts for %NAME%; "%%" is a percent sign.
// A key is named only where it has a value or nothing below it. Error: "file:line: cannot parse registrar script:
// <reason>".
[[nodiscard]] Result<void> add_registrar_script(std::string_view text, const std::string& file,
                                                const std::map<std::string, std::string, std::less<>>& replacements,
                                                RegistryKeys& keys);

}  // namespace winnow
