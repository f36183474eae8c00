// Every field of an NTFS volume's system files as text, by name, so that two volumes can be compared and their
// differences named: "09 $Secure / $SII / entry 0 / key" -> "00010000".
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace winnow::ntfs::testing {

using Description = std::map<std::string, std::string>;

// The boot sector (without boot code), records 0 to 26 with their attributes and indexes, the contents of the system
// files, and what both must keep: mirrors that equal their originals, a bitmap that says which clusters are in use.
[[nodiscard]] Description describe_volume(ByteView volume);

struct Difference {
  std::string field;
  std::string theirs;  // "" = not there
  std::string ours;
};
[[nodiscard]] std::vector<Difference> differences(const Description& theirs, const Description& ours);

}  // namespace winnow::ntfs::testing
