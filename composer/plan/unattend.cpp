#include "plan/unattend.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/nearest_name.hpp"
#include "base/utf16.hpp"
#include "manifest/xml_document.hpp"
#include "manifest/xml_writer.hpp"

namespace winnow {

namespace {

constexpr std::array<std::string_view, 7> kPasses = {"windowsPE",   "offlineServicing", "generalize", "specialize",
                                                     "auditSystem", "auditUser",        "oobeSystem"};

// Namespaces of answer files, by the prefixes that Windows' own tools give them.
struct KnownNamespace {
  std::string_view prefix;
  std::string_view uri;
};
constexpr std::array<KnownNamespace, 3> kNamespaces = {{{"wcm", "http://schemas.microsoft.com/WMIConfig/2002/State"},
                                                        {"xsi", "http://www.w3.org/2001/XMLSchema-instance"},
                                                        {"cpi", "urn:schemas-microsoft-com:cpi"}}};
// What makes components of one pass the same one.
constexpr std::array<std::string_view, 2> kComponentKeys = {"name", "processorArchitecture"};

std::string quote(std::string_view text) { return "\"" + std::string(text) + "\""; }

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

class UnattendReader {
 public:
  explicit UnattendReader(Diagnostics& faults) : faults_(faults) {}

  // Depth is bounded by the XML parser's.
  UnattendElement read(const XmlElement& element) {
    UnattendElement result;
    result.place = element.place();
    result.name = prefixed(element.namespace_uri(), element.name(), element.place());
    for (const XmlAttribute& attribute : element.attributes()) {
      const std::string name = attribute.namespace_uri.empty()
                                   ? std::string(attribute.name)
                                   : prefixed(attribute.namespace_uri, attribute.name, attribute.place);
      result.attributes.emplace_back(name, attribute.value);
    }
    for (const XmlElement& child : element.children()) result.children.push_back(read(child));
    const std::string text = element.text();
    if (result.children.empty()) {
      result.text = is_blank(text) ? "" : text;
    } else if (!is_blank(text)) {
      faults_.add(element.place(), "cannot read answer file: <" + result.name + "> holds text beside elements");
    }
    return result;
  }

  void check_passes(const UnattendElement& root) {
    for (const UnattendElement& child : root.children) {
      if (child.name != "settings") continue;
      const std::string pass(child.attribute("pass"));
      if (std::find(kPasses.begin(), kPasses.end(), pass) != kPasses.end()) continue;
      faults_.add(child.place, "cannot read answer file: setup has no pass " + quote(pass),
                  did_you_mean(nearest_of(pass, kPasses)));
    }
  }

 private:
  std::string prefixed(std::string_view uri, std::string_view name, const Place& place) {
    if (uri == kUnattendNamespace) return std::string(name);
    for (const KnownNamespace& known : kNamespaces) {
      if (known.uri == uri) return std::string(known.prefix) + ":" + std::string(name);
    }
    faults_.add(place, "cannot read answer file: " + quote(name) + " is of namespace " + quote(uri) +
                           ", which answer files have not");
    return std::string(name);
  }

