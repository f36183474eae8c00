#include <string>

#include "base/file_system.hpp"
#include "image/container/compressor.hpp"
#include "image/container/container_image.hpp"
#include "image/container/container_writers.hpp"
#include "image/container/tar_header.hpp"
#include "image/step_timer.hpp"

namespace winnow {

namespace {

constexpr std::uint32_t kMemberMode = 0644;

Result<ByteCount> write_archive(const ContainerImage& image, std::int64_t time, OutputFile& output) {
  ByteCount written = 0;
  const auto write = [&](ByteView bytes) -> Result<void> {
    written += bytes.size();
    return output.write(bytes);
  };
  for (const LayoutFile& file : image.files) {
    TarMember member;
    member.name = file.name;
    member.mode = kMemberMode;
    member.size = file.size;
    member.time = time;
    Bytes header;
    write_tar_header(member, header);
    WINNOW_CHECK(write(header));
    for (const Chunk& part : file.parts) WINNOW_CHECK(write(*part));
    WINNOW_CHECK(write(Bytes(tar_padding(file.size))));
  }
  Bytes end;
  write_tar_end(end);
  WINNOW_CHECK(write(end));
  return written;
}

}  // namespace

Result<WriteReport> OciArchiveWriter::write(const ImagePlan& plan, const std::filesystem::path& target,
                                            const WriteOptions& options, Progress& progress) const {
  const Compression compression = options.compression.value_or(Compression::gzip);
  if (compression == Compression::zstd) {
    return fail(
        "cannot write " + target.string() + ": an oci-archive has no zstd layers, docker load does not take them",
        {"choose gzip or none, or write an oci-layout folder"});
  }
  WINNOW_TRY(OutputFile output, OutputFile::create(target));
  WINNOW_TRY(ContainerImage image,
             make_container_image(plan, compression, options.level, DockerManifest::include, progress));
  const StepTimer timer;
  WINNOW_TRY(image.report.stored, write_archive(image, plan.created, output));
  WINNOW_CHECK(output.commit());
  image.report.steps.push_back({"write", timer.seconds()});
  return std::move(image.report);
}

}  // namespace winnow
