#include "resolve/universe.hpp"

#include <algorithm>

namespace winnow {

std::string_view to_string(SizeMeasure measure) {
  switch (measure) {
    case SizeMeasure::allocated:
      return "allocated";
    case SizeMeasure::logical:
      return "logical";
    case SizeMeasure::stored_alone:
      return "stored-alone";
  }
  return "";
}

std::string_view to_string(NeedKind kind) {
  switch (kind) {
    case NeedKind::dependency:
      return "dependency";
    case NeedKind::gate:
      return "gate";
    case NeedKind::language:
      return "language";
    case NeedKind::import:
      return "import";
    case NeedKind::delay_import:
      return "delay-import";
    case NeedKind::named:
      return "named";
    case NeedKind::recommended:
      return "recommended";
  }
  return "";
}

std::string_view Universe::text(TextId id) const {
  const std::uint32_t begin = id == 0 ? 0 : text_ends_[id - 1];
  return {text_bytes_.data() + begin, text_ends_[id] - begin};
}

std::span<const UniverseNode> Universe::nodes_named(std::string_view name) const {
  // Texts are sorted, so nodes, which are sorted by the id of their name, are sorted by its text.
  const auto first =
      std::lower_bound(nodes_.begin(), nodes_.end(), name,
                       [this](const UniverseNode& node, std::string_view n) { return text(node.name) < n; });
  auto last = first;
  while (last != nodes_.end() && text(last->name) == name) ++last;
  return {first, last};
}

std::string Universe::name_of(NodeId id) const {
  const UniverseNode& node = nodes_[id];
  bool has_others = false, other_architecture = false, other_language = false;
  const auto look = [&](const UniverseNode& other) {
    if (other.name != node.name) return false;
    has_others = true;
    other_architecture = other_architecture || other.architecture != node.architecture;
    other_language = other_language || other.language != node.language;
    return true;
  };
  for (NodeId i = id; i-- > 0 && look(nodes_[i]);) continue;
  for (NodeId i = id + 1; i < nodes_.size() && look(nodes_[i]); ++i) continue;
  std::string name(text(node.name));
  if (has_others) name += " " + std::string(text(node.version));
  if (other_architecture) name += " " + std::string(text(node.architecture));
  if (other_language && node.language != 0) name += " " + std::string(text(node.language));
  return name;
}

}  // namespace winnow
