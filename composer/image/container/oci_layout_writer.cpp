#include <filesystem>
#include <system_error>

#include "base/file_system.hpp"
#include "formats/oci.hpp"
#include "image/container/container_image.hpp"
#include "image/container/container_writers.hpp"
#include "image/step_timer.hpp"

namespace winnow {

namespace {

Result<void> write_layout_file(const LayoutFile& file, const std::filesystem::path& folder) {
  WINNOW_TRY(OutputFile output, OutputFile::create(folder / file.name));
  for (const Chunk& part : file.parts) WINNOW_CHECK(output.write(*part));
  return output.commit();
}

}  // namespace

Result<WriteReport> OciLayoutWriter::write(const ImagePlan& plan, const std::filesystem::path& target,
                                           const WriteOptions& options, Progress& progress) const {
  WINNOW_TRY(OutputDirectory output, OutputDirectory::create(target, std::string(oci::kLayoutFile)));
  WINNOW_TRY(ContainerImage image, make_container_image(plan, options.compression.value_or(Compression::gzip),
                                                        options.level, DockerManifest::leave_out, progress));
  const StepTimer timer;
  const std::filesystem::path blobs = output.path() / oci::kBlobFolder;
  std::error_code code;
  std::filesystem::create_directories(blobs, code);
  if (code) return fail("cannot write folder " + blobs.string() + ": " + code.message());
  for (const LayoutFile& file : image.files) {
    WINNOW_CHECK(write_layout_file(file, output.path()));
    image.report.stored += file.size;
  }
  WINNOW_CHECK(output.commit());
  image.report.steps.push_back({"write", timer.seconds()});
  return std::move(image.report);
}

}  // namespace winnow
