#include "plan/security_table.hpp"

#include <utility>

#include "plan/security_descriptor.hpp"

namespace winnow {

std::uint32_t SecurityTable::intern(Bytes descriptor) {
  const auto [it, made] = index_.try_emplace(std::move(descriptor), static_cast<std::uint32_t>(index_.size()));
  if (made) list_.push_back(it->first);
  return it->second;
}

Result<std::uint32_t> SecurityTable::intern_sddl(std::string_view sddl, SecuredObject object) {
  WINNOW_TRY(const Bytes descriptor, parse_sddl(sddl));
  return intern(stored_descriptor(descriptor, object));
}

void SecurityTable::inherit(FileTree& tree) {
  for (auto& [path, entry] : tree) {
    if (!entry.link.is_root()) {
      entry.security = tree.at(entry.link).security;  // it comes before its other names
      continue;
    }
    const Bytes own = list_.at(entry.security);
    if (!is_left_to_parent(own)) continue;
    const auto parent = tree.find(path.parent());
    const std::uint32_t above = parent == tree.end() ? kDirectorySecurity : parent->second.security;
    const SecuredObject object = entry.is_directory() ? SecuredObject::folder : SecuredObject::file;
    entry.security = intern(inherited_descriptor(list_.at(above), own, object));
  }
}

}  // namespace winnow
