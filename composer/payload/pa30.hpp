// PA30 deltas, what Windows' msdelta makes: the bytes of a file from those of another and what differs. Component
// manifests in packages are such deltas against a dictionary (DCM). Written after the notes of servicing.md 11 and of
// smilingthax/msdelta-pa30-format.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace winnow {

struct Pa30Header {
  std::uint64_t target_time = 0;  // 100 ns since 1601
  std::uint64_t file_type_set = 0;
  std::uint64_t file_type = 0;  // 1 = RAW: no executable's transformation
  std::uint64_t flags = 0;
  ByteCount target_size = 0;
  std::uint32_t hash_algorithm = 0;  // CALG_…; 0 = no hash
  Bytes hash;                        // of the target
};

// Largest target of one delta that is applied, and of one that stands for a manifest.
inline constexpr ByteCount kMaxDeltaTarget = ByteCount{256} << 20;
inline constexpr ByteCount kMaxDeltaManifest = ByteCount{64} << 20;

// `name` stands for the delta in errors: "cannot apply delta <name>: <reason>". Refused besides damage: executables'
// transformations (a preprocess buffer or a rift table), a target above `limit`. A hash in the header is not compared.
// Slots 0 to 2 (copies near the same position of the source) come from notes only: no sample has them.
[[nodiscard]] Result<Pa30Header> parse_pa30_header(ByteView delta, const std::string& name);
[[nodiscard]] Result<Bytes> apply_pa30(ByteView delta, ByteView source, const std::string& name,
                                       ByteCount limit = kMaxDeltaTarget);

// "DCM\x01" and a delta against `dictionary`; other bytes are returned as they are.
[[nodiscard]] Result<Bytes> expand_manifest(ByteView bytes, ByteView dictionary, const std::string& name);
[[nodiscard]] bool is_delta_manifest(ByteView bytes);

}  // namespace winnow
