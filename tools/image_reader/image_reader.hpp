// Opens a finished image through libraries of others (libarchive, hivex) and gives back its files, registry and settings. The
// size analyzer and the runner read images only through this; neither trusts the composer's memory.
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

namespace winnow {

struct ImageFile {
  std::string path;  // in the container's C:\, '/' between components: "Windows/System32/kernel32.dll"
  bool is_directory = false;
  ByteCount size = 0;
  std::uint32_t attributes = 0;
  Digest digest;  // of the content
};

struct ImageLayer {
  std::string digest;      // of the blob as stored: "sha256:…"
  std::string media_type;  // or "" for a docker archive
  ByteCount stored = 0;    // size of the blob
  ByteCount unpacked = 0;  // size of its tar
};

struct ImageInfo {
  std::string tag;
  std::string os_version;
  std::string architecture;
  std::vector<std::string> command;  // entry point and Cmd together
  std::string working_directory;
  std::string user;
  std::vector<std::string> environment;  // "NAME=value"
  std::vector<ImageLayer> layers;
  std::vector<ImageFile> files;  // in stream order
  std::optional<Json> provenance;  // Windows\winnow\provenance.json when the image has one
  ByteCount stored = 0;          // the image as it lies on disk: file size, or the sum of the layout's files
};

// Called for every file while the layer streams by, with its content; return an error to stop.
using FileVisitor = std::function<Result<void>(const ImageFile& file, ByteView content)>;

// `image`: hybrid or docker archive, OCI layout folder. With a visitor the content of every file passes through it.
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
