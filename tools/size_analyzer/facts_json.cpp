#include "size_analyzer/facts_json.hpp"

#include <algorithm>

namespace winnow {

namespace {

// What is empty is not written.
void put(Json& json, const char* key, const std::string& text) {
  if (!text.empty()) json[key] = text;
}
void put(Json& json, const char* key, bool flag) {
  if (flag) json[key] = true;
}
void put(Json& json, const char* key, std::uint32_t number, std::uint32_t absent = 0) {
  if (number != absent) json[key] = number;
}

Json sizes_json(const Sizes& sizes) { return Json::array({sizes.logical, sizes.allocated, sizes.stored}); }

Json item_json(const std::string& text) { return text; }

Json item_json(const FeedFacts& feed) {
  return {{"name", feed.name}, {"version", feed.version}, {"digest", feed.digest}};
}

Json item_json(const ImageLayerFacts& layer) {
  return {{"digest", layer.digest}, {"stored", layer.stored}, {"unpacked", layer.unpacked}};
}

Json item_json(const OwnerNeed& need) {
  Json json = {{"to", need.to}, {"kind", need.kind}};
  put(json, "text", need.text);
  return json;
}

Json item_json(const OwnerFacts& owner);
Json item_json(const FilePart& part);
Json item_json(const FileFacts& file);
Json item_json(const OverheadFacts& overhead);
Json item_json(const ServiceFacts& service);
Json item_json(const ChoiceFacts& choice);
Json item_json(const CountFacts& count);

template <class Item>
Json list_json(const std::vector<Item>& items) {
  Json list = Json::array();
  for (const Item& item : items) list.push_back(item_json(item));
  return list;
}

Json item_json(const OwnerFacts& owner) {
  Json json = {{"kind", to_string(owner.kind)}, {"basis", to_string(owner.basis)}, {"name", owner.name}};
  put(json, "version", owner.version);
  put(json, "package", owner.package);
  put(json, "architecture", owner.architecture);
  put(json, "reason", owner.reason);
  put(json, "requested", owner.is_requested);
  if (!owner.needs.empty()) json["needs"] = list_json(owner.needs);
  return json;
}

Json item_json(const FilePart& part) {
  Json json = {{"kind", to_string(part.kind)}, {"name", part.name}};
  put(json, "owner", part.owner);
  json["sizes"] = sizes_json(part.sizes);
  return json;
}

Json item_json(const FileFacts& file) {
  Json json = {{"path", file.path}, {"kind", to_string(file.kind)}};
  put(json, "owner", file.owner);
  put(json, "language", file.language);
  put(json, "architecture", file.architecture);
  put(json, "layer", file.layer);
  put(json, "digest", file.digest);
  put(json, "content", file.content, kNoContent);
  put(json, "shadowed", file.is_shadowed);
  json["sizes"] = sizes_json(file.sizes);
  if (!file.parts.empty()) json["parts"] = list_json(file.parts);
  return json;
}

Json item_json(const OverheadFacts& overhead) {
  Json json = {{"kind", to_string(overhead.kind)}, {"name", overhead.name}};
  put(json, "layer", overhead.layer);
  json["sizes"] = sizes_json(overhead.sizes);
  return json;
}

Json item_json(const ServiceFacts& service) {
  Json json = {{"name", service.name}, {"start", service.start}};
  put(json, "driver", service.is_driver);
  put(json, "listens", service.listens);
  put(json, "file", service.file);
  put(json, "owner", service.owner);
  return json;
}

Json item_json(const ChoiceFacts& choice) {
  return {{"need", choice.need}, {"chosen", choice.chosen}, {"alternatives", choice.alternatives}};
}

Json item_json(const CountFacts& count) { return {{"name", count.name}, {"value", count.value}}; }

Json head_json(const ImageFacts& facts) {
  Json json = {{"schema", kFactsSchema}, {"name", facts.name}, {"format", facts.format}};
  put(json, "tag", facts.tag);
  put(json, "osVersion", facts.os_version);
  put(json, "architecture", facts.architecture);
  if (facts.time != 0) json["time"] = facts.time;
  json["allocatedIsMeasured"] = facts.allocated_is_measured;
  json["clusterSize"] = facts.cluster_size;
  put(json, "manifestDigest", facts.manifest_digest);
  json["total"] = sizes_json(facts.total);
  return json;
}

// Calls `visit(key, items)` for every list of a report, in their order.
template <class Visitor>
void visit_lists(const ImageFacts& facts, const Visitor& visit) {
  visit("requests", facts.requests);
  visit("feeds", facts.feeds);
  visit("layers", facts.layers);
  visit("owners", facts.owners);
  visit("files", facts.files);
  visit("overheads", facts.overheads);
  visit("services", facts.services);
  visit("choices", facts.choices);
  visit("counts", facts.counts);
  visit("componentStore", facts.component_store);
  visit("warnings", facts.warnings);
}

}  // namespace

Json to_json(const ImageFacts& facts) {
  Json json = head_json(facts);
  visit_lists(facts, [&json](const char* key, const auto& items) {
    if (!items.empty()) json[key] = list_json(items);
  });
  return json;
}

std::string print_facts(const ImageFacts& facts) {
  std::string text = head_json(facts).dump(1);
  text.resize(text.size() - 2);  // the line end and bracket
  visit_lists(facts, [&text](const char* key, const auto& items) {
    if (items.empty()) return;
    text += ",\n \"" + std::string(key) + "\": [";
    const char* separator = "\n  ";
    for (const auto& item : items) {
      text += separator + item_json(item).dump();
      separator = ",\n  ";
    }
    text += "\n ]";
  });
  return text + "\n}\n";
}

bool looks_like_facts(std::string_view start) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t bracket = start.find_first_not_of(kSpace);
  return bracket != std::string_view::npos && start[bracket] == '{' &&
         start.find("\"winnow-facts-") != std::string_view::npos;
}

}  // namespace winnow
