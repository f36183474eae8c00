#include "image_reader/provenance.hpp"

#include <optional>

#include "image_reader/json_fields.hpp"

namespace winnow {

namespace {

tl::unexpected<Error> refuse(const std::string& reason) { return fail("cannot parse provenance.json: " + reason); }

// The list under `key`, each item an object; an absent list is an empty one.
Result<std::vector<Json>> list_of(const Json& json, const char* key) {
  const Json& list = member(json, key);
  if (list.is_null()) return std::vector<Json>();
  if (!list.is_array()) return refuse(std::string("\"") + key + "\" is no list");
  for (const Json& item : list) {
    if (!item.is_object()) return refuse(std::string("\"") + key + "\" holds something that is no object");
  }
  return std::vector<Json>(list.begin(), list.end());
}

std::optional<ProvenanceOwner::Kind> parse_kind(const std::string& text) {
  if (text == "winnow") return ProvenanceOwner::Kind::winnow;
  if (text == "component") return ProvenanceOwner::Kind::component;
  if (text == "app") return ProvenanceOwner::Kind::app;
  return std::nullopt;
}

// Rows of three: [owner, kind, text].
Result<void> read_needs(const Json& item, const Provenance& provenance, ProvenanceOwner& owner) {
  const Json& rows = member(item, "needs");
  if (rows.is_null()) return {};
  if (!rows.is_array()) return refuse("the needs of " + owner.name + " are no list");
  for (const Json& row : rows) {
    const bool is_row = row.is_array() && row.size() == 3 && row[0].is_number_unsigned() && row[1].is_string() &&
                        row[2].is_string() && row[0].get<std::uint64_t>() < provenance.owners.size();
    if (!is_row) return refuse("a need of " + owner.name + " is not [owner, kind, text]");
    owner.needs.push_back({row[0].get<std::size_t>(), row[1].get<std::string>(), row[2].get<std::string>()});
  }
  return {};
}

Result<void> read_owners(const Json& json, Provenance& provenance) {
  WINNOW_TRY(const auto items, list_of(json, "owners"));
  for (const Json& item : items) {
    const auto kind = parse_kind(text_of(item, "kind"));
    if (!kind)
      return refuse("an owner is of kind \"" + text_of(item, "kind") + "\", which is none of winnow, component, app");
    provenance.owners.push_back({*kind, text_of(item, "name"), text_of(item, "version"), text_of(item, "role"),
                                 text_of(item, "reason"), member(item, "requested") == Json(true)});
  }
  for (std::size_t i = 0; i < items.size(); ++i) WINNOW_CHECK(read_needs(items[i], provenance, provenance.owners[i]));
  return {};
}

// A list of texts; an absent one is empty.
Result<std::vector<std::string>> texts_of(const Json& json, const char* key) {
  std::vector<std::string> texts;
  const Json& list = member(json, key);
  if (list.is_null()) return texts;
  if (!list.is_array()) return refuse(std::string("\"") + key + "\" is no list");
  for (const Json& item : list) {
    if (!item.is_string()) return refuse(std::string("\"") + key + "\" holds something that is no text");
    texts.push_back(item.get<std::string>());
  }
  return texts;
}

Result<std::size_t> owner_of(const Json& item, const Provenance& provenance, const std::string& what) {
  const std::uint64_t owner = number_of(item, "owner");
  if (!member(item, "owner").is_number_unsigned() || owner >= provenance.owners.size()) {
    return refuse(what + " names no owner of the list");
  }
  return static_cast<std::size_t>(owner);
}

// The owners of "files" or "directories".
Result<std::map<WindowsPath, std::size_t>> read_paths(const Json& json, const char* key, const Provenance& provenance) {
  std::map<WindowsPath, std::size_t> paths;
  WINNOW_TRY(const auto items, list_of(json, key));
  for (const Json& item : items) {
    const std::string text = text_of(item, "path");
    auto path = WindowsPath::parse(text);
    if (!path) return refuse(path.error().faults().front().message);
    WINNOW_TRY(const std::size_t owner, owner_of(item, provenance, text));
    if (!paths.emplace(std::move(*path), owner).second) return refuse(text + " occurs twice");
  }
  return paths;
}

Result<void> read_registry(const Json& json, Provenance& provenance) {
  WINNOW_TRY(const auto items, list_of(json, "registry"));
  for (const Json& item : items) {
    const std::string hive = text_of(item, "hive");
    WINNOW_TRY(const std::size_t owner, owner_of(item, provenance, "hive " + hive));
    provenance.registry.push_back(
        {hive, owner, number_of(item, "keys"), number_of(item, "values"), number_of(item, "bytes")});
  }
  return {};
}

}  // namespace

Result<Provenance> parse_provenance(const Json& json) {
  if (!json.is_object()) return refuse("it is no object");
  const std::string schema = text_of(json, "schema");
  if (schema != kProvenanceSchema) {
    return refuse("its schema is \"" + schema + "\", expected \"" + std::string(kProvenanceSchema) + "\"");
  }
  Provenance provenance;
  provenance.name = text_of(json, "name");
  provenance.version = text_of(json, "version");
  provenance.os_version = text_of(json, "osVersion");
  provenance.time = number_of(member(json, "image"), "time");
  provenance.manifest_digest = text_of(json, "manifest");
  WINNOW_TRY(provenance.requests, texts_of(json, "requests"));
  WINNOW_TRY(provenance.omitted, texts_of(json, "omitted"));
  WINNOW_TRY(const auto feeds, list_of(json, "feeds"));
  for (const Json& feed : feeds) {
    provenance.feeds.push_back({text_of(feed, "name"), text_of(feed, "version"), text_of(feed, "digest")});
  }
  WINNOW_CHECK(read_owners(json, provenance));
  WINNOW_TRY(provenance.files, read_paths(json, "files", provenance));
  WINNOW_TRY(provenance.directories, read_paths(json, "directories", provenance));
  WINNOW_CHECK(read_registry(json, provenance));
  return provenance;
}

}  // namespace winnow
