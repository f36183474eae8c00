#include <algorithm>
#include <limits>
#include <optional>
#include <set>

#include "size_analyzer/facts_json.hpp"

namespace winnow {

namespace {

// One object of a report: each member is taken at most once, and what is left over is unknown.
class ObjectReader {
 public:
  [[nodiscard]] static Result<ObjectReader> create(const Json& json, const std::string& place) {
    if (!json.is_object()) return fail(place + " is no object");
    return ObjectReader(json, place);
  }

  Result<void> text(const char* key, std::string& out, bool required = false) {
    const Json* value = take(key);
    if (value == nullptr) return required ? missing(key) : Result<void>();
    if (!value->is_string()) return fail(at(key) + " is no text");
    out = value->get<std::string>();
    return {};
  }
  Result<void> flag(const char* key, bool& out) {
    const Json* value = take(key);
    if (value == nullptr) return {};
    if (!value->is_boolean()) return fail(at(key) + " is neither true nor false");
    out = value->get<bool>();
    return {};
  }
  template <class Number>
  Result<void> number(const char* key, Number& out, bool required = false) {
    const Json* value = take(key);
    if (value == nullptr) return required ? missing(key) : Result<void>();
    if (!value->is_number_unsigned() || value->get<std::uint64_t>() > std::numeric_limits<Number>::max()) {
      return fail(at(key) + " is no number from 0 to " + std::to_string(std::numeric_limits<Number>::max()));
    }
    out = value->get<Number>();
    return {};
  }
  Result<void> sizes(const char* key, Sizes& out) {
    const Json* value = take(key);
    if (value == nullptr) return missing(key);
    const auto is_number = [](const Json& item) { return item.is_number_unsigned(); };
    if (!value->is_array() || value->size() != 3 || !std::all_of(value->begin(), value->end(), is_number)) {
      return fail(at(key) + " is no list of three sizes");
    }
    out = {(*value)[0].get<ByteCount>(), (*value)[1].get<ByteCount>(), (*value)[2].get<ByteCount>()};
    return {};
  }
  // One of the first `count` values of an enumeration, by its words.
  template <class Enum>
  Result<void> word(const char* key, Enum& out, std::size_t count) {
    std::string text;
    WINNOW_CHECK(this->text(key, text, true));
    for (std::size_t i = 0; i < count; ++i) {
      if (to_string(static_cast<Enum>(i)) != text) continue;
      out = static_cast<Enum>(i);
      return {};
    }
    return fail(at(key) + " is \"" + text + "\", which this winnow does not know");
  }
  template <class Item>
  Result<void> list(const char* key, std::vector<Item>& out);

  [[nodiscard]] Result<void> finish() const {
    if (taken_.size() == json_->size()) return {};
    for (const auto& [key, value] : json_->items()) {
      if (!taken_.contains(key)) return fail(place_ + " has an unknown member \"" + key + "\"");
    }
    return {};
  }

 private:
  ObjectReader(const Json& json, std::string place) : json_(&json), place_(std::move(place)) {}

  const Json* take(const char* key) {
    const auto found = json_->find(key);
    if (found == json_->end()) return nullptr;
    taken_.insert(key);
    return &*found;
  }
  [[nodiscard]] std::string at(const char* key) const { return place_ == "it" ? key : place_ + "." + key; }
  [[nodiscard]] Result<void> missing(const char* key) const { return fail(place_ + " has no \"" + key + "\""); }

