#include "feed/feed_packages.hpp"

#include <utility>

namespace winnow {
namespace {

std::string package_name(const std::string& role) { return "Winnow-Open-" + role + "-Package"; }

PackageReference reference(PackageReference::Kind kind, AssemblyIdentity identity) {
  // The id of a package has no version scope (servicing.md 3).
  if (kind == PackageReference::Kind::package) identity.version_scope.clear();
  return {kind, std::move(identity)};
}

void add_includes(const FeedDescription& description, const RoleDescription& role, const DraftFactory& factory,
                  PackageUpdate& update) {
  const auto add = [&](const std::string& name) {
    update.references.push_back(reference(PackageReference::Kind::package, factory.identity(package_name(name))));
  };
  for (const DescribedName& included : role.includes) {
    if (included.text != "*") {
      add(included.text);
      continue;
    }
    for (const RoleDescription& other : description.roles) {
      if (other.name != role.name) add(other.name);
    }
  }
}

}  // namespace

std::vector<PackageManifest> make_packages(const FeedDescription& description, const RoleMembers& roles,
                                           const std::vector<std::string>& components, const DraftFactory& factory) {
  std::vector<PackageManifest> packages;
  for (std::size_t r = 0; r < description.roles.size(); ++r) {
    const RoleDescription& role = description.roles[r];
    PackageManifest package;
    package.identity = reference(PackageReference::Kind::package, factory.identity(package_name(role.name))).identity;
    package.identifier = role.name;
    package.release_type = role.product ? "Product" : "Feature Pack";
    package.display_name = role.title;
    package.description = role.description;
    PackageUpdate update;
    update.name = role.name;
    update.display_name = role.title;
    for (const std::size_t member : roles.members[r]) {
      update.references.push_back(reference(PackageReference::Kind::component, factory.identity(components[member])));
    }
    add_includes(description, role, factory, update);
    package.updates.push_back(std::move(update));
    packages.push_back(std::move(package));
  }
  return packages;
}

}  // namespace winnow
