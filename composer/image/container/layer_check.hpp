// One layer blob against all rules that a layer alone can break (1 to 14).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "image/container/verify_image.hpp"

namespace winnow {

struct LayerFacts {
  std::size_t entries = 0;
  std::optional<Digest> diff_id;          // of the tar; nothing when it could not be read to its end
  std::optional<std::string> os_version;  // what its SOFTWARE hive states
};

// Appends to `violations`; `name` is the subject of those that concern the layer as a whole. Content of a tar that
// cannot be read further is a violation without a rule, and ends the check.
[[nodiscard]] LayerFacts check_layer(ByteView blob, const std::string& name, std::vector<Violation>& violations);
// The SHA-256 of the tar in `blob`, without looking at its entries (layers above the base have other rules).
[[nodiscard]] LayerFacts hash_layer(ByteView blob, const std::string& name, std::vector<Violation>& violations);

}  // namespace winnow
