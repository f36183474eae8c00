// What one component of the Solution does to an image: files, folders, keys, services, settings and all other effects
// of its manifest (servicing.md 4.3 to 4.9, 7). What has no effect here is counted, and what only the installed system
// can do is listed.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "catalog/catalog.hpp"
#include "manifest/macros.hpp"
#include "plan/first_boot.hpp"
#include "plan/registry_builder.hpp"
#include "plan/security_table.hpp"
#include "plan/tree_builder.hpp"
#include "plan/unapplied_elements.hpp"

namespace winnow {

// Where effects go.
struct PlanParts {
  TreeBuilder& tree;
  RegistryBuilder& registry;
  SecurityTable& security;
  std::vector<PlannedWork>& first_boot;
  UnappliedElements& unapplied;
};

// The image a component is planned for.
struct PlanTarget {
  std::string architecture;            // amd64, arm64, x86
  std::vector<std::string> languages;  // preferred first
};

// Errors: an unknown macro, a setting or service with a word nobody knows, a security descriptor that is none.
// Conflicts are collected by `parts`.
[[nodiscard]] Result<void> plan_component(const Catalog& catalog, ComponentId id, OwnerId owner,
                                          const std::string& owner_name, const PlanTarget& target,
                                          const PlanParts& parts);

// Components in the order in which their effects are to be made: the servicing stack, what is needed to boot, the
// others; indexes into `ids`.
[[nodiscard]] Result<std::vector<std::size_t>> effect_order(const Catalog& catalog,
                                                            const std::vector<ComponentId>& ids);

}  // namespace winnow
