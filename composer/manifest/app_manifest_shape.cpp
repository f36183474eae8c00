#include "manifest/app_manifest_shape.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "base/nearest_name.hpp"

namespace winnow {
namespace {

constexpr std::string_view kSchemaInstance = "http://www.w3.org/2001/XMLSchema-instance";  // xsi:schemaLocation
constexpr bool kRequired = true;

constexpr std::array kShape = {
    // name and version may be absent in a manifest that others include; the outermost needs them.
    ElementShape{"app", "", Times::once, Holds::elements, {{{"name"}, {"version"}}}},
    ElementShape{"description", "app", Times::once, Holds::text, {}},
    ElementShape{"include", "app", Times::any, Holds::nothing, {{{"path", kRequired}}}},
    ElementShape{"feed", "app", Times::any, Holds::nothing, {{{"path", kRequired}}}},
    ElementShape{"base", "app", Times::once, Holds::nothing, {{{"path", kRequired}}}},
    ElementShape{"files",
                 "app",
                 Times::any,
                 Holds::elements,
                 {{{"source", kRequired}, {"to", kRequired}, {"sha256"}, {"strip"}}}},
    ElementShape{"only", "files", Times::any, Holds::text, {}},
    ElementShape{"entry-point", "app", Times::once, Holds::elements, {{{"program", kRequired}, {"working-directory"}}}},
    ElementShape{"argument", "entry-point", Times::any, Holds::text, {}},
    ElementShape{"environment", "app", Times::once, Holds::elements, {}},
    ElementShape{"variable", "environment", Times::any, Holds::nothing, {{{"name", kRequired}, {"value", kRequired}}}},
    ElementShape{"role", "app", Times::any, Holds::nothing, {{{"name", kRequired}}}},
    ElementShape{"feature", "app", Times::any, Holds::nothing, {{{"name", kRequired}}}},
    ElementShape{"component", "app", Times::any, Holds::nothing, {{{"name", kRequired}}}},
    ElementShape{"exclude", "app", Times::any, Holds::nothing, {{{"name", kRequired}}}},
    ElementShape{"pin", "app", Times::any, Holds::nothing, {{{"name", kRequired}, {"version", kRequired}}}},
    ElementShape{"choose", "app", Times::once, Holds::nothing, {{{"minimize"}, {"recommended"}, {"prefer-threshold"}}}},
    ElementShape{"language", "app", Times::any, Holds::nothing, {{{"name", kRequired}}}},
    ElementShape{"registry", "app", Times::once, Holds::elements, {}},
    ElementShape{"key", "registry", Times::any, Holds::elements, {{{"path", kRequired}}}},
    ElementShape{"value", "key", Times::any, Holds::text, {{{"name"}, {"type"}}}},
    ElementShape{"service",
                 "app",
                 Times::any,
                 Holds::elements,
                 {{{"name", kRequired},
                   {"image-path", kRequired},
                   {"display-name"},
                   {"description"},
                   {"type"},
                   {"start"},
                   {"error-control"},
                   {"account"},
                   {"group"}}}},
    ElementShape{"depends-on", "service", Times::any, Holds::nothing, {{{"name", kRequired}}}},
    ElementShape{"needs", "app", Times::once, Holds::nothing, {{{"policy", kRequired}}}},
    ElementShape{"image", "app", Times::once, Holds::nothing, {{{"os-version"}, {"tag"}, {"architecture"}, {"user"}}}},
    ElementShape{"machine",
                 "app",
                 Times::once,
                 Holds::elements,
                 {{{"deployment"},
                   {"edition"},
                   {"computer-name"},
                   {"time-zone"},
                   {"max-size"},
                   {"remote-management"},
                   {"development"},
                   {"ramdisk-boot"}}}},
    ElementShape{"administrator", "machine", Times::once, Holds::nothing, {{{"password-file"}, {"password-variable"}}}},
    ElementShape{"unattend", "machine", Times::once, Holds::nothing, {{{"path", kRequired}}}},
    ElementShape{"domain-join", "machine", Times::once, Holds::nothing, {{{"blob", kRequired}}}},
    ElementShape{"interface",
                 "machine",
                 Times::any,
                 Holds::elements,
                 {{{"name", kRequired}, {"ipv4-address"}, {"ipv4-mask"}, {"ipv4-gateway"}, {"ipv6-address"}}}},
    ElementShape{"dns", "interface", Times::any, Holds::nothing, {{{"address", kRequired}}}},
    ElementShape{"ems", "machine", Times::once, Holds::nothing, {{{"com-port"}, {"baud-rate"}}}},
    ElementShape{"kernel-debugger",
                 "machine",
                 Times::once,
                 Holds::nothing,
                 {{{"method", kRequired},
                   {"com-port"},
                   {"baud-rate"},
                   {"remote-ip"},
                   {"port"},
                   {"key"},
                   {"bus-parameters"},
                   {"channel"},
                   {"target-name"}}}},
    ElementShape{"copy", "machine", Times::any, Holds::nothing, {{{"path", kRequired}, {"to"}}}},
    ElementShape{"setup-command", "machine", Times::any, Holds::text, {}},
    ElementShape{"driver", "machine", Times::any, Holds::nothing, {{{"path", kRequired}}}},
    ElementShape{"package", "machine", Times::any, Holds::nothing, {{{"name", kRequired}}}},
    ElementShape{"servicing-package", "machine", Times::any, Holds::nothing, {{{"path", kRequired}}}},
    ElementShape{"offline-script", "machine", Times::any, Holds::nothing, {{{"path", kRequired}}}},
};

std::string tag(std::string_view name) { return "<" + std::string(name) + ">"; }

const ElementShape* find_shape(std::string_view name) {
  const auto* found = std::find_if(kShape.begin(), kShape.end(), [&](const auto& shape) { return shape.name == name; });
  return found == kShape.end() ? nullptr : found;
}

std::vector<std::string_view> child_names(std::string_view parent) {
  std::vector<std::string_view> names;
  for (const ElementShape& shape : kShape) {
    if (shape.parent == parent) names.push_back(shape.name);
  }
  return names;
}

std::vector<std::string_view> attribute_names(const ElementShape& shape) {
  std::vector<std::string_view> names;
  for (const AttributeShape& attribute : shape.attributes) {
    if (!attribute.name.empty()) names.push_back(attribute.name);
  }
  return names;
}

class ShapeCheck {
 public:
  explicit ShapeCheck(Diagnostics& faults) : faults_(faults) {}

