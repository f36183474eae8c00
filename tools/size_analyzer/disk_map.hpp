// Where every byte of a disk lies: each cluster of its NTFS volume, the room around it, the tables of the file it is
// stored in. Read from the volume's own run lists and $Bitmap (image_reader/ntfs_map.hpp) and from the block table of
// the VHD or VHDX file (image_reader/block_map.hpp); no content is read.
//
// Invariants: files and overheads add up to `total`; `total.allocated` is the size of the virtual disk; `total.stored`
// is the size of the file. Of a raw disk with holes on the host that is its length, not what the host keeps of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "size_analyzer/image_facts.hpp"

namespace winnow {

// One file, whatever its names. Bytes in its MFT record take no cluster: allocated and stored count only what lies
// outside, the record is part of the overhead "MFT records of files".
struct DiskFile {
  std::uint64_t record = 0;  // ImageFile::record
  Sizes sizes;               // content and parts together
  // Named streams (logical, allocated, stored); other attributes outside the record, named "$EA" and so on, no logical
  // bytes; slack (no logical bytes): clusters, or parts of them, behind the end of a stream. The clusters of a file
  // that Windows compressed as a whole (WOF) are its content, not a stream.
  std::vector<FilePart> parts;
};

struct DiskMap {
  ByteCount cluster_size = 0;
  std::vector<DiskFile> files;           // sorted by record; what is in use and neither folder nor system file
  std::vector<OverheadFacts> overheads;  // sorted by kind, name
  std::vector<std::string> warnings;     // what contradicts itself and was still counted, each with its place
  Sizes total;

  // Null: not there.
  [[nodiscard]] const DiskFile* find(std::uint64_t record) const;
};

// `image`: a file detect_volume_file() calls a disk. The volume is the one read_image() reads. A file here that
// read_image() does not name (no folder leads to it) is the caller's to show, as unclaimed.
// Errors: "cannot measure <image>: <reason>".
[[nodiscard]] Result<DiskMap> map_disk(const std::filesystem::path& image);

}  // namespace winnow
