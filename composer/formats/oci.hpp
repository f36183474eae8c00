// OCI image layouts and docker archives: file names, media types, annotation keys. Sources: image-spec 1.0
// (image-layout.md, media-types.md, annotations.md); windows-formats.md 2.3 and 2.4.
#pragma once

#include <string_view>

namespace winnow::oci {

inline constexpr std::string_view kLayoutFile = "oci-layout";
inline constexpr std::string_view kLayoutVersion = "1.0.0";
inline constexpr std::string_view kIndexFile = "index.json";
inline constexpr std::string_view kDockerManifestFile = "manifest.json";
inline constexpr std::string_view kBlobFolder = "blobs/sha256/";
inline constexpr std::string_view kDigestPrefix = "sha256:";

inline constexpr std::string_view kIndexType = "application/vnd.oci.image.index.v1+json";
inline constexpr std::string_view kManifestType = "application/vnd.oci.image.manifest.v1+json";
inline constexpr std::string_view kConfigType = "application/vnd.oci.image.config.v1+json";
inline constexpr std::string_view kLayerType = "application/vnd.oci.image.layer.v1.tar";
inline constexpr std::string_view kLayerGzipType = "application/vnd.oci.image.layer.v1.tar+gzip";
inline constexpr std::string_view kLayerZstdType = "application/vnd.oci.image.layer.v1.tar+zstd";
inline constexpr std::string_view kDockerManifestType = "application/vnd.docker.distribution.manifest.v2+json";

inline constexpr std::string_view kRefName = "org.opencontainers.image.ref.name";
inline constexpr std::string_view kContainerdImageName = "io.containerd.image.name";

}  // namespace winnow::oci