  // Recursion is bounded by the depth of the shape: unknown elements are not entered.
  void check(const XmlElement& element, const ElementShape& shape) {
    check_attributes(element, shape);
    if (shape.holds != Holds::text) check_no_text(element);
    std::set<std::string_view> seen;
    for (const XmlElement& child : element.children()) {
      const ElementShape* known = find_shape(child.name());
      if (known == nullptr || known->parent != shape.name || child.namespace_uri() != kAppNamespace) {
        refuse_element(child, shape, known);
        continue;
      }
      if (!seen.insert(known->name).second && known->times == Times::once) {
        faults_.add(child.place(), "cannot read " + tag(known->name) + ": it is given twice in one file");
      }
      check(child, *known);
    }
  }

 private:
  void refuse_element(const XmlElement& element, const ElementShape& parent, const ElementShape* known) {
    std::vector<std::string> notes;
    if (element.namespace_uri() != kAppNamespace) {
      notes.push_back("its namespace is \"" + std::string(element.namespace_uri()) + "\"");
    } else if (known != nullptr) {
      notes.push_back(tag(known->name) + " stands inside " + tag(known->parent));
    } else if (const std::string near = nearest_name(element.name(), child_names(parent.name)); !near.empty()) {
      notes.push_back("did you mean " + tag(near) + "?");
    }
    faults_.add(element.place(),
                "cannot read " + tag(element.name()) + ": " + tag(parent.name) + " has no such element",
                std::move(notes));
  }

  void check_attributes(const XmlElement& element, const ElementShape& shape) {
    const std::vector<std::string_view> names = attribute_names(shape);
    for (const XmlAttribute& attribute : element.attributes()) {
      if (attribute.namespace_uri == kSchemaInstance) continue;
      const bool known = std::find(names.begin(), names.end(), attribute.name) != names.end();
      if (known && attribute.namespace_uri.empty()) continue;
      faults_.add(attribute.place,
                  "cannot read attribute \"" + std::string(attribute.name) + "\": " + tag(shape.name) +
                      " has no such attribute",
                  did_you_mean(nearest_name(attribute.name, names)));
    }
    for (const AttributeShape& attribute : shape.attributes) {
      if (!attribute.required || element.attribute(attribute.name)) continue;
      faults_.add(element.place(), "cannot read " + tag(shape.name) + ": its attribute \"" +
                                       std::string(attribute.name) + "\" is missing");
    }
  }

  void check_no_text(const XmlElement& element) {
    if (element.text().find_first_not_of(" \t\r\n") == std::string::npos) return;
    faults_.add(element.place(), "cannot read " + tag(element.name()) + ": it holds text");
  }

  Diagnostics& faults_;
};

}  // namespace

std::span<const ElementShape> app_manifest_shape() { return kShape; }

void check_app_manifest_shape(const XmlElement& root, Diagnostics& faults) {
  ShapeCheck(faults).check(root, kShape.front());
}

}  // namespace winnow
