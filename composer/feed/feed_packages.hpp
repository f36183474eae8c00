// The roles of the feed description as package manifests.
#pragma once

#include <string>
#include <vector>

#include "feed/component_draft.hpp"
#include "feed/feed_description.hpp"
#include "manifest/package_manifest.hpp"

namespace winnow {

// One package for each role, in the order of the description; `components` are the names the members were assigned
// from.
[[nodiscard]] std::vector<PackageManifest> make_packages(const FeedDescription& description, const RoleMembers& roles,
                                                         const std::vector<std::string>& components,
                                                         const DraftFactory& factory);

}  // namespace winnow
