#include "image_reader/image_documents.hpp"

#include <optional>

#include "formats/oci.hpp"
#include "image_reader/json_fields.hpp"

namespace winnow {

namespace {

constexpr int kMaxIndexDepth = 4;  // an index that names an index that names …

Result<Json> read_json(ByteView bytes, const std::string& name) {
  if (bytes.size() > kMaxImageDocumentBytes) {
    return fail(name + " is larger than " + std::to_string(kMaxImageDocumentBytes) + " bytes");
  }
  WINNOW_TRY(Json value, parse_json(as_text(bytes), name));
  if (!value.is_object() && !value.is_array()) return fail(name + " holds neither an object nor a list");
  return value;
}

void append_texts(const Json& list, std::vector<std::string>& out) {
  if (!list.is_array()) return;
  for (const Json& item : list) {
    if (item.is_string()) out.push_back(item.get<std::string>());
  }
}

// The blob a descriptor ({"digest":"sha256:…","size":…}) names, its bytes checked against the digest.
Result<StoredLayer> find_blob(const BlobStore& store, const Json& descriptor) {
  const std::string digest = text_of(descriptor, "digest");
  const auto expected = digest.starts_with(oci::kDigestPrefix)
                            ? parse_digest(std::string_view(digest).substr(oci::kDigestPrefix.size()))
                            : std::nullopt;
  if (!expected) return fail("its documents name a blob by \"" + digest + "\", which is no SHA-256");
  StoredLayer blob{std::string(oci::kBlobFolder) + expected->hex(), digest, text_of(descriptor, "mediaType"), {}};
  const ByteView* bytes = store.find(blob.name);
  if (bytes == nullptr) return fail("it holds no " + blob.name);
  const Digest actual = sha256(*bytes);
  if (actual != *expected) return fail("the SHA-256 of " + blob.name + " is " + actual.hex());
  blob.bytes = *bytes;
  return blob;
}

// The first entry of an index that is for Windows or does not say.
const Json& choose_image(const Json& index) {
  static const Json null;
  const Json& manifests = member(index, "manifests");
  if (!manifests.is_array()) return null;
  for (const Json& descriptor : manifests) {
    const std::string system = text_of(member(descriptor, "platform"), "os");
    if (system.empty() || system == "windows") return descriptor;
  }
  return null;
}

// Tag: the full name where there is one (hybrid archives), else the reference.
std::string tag_of(const Json& descriptor) {
  const Json& notes = member(descriptor, "annotations");
  const std::string name = text_of(notes, oci::kContainerdImageName);
  return name.empty() ? text_of(notes, oci::kRefName) : name;
}

void read_config(const Json& config, ImageInfo& info) {
  info.os_version = text_of(config, "os.version");
  info.architecture = text_of(config, "architecture");
  const Json& run = member(config, "config");
  append_texts(member(run, "Entrypoint"), info.command);
  append_texts(member(run, "Cmd"), info.command);
  append_texts(member(run, "Env"), info.environment);
  info.working_directory = text_of(run, "WorkingDir");
  info.user = text_of(run, "User");
}

Result<std::vector<StoredLayer>> read_oci(const BlobStore& store, ByteView index_bytes, ImageInfo& info) {
  WINNOW_TRY(Json manifest, read_json(index_bytes, "index.json"));
  for (int depth = 0; member(manifest, "manifests").is_array(); ++depth) {
    if (depth == kMaxIndexDepth) return fail("its indexes are nested too deep");
    const Json descriptor = choose_image(manifest);
    if (descriptor.is_null()) return fail("its index names no image for Windows");
    if (info.tag.empty()) info.tag = tag_of(descriptor);
    WINNOW_TRY(const StoredLayer blob, find_blob(store, descriptor));
    WINNOW_TRY(manifest, read_json(blob.bytes, blob.name));
  }
  WINNOW_TRY(const StoredLayer config_blob, find_blob(store, member(manifest, "config")));
  WINNOW_TRY(const Json config, read_json(config_blob.bytes, config_blob.name));
  read_config(config, info);
  std::vector<StoredLayer> layers;
  const Json& descriptors = member(manifest, "layers");
  if (!descriptors.is_array()) return fail("its manifest has no list of layers");
  if (descriptors.size() > kMaxImageLayers)
    return fail("it has more than " + std::to_string(kMaxImageLayers) + " layers");
  for (const Json& descriptor : descriptors) {
    WINNOW_TRY(StoredLayer layer, find_blob(store, descriptor));
    layers.push_back(std::move(layer));
  }
  return layers;
}

Result<std::vector<StoredLayer>> read_docker(const BlobStore& store, ByteView manifest_bytes, ImageInfo& info) {
  WINNOW_TRY(const Json list, read_json(manifest_bytes, "manifest.json"));
  if (!list.is_array() || list.empty()) return fail("its manifest.json names no image");
  const Json& manifest = list.front();
  std::vector<std::string> tags;
  append_texts(member(manifest, "RepoTags"), tags);
  if (!tags.empty()) info.tag = tags.front();
  const std::string config_name = text_of(manifest, "Config");
  const ByteView* config_bytes = store.find(config_name);
  if (config_bytes == nullptr) return fail("it holds no " + (config_name.empty() ? "config" : config_name));
  WINNOW_TRY(const Json config, read_json(*config_bytes, config_name));
  read_config(config, info);
  std::vector<std::string> names;
  append_texts(member(manifest, "Layers"), names);
  if (names.size() > kMaxImageLayers) return fail("it has more than " + std::to_string(kMaxImageLayers) + " layers");
  std::vector<StoredLayer> layers;
  for (const std::string& name : names) {
    const ByteView* bytes = store.find(name);
    if (bytes == nullptr) return fail("it holds no " + name);
    layers.push_back({name, std::string(oci::kDigestPrefix) + sha256(*bytes).hex(), "", *bytes});
  }
  return layers;
}

}  // namespace

Result<std::vector<StoredLayer>> read_documents(const BlobStore& store, ImageInfo& info) {
  if (const ByteView* index = store.find(std::string(oci::kIndexFile))) return read_oci(store, *index, info);
  if (const ByteView* manifest = store.find(std::string(oci::kDockerManifestFile)))
    return read_docker(store, *manifest, info);
  return fail("it holds neither index.json nor manifest.json");
}

}  // namespace winnow
