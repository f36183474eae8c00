#include "image/image_writer.hpp"

#include <array>
#include <system_error>
#include <utility>

#include "base/utf16.hpp"
#include "image/container/container_writers.hpp"
#include "image/disk_writers.hpp"

namespace winnow {

namespace {

constexpr std::string_view kDefaultArchive = "oci-archive";
constexpr std::string_view kDefaultFolder = "oci-layout";
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kEndings = {
    {{".tar", kDefaultArchive}, {".vhd", "vhd"}, {".vhdx", "vhdx"}, {".raw", "raw"}, {".img", "raw"}, {".wim", "wim"}}};

// The format that a target's name or kind asks for; "" when neither says anything.
std::string_view format_for(const std::filesystem::path& target) {
  std::error_code code;
  const std::filesystem::file_status status = std::filesystem::status(target, code);
  if (std::filesystem::is_directory(status)) return kDefaultFolder;
  if (!target.has_filename()) return kDefaultFolder;
  const std::string ending = ascii_lower(target.extension().string());
  for (const auto& [name, format] : kEndings) {
    if (ending == name) return format;
  }
  // A pipe, a device, standard output: never to be replaced by a folder.
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) return kDefaultArchive;
  return ending.empty() ? kDefaultFolder : "";
}

std::string known_formats() {
  std::string names;
  for (const ImageWriter* writer : image_writers()) {
    names += (names.empty() ? "" : ", ") + std::string(writer->format());
  }
  return names;
}

}  // namespace

std::vector<const ImageWriter*> image_writers() {
  static const OciArchiveWriter archive;
  static const OciLayoutWriter layout;
  static const DiskImageWriter vhd("vhd", DiskFormat::kVhdDynamic);
  static const DiskImageWriter vhdx("vhdx", DiskFormat::kVhdx);
  static const DiskImageWriter raw("raw", DiskFormat::kRaw);
  static const WimImageWriter wim;
  return {&archive, &layout, &vhd, &vhdx, &raw, &wim};
}

Result<const ImageWriter*> find_image_writer(const std::filesystem::path& target, std::string_view format) {
  const std::string_view wanted = format.empty() ? format_for(target) : format;
  for (const ImageWriter* writer : image_writers()) {
    if (writer->format() == wanted) return writer;
  }
  if (!format.empty()) {
    return fail("cannot write format \"" + std::string(format) + "\": known are " + known_formats());
  }
  return fail("cannot choose a format for " + target.string() + ": its name ends in \"" + target.extension().string() +
                  "\", not in .tar, .vhd, .vhdx, .raw, .img, .wim or /",
              {"known formats are " + known_formats()});
}

}  // namespace winnow
