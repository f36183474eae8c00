// The hashes behind the names of a component store (servicing.md 5).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "manifest/assembly_identity.hpp"

namespace winnow {

enum class WithVersion { no, yes };

// Of a text in any case.
[[nodiscard]] std::uint64_t store_text_hash(std::string_view text);
// Of an identity, as 16 hex digits: the end of its key form, or of its family's.
[[nodiscard]] std::string pseudo_key(const AssemblyIdentity& identity, WithVersion with_version);

}  // namespace winnow
