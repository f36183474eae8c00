#include "size_analyzer/file_kinds.hpp"

#include <algorithm>

#include "base/utf16.hpp"
#include "size_analyzer/component_store.hpp"

namespace winnow {

namespace {

std::string line_of(const StoreName& name) {
  return name.architecture + "_" + ascii_lower(name.name) + "_" + name.token + "_" + ascii_lower(name.language);
}

bool is_in_store(const std::string& path) { return ascii_lower(path).starts_with(ascii_lower(kComponentStore) + "/"); }

}  // namespace

FileKinds::FileKinds(const ScannedImage& image) : image_(image) {
  if (image.registry.services) {
    for (const RegistryService& service : *image.registry.services) {
      (service.is_driver ? drivers_ : services_).insert(file_of_service(service));
    }
  }
  for (const ImageFile& file : image.info.files) {
    const auto place = is_in_store(file.path) ? place_in_store(file.path) : std::nullopt;
    if (!place || place->is_package) continue;
    std::string& newest = newest_[line_of(place->component)];
    if (newest.empty() || is_older(newest, place->component.version)) newest = place->component.version;
  }
}

bool FileKinds::is_superseded(const std::string& path) const {
  const auto place = place_in_store(path);
  if (!place || place->is_package) return false;
  if (place->is_delta) return true;
  const auto newest = newest_.find(line_of(place->component));
  return newest != newest_.end() && is_older(place->component.version, newest->second);
}

ByteKind FileKinds::kind_of(const ContentGroup& group) const {
  const auto in_store = [this](std::size_t name) { return is_in_store(image_.info.files[name].path); };
  if (std::all_of(group.names.begin(), group.names.end(), in_store)) {
    const auto is_old = [this](std::size_t name) { return is_superseded(image_.info.files[name].path); };
    const bool is_payload = std::all_of(group.names.begin(), group.names.end(), is_old);
    return is_payload ? ByteKind::update_payload : ByteKind::component_store;
  }
  const ContentTraits& traits = image_.traits[group.names.front()];
  if (!traits.is_pe || (traits.kind != ByteKind::executable && traits.kind != ByteKind::library)) return traits.kind;
  const auto named_by = [&](const std::set<std::string>& list) {
    return std::any_of(group.names.begin(), group.names.end(),
                       [&](std::size_t name) { return list.contains(ascii_lower(image_.info.files[name].path)); });
  };
  if (named_by(drivers_)) return ByteKind::driver;
  if (named_by(services_)) return ByteKind::service_binary;
  const bool is_program = ascii_lower(image_.info.files[group.names.front()].path).ends_with(".exe");
  return traits.is_driver_like && !is_program ? ByteKind::driver : traits.kind;
}

}  // namespace winnow
