// Everything the image module does with hostile bytes, in one call: for the fuzzer and for the replay of its corpus.
#pragma once

#include <vector>

#include "image/container/layer_check.hpp"
#include "image/hive/hive_reader.hpp"

namespace winnow::testing {

// Reads `bytes` as a layer (plain, gzip, zstd) and as a hive. How many violations the layer has.
inline std::size_t check_anything(ByteView bytes) {
  std::vector<Violation> violations;
  (void)check_layer(bytes, "layer", violations);
  if (const auto hive = Hive::parse(bytes)) {
    (void)hive->find_value("Microsoft\\Windows NT\\CurrentVersion", "CurrentBuildNumber");
    (void)hive->find_value("", "");
  }
  return violations.size();
}

}  // namespace winnow::testing
