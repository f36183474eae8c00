// Which build brought a component into an image, which ones made it grow or shrink, by how much and because of what.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "size_analyzer/history/history_database.hpp"

namespace winnow {

enum class BlameKind { first, brought, grew, shrank, changed, removed };
[[nodiscard]] std::string_view to_string(BlameKind kind);  // "there from the first build"

struct BlameEvent {
  BlameKind kind = BlameKind::first;
  std::string label;
  std::optional<std::int64_t> time;
  std::string version;  // versions of the component, "a, b"; "" when unknown or gone
  ByteCount before = 0;
  ByteCount now = 0;
  std::vector<std::string> causes;  // "version moved: 1.0 -> 1.1"; the nearest first; never empty but for `first`
  std::string reason;               // why it is there, as that build says
};

// The story of one component in one series.
struct ComponentBlame {
  std::string series;
  std::string component;  // as the image spells it
  std::size_t builds = 0;
  std::vector<BlameEvent> events;  // oldest first
  ByteCount newest = 0;            // 0 when it is gone
};

// `name` is a component, an app or a package (then all of its components together), without regard to case. In every
// series that ever had it, or only in `series` when that is not empty. Errors: "cannot blame <name>: no build of
// <history> has a component, app or package of that name"; the same for a series.
[[nodiscard]] Result<std::vector<ComponentBlame>> blame_component(const HistoryDatabase& history,
                                                                  const std::string& name, const std::string& series,
                                                                  Measure measure);

}  // namespace winnow
