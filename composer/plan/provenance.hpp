// Who owns what, written into the image itself (Windows\winnow\provenance.json), so that the finished file can be
// measured and explained without the composer.
#pragma once

#include <string>

#include "base/windows_path.hpp"
#include "catalog/catalog.hpp"
#include "plan/image_plan.hpp"

namespace winnow {

[[nodiscard]] WindowsPath provenance_path();
// JSON, one spelling: how the image is run; what was asked for; owners and who of them needs whom, directories with
// owner, files with owner, size and SHA-256, registry counts by hive and owner; feeds with digests;
// what is left to the first boot and what is not applied, where there is some.
[[nodiscard]] std::string print_provenance(const ImagePlan& plan, const Catalog& catalog);

}  // namespace winnow
