#include "image/security_check.hpp"

#include <string_view>

namespace winnow {

namespace {

// SECURITY_DESCRIPTOR: u8 revision, u8 0, u16 control, u32 owner, u32 group, u32 sacl, u32 dacl.
constexpr std::size_t kHeaderSize = 20;
constexpr std::size_t kControl = 2;
constexpr std::size_t kOwner = 4;
constexpr std::size_t kGroup = 8;
constexpr std::size_t kSacl = 12;
constexpr std::size_t kDacl = 16;
constexpr std::uint16_t kDaclPresent = 0x0004;
constexpr std::uint16_t kSaclPresent = 0x0010;
constexpr std::uint16_t kSelfRelative = 0x8000;
// SID: u8 revision 1, u8 count, u48be authority, u32 x count.
constexpr std::size_t kSidHeaderSize = 8;
constexpr std::uint8_t kMaxSubAuthorities = 15;
// ACL: u8 revision, u8 0, u16 size, u16 count, u16 0; each ACE: u8 type, u8 flags, u16 size, u32 mask, SID.
constexpr std::size_t kAclHeaderSize = 8;
constexpr std::size_t kAceHeaderSize = 4;
constexpr std::size_t kAceSid = 8;
constexpr std::uint8_t kLastPlainAceType = 3;  // allow, deny, audit, alarm: a SID follows the mask
constexpr std::uint8_t kMandatoryLabelAce = 0x11;

bool is_sid(ByteView bytes) {
  if (bytes.size() < kSidHeaderSize || bytes[0] != 1 || bytes[1] > kMaxSubAuthorities) return false;
  return bytes.size() >= kSidHeaderSize + bytes[1] * 4u;
}

bool is_ace(ByteView ace) {
  const bool has_plain_sid = ace[0] <= kLastPlainAceType || ace[0] == kMandatoryLabelAce;
  return !has_plain_sid || (ace.size() >= kAceSid && is_sid(ace.subspan(kAceSid)));
}

bool is_acl(ByteView bytes) {
  const auto size = read_le<std::uint16_t>(bytes, 2);
  const auto count = read_le<std::uint16_t>(bytes, 4);
  if (!size || !count || *size < kAclHeaderSize || *size > bytes.size()) return false;
  const ByteView acl = bytes.first(*size);
  std::size_t offset = kAclHeaderSize;
  for (std::size_t i = 0; i < *count; ++i) {
    const auto ace_size = read_le<std::uint16_t>(acl, offset + 2);
    const auto ace = ace_size ? slice(acl, offset, *ace_size) : std::nullopt;
    if (!ace || *ace_size < kAceHeaderSize || !is_ace(*ace)) return false;
    offset += *ace_size;
  }
  return true;
}

// 0 means "has none"; every part lies behind the header.
bool is_part(ByteView descriptor, std::size_t field, bool (*is_sound)(ByteView)) {
  const std::uint32_t offset = *read_le<std::uint32_t>(descriptor, field);
  if (offset == 0) return true;
  return offset >= kHeaderSize && offset < descriptor.size() && is_sound(descriptor.subspan(offset));
}

}  // namespace

std::optional<std::string> find_security_fault(ByteView descriptor) {
  if (descriptor.size() < kHeaderSize) return "it is shorter than 20 bytes";
  if (descriptor[0] != 1) return "its revision is not 1";
  const std::uint16_t control = *read_le<std::uint16_t>(descriptor, kControl);
  if ((control & kSelfRelative) == 0) return "it is not self-relative";
  if (!is_part(descriptor, kOwner, is_sid)) return "its owner is no SID inside it";
  if (!is_part(descriptor, kGroup, is_sid)) return "its group is no SID inside it";
  if ((control & kSaclPresent) != 0 && !is_part(descriptor, kSacl, is_acl)) return "its SACL is no ACL inside it";
  if ((control & kDaclPresent) != 0 && !is_part(descriptor, kDacl, is_acl)) return "its DACL is no ACL inside it";
  return std::nullopt;
}

}  // namespace winnow
