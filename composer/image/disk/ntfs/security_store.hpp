// $Secure: every distinct security descriptor once, found by id ($SII) and by hash ($SDH).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "image/disk/ntfs/volume_plan.hpp"

namespace winnow::ntfs {

// Ids of what mkntfs puts there for the system files: readable, or writable, by SYSTEM and administrators.
inline constexpr std::uint32_t kReadableId = sds::kFirstId;
inline constexpr std::uint32_t kWritableId = sds::kFirstId + 1;

// The descriptor of system files that carry their own ($SECURITY_DESCRIPTOR): owner SYSTEM, group administrators.
[[nodiscard]] Bytes system_descriptor(bool writable);

// The hash NTFS finds descriptors by: rotate left by 3 and add, dword by dword.
[[nodiscard]] std::uint32_t security_hash(ByteView descriptor);

// Fills in plan.security_ids, descriptor_stream, by_hash and by_id (without their places).
void store_descriptors(VolumePlan& plan);

}  // namespace winnow::ntfs
