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

namespace {

// Microsoft documents neither: XPRESS and LZX, resource by resource, are what its own media are booted from.
Result<void> check_ram_disk(const WriteOptions& options) {
  if (!options.disk.ram_disk) return {};
  const auto refuse = [](const std::string& why) { return fail("cannot boot from a RAM disk: " + why); };
  if (options.wim.solid) return refuse("boot managers do not read solid WIM files");
  if (options.wim.compression == WimCompression::lzms) return refuse("boot managers do not read LZMS");
  if (options.disk.compact) return refuse("its files are in a WIM file, which is compressed; leave --compact out");
  return {};
}

WimOptions bootable_wim(const ImagePlan& plan, const VolumeTree& tree, const WriteOptions& options) {
  WimOptions wim = wim_options(plan, tree, options);
  wim.bootable = true;
  wim.description = plan.name + " " + plan.version;
  return wim;
}

}  // namespace

Result<WriteReport> DiskImageWriter::write(const ImagePlan& plan, const std::filesystem::path& target,
                                           const WriteOptions& options, Progress& progress) const {
  const StepTimer timer;
  WINNOW_CHECK(check_ram_disk(options));
  WINNOW_TRY(const DiskFormat format, disk_format(format_, options.disk));
  WINNOW_TRY(VolumeTree tree, volume_tree_of(plan));
  const StepTime hives{"hives", timer.seconds()};
  const DiskDescription description{plan.name + " " + plan.version, plan.created};
  const auto write_disk = [&] {
    if (!options.disk.ram_disk) {
      return write_disk_image(std::move(tree), description, format, options.disk, target, progress);
    }
    const WimOptions wim = bootable_wim(plan, tree, options);
    return write_ram_disk_image(std::move(tree), wim, description, format, options.disk, target, progress);
  };
  WINNOW_TRY(WriteReport report, write_disk());
  report.steps.insert(report.steps.begin(), hives);
  return report;
}

Result<WriteReport> WimImageWriter::write(const ImagePlan& plan, const std::filesystem::path& target,
                                          const WriteOptions& options, Progress& progress) const {
  WINNOW_CHECK(check_ram_disk(options));
  WINNOW_TRY(const VolumeTree tree, volume_tree_of(plan));
  return write_wim(tree, bootable_wim(plan, tree, options), target, progress);
}

}  // namespace winnow
