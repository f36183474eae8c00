// Container images for tests, put together here from plain data: tar entries, JSON documents, and libarchive's
// compressors. Nothing of winnow's own writers is used, so a reader that agrees with these agrees with two parties.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/digest.hpp"
#include "formats/pax.hpp"

namespace winnow::testing {

struct TarEntry {
  std::string name;
  std::string content = {};
  char type = pax::kFile;
  std::string link = {};
  std::vector<std::pair<std::string, std::string>> records = {};  // of an extended header
};

inline TarEntry tar_directory(std::string name) { return {std::move(name), "", pax::kDirectory, "", {}}; }

inline void put_field(std::string& header, pax::Field field, std::string_view text) {
  header.replace(field.offset, text.size(), text);
}

inline void put_octal(std::string& header, pax::Field field, std::size_t value) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%0*zo", static_cast<int>(field.size - 1), value);
  put_field(header, field, text.data());
}

inline std::string padded(std::string content) {
  content.resize((content.size() + pax::kBlockSize - 1) / pax::kBlockSize * pax::kBlockSize, '\0');
  return content;
}

inline std::string tar_header(const std::string& name, char type, std::size_t size, const std::string& link) {
  std::string header(pax::kBlockSize, '\0');
  put_field(header, pax::kName, name);
  put_octal(header, pax::kMode, type == pax::kDirectory ? 0755 : 0644);
  put_octal(header, pax::kUid, 0);
  put_octal(header, pax::kGid, 0);
  put_octal(header, pax::kSize, size);
  put_octal(header, pax::kMtime, 0);
  put_field(header, pax::kTypeFlag, std::string(1, type));
  put_field(header, pax::kLinkName, link);
  put_field(header, pax::kMagic, pax::kUstarMagic);
  put_field(header, pax::kVersion, pax::kUstarVersion);
  put_field(header, pax::kChecksum, "        ");
  std::size_t sum = 0;
  for (const char byte : header) sum += static_cast<unsigned char>(byte);
  put_octal(header, pax::kChecksum, sum);
  return header;
}

// "LENGTH KEY=VALUE\n", LENGTH counting itself.
inline std::string pax_record(const std::string& key, const std::string& value) {
  const std::string rest = " " + key + "=" + value + "\n";
  std::size_t length = rest.size() + 1;
  while (std::to_string(length).size() + rest.size() != length) ++length;
  return std::to_string(length) + rest;
}

inline std::string make_tar(const std::vector<TarEntry>& entries) {
  std::string tar;
  for (const TarEntry& entry : entries) {
    std::string records;
    for (const auto& [key, value] : entry.records) records += pax_record(key, value);
    if (!records.empty()) tar += tar_header("pax", pax::kExtendedHeader, records.size(), "") + padded(records);
    tar += tar_header(entry.name, entry.type, entry.content.size(), entry.link) + padded(entry.content);
  }
  return tar + std::string(pax::kEndBlocks * pax::kBlockSize, '\0');
}

enum class Packing { plain, gzip, zstd };

// `bytes` as one compressed stream.
inline std::string pack(const std::string& bytes, Packing packing) {
  if (packing == Packing::plain) return bytes;
  archive* writer = archive_write_new();
  archive_write_set_format_raw(writer);
  archive_write_set_bytes_per_block(writer, 0);
  packing == Packing::gzip ? archive_write_add_filter_gzip(writer) : archive_write_add_filter_zstd(writer);
  std::string packed(bytes.size() + (1 << 16), '\0');
  std::size_t used = 0;
  archive_write_open_memory(writer, packed.data(), packed.size(), &used);
  archive_entry* entry = archive_entry_new();
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_write_header(writer, entry);
  archive_write_data(writer, bytes.data(), bytes.size());
  archive_entry_free(entry);
  archive_write_free(writer);
  packed.resize(used);
  return packed;
}

inline std::string sha256_of(const std::string& bytes) { return sha256(as_bytes(bytes)).hex(); }

inline std::string descriptor(const std::string& blob, const std::string& type) {
  return R"({"mediaType":")" + type + R"(","digest":"sha256:)" + sha256_of(blob) + R"(","size":)" +
         std::to_string(blob.size()) + "}";
}

struct ImageParts {
  std::vector<std::string> layers;  // blobs as stored
  std::string config =
      R"({"architecture":"amd64","os":"windows","os.version":"10.0.20348.1","config":{"User":"ContainerUser",)"
      R"("Entrypoint":["C:\\app\\hello.exe"],"Cmd":["world"],"Env":["GREETING=hi"],"WorkingDir":"C:\\app"}})";
  std::string tag = "shop:1";
};

// The members of a hybrid archive, which are the files of an OCI layout too.
inline std::vector<TarEntry> image_members(const ImageParts& parts) {
  std::vector<TarEntry> blobs;
  std::string descriptors;
  std::string names;
  const auto add_blob = [&blobs](const std::string& bytes) {
    const std::string name = "blobs/sha256/" + sha256_of(bytes);
    const bool is_known =
        std::any_of(blobs.begin(), blobs.end(), [&](const TarEntry& blob) { return blob.name == name; });
    if (!is_known) blobs.push_back({name, bytes});
    return name;
  };
  for (const std::string& layer : parts.layers) {
    descriptors += (descriptors.empty() ? "" : ",") + descriptor(layer, "application/vnd.oci.image.layer.v1.tar");
    names += (names.empty() ? "\"" : ",\"") + add_blob(layer) + "\"";
  }
  const std::string config_name = add_blob(parts.config);
  const std::string manifest = R"({"schemaVersion":2,"config":)" +
                               descriptor(parts.config, "application/vnd.oci.image.config.v1+json") + R"(,"layers":[)" +
                               descriptors + "]}";
  add_blob(manifest);
  std::string entry = descriptor(manifest, "application/vnd.oci.image.manifest.v1+json");
  entry.pop_back();
  entry +=
      R"(,"platform":{"os":"windows"},"annotations":{"org.opencontainers.image.ref.name":")" + parts.tag + R"("}})";
  std::vector<TarEntry> members = {
      {"oci-layout", R"({"imageLayoutVersion":"1.0.0"})"},
      {"index.json", R"({"schemaVersion":2,"manifests":[)" + entry + "]}"},
      {"manifest.json",
       R"([{"Config":")" + config_name + R"(","RepoTags":[")" + parts.tag + R"("],"Layers":[)" + names + "]}]"},
  };
  members.insert(members.end(), blobs.begin(), blobs.end());
  return members;
}

}  // namespace winnow::testing
