#include "image/disk_writers.hpp"

#include <utility>

#include "image/plan_tree.hpp"
#include "image/step_timer.hpp"
#include "image/wim/wim_writer.hpp"

namespace winnow {

Result<DiskFormat> disk_format(DiskFormat format, const DiskOptions& options) {
  if (!options.fixed || format == DiskFormat::kRaw) return format;
  if (format == DiskFormat::kVhdDynamic) return DiskFormat::kVhdFixed;
  return fail("cannot write a fixed VHDX: fixed disks are for Azure, which takes them as VHD",
              {"write NAME.vhd with --fixed, or leave --fixed out"});
}

Result<WriteReport> DiskImageWriter::write(const ImagePlan& plan, const std::filesystem::path& target,
                                           const WriteOptions& options, Progress& progress) const {
  const StepTimer timer;
  WINNOW_TRY(const DiskFormat format, disk_format(format_, options.disk));
  WINNOW_TRY(VolumeTree tree, volume_tree_of(plan));
  const StepTime hives{"hives", timer.seconds()};
  const DiskDescription description{plan.name + " " + plan.version, plan.created};
  WINNOW_TRY(WriteReport report,
             write_disk_image(std::move(tree), description, format, options.disk, target, progress));
  report.steps.insert(report.steps.begin(), hives);
  return report;
}

Result<WriteReport> WimImageWriter::write(const ImagePlan& plan, const std::filesystem::path& target,
                                          const WriteOptions& options, Progress& progress) const {
  WINNOW_TRY(const VolumeTree tree, volume_tree_of(plan));
  WimOptions wim = wim_options(plan, tree, options);
  wim.bootable = true;
  wim.description = plan.name + " " + plan.version;
  return write_wim(tree, wim, target, progress);
}

}  // namespace winnow
