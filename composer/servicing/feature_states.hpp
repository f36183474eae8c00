// Which updates of a package are on: conditions, switches, what was asked for (servicing.md 6, C).
#pragma once

#include <string>
#include <vector>

#include "manifest/package_manifest.hpp"

namespace winnow {

struct ServicingRequest;

struct UpdateState {
  bool is_on = false;
  std::string why;  // "asked for", "off by default", "All is off", "waits for itself: A -> B -> A"
};

// Of each of the manifest's updates. An update is on when one of those that its condition names is, or a component of
// the condition is on the image at a lower version, and its switch is on if it has one. What only waits for itself is
// off.
[[nodiscard]] std::vector<UpdateState> decide_updates(const PackageManifest& manifest, const ServicingRequest& request);

}  // namespace winnow
