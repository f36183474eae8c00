#include "size_analyzer/ownership.hpp"

#include <algorithm>
#include <array>

#include "base/utf16.hpp"

namespace winnow {

namespace {

// Hives are made of what many components put in, so they are nobody's alone.
bool is_hive(std::string_view path) {
  constexpr std::array<std::string_view, 6> kHives = {
      "Windows/System32/config/DEFAULT",  "Windows/System32/config/SAM",    "Windows/System32/config/SECURITY",
      "Windows/System32/config/SOFTWARE", "Windows/System32/config/SYSTEM", "Users/Default/NTUSER.DAT"};
  return std::any_of(kHives.begin(), kHives.end(), [&](std::string_view hive) { return ascii_iequals(path, hive); });
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

std::string role_name(const std::string& role) { return role.empty() ? "(no package)" : role; }

FileOwner from_provenance(const ProvenanceOwner& owner) {
  switch (owner.kind) {
    case ProvenanceOwner::Kind::component:
      return {SizeKind::packages, role_name(owner.role), owner.name};
    case ProvenanceOwner::Kind::app:
      return {SizeKind::application, "", owner.name};
    case ProvenanceOwner::Kind::winnow:
      break;
  }
  return {SizeKind::own, "", owner.name};
}

}  // namespace

Result<Ownership> Ownership::create(const ImageInfo& info, const FeedBaseline* baseline) {
  Ownership ownership;
  ownership.baseline_ = baseline;
  if (info.provenance) {
    WINNOW_TRY(ownership.provenance_, parse_provenance(*info.provenance));
  }
  return ownership;
}

OwnerSource Ownership::source() const {
  if (provenance_) return OwnerSource::provenance;
  return baseline_ != nullptr ? OwnerSource::feed : OwnerSource::none;
}

FileOwner Ownership::owner_of(const ImageFile& file) const {
  if (ascii_iequals(file.path, kProvenancePath)) return {SizeKind::own, "", "winnow"};  // it cannot list itself
  if (is_hive(file.path)) return {SizeKind::registry, "", file.path};
  const FileOwner nobody{SizeKind::unclaimed, folder_of(file.path), ""};
  const auto path = WindowsPath::parse(file.path);
  if (!path) return nobody;
  if (provenance_) {
    const auto found = provenance_->files.find(*path);
    return found == provenance_->files.end() ? nobody : from_provenance(provenance_->owners[found->second]);
  }
  const IndexedComponent* component = baseline_ == nullptr ? nullptr : baseline_->owner_of(*path, file.digest);
  if (component == nullptr) return nobody;
  return {SizeKind::packages, role_name(component->role), component->identity.name};
}

}  // namespace winnow
