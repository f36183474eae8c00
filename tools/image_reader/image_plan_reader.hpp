// A finished image as a plan again: what was composed, as far as the image itself tells it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/file_system.hpp"
#include "base/result.hpp"
#include "plan/image_plan.hpp"
#include "plan/tree_text.hpp"

namespace winnow {

struct ReadPlan {
  ImagePlan plan;         // owners of registry items are not known: the last of plan.owners, who has no name
  TreeTextExtras extras;  // streams, reparse points, times that differ
  bool is_plain = true;   // `extras` is empty: the plan says all there is
  std::shared_ptr<const TemporaryDirectory> spool;  // where contents lie that cannot be read from the image again
};

struct ReadPlanOptions {
  bool with_contents = false;  // else no entry has a content
};

// Any image that read_image() takes. Hives become the plan's registry and are no files of its tree. The root folder is
// not in it, as it is in no plan.
[[nodiscard]] Result<ReadPlan> read_image_plan(const std::filesystem::path& image, const ReadPlanOptions& options = {});

}  // namespace winnow
