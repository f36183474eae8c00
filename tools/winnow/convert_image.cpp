#include "winnow/convert_image.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "image/disk/disk_identity.hpp"
#include "image/disk_writers.hpp"
#include "image/plan_tree.hpp"
#include "image/step_timer.hpp"
#include "image/wim/wim_writer.hpp"
#include "image_reader/folder_tree.hpp"
#include "image_reader/image_plan_reader.hpp"
#include "image_reader/volume_image.hpp"

namespace winnow {

namespace fs = std::filesystem;

namespace {

constexpr ByteCount kIdentityBytes = 1u << 20;  // of a disk: its partition table, and with it its ids

class DiskSource final : public SegmentSource {
 public:
  explicit DiskSource(std::shared_ptr<const VirtualDisk> disk) : disk_(std::move(disk)) {}
  [[nodiscard]] Result<void> read(ByteCount offset, std::span<std::uint8_t> out) const override {
    return disk_->read(offset, out);
  }

 private:
  std::shared_ptr<const VirtualDisk> disk_;
};

std::optional<DiskFormat> disk_format_of(std::string_view format) {
  if (format == "vhd") return DiskFormat::kVhdDynamic;
  if (format == "vhdx") return DiskFormat::kVhdx;
  if (format == "raw") return DiskFormat::kRaw;
  return std::nullopt;
}

bool is_layout(const fs::path& folder) {
  std::error_code code;
  return fs::exists(folder / "index.json", code) || fs::exists(folder / "manifest.json", code);
}

class Conversion {
 public:
  Conversion(fs::path source, fs::path target, const ConvertOptions& options, const ImageWriter& writer,
             Progress& progress)
      : source_(std::move(source)),
        target_(std::move(target)),
        options_(options),
        writer_(writer),
        disk_format_(disk_format_of(writer.format())),
        progress_(progress) {}

  Result<WriteReport> run();

 private:
  Result<WriteReport> copy_disk(const std::shared_ptr<const VirtualDisk>& disk);
  Result<WriteReport> write_plan(const ReadPlan& read);
  Result<WriteReport> write_tree(VolumeTree tree, const ImagePlan& settings);
  [[nodiscard]] tl::unexpected<Error> refuse(const std::string& why, std::vector<std::string> notes = {}) const {
    return fail("cannot convert " + source_.string() + " into " + std::string(writer_.format()) + ": " + why,
                std::move(notes));
  }
  [[nodiscard]] Error at_source(const Error& error) const {
    return Error(Fault{{}, "cannot read image " + source_.string() + ": " + error.faults().front().message, {}});
  }

  fs::path source_;
  fs::path target_;
  const ConvertOptions& options_;
  const ImageWriter& writer_;
  std::optional<DiskFormat> disk_format_;
  Progress& progress_;
};

Result<WriteReport> Conversion::run() {
  std::error_code code;
  const bool is_tree = disk_format_.has_value() || writer_.format() == "wim";
  if (fs::is_directory(source_, code) && !is_layout(source_)) {
    if (!is_tree) return refuse("a folder says nothing of how it is run", {"compose an image of it, or write a disk"});
    WINNOW_TRY(VolumeTree tree, scan_folder(source_));
    ImagePlan settings;
    settings.name = source_.filename().string();
    settings.created = options_.epoch;
    return write_tree(std::move(tree), settings);
  }
  const auto kind = detect_volume_file(source_);
  if (!kind) return fail(at_source(kind.error()));
  if (*kind != VolumeFile::none && *kind != VolumeFile::wim && disk_format_ && options_.copies_disk) {
    const auto disk = open_disk(source_, *kind);
    if (!disk) return fail(at_source(disk.error()));
    return copy_disk(*disk);
  }
  WINNOW_TRY(const ReadPlan read, read_image_plan(source_, {true}));
  const bool is_ours = !read.plan.name.empty() && read.is_plain;
  if (is_ours || *kind == VolumeFile::none) return write_plan(read);
  if (!is_tree) {
    return refuse("it was not made by winnow, or holds what a container image cannot",
                  {"write a disk or a WIM file, or extract it"});
  }
  auto volume = open_volume_image(source_, *kind);
  if (!volume) return fail(at_source(volume.error()));
  return write_tree(std::move(volume->tree), read.plan);
}

Result<WriteReport> Conversion::copy_disk(const std::shared_ptr<const VirtualDisk>& disk) {
  const StepTimer timer;
  if (disk->size() % 512 != 0) return refuse("its size is no multiple of 512 bytes");
  WINNOW_TRY(const DiskFormat format, disk_format(*disk_format_, options_.write.disk));
  Bytes start(static_cast<std::size_t>(std::min(disk->size(), kIdentityBytes)));
  if (auto read = disk->read(0, start); !read) return fail(at_source(read.error()));
  const Digest seed = sha256(start);
  DiskWriterOptions ids;
  ids.disk_id = derive_guid(seed, "disk");
  ids.file_write_id = derive_guid(seed, "file write");
  ids.data_write_id = derive_guid(seed, "data write");
  ids.created = options_.epoch;
  const DiskLayout layout{disk->size(), {{0, disk->size(), std::make_shared<DiskSource>(disk)}}};
  auto written = write_disk(layout, format, ids, target_, progress_);
  if (!written) return fail(std::move(written).error());
  WriteReport report;
  report.stored = written->file_size;
  report.logical = written->disk_size;
  report.steps.push_back({"copy disk", timer.seconds()});
  return report;
}

Result<WriteReport> Conversion::write_plan(const ReadPlan& read) {
  if (!read.is_plain) return refuse("it holds streams or times that no plan has");
  return writer_.write(read.plan, target_, options_.write, progress_);
}

Result<WriteReport> Conversion::write_tree(VolumeTree tree, const ImagePlan& settings) {
  if (disk_format_) {
    WINNOW_TRY(const DiskFormat format, disk_format(*disk_format_, options_.write.disk));
    const DiskDescription description{settings.name, settings.created};
    return write_disk_image(std::move(tree), description, format, options_.write.disk, target_, progress_);
  }
  return write_wim(tree, wim_options(settings, tree, options_.write), target_, progress_);
}

}  // namespace

Result<WriteReport> convert_image(const fs::path& source, const fs::path& target, const ConvertOptions& options,
                                  Progress& progress) {
  WINNOW_TRY(const ImageWriter* writer, find_image_writer(target, options.format));
  return Conversion(source, target, options, *writer, progress).run();
}

}  // namespace winnow
