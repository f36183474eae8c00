#include "image/container/oci_documents.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include "base/json.hpp"
#include "formats/oci.hpp"

namespace winnow {

namespace {

std::string two_digits(std::int64_t value) { return (value < 10 ? "0" : "") + std::to_string(value); }

// RFC 3339, in UTC. Years before 0 or after 9999 cannot be said in it: the nearest that can stands in.
std::string print_time(std::int64_t seconds) {
  constexpr std::int64_t kFirst = -62'167'219'200;  // 0000-01-01
  constexpr std::int64_t kLast = 253'402'300'799;   // 9999-12-31 23:59:59
  const std::chrono::sys_seconds time{std::chrono::seconds(std::clamp(seconds, kFirst, kLast))};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::int64_t second = (time - day).count();
  std::string year = std::to_string(static_cast<int>(date.year()));
  year.insert(0, 4 - year.size(), '0');
  return year + "-" + two_digits(static_cast<unsigned>(date.month())) + "-" +
         two_digits(static_cast<unsigned>(date.day())) + "T" + two_digits(second / 3600) + ":" +
         two_digits(second / 60 % 60) + ":" + two_digits(second % 60) + "Z";
}

// Text that is not UTF-8 cannot be in a plan; the replacement keeps dump() from throwing all the same.
std::string print_json(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json make_descriptor(std::string_view type, const Digest& digest, ByteCount size) {
  return {{"mediaType", type}, {"digest", print_digest(digest)}, {"size", size}};
}

std::string_view layer_type(Compression compression) {
  switch (compression) {
    case Compression::none:
      return oci::kLayerType;
    case Compression::gzip:
      return oci::kLayerGzipType;
    case Compression::zstd:
      return oci::kLayerZstdType;
  }
  return oci::kLayerType;
}

Json make_settings(const ContainerSettings& container) {
  Json settings = Json::object();
  if (!container.user.empty()) settings["User"] = container.user;
  for (const auto& [name, value] : container.environment) settings["Env"].push_back(name + "=" + value);
  if (!container.command.empty()) settings["Cmd"] = container.command;
  if (!container.working_directory.empty()) settings["WorkingDir"] = container.working_directory;
  return settings;
}

}  // namespace

std::string blob_name(const Digest& digest) { return std::string(oci::kBlobFolder) + digest.hex(); }

std::string print_digest(const Digest& digest) { return std::string(oci::kDigestPrefix) + digest.hex(); }

std::string print_config(const ImagePlan& plan, const Digest& diff_id) {
  const std::string created = print_time(plan.created);
  const std::string os_version = to_string(plan.os_version);
  Json config;
  config["created"] = created;
  config["architecture"] = plan.architecture;
  config["os"] = "windows";
  config["os.version"] = os_version;
  config["config"] = make_settings(plan.container);
  config["rootfs"] = {{"type", "layers"}, {"diff_ids", Json::array({print_digest(diff_id)})}};
  config["history"] = Json::array({{{"created", created}, {"created_by", "Apply image " + os_version}}});
  return print_json(config);
}

std::string print_manifest(const LayerBlob& layer, std::string_view config) {
  Json manifest;
  manifest["schemaVersion"] = 2;
  manifest["mediaType"] = oci::kManifestType;
  manifest["config"] = make_descriptor(oci::kConfigType, sha256(as_bytes(config)), config.size());
  manifest["layers"] = Json::array({make_descriptor(layer_type(layer.compression), layer.digest, layer.size)});
  return print_json(manifest);
}

std::string print_index(const ImagePlan& plan, std::string_view manifest) {
  const std::string name = full_image_name(plan.tag);
  Json descriptor = make_descriptor(oci::kManifestType, sha256(as_bytes(manifest)), manifest.size());
  descriptor["annotations"] = {{oci::kContainerdImageName, name}, {oci::kRefName, name.substr(name.rfind(':') + 1)}};
  descriptor["platform"] = {
      {"architecture", plan.architecture}, {"os", "windows"}, {"os.version", to_string(plan.os_version)}};
  Json index;
  index["schemaVersion"] = 2;
  index["mediaType"] = oci::kIndexType;
  index["manifests"] = Json::array({std::move(descriptor)});
  return print_json(index);
}

std::string print_layout_marker() {
  Json marker;
  marker["imageLayoutVersion"] = oci::kLayoutVersion;
  return print_json(marker);
}

std::string print_docker_manifest(const ImagePlan& plan, const Digest& config, const Digest& layer) {
  Json image;
  image["Config"] = blob_name(config);
  image["RepoTags"] = Json::array({plan.tag});
  image["Layers"] = Json::array({blob_name(layer)});
  return print_json(Json::array({std::move(image)}));
}

}  // namespace winnow
