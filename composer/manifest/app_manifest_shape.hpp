// The shape of an app manifest as data: which element stands where, with which attributes. The schema
// manifests/app-manifest.xsd says the same to editors; a test compares the two.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "base/error.hpp"
#include "manifest/xml_document.hpp"

namespace winnow {

inline constexpr std::string_view kAppNamespace = "urn:winnow:app:v1";

struct AttributeShape {
  std::string_view name;
  bool required = false;
};

enum class Times { once, any };  // how often in one parent, at most
enum class Holds { nothing, elements, text };

inline constexpr std::size_t kMaxShapeAttributes = 10;

struct ElementShape {
  std::string_view name;    // no two elements share one
  std::string_view parent;  // "" for the root
  Times times = Times::any;
  Holds holds = Holds::nothing;
  std::array<AttributeShape, kMaxShapeAttributes> attributes{};  // ends at the first without a name
};

// Every element, parents before their children.
[[nodiscard]] std::span<const ElementShape> app_manifest_shape();

// Reports every element and attribute below `root` that the shape does not know or allow there, with the nearest that
// it does, and every required attribute that is missing. Looks at no value.
void check_app_manifest_shape(const XmlElement& root, Diagnostics& faults);

}  // namespace winnow
