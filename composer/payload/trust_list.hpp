// The trust list inside a security catalog: the digests it names.
#pragma once

#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/digest.hpp"

namespace winnow {

struct TrustListMembers {
  std::vector<Digest> sha256;    // sorted, none twice
  std::vector<Sha1Digest> sha1;  // sorted, none twice
  std::size_t images = 0;        // digests of executables without their signature
};

// Reads the content of the trust list's outer sequence. What is wrong with it, "" when all is well.
[[nodiscard]] std::string read_trust_list(ByteView content, TrustListMembers& members);

}  // namespace winnow
