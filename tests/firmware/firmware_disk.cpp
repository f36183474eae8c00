// firmware_disk FOLDER OUTPUT raw|vhd|vhd-dynamic|vhdx bios|uefi TITLE: a folder of the host as a disk that firmware
// starts, as `winnow compose` writes it. Error when it would not boot by itself.
#include <cstdio>
#include <map>
#include <string_view>

#include "image/disk_image.hpp"
#include "image/image_writer.hpp"
#include "image_reader/folder_tree.hpp"

namespace winnow {
namespace {

Result<WriteReport> write(char** arguments) {
  const std::map<std::string_view, DiskFormat> formats = {{"raw", DiskFormat::kRaw},
                                                          {"vhd", DiskFormat::kVhdFixed},
                                                          {"vhd-dynamic", DiskFormat::kVhdDynamic},
                                                          {"vhdx", DiskFormat::kVhdx}};
  DiskOptions options;
  options.firmware = std::string_view(arguments[4]) == "uefi" ? Firmware::uefi : Firmware::bios;
  options.free_space = 8u << 20;
  WINNOW_TRY(VolumeTree tree, scan_folder(arguments[1]));
  SilentProgress progress;
  WINNOW_TRY(WriteReport report, write_disk_image(std::move(tree), {arguments[5], 0}, formats.at(arguments[3]), options,
                                                  arguments[2], progress));
  if (!report.notes.empty()) return fail(report.notes.front());
  return report;
}

}  // namespace
}  // namespace winnow

int main(int count, char** arguments) {
  if (count != 6) return 2;
  const auto written = winnow::write(arguments);
  if (!written) std::fprintf(stderr, "%s\n", winnow::to_string(written.error()).c_str());
  return written ? 0 : 1;
}