  Diagnostics& faults_;
};

bool same_component(const UnattendElement& a, const UnattendElement& b) {
  return std::all_of(kComponentKeys.begin(), kComponentKeys.end(),
                     [&](std::string_view key) { return ascii_iequals(a.attribute(key), b.attribute(key)); });
}

// Are `a` and `b`, children of merged elements, one setting? What has an action is an item of a list.
bool is_same_setting(const UnattendElement& a, const UnattendElement& b) {
  if (a.name != b.name || !a.attribute("wcm:action").empty() || !b.attribute("wcm:action").empty()) return false;
  if (a.name == "settings") return a.attribute("pass") == b.attribute("pass");
  if (a.name == "component") return same_component(a, b);
  return true;
}

bool is_equal(const UnattendElement& a, const UnattendElement& b) {
  return a.name == b.name && a.attributes == b.attributes && a.text == b.text &&
         std::equal(a.children.begin(), a.children.end(), b.children.begin(), b.children.end(), is_equal);
}

void add_conflict(Diagnostics& faults, const UnattendElement& there, const std::string& name, const Place& place) {
  faults.add(place, "cannot set " + quote(name) + " in the answer file: it is there with another value",
             {"the other is at " + to_string(there.place)});
}

void merge_element(UnattendElement& into, const UnattendElement& from, Diagnostics& faults) {
  if (into.text != from.text && (into.children.empty() || !from.text.empty())) {
    add_conflict(faults, into, into.name, from.place);
    return;
  }
  for (const UnattendElement& child : from.children) {
    const auto same = std::find_if(into.children.begin(), into.children.end(),
                                   [&](const UnattendElement& old) { return is_same_setting(old, child); });
    if (same != into.children.end()) {
      merge_element(*same, child, faults);
    } else if (std::none_of(into.children.begin(), into.children.end(),
                            [&](const UnattendElement& old) { return is_equal(old, child); })) {
      into.children.push_back(child);
    }
  }
}

// The child that is the same setting as `wanted`, made when it is not there.
UnattendElement& child_like(UnattendElement& parent, UnattendElement wanted) {
  for (UnattendElement& child : parent.children) {
    if (is_same_setting(child, wanted)) return child;
  }
  parent.children.push_back(std::move(wanted));
  return parent.children.back();
}

UnattendElement component_named(const std::string& name, const std::string& architecture) {
  return {"component",
          {{"name", name},
           {"processorArchitecture", architecture},
           {"publicKeyToken", "31bf3856ad364e35"},
           {"language", "neutral"},
           {"versionScope", "nonSxS"}},
          "",
          {},
          {}};
}

void print(const UnattendElement& element, XmlWriter& xml) {
  xml.open(element.name);
  for (const auto& [name, value] : element.attributes) xml.attribute(name, value);
  if (!element.text.empty()) xml.text(element.text);
  for (const UnattendElement& child : element.children) print(child, xml);
  xml.close();
}

bool uses_prefix(const UnattendElement& element, const std::string& prefix) {
  if (element.name.starts_with(prefix)) return true;
  return std::any_of(element.attributes.begin(), element.attributes.end(),
                     [&](const auto& attribute) { return attribute.first.starts_with(prefix); }) ||
         std::any_of(element.children.begin(), element.children.end(),
                     [&](const UnattendElement& child) { return uses_prefix(child, prefix); });
}

}  // namespace

std::string_view UnattendElement::attribute(std::string_view attribute_name) const {
  for (const auto& [known, value] : attributes) {
    if (known == attribute_name) return value;
  }
  return {};
}

Unattend::Unattend() { root_.name = "unattend"; }

Result<Unattend> Unattend::parse(std::string_view text, const std::string& file) {
  WINNOW_TRY(const XmlDocument document, XmlDocument::parse(text, file));
  const XmlElement root = document.root();
  if (root.name() != "unattend" || root.namespace_uri() != kUnattendNamespace) {
    return fail(root.place(),
                "cannot read answer file: its root is not <unattend> of " + std::string(kUnattendNamespace));
  }
  Diagnostics faults;
  UnattendReader reader(faults);
  Unattend unattend;
  unattend.root_ = reader.read(root);
  reader.check_passes(unattend.root_);
  if (!faults.empty()) return fail(std::move(faults).error());
  return unattend;
}

Result<void> Unattend::merge(const Unattend& other) {
  Diagnostics faults;
  for (const UnattendElement& child : other.root_.children) {
    UnattendElement wrapper{"unattend", {}, "", {child}, {}};
    merge_element(root_, wrapper, faults);
  }
  if (!faults.empty()) return fail(std::move(faults).error());
  return {};
}

Result<void> Unattend::set(const UnattendSetting& setting, const std::string& architecture, bool replaces) {
  UnattendElement& pass = child_like(root_, {"settings", {{"pass", setting.pass}}, "", {}, setting.place});
  UnattendElement* element = &child_like(pass, component_named(setting.component, architecture));
  for (const std::string& name : setting.path) element = &child_like(*element, {name, {}, "", {}, setting.place});
  Diagnostics faults;
  for (const auto& [name, value] : setting.leaves) {
    UnattendElement& leaf = child_like(*element, {name, {}, value, {}, setting.place});
    if (leaf.text == value && leaf.children.empty()) continue;
    if (!replaces) {
      add_conflict(faults, leaf, setting.path.empty() ? name : setting.path.back(), setting.place);
      break;
    }
    leaf = {name, {}, value, {}, setting.place};
  }
  if (!faults.empty()) return fail(std::move(faults).error());
  return {};
}

std::string Unattend::text() const {
  XmlWriter xml;
  xml.open("unattend");
  xml.attribute("xmlns", kUnattendNamespace);
  for (const KnownNamespace& known : kNamespaces) {
    const std::string prefix(known.prefix);
    if (uses_prefix(root_, prefix + ":")) xml.attribute("xmlns:" + prefix, known.uri);
  }
  for (const UnattendElement& child : root_.children) print(child, xml);
  xml.close();
  return std::move(xml).take();
}

}  // namespace winnow
