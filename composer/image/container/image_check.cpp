#include "image/container/image_check.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/json.hpp"
#include "formats/oci.hpp"
#include "image/container/layer_check.hpp"
#include "plan/image_plan.hpp"

namespace winnow {

namespace {

// The member `key` of an object when it is text, "" otherwise.
std::string text_of(const Json& json, std::string_view key) {
  const auto found = json.is_object() ? json.find(key) : json.end();
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// The member `key` of an object, null otherwise.
const Json& member(const Json& json, std::string_view key) {
  static const Json kNull;
  const auto found = json.is_object() ? json.find(key) : json.end();
  return found != json.end() ? *found : kNull;
}

struct NamedBlob {
  std::string name;
  std::optional<ByteView> bytes;
};

class ImageCheck {
 public:
  explicit ImageCheck(const ImageFiles& files) : files_(files) {}

  void check_index();
  void check_docker_manifest();
  VerifyReport take_report() { return std::move(report_); }

 private:
  void violate(int rule, const std::string& subject, const std::string& message) {
    report_.violations.push_back({rule, subject, message});
  }
  std::optional<Json> parse(const std::string& name, ByteView bytes);
  std::optional<NamedBlob> check_descriptor(const std::string& subject, const Json& descriptor);
  void check_manifest(const Json& descriptor);
  void check_config(const NamedBlob& config, const std::vector<NamedBlob>& layers,
                    const std::optional<std::string>& index_version);
  void check_fields(const std::string& subject, const Json& config);
  void check_layers(const std::string& subject, const Json& config, const std::vector<NamedBlob>& layers);
  void check_version(const std::string& subject, const std::string& version,
                     const std::optional<std::string>& index_version);

  const ImageFiles& files_;
  VerifyReport report_;
  std::set<std::string> named_;              // blobs that index.json reaches
  std::optional<std::string> hive_version_;  // of the image at hand
  bool has_base_layer_ = false;              // it could be read
};

std::optional<Json> ImageCheck::parse(const std::string& name, ByteView bytes) {
  auto json = parse_json(as_text(bytes), name);
  if (json) return std::move(*json);
  violate(0, name, json.error().faults().front().message);
  return std::nullopt;
}

void ImageCheck::check_index() {
  const std::string index_name(oci::kIndexFile);
  const std::string marker_name(oci::kLayoutFile);
  const auto marker = files_.find(marker_name);
  if (!marker) {
    violate(0, marker_name, "it is missing");
  } else if (const auto json = parse(marker_name, *marker);
             json && text_of(*json, "imageLayoutVersion") != oci::kLayoutVersion) {
    violate(0, marker_name, "its imageLayoutVersion is not " + std::string(oci::kLayoutVersion));
  }
  const auto index = parse(index_name, *files_.find(index_name));
  if (!index) return;
  const Json& manifests = member(*index, "manifests");
  if (member(*index, "schemaVersion") != 2) violate(0, index_name, "its schemaVersion is not 2");
  if (!manifests.is_array() || manifests.empty()) return violate(0, index_name, "it names no manifest");
  for (const Json& descriptor : manifests) check_manifest(descriptor);
}

// The blob a descriptor names; nothing when it cannot be had.
std::optional<NamedBlob> ImageCheck::check_descriptor(const std::string& subject, const Json& descriptor) {
  const std::string digest = text_of(descriptor, "digest");
  const auto expected = digest.starts_with(oci::kDigestPrefix)
                            ? parse_digest(std::string_view(digest).substr(oci::kDigestPrefix.size()))
                            : std::nullopt;
  if (!expected) {
    violate(0, subject, "it names a blob by \"" + digest + "\", which is no SHA-256");
    return std::nullopt;
  }
  NamedBlob blob{std::string(oci::kBlobFolder) + expected->hex(), std::nullopt};
  named_.insert(blob.name);
  blob.bytes = files_.find(blob.name);
  if (!blob.bytes) {
    violate(0, blob.name, "it is missing");
    return std::nullopt;
  }
  const Json& size = member(descriptor, "size");
  if (!size.is_number_unsigned() || size.get<ByteCount>() != blob.bytes->size()) {
    violate(0, blob.name,
            "it has " + std::to_string(blob.bytes->size()) + " bytes, its descriptor says " + size.dump());
  }
  const Digest actual = sha256(*blob.bytes);
  if (actual != *expected) violate(0, blob.name, "its SHA-256 is " + actual.hex());
  return blob;
}

void ImageCheck::check_manifest(const Json& descriptor) {
  const std::string index_name(oci::kIndexFile);
  const auto blob = check_descriptor(index_name, descriptor);
  if (!blob) return;
  const Json& platform = member(descriptor, "platform");
  if (text_of(platform, "os") != "windows") violate(0, index_name, "its platform's os is not windows");
  const auto manifest = parse(blob->name, *blob->bytes);
  if (!manifest) return;
  const std::string type = text_of(*manifest, "mediaType");
  if (type != oci::kManifestType && type != oci::kDockerManifestType) {
    return violate(0, blob->name, "its mediaType \"" + type + "\" is no image manifest's");
  }
  const auto config = check_descriptor(blob->name, member(*manifest, "config"));
  std::vector<NamedBlob> layers;
  const Json& layer_descriptors = member(*manifest, "layers");
  if (!layer_descriptors.is_array()) return violate(0, blob->name, "it has no layers");
  for (const Json& layer : layer_descriptors) {
    if (auto layer_blob = check_descriptor(blob->name, layer)) layers.push_back(std::move(*layer_blob));
  }
  if (config && layers.size() == layer_descriptors.size()) {
    check_config(*config, layers, text_of(platform, "os.version"));
  }
}

void ImageCheck::check_config(const NamedBlob& config, const std::vector<NamedBlob>& layers,
                              const std::optional<std::string>& index_version) {
  const auto json = parse(config.name, *config.bytes);
  if (!json) return;
  check_fields(config.name, *json);
  check_layers(config.name, *json, layers);
  check_version(config.name, text_of(*json, "os.version"), index_version);
}

void ImageCheck::check_fields(const std::string& subject, const Json& config) {
  if (text_of(config, "os") != "windows") violate(0, subject, "its os is not windows");
  if (text_of(config, "architecture").empty()) violate(0, subject, "it has no architecture");
  // containerd matches only images whose features are among the host's, and hosts state none.
  if (!member(config, "os.features").is_null()) violate(0, subject, "it states os.features");
  if (text_of(member(config, "rootfs"), "type") != "layers") violate(0, subject, "its rootfs is not of type layers");
}

void ImageCheck::check_layers(const std::string& subject, const Json& config, const std::vector<NamedBlob>& layers) {
  hive_version_.reset();
  has_base_layer_ = false;
  const Json& diff_ids = member(member(config, "rootfs"), "diff_ids");
  if (!diff_ids.is_array() || diff_ids.size() != layers.size() || layers.empty()) {
    violate(14, subject,
            "it has " + std::to_string(diff_ids.size()) + " diff_ids for " + std::to_string(layers.size()) + " layers");
    return;
  }
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const LayerFacts facts = i == 0 ? check_layer(*layers[i].bytes, layers[i].name, report_.violations)
                                    : hash_layer(*layers[i].bytes, layers[i].name, report_.violations);
    report_.entries += facts.entries;
    if (i == 0) hive_version_ = facts.os_version;
    if (!facts.diff_id) continue;
    if (i == 0) has_base_layer_ = true;
    const std::string actual = std::string(oci::kDigestPrefix) + facts.diff_id->hex();
    if (diff_ids[i] != actual)
      violate(14, subject, "its diff_id " + diff_ids[i].dump() + " is not the layer's, " + actual);
  }
}

void ImageCheck::check_version(const std::string& subject, const std::string& version,
                               const std::optional<std::string>& index_version) {
  const auto parsed = parse_version(version);
  if (!parsed || parsed->parts[0] != 10 || parsed->parts[1] != 0) {
    return violate(15, subject, "its os.version \"" + version + "\" is not 10.0.BUILD.UBR");
  }
  if (index_version && *index_version != version) {
    violate(15, std::string(oci::kIndexFile),
            "its os.version \"" + *index_version + "\" is not the config's, \"" + version + "\"");
  }
  if (has_base_layer_ && hive_version_ != version) {
    violate(15, subject,
            "its os.version \"" + version + "\" is not the SOFTWARE hive's, \"" + hive_version_.value_or("") + "\"");
  }
}

void ImageCheck::check_docker_manifest() {
  const std::string name(oci::kDockerManifestFile);
  const auto json = parse(name, *files_.find(name));
  if (!json) return;
  if (!json->is_array() || json->empty()) return violate(0, name, "it names no image");
  for (const Json& image : *json) {
    const NamedBlob config{text_of(image, "Config"), files_.find(text_of(image, "Config"))};
    std::vector<NamedBlob> files = {config};
    for (const Json& layer : member(image, "Layers")) {
      const std::string layer_name = layer.is_string() ? layer.get<std::string>() : std::string();
      files.push_back({layer_name, files_.find(layer_name)});
    }
    const auto missing = std::find_if(files.begin(), files.end(), [](const NamedBlob& file) { return !file.bytes; });
    if (missing != files.end()) {
      violate(0, name, "it names \"" + missing->name + "\", which is missing");
      continue;
    }
    if (files_.kind() == ImageKind::docker_archive) {
      check_config(config, {files.begin() + 1, files.end()}, std::nullopt);
      continue;
    }
    for (const NamedBlob& file : files) {
      if (!named_.contains(file.name)) violate(0, name, "it names \"" + file.name + "\", index.json does not");
    }
  }
}

}  // namespace

VerifyReport check_oci_image(const ImageFiles& files) {
  ImageCheck check(files);
  check.check_index();
  if (files.find(std::string(oci::kDockerManifestFile))) check.check_docker_manifest();
  return check.take_report();
}

VerifyReport check_docker_archive(const ImageFiles& files) {
  ImageCheck check(files);
  check.check_docker_manifest();
  return check.take_report();
}

}  // namespace winnow
