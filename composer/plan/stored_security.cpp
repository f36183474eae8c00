#include "plan/stored_security.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace winnow {

namespace {

// MS-DTYP 2.4.4.1, 2.4.5, 2.4.6
constexpr std::uint8_t kObjectInherit = 0x01;
constexpr std::uint8_t kContainerInherit = 0x02;
constexpr std::uint8_t kNoPropagate = 0x04;
constexpr std::uint8_t kInheritOnly = 0x08;
constexpr std::uint8_t kInherited = 0x10;
constexpr std::uint8_t kInheritance = kObjectInherit | kContainerInherit | kNoPropagate | kInheritOnly;
constexpr std::uint16_t kDaclPresent = 0x0004;
constexpr std::uint16_t kDaclAutoInherited = 0x0400;
constexpr std::uint16_t kDaclProtected = 0x1000;
constexpr std::uint16_t kSelfRelative = 0x8000;
constexpr std::uint32_t kGenericRights = 0xF0000000;
constexpr std::size_t kHeaderBytes = 20;
constexpr std::size_t kAclBytes = 8;
constexpr std::size_t kEntryBytes = 8;  // of an access entry before its SID
// SID S-1-3-0: the owner of whatever inherits the entry.
constexpr std::array<std::uint8_t, 12> kCreatorOwner = {1, 1, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0};
constexpr std::array<std::uint8_t, 12> kSystem = {1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0};
constexpr std::array<std::uint8_t, 12> kCreatorGroup = {1, 1, 0, 0, 0, 0, 0, 3, 1, 0, 0, 0};

struct Entry {
  std::uint8_t type = 0;
  std::uint8_t flags = 0;
  std::uint32_t rights = 0;
  Bytes sid;
};

struct Parts {
  std::uint16_t control = 0;
  Bytes owner;
  Bytes group;
  std::optional<Bytes> sacl;  // as it is
  std::optional<std::vector<Entry>> dacl;
};

Bytes part_at(const Bytes& descriptor, std::uint32_t offset, std::size_t size) {
  const auto part = slice(descriptor, offset, size);
  return part ? Bytes(part->begin(), part->end()) : Bytes();
}

Bytes sid_at(const Bytes& descriptor, std::size_t field) {
  const std::uint32_t offset = read_le<std::uint32_t>(descriptor, field).value_or(0);
  const std::uint8_t count = read_le<std::uint8_t>(descriptor, offset + 1).value_or(0);
  return offset == 0 ? Bytes() : part_at(descriptor, offset, 8 + std::size_t{count} * 4);
}

std::vector<Entry> read_entries(const Bytes& acl) {
  std::vector<Entry> entries;
  const std::uint16_t count = read_le<std::uint16_t>(acl, 4).value_or(0);
  std::size_t offset = kAclBytes;
  for (std::uint16_t i = 0; i < count; ++i) {
    const std::uint16_t size = read_le<std::uint16_t>(acl, offset + 2).value_or(0);
    const auto entry = slice(acl, offset, size);
    if (!entry || size < kEntryBytes) break;
    entries.push_back({(*entry)[0], (*entry)[1], read_le<std::uint32_t>(*entry, 4).value_or(0),
                       Bytes(entry->begin() + kEntryBytes, entry->end())});
    offset += size;
  }
  return entries;
}

// Precondition: parse_sddl() made it.
Parts read_parts(const Bytes& descriptor) {
  Parts parts;
  parts.control = read_le<std::uint16_t>(descriptor, 2).value_or(0);
  parts.owner = sid_at(descriptor, 4);
  parts.group = sid_at(descriptor, 8);
  for (const std::size_t field : {std::size_t{12}, std::size_t{16}}) {
    const std::uint32_t offset = read_le<std::uint32_t>(descriptor, field).value_or(0);
    if (offset == 0) continue;
    Bytes acl = part_at(descriptor, offset, read_le<std::uint16_t>(descriptor, offset + 2).value_or(0));
    if (field == 12) {
      parts.sacl = std::move(acl);
    } else {
      parts.dacl = read_entries(acl);
    }
  }
  return parts;
}

Bytes write_acl(const std::vector<Entry>& entries) {
  Bytes acl = {2, 0, 0, 0};  // ACL_REVISION
  ByteWriter out(acl);
  out.le16(static_cast<std::uint16_t>(entries.size()));
  out.le16(0);
  for (const Entry& entry : entries) {
    out.u8(entry.type);
    out.u8(entry.flags);
    out.le16(static_cast<std::uint16_t>(kEntryBytes + entry.sid.size()));
    out.le32(entry.rights);
    out.bytes(entry.sid);
  }
  out.put_le16_at(2, static_cast<std::uint16_t>(acl.size()));
  return acl;
}

enum class PartOrder { owners_first, lists_first };

// parse_sddl() writes owner, group, SACL, DACL; Windows' own functions write both lists first.
Bytes write_parts(const Parts& parts, PartOrder order = PartOrder::owners_first) {
  Bytes bytes = {1, 0};
  ByteWriter out(bytes);
  out.le16(static_cast<std::uint16_t>(parts.control | kSelfRelative));
  out.zeros(kHeaderBytes - 4);
  const auto add = [&](std::size_t field, const Bytes& part) {
    out.put_le32_at(field, static_cast<std::uint32_t>(bytes.size()));
    out.bytes(part);
  };
  const auto add_owners = [&] {
    if (!parts.owner.empty()) add(4, parts.owner);
    if (!parts.group.empty()) add(8, parts.group);
  };
  if (order == PartOrder::owners_first) add_owners();
  if (parts.sacl) add(12, *parts.sacl);
  if (parts.dacl) add(16, write_acl(*parts.dacl));
  if (order == PartOrder::lists_first) add_owners();
  return bytes;
}

// GENERIC_ALL, _EXECUTE, _WRITE, _READ of files and keys (MS-DTYP 2.4.3, MS-RRP 2.2.3).
std::uint32_t mapped(std::uint32_t rights, SecuredObject object) {
  const bool is_key = object == SecuredObject::key;
  const std::array<std::pair<std::uint32_t, std::uint32_t>, 4> generic = {{
      {0x10000000, is_key ? 0xF003F : 0x1F01FF},
      {0x20000000, is_key ? 0x20019 : 0x1200A0},
      {0x40000000, is_key ? 0x20006 : 0x120116},
      {0x80000000, is_key ? 0x20019 : 0x120089},
  }};
  std::uint32_t result = rights & ~kGenericRights;
  for (const auto& [bit, meaning] : generic) {
    if ((rights & bit) != 0) result |= meaning;
  }
  return result;
}

// An entry of the object itself: both halves when its children inherit something else than it says.
void add_own(const Entry& entry, SecuredObject object, std::vector<Entry>& entries) {
  const bool is_generic = (entry.rights & kGenericRights) != 0;
  if ((entry.flags & kInheritOnly) != 0 || !is_generic) return entries.push_back(entry);
  Entry own = entry;
  own.rights = mapped(entry.rights, object);
  const bool is_split = (entry.flags & (kObjectInherit | kContainerInherit)) != 0 && object != SecuredObject::file;
  if (is_split) own.flags = static_cast<std::uint8_t>(own.flags & ~kInheritance);
  entries.push_back(std::move(own));
  if (!is_split) return;
  entries.push_back(entry);
  entries.back().flags |= kInheritOnly;
}

// What `entry` of a parent gives to a child whose owner and group are `child`'s.
void add_inherited(const Entry& entry, const Parts& child, SecuredObject object, std::vector<Entry>& entries) {
  const bool is_container = object != SecuredObject::file;
  const bool for_child = (entry.flags & (is_container ? kContainerInherit : kObjectInherit)) != 0;
  const bool goes_on =
      is_container && (entry.flags & kNoPropagate) == 0 && (entry.flags & (kObjectInherit | kContainerInherit)) != 0;
  const auto below = static_cast<std::uint8_t>((entry.flags & (kObjectInherit | kContainerInherit)) | kInherited);
  const bool is_owner = std::equal(entry.sid.begin(), entry.sid.end(), kCreatorOwner.begin(), kCreatorOwner.end());
  const bool is_group = std::equal(entry.sid.begin(), entry.sid.end(), kCreatorGroup.begin(), kCreatorGroup.end());
  const bool changes = is_owner || is_group || (entry.rights & kGenericRights) != 0;
  if (for_child) {
    Entry own = entry;
    own.rights = mapped(entry.rights, object);
    own.flags = goes_on && !changes ? below : kInherited;
    if (is_owner) own.sid = child.owner;
    if (is_group) own.sid = child.group;
    if (!own.sid.empty()) entries.push_back(std::move(own));
  }
  if (!goes_on || (for_child && !changes)) return;
  entries.push_back(entry);
  entries.back().flags = static_cast<std::uint8_t>(below | kInheritOnly);
}

}  // namespace

