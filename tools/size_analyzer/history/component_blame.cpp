#include "size_analyzer/history/component_blame.hpp"

#include <algorithm>
#include <set>

#include "base/nearest_name.hpp"
#include "base/utf16.hpp"
#include "size_analyzer/history/input_changes.hpp"

namespace winnow {

namespace {

// What one build has of the component.
struct Presence {
  bool is_there = false;
  ByteCount bytes = 0;
  std::string name;
  std::set<std::string> versions;
  std::string reason;
};

std::string joined(const std::set<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    if (!word.empty()) text += (text.empty() ? "" : ", ") + word;
  }
  return text;
}

Presence presence_of(const std::vector<OwnerRecord>& owners, const std::string& name, Measure measure) {
  Presence found;
  for (const OwnerRecord& owner : owners) {
    const bool is_name = ascii_iequals(owner.name, name);
    if (!is_name && !ascii_iequals(owner.package, name)) continue;
    found.is_there = true;
    found.bytes += value_of(owner.sizes, measure);
    found.name = is_name ? owner.name : owner.package;
    found.versions.insert(owner.version);
    if (is_name && found.reason.empty()) found.reason = owner.reason;
  }
  return found;
}

// Two builds beside one another, and what the component was in both.
struct Transition {
  const BuildRecord& before;
  const BuildRecord& now;
  const Presence& old_presence;
  const Presence& presence;
};

// Coming and going is decided by the manifest before the feed; size is decided by the component's own version first.
std::vector<std::string> causes_of(const Transition& step) {
  std::vector<std::string> causes;
  const auto add = [&](const std::vector<std::string>& more) { causes.insert(causes.end(), more.begin(), more.end()); };
  const bool is_size = step.old_presence.is_there && step.presence.is_there;
  if (is_size && step.old_presence.versions != step.presence.versions) {
    causes.push_back("version moved: " + joined(step.old_presence.versions) + " -> " + joined(step.presence.versions));
  }
  if (is_size) {
    add(feed_changes(step.before, step.now));
    add(manifest_changes(step.before, step.now));
  } else {
    add(manifest_changes(step.before, step.now));
    add(feed_changes(step.before, step.now));
  }
  if (!causes.empty()) return causes;
  if (is_size) return {"content changed: same version, manifest and feeds"};
  return {"same manifest and feeds: another component or the composer decided otherwise"};
}

BlameKind kind_of(const Presence& before, const Presence& now) {
  if (!before.is_there) return BlameKind::brought;
  if (!now.is_there) return BlameKind::removed;
  if (now.bytes == before.bytes) return BlameKind::changed;
  return now.bytes > before.bytes ? BlameKind::grew : BlameKind::shrank;
}

Result<ComponentBlame> blame_in(const HistoryDatabase& history, const HistorySeriesBuilds& series,
                                const std::string& name, Measure measure, std::set<std::string>& known) {
  ComponentBlame blame{series.name, "", series.builds.size(), {}, 0};
  Presence before;
  const BuildRecord* record_before = nullptr;
  for (const StoredBuild& build : series.builds) {
    WINNOW_TRY(const std::vector<OwnerRecord> owners, history.owners_of(build.id));
    for (const OwnerRecord& owner : owners) known.insert({owner.name, owner.package});
    Presence now = presence_of(owners, name, measure);
    const bool is_same =
        before.is_there == now.is_there && before.bytes == now.bytes && before.versions == now.versions;
    if (!is_same) {
      BlameEvent event{
          BlameKind::first, build.record.label, build.record.time, joined(now.versions), before.bytes, now.bytes, {},
          now.reason};
      if (record_before != nullptr) {
        event.kind = kind_of(before, now);
        event.causes = causes_of({*record_before, build.record, before, now});
      }
      blame.events.push_back(std::move(event));
    }
    if (now.is_there) blame.component = now.name;
    blame.newest = now.bytes;
    before = std::move(now);
    record_before = &build.record;
  }
  return blame;
}

}  // namespace

std::string_view to_string(BlameKind kind) {
  switch (kind) {
    case BlameKind::first:
      return "there from the first build";
    case BlameKind::brought:
      return "brought";
    case BlameKind::grew:
      return "grew";
    case BlameKind::shrank:
      return "shrank";
    case BlameKind::changed:
      return "changed";
    case BlameKind::removed:
      return "removed";
  }
  return "";
}

Result<std::vector<ComponentBlame>> blame_component(const HistoryDatabase& history, const std::string& name,
                                                    const std::string& series, Measure measure) {
  WINNOW_TRY(const std::vector<HistorySeriesBuilds> all, history.series());
  std::vector<ComponentBlame> blames;
  std::set<std::string> known;
  for (const HistorySeriesBuilds& one : all) {
    if (!series.empty() && one.name != series) continue;
    WINNOW_TRY(ComponentBlame blame, blame_in(history, one, name, measure, known));
    if (!blame.events.empty()) blames.push_back(std::move(blame));
  }
  if (!blames.empty()) return blames;
  known.erase("");
  return fail("cannot blame " + name + ": no build of " + (series.empty() ? "" : series + " in ") +
                  history.path().string() + " has a component, app or package of that name",
              did_you_mean(nearest_name(name, known)));
}

}  // namespace winnow
