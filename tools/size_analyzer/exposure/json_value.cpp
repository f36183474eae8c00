#include "size_analyzer/exposure/json_value.hpp"

namespace winnow {
namespace {

const Json& null_value() {
  static const Json null;
  return null;
}

}  // namespace

const Json& json_member(const Json& object, std::string_view name) {
  if (!object.is_object()) return null_value();
  const auto found = object.find(name);
  return found == object.end() ? null_value() : *found;
}

std::string json_text(const Json& value) {
  const Json& inner = value.is_object() ? json_member(value, "Value") : value;
  if (inner.is_string()) return inner.get<std::string>();
  if (inner.is_number_integer()) return inner.dump();
  return {};
}

std::string json_text(const Json& object, std::string_view name) { return json_text(json_member(object, name)); }

std::vector<const Json*> json_items(const Json& object, std::string_view name) {
  const Json& value = json_member(object, name);
  std::vector<const Json*> all;
  if (value.is_array()) {
    for (const Json& item : value) all.push_back(&item);
  } else if (!value.is_null()) {
    all.push_back(&value);
  }
  return all;
}

std::vector<std::string> json_texts(const Json& object, std::string_view name) {
  std::vector<std::string> all;
  for (const Json* item : json_items(object, name)) all.push_back(json_text(*item));
  return all;
}

}  // namespace winnow