Bytes stored_descriptor(const Bytes& descriptor, SecuredObject object) {
  Parts parts = read_parts(descriptor);
  if (!parts.dacl) return descriptor;
  std::vector<Entry> entries;
  for (const Entry& entry : *parts.dacl) add_own(entry, object, entries);
  parts.dacl = std::move(entries);
  return write_parts(parts);
}

Bytes service_descriptor(const Bytes& descriptor) {
  Parts parts = read_parts(descriptor);
  for (Bytes* sid : {&parts.owner, &parts.group}) {
    if (sid->empty()) sid->assign(kSystem.begin(), kSystem.end());
  }
  return write_parts(parts, PartOrder::lists_first);
}

bool is_left_to_parent(const Bytes& descriptor) {
  const Parts parts = read_parts(descriptor);
  const bool is_open = (parts.control & kDaclProtected) == 0 && (parts.control & kDaclAutoInherited) != 0;
  return is_open && parts.dacl && parts.dacl->empty();
}

Bytes inherited_descriptor(const Bytes& parent, const Bytes& own, SecuredObject object) {
  const Parts above = read_parts(parent);
  Parts parts = read_parts(own);
  parts.control = kDaclPresent | kDaclAutoInherited;
  parts.sacl.reset();
  parts.dacl.emplace();
  if (above.dacl) {
    for (const Entry& entry : *above.dacl) add_inherited(entry, parts, object, *parts.dacl);
  }
  return write_parts(parts);
}

}  // namespace winnow
