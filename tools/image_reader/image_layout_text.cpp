#include "image_reader/image_layout_text.hpp"

#include "image_reader/image_reader.hpp"
#include "image_reader/volume_image.hpp"

namespace winnow {

namespace {

std::string_view to_string(PartitionScheme scheme) {
  switch (scheme) {
    case PartitionScheme::none:
      return "none";
    case PartitionScheme::mbr:
      return "mbr";
    case PartitionScheme::gpt:
      return "gpt";
  }
  return "none";
}

Result<std::string> print_disk(const std::filesystem::path& image, VolumeFile kind) {
  WINNOW_TRY(const auto disk, open_disk(image, kind));
  WINNOW_TRY(const PartitionedDisk partitioned, read_partitions(*disk));
  std::string out = std::string(to_string(disk->kind())) + "\tsize=" + std::to_string(disk->size()) + "\n";
  out += "table\t" + std::string(to_string(partitioned.table)) + "\n";
  std::size_t number = 0;
  for (const Partition& partition : partitioned.partitions) {
    out += "partition\t" + std::to_string(++number) + "\toffset=" + std::to_string(partition.offset) +
           "\tsize=" + std::to_string(partition.size);
    if (!partition.type.empty()) out += "\ttype=" + partition.type;
    if (!partition.name.empty()) out += "\tname=" + partition.name;
    if (partition.is_active) out += "\tactive";
    if (!partition.file_system.empty()) out += "\tfile-system=" + partition.file_system;
    out += "\n";
  }
  return out;
}

// The layers too.
Result<std::string> print_container(const std::filesystem::path& image) {
  WINNOW_TRY(const ImageInfo info, read_image(image));
  std::string out = "container\tsize=" + std::to_string(info.stored) + "\n";
  for (const ImageLayer& layer : info.layers) {
    out += "layer\t" + layer.digest + "\tsize=" + std::to_string(layer.stored) +
           "\tunpacked=" + std::to_string(layer.unpacked) + "\n";
  }
  return out;
}

}  // namespace

Result<std::string> print_image_layout(const std::filesystem::path& image) {
  const auto kind = detect_volume_file(image);
  if (kind && *kind == VolumeFile::none) return print_container(image);
  const auto text = !kind ? Result<std::string>(fail(kind.error()))
                    : *kind == VolumeFile::wim
                        ? Result<std::string>("wim\tsize=" + std::to_string(std::filesystem::file_size(image)) + "\n")
                        : print_disk(image, *kind);
  if (!text) {
    return fail("cannot read image " + image.string() + ": " + text.error().faults().front().message);
  }
  return *text;
}

}  // namespace winnow
