#include "manifest/feed_index.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "manifest/component_manifest.hpp"
#include "manifest/identity_xml.hpp"

namespace winnow {
namespace {

class IndexReader {
 public:
  explicit IndexReader(Diagnostics& faults) : faults_(faults) {}

  FeedIndex read(const XmlElement& root) {
    index_.name = root.attribute_text("name");
    index_.version = root.attribute_text("version");
    if (index_.name.empty()) faults_.add(root.place(), "cannot read <feed>: it has no name");
    for (const XmlElement& child : root.children()) read_child(child);
    sort_unique(index_.packages, "package", package_places_);
    sort_unique(index_.components, "component", component_places_);
    return std::move(index_);
  }

 private:
  void read_child(const XmlElement& element) {
    if (element.name() == "description") {
      index_.description = element.text();
    } else if (element.name() == "package") {
      read_package(element);
    } else if (element.name() == "component") {
      read_component(element);
    } else {
      faults_.add(element.place(), "cannot read <" + std::string(element.name()) + ">: a feed has no such element");
    }
  }

  void read_package(const XmlElement& element) {
    IndexedPackage package;
    auto identity = parse_identity(element, faults_);
    if (!identity) return;
    package.identity = std::move(*identity);
    package.identifier = element.attribute_text("identifier");
    package.product = element.attribute("product") == "true";
    package.manifest_digest = read_digest(element);
    index_.packages.push_back(std::move(package));
    package_places_.push_back(element.place());
  }

  void read_component(const XmlElement& element) {
    IndexedComponent component;
    auto identity = parse_identity(element, faults_);
    if (!identity) return;
    component.identity = std::move(*identity);
    component.role = element.attribute_text("role");
    component.manifest_digest = read_digest(element);
    for (const XmlElement& child : element.children()) {
      if (child.name() == "provides") {
        component.provides.push_back(child.attribute_text("name"));
      } else {
        component.files.push_back(read_file(child));
      }
    }
    index_.components.push_back(std::move(component));
    component_places_.push_back(element.place());
  }

  IndexedFile read_file(const XmlElement& element) {
    IndexedFile file;
    file.path = element.attribute_text("path");
    if (element.name() != "file" || file.path.empty()) {
      faults_.add(element.place(), "cannot read <" + std::string(element.name()) + ">: it is not a <file> with a path");
    }
    const std::string size = element.attribute_text("size");
    const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), file.size);
    if (error != std::errc{} || end != size.data() + size.size()) {
      faults_.add(element.place(), "cannot read size \"" + size + "\": it is not a number of bytes");
    }
    file.digest = read_digest(element);
    return file;
  }

  Digest read_digest(const XmlElement& element) {
    const std::string text = element.attribute_text("sha256");
    const auto digest = parse_digest(text);
    if (!digest) faults_.add(element.place(), "cannot read sha256 \"" + text + "\": it is not 64 hex digits");
    return digest.value_or(Digest{});
  }

  // Sorts `items` by identity; `places` holds where each was read.
  template <class Item>
  void sort_unique(std::vector<Item>& items, const std::string& what, const std::vector<Place>& places) {
    std::vector<std::size_t> order(items.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return items[a].identity < items[b].identity; });
    std::vector<Item> sorted;
    sorted.reserve(items.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      const bool again = i > 0 && items[order[i]].identity == sorted.back().identity;
      if (again) {
        faults_.add(places[order[i]],
                    "cannot read " + what + " \"" + to_string(sorted.back().identity) + "\": the feed has it already",
                    {"the first is at " + to_string(places[order[i - 1]])});
      }
      sorted.push_back(items[order[i]]);
    }
    items = std::move(sorted);
  }

  FeedIndex index_;
  Diagnostics& faults_;
  std::vector<Place> package_places_;
  std::vector<Place> component_places_;
};

void write_package(XmlWriter& xml, const IndexedPackage& package) {
  xml.open("package");
  write_identity_attributes(xml, package.identity);
  xml.optional_attribute("identifier", package.identifier);
  if (package.product) xml.attribute("product", "true");
  xml.attribute("sha256", package.manifest_digest.hex());
  xml.close();
}

void write_component(XmlWriter& xml, const IndexedComponent& component) {
  xml.open("component");
  write_identity_attributes(xml, component.identity);
  xml.optional_attribute("role", component.role);
  xml.attribute("sha256", component.manifest_digest.hex());
  for (const IndexedFile& file : component.files) {
    xml.open("file");
    xml.attribute("path", file.path);
    xml.attribute("size", std::to_string(file.size));
    xml.attribute("sha256", file.digest.hex());
    xml.close();
  }
  for (const std::string& capability : component.provides) {
    xml.open("provides");
    xml.attribute("name", capability);
    xml.close();
  }
  xml.close();
}

}  // namespace

Result<FeedIndex> parse_feed_index(std::string_view text, const std::string& file) {
  WINNOW_TRY(const XmlDocument document, XmlDocument::parse(text, file));
  const XmlElement root = document.root();
  if (root.name() != "feed" || root.namespace_uri() != kWinnowNamespace) {
    return fail(root.place(), "cannot read feed index: its root is not <feed> of " + std::string(kWinnowNamespace));
  }
  Diagnostics faults;
  FeedIndex index = IndexReader(faults).read(root);
  if (!faults.empty()) return fail(std::move(faults).error());
  return index;
}

std::string print_feed_index(const FeedIndex& index) {
  XmlWriter xml;
  xml.open("feed");
  xml.attribute("xmlns", kWinnowNamespace);
  xml.attribute("name", index.name);
  xml.attribute("version", index.version);
  xml.text_element("description", index.description);
  for (const IndexedPackage& package : index.packages) write_package(xml, package);
  for (const IndexedComponent& component : index.components) write_component(xml, component);
  xml.close();
  return std::move(xml).take();
}

}  // namespace winnow