  const Json* json_;
  std::string place_;  // "files[3]"; "it" = the report
  std::set<std::string> taken_;
};

Result<void> read_item(ObjectReader& in, FeedFacts& feed) {
  WINNOW_CHECK(in.text("name", feed.name, true));
  WINNOW_CHECK(in.text("version", feed.version));
  return in.text("digest", feed.digest);
}

Result<void> read_item(ObjectReader& in, ImageLayerFacts& layer) {
  WINNOW_CHECK(in.text("digest", layer.digest));
  WINNOW_CHECK(in.number("stored", layer.stored, true));
  return in.number("unpacked", layer.unpacked, true);
}

Result<void> read_item(ObjectReader& in, OwnerNeed& need) {
  WINNOW_CHECK(in.number("to", need.to, true));
  WINNOW_CHECK(in.text("kind", need.kind, true));
  return in.text("text", need.text);
}

Result<void> read_item(ObjectReader& in, OwnerFacts& owner) {
  WINNOW_CHECK(in.word("kind", owner.kind, kOwnerTypeCount));
  WINNOW_CHECK(in.word("basis", owner.basis, kOwnerBasisCount));
  WINNOW_CHECK(in.text("name", owner.name, true));
  WINNOW_CHECK(in.text("version", owner.version));
  WINNOW_CHECK(in.text("package", owner.package));
  WINNOW_CHECK(in.text("architecture", owner.architecture));
  WINNOW_CHECK(in.text("reason", owner.reason));
  WINNOW_CHECK(in.flag("requested", owner.is_requested));
  return in.list("needs", owner.needs);
}

Result<void> read_item(ObjectReader& in, FilePart& part) {
  WINNOW_CHECK(in.word("kind", part.kind, kByteKindCount));
  WINNOW_CHECK(in.text("name", part.name, true));
  WINNOW_CHECK(in.number("owner", part.owner));
  return in.sizes("sizes", part.sizes);
}

Result<void> read_item(ObjectReader& in, FileFacts& file) {
  WINNOW_CHECK(in.text("path", file.path, true));
  WINNOW_CHECK(in.word("kind", file.kind, kByteKindCount));
  WINNOW_CHECK(in.number("owner", file.owner));
  WINNOW_CHECK(in.text("language", file.language));
  WINNOW_CHECK(in.text("architecture", file.architecture));
  WINNOW_CHECK(in.number("layer", file.layer));
  WINNOW_CHECK(in.text("digest", file.digest));
  WINNOW_CHECK(in.number("content", file.content));
  WINNOW_CHECK(in.flag("shadowed", file.is_shadowed));
  WINNOW_CHECK(in.sizes("sizes", file.sizes));
  return in.list("parts", file.parts);
}

Result<void> read_item(ObjectReader& in, OverheadFacts& overhead) {
  WINNOW_CHECK(in.word("kind", overhead.kind, kByteKindCount));
  WINNOW_CHECK(in.text("name", overhead.name, true));
  WINNOW_CHECK(in.number("layer", overhead.layer));
  return in.sizes("sizes", overhead.sizes);
}

Result<void> read_item(ObjectReader& in, ServiceFacts& service) {
  WINNOW_CHECK(in.text("name", service.name, true));
  WINNOW_CHECK(in.text("start", service.start, true));
  WINNOW_CHECK(in.flag("driver", service.is_driver));
  WINNOW_CHECK(in.flag("listens", service.listens));
  WINNOW_CHECK(in.text("file", service.file));
  return in.number("owner", service.owner);
}

Result<void> read_item(ObjectReader& in, ChoiceFacts& choice) {
  WINNOW_CHECK(in.text("need", choice.need, true));
  WINNOW_CHECK(in.text("chosen", choice.chosen, true));
  return in.list("alternatives", choice.alternatives);
}

Result<void> read_item(ObjectReader& in, CountFacts& count) {
  WINNOW_CHECK(in.text("name", count.name, true));
  return in.number("value", count.value, true);
}

template <class Item>
Result<void> read_element(const Json& json, const std::string& place, Item& out) {
  WINNOW_TRY(ObjectReader in, ObjectReader::create(json, place));
  WINNOW_CHECK(read_item(in, out));
  return in.finish();
}

Result<void> read_element(const Json& json, const std::string& place, std::string& out) {
  if (!json.is_string()) return fail(place + " is no text");
  out = json.get<std::string>();
  return {};
}

template <class Item>
Result<void> ObjectReader::list(const char* key, std::vector<Item>& out) {
  const Json* value = take(key);
  if (value == nullptr) return {};
  if (!value->is_array()) return fail(at(key) + " is no list");
  out.reserve(value->size());
  for (std::size_t i = 0; i < value->size(); ++i) {
    WINNOW_CHECK(read_element((*value)[i], at(key) + "[" + std::to_string(i) + "]", out.emplace_back()));
  }
  return {};
}

Result<void> read_head(ObjectReader& in, ImageFacts& facts) {
  std::string schema;
  WINNOW_CHECK(in.text("schema", schema, true));
  if (schema != kFactsSchema) {
    return fail("its schema is \"" + schema + "\", this winnow reads \"" + std::string(kFactsSchema) + "\"");
  }
  WINNOW_CHECK(in.text("name", facts.name, true));
  WINNOW_CHECK(in.text("format", facts.format, true));
  WINNOW_CHECK(in.text("tag", facts.tag));
  WINNOW_CHECK(in.text("osVersion", facts.os_version));
  WINNOW_CHECK(in.text("architecture", facts.architecture));
  WINNOW_CHECK(in.number("time", facts.time));
  WINNOW_CHECK(in.flag("allocatedIsMeasured", facts.allocated_is_measured));
  WINNOW_CHECK(in.number("clusterSize", facts.cluster_size));
  WINNOW_CHECK(in.text("manifestDigest", facts.manifest_digest));
  return in.sizes("total", facts.total);
}

Result<ImageFacts> read_facts(const Json& json) {
  ImageFacts facts;
  WINNOW_TRY(ObjectReader in, ObjectReader::create(json, "it"));
  WINNOW_CHECK(read_head(in, facts));
  WINNOW_CHECK(in.list("requests", facts.requests));
  WINNOW_CHECK(in.list("feeds", facts.feeds));
  WINNOW_CHECK(in.list("layers", facts.layers));
  WINNOW_CHECK(in.list("owners", facts.owners));
  WINNOW_CHECK(in.list("files", facts.files));
  WINNOW_CHECK(in.list("overheads", facts.overheads));
  WINNOW_CHECK(in.list("services", facts.services));
  WINNOW_CHECK(in.list("choices", facts.choices));
  WINNOW_CHECK(in.list("counts", facts.counts));
  WINNOW_CHECK(in.list("componentStore", facts.component_store));
  WINNOW_CHECK(in.list("warnings", facts.warnings));
  WINNOW_CHECK(in.finish());
  WINNOW_CHECK(check_facts(facts));
  return facts;
}

std::string reason_of(const Error& error, const std::string& prefix) {
  const std::string& message = error.faults().front().message;
  return message.starts_with(prefix) ? message.substr(prefix.size()) : message;
}

}  // namespace

Result<ImageFacts> parse_facts(std::string_view text, const std::string& name) {
  const auto json = parse_json(text, name);
  if (!json) return fail("cannot read report " + name + ": " + reason_of(json.error(), "cannot parse " + name + ": "));
  auto facts = read_facts(*json);
  if (!facts) return fail("cannot read report " + name + ": " + reason_of(facts.error(), ""));
  return facts;
}

}  // namespace winnow
