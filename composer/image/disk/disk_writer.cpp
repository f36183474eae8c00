#include "image/disk/disk_writer.hpp"

#include <algorithm>

#include "base/parallel.hpp"
#include "image/disk/block_pump.hpp"
#include "image/disk/disk_container.hpp"

namespace winnow {

namespace {

NewContainer make_container(ByteCount disk_size, DiskFormat format, const DiskWriterOptions& options) {
  switch (format) {
    case DiskFormat::kRaw:
      return raw_container(disk_size);
    case DiskFormat::kVhdFixed:
      return vhd_fixed_container(disk_size, options);
    case DiskFormat::kVhdDynamic:
      return vhd_dynamic_container(disk_size, options);
    case DiskFormat::kVhdx:
      return vhdx_container(disk_size, options);
  }
  return fail("no such disk format");
}

}  // namespace

Result<DiskWriteReport> write_disk(const DiskLayout& layout, DiskFormat format, const DiskWriterOptions& options,
                                   const std::filesystem::path& target, Progress& progress) {
  auto container = make_container(layout.size, format, options);
  if (!container) {
    return fail("cannot write " + target.string() + ": " + container.error().faults().front().message);
  }
  WINNOW_TRY(OutputFile file, OutputFile::create_seekable(target));
  const unsigned threads = options.threads == 0 ? core_count() : options.threads;
  DiskWriteReport report;
  report.disk_size = layout.size;
  WINNOW_TRY(report.data_size, pump_blocks(layout, **container, file, threads, progress));
  WINNOW_TRY(report.file_size, (*container)->finish(file));
  WINNOW_CHECK(file.commit());
  return report;
}

}  // namespace winnow
