// What the PA30 fuzzer and the replay of its corpus call.
#pragma once

#include <cstdlib>
#include <string>

#include "payload/pa30.hpp"

namespace winnow::testing {

inline constexpr ByteCount kFuzzedTarget = 1 << 20;  // bytes; more would only take time

// The input is a delta against 64 bytes of text, plain or as a manifest is stored. Ends the program when a delta gives
// another size than it says.
inline void apply_anything(ByteView bytes) {
  constexpr std::string_view kSource = "<assembly xmlns=\"urn:schemas-microsoft-com:asm.v3\"><file name=\"\"/>";
  const ByteView delta = is_delta_manifest(bytes) ? bytes.subspan(4) : bytes;
  const auto header = parse_pa30_header(delta, "input");
  const auto target = apply_pa30(delta, as_bytes(kSource), "input", kFuzzedTarget);
  if (target && (!header || target->size() != header->target_size || target->size() > kFuzzedTarget)) std::abort();
}

}  // namespace winnow::testing
