// AddReg sections of an INF file ("INF AddReg Directive" in Microsoft's driver documentation) as registry keys and
// values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "feed/registry_values.hpp"
#include "manifest/inf_file.hpp"

namespace winnow {

// Adds what the lines of `section` set to `keys`. `relative_root` is the key that HKR stands for, "" when there is
// none. Returns how many lines were left out because they delete something: nothing is there yet. Collects every fault:
// "file:line: cannot read AddReg line: <reason>".
[[nodiscard]] Result<std::uint32_t> add_inf_registry(const InfFile& inf, std::string_view section,
                                                     const std::string& relative_root, RegistryKeys& keys);

}  // namespace winnow
