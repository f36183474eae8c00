// Security descriptors as Windows stores them on files and keys: generic rights become the rights of the object, and
// what nobody states is inherited (MS-DTYP 2.5.3.4).
#pragma once

#include "base/bytes.hpp"

namespace winnow {

enum class SecuredObject { file, folder, key };

// `descriptor` (self-relative, as parse_sddl() makes it) set on an object: generic rights of its DACL are mapped, and
// an entry with generic rights that children inherit is split in two, the object's own and the children's. As in a real
// SYSTEM hive, where 1,410 keys share the descriptor that manifests call WRP_REGKEY_DEFAULT_SDDL.
[[nodiscard]] Bytes stored_descriptor(const Bytes& descriptor, SecuredObject object);

// The descriptor of a service as its Security\Security value has it: SYSTEM owns what nobody else does; parts in the
// order in which Windows writes them.
[[nodiscard]] Bytes service_descriptor(const Bytes& descriptor);

// Does `descriptor` leave its DACL to the parent ("D:AI" without an entry)?
[[nodiscard]] bool is_left_to_parent(const Bytes& descriptor);

// What an object below one that is secured by `parent` gets: the entries it inherits, with owner and group of `own`.
[[nodiscard]] Bytes inherited_descriptor(const Bytes& parent, const Bytes& own, SecuredObject object);

}  // namespace winnow
