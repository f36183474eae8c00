// Some files of an existing image, by path, and keys of its hives: what reading its component store takes. Unlike
// read_image() this reads no more than what is asked for.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "payload/payload_source.hpp"

namespace winnow {

// Files of a disk, a bare NTFS volume or a container image, those whose paths are wanted ("Windows/System32/x.dll").
// Contents of a disk are read from it when they are loaded; those of layers are unpacked into a temporary file that the
// contents share. Nothing when `image` is none of these. Errors "cannot read image <image>: <reason>".
[[nodiscard]] Result<std::optional<std::vector<PayloadEntry>>> read_image_files(
    const std::filesystem::path& image, const std::function<bool(std::string_view)>& is_wanted);

// The keys right below a key, each with its REG_DWORD values; none when there is no such key. Only what is asked for is
// read: hives of a full Windows have 100 MB. Names are compared in any case. Error "cannot read hive <name>: <reason>".
struct HiveSubkey {
  std::string name;
  std::map<std::string, std::uint32_t> numbers;
};
[[nodiscard]] Result<std::vector<HiveSubkey>> read_hive_subkeys(ByteView hive, const std::string& name,
                                                                const std::vector<std::string>& path);

}  // namespace winnow
