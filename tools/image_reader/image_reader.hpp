// Opens a finished image through libraries of others (libarchive, hivex, libvhdi, libfsntfs, libwim) and gives back its
// files, registry and settings. The size analyzer and the runner read images only through this; neither trusts the
// composer's memory.
// Taken: container images, base layers and layers of files only; raw disks, VHD, VHDX and bare volumes with NTFS; WIM
// files. Refused by name in layers: whiteouts, symbolic links, entries outside Files and UtilityVM/Files (what a child
// layer of a running container holds). The rules of a base layer are verify_image()'s.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "image/disk/volume_tree.hpp"

namespace winnow {

// Limits against hostile images.
inline constexpr ByteCount kMaxImageFileBytes = 4ull << 30;  // one file; its content is held while a visitor sees it
inline constexpr ByteCount kMaxLayerTarBytes = 64ull << 30;  // one layer, unpacked
inline constexpr ByteCount kMaxImageDocumentBytes = 8ull << 20;  // one JSON document
inline constexpr ByteCount kMaxProvenanceBytes = 256ull << 20;   // provenance.json
inline constexpr std::size_t kMaxImageEntries = 2'000'000;       // entries of all layers, members of the archive
inline constexpr std::size_t kMaxImageLayers = 128;              // docker's own limit is 127

// What few files of a disk or WIM have besides their content.
struct ImageStream {
  std::string name;
  ByteCount size = 0;
  Digest digest;
};
struct ImageReparsePoint {
  std::uint32_t tag = 0;
  Digest data;
};

struct ImageFile {
  std::string path;  // in the container's C:\, '/' between components: "Windows/System32/kernel32.dll"; what lies in
                     // the utility VM keeps its prefix: "UtilityVM/Files/EFI/…"
  bool is_directory = false;
  ByteCount size = 0;            // 0 for a hard link: its bytes belong to the first name
  std::uint32_t attributes = 0;  // FILE_ATTRIBUTE_*; of a layer from MSWINDOWS.fileattr, 0 when the entry has none
  Digest digest;                 // of the content; of nothing for directories and hard links
  std::string link_target;       // the path this hard link is another name of; "" for all else
  std::size_t layer = 0;         // index into ImageInfo::layers
  std::uint64_t record = 0;      // of an NTFS volume: its MFT record, a hard link's as well; 0 for all else
  ByteCount stored = 0;  // its share of the layer's blob (header, content and padding); 0 while a visitor sees it. Of a
                         // disk its clusters, of a WIM its compressed content where it is first
  Bytes security_descriptor;  // self-relative; empty when there is none
  FileTimes times;
  std::vector<ImageStream> streams;  // this and the next: of disks and WIM files only
  std::optional<ImageReparsePoint> reparse;
};

struct ImageLayer {
  std::string digest;      // of the blob as stored: "sha256:…"
  std::string media_type;  // or "" for a docker archive
  ByteCount stored = 0;    // size of the blob; 0 when an earlier layer is the same blob
  ByteCount unpacked = 0;  // size of its tar
  ByteCount framing = 0;   // of `stored`: the root entries (Files, UtilityVM, UtilityVM/Files) and the end of the tar
};

// A document or other blob the image is made of that is no layer.
struct ImageDocument {
  std::string name;  // in the archive or layout: "index.json"
  ByteCount stored = 0;
};

enum class ImageMedium { container, disk, wim };

struct ImageInfo {
  ImageMedium medium = ImageMedium::container;
  std::string tag;  // this and the settings: of a disk or WIM from its provenance.json
  std::string os_version;
  std::string architecture;
  std::vector<std::string> command;  // entry point and Cmd together
  std::string working_directory;
  std::string user;
  std::vector<std::string> environment;  // "NAME=value"
  std::vector<ImageLayer> layers;
  std::vector<ImageFile> files;          // in stream order
  std::vector<ImageDocument> documents;  // sorted by name; of a disk its other partitions and what is free
  std::optional<Json> provenance;        // Windows\winnow\provenance.json when the image has one
  // The image as it lies on disk: file size, or the sum of the layout's files. It is the layers' `stored` + the
  // documents' `stored` + the tar headers and padding of an archive; a layer's `stored` is its `framing` + its files'
  // `stored`. A file's share goes by position in the stream: the blob bytes read while its tar bytes were written,
  // exact at every 64 KiB (gzip; zstd: 128 KiB) of tar, in proportion between.
  ByteCount stored = 0;
};

// Called for every file while the layer streams by, with its content; return an error to stop.
using FileVisitor = std::function<Result<void>(const ImageFile& file, ByteView content)>;

// `image`: hybrid or docker archive, OCI layout folder, disk, volume or WIM file; of an index with several images the
// first for Windows, of a WIM the first. The SHA-256 of every blob that is named by one is compared. With a visitor the
// content of every file passes through it, directories and hard links with none; its own errors come back as they are.
// All else is "cannot read image <image>: <reason>".
[[nodiscard]] Result<ImageInfo> read_image(const std::filesystem::path& image, const FileVisitor& visitor = {});

// One hive file as a tree, through hivex. Error "cannot read hive <name>: <reason>".
struct RegistryTree {
  struct Value {
    std::string name;
    std::uint32_t type = 0;
    Bytes data;
  };
  std::string name;
  std::vector<Value> values;
  std::vector<RegistryTree> children;
};
[[nodiscard]] Result<RegistryTree> read_hive(const std::filesystem::path& file, const std::string& name);

}  // namespace winnow
