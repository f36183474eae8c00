// The dictionary that Windows' component manifests are deltas against (DCM). It is Microsoft's; a user has it in the
// wcp.dll of any Windows.
#pragma once

#include <filesystem>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace winnow {

inline constexpr ByteCount kMaxDictionarySource = ByteCount{256} << 20;  // a wcp.dll has about 3 MB

// Of a PE file: its resource 0x266, number 1. Of any other file: its bytes.
// Error "cannot read the dictionary of manifests from <file>: <reason>".
[[nodiscard]] Result<Bytes> load_delta_dictionary(const std::filesystem::path& file);
// The same of bytes that are there already.
[[nodiscard]] Result<Bytes> delta_dictionary_of(ByteView bytes, const std::string& file);

}  // namespace winnow
