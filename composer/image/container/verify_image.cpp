#include "image/container/verify_image.hpp"

#include "image/container/image_check.hpp"
#include "image/container/image_files.hpp"
#include "image/container/layer_check.hpp"

namespace winnow {

namespace {

Result<VerifyReport> check_bare_layer(const ImageFiles& files, const std::string& name) {
  VerifyReport report;
  const LayerFacts facts = check_layer(files.layer(), name, report.violations);
  report.entries = facts.entries;
  if (facts.entries > 0) return report;
  return fail("cannot read image " + name + ": it is neither an image nor a layer");
}

}  // namespace

Result<VerifyReport> verify_image(const std::filesystem::path& image) {
  WINNOW_TRY(const ImageFiles files, ImageFiles::open(image));
  switch (files.kind()) {
    case ImageKind::oci:
      return check_oci_image(files);
    case ImageKind::docker_archive:
      return check_docker_archive(files);
    case ImageKind::layer:
      break;
  }
  return check_bare_layer(files, image.string());
}

}  // namespace winnow
