// The values of an app manifest's elements: one reader an element, each giving a typed value or a fault with its place.
// Shapes are checked elsewhere (app_manifest_shape.hpp): a missing attribute is no fault here, it gives nothing.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "manifest/app_manifest.hpp"
#include "manifest/xml_document.hpp"

namespace winnow {

struct AppValueReader {
  std::filesystem::path folder;  // of the file being read: what its relative paths start from
  Diagnostics& faults;

  // The attribute, when it is there and not empty; a fault when it is empty.
  [[nodiscard]] std::optional<std::string> filled(const XmlElement& element, std::string_view name) const;
  [[nodiscard]] std::optional<std::filesystem::path> path(const XmlElement& element, std::string_view name) const;
  [[nodiscard]] std::optional<AppPayload> payload(const XmlElement& element) const;
  [[nodiscard]] std::optional<AppEntryPoint> entry_point(const XmlElement& element) const;
  [[nodiscard]] std::optional<AppRegistryKey> registry_key(const XmlElement& element) const;
  [[nodiscard]] std::optional<AppService> service(const XmlElement& element) const;
  [[nodiscard]] std::optional<NeedsPolicy> needs(const XmlElement& element) const;
  [[nodiscard]] std::optional<AppPin> pin(const XmlElement& element) const;
  // Sets what the element states and leaves the rest of `choosing`.
  void choosing(const XmlElement& element, AppChoosing& choosing) const;
  // Sets what the element states and leaves the rest of `image`.
  void image(const XmlElement& element, ImageSettings& image) const;

 private:
  [[nodiscard]] std::optional<WindowsPath> windows_path(const XmlElement& element, std::string_view name) const;
  [[nodiscard]] std::optional<Digest> digest(const XmlElement& element, const std::string& source) const;
  [[nodiscard]] std::optional<ComponentRegistryValue> registry_value(const XmlElement& element) const;
  void choice(const XmlElement& element, std::string_view name, std::span<const std::string_view> choices,
              std::string& value) const;
};

// "name:tag" as registries take it (OCI distribution specification, "pulling manifests"), a registry's host before it
// or not.
[[nodiscard]] bool is_image_tag(std::string_view text);
// The image tag of an app that names none: `name` and `version` with every character no tag takes as '-'.
[[nodiscard]] std::string default_image_tag(std::string_view name, std::string_view version);

}  // namespace winnow
