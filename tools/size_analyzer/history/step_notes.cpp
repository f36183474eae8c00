#include <algorithm>
#include <map>
#include <tuple>

#include "size_analyzer/history/history_report.hpp"
#include "size_analyzer/history/input_changes.hpp"

namespace winnow {

namespace {

constexpr std::size_t kNamedOwners = 3;

// The owners that grew most from one build to the next: "most: Wine-a.dll +1.2 MB (new), Wine-b.dll +300.0 kB".
std::string most_grown(const std::vector<OwnerRecord>& before, const std::vector<OwnerRecord>& now, Measure measure) {
  std::map<std::pair<std::string, std::string>, std::pair<std::int64_t, bool>>
      changes;  // bytes, and whether it was there
  for (const OwnerRecord& owner : now) {
    changes[{owner.name, owner.package}].first += static_cast<std::int64_t>(value_of(owner.sizes, measure));
  }
  for (const OwnerRecord& owner : before) {
    auto& change = changes[{owner.name, owner.package}];
    change.first -= static_cast<std::int64_t>(value_of(owner.sizes, measure));
    change.second = true;
  }
  std::vector<std::tuple<std::int64_t, std::string, bool>> grown;
  for (const auto& [key, change] : changes) {
    if (change.first > 0) grown.emplace_back(-change.first, key.first, change.second);
  }
  std::sort(grown.begin(), grown.end());
  std::string text;
  for (std::size_t i = 0; i < std::min(grown.size(), kNamedOwners); ++i) {
    const auto& [change, name, was_there] = grown[i];
    text += (i == 0 ? "most: " : ", ") + name + " " + signed_size(-change) + (was_there ? "" : " (new)");
  }
  return text;
}

Result<std::string> note_of(const HistoryDatabase& history, const StoredBuild& before, const StoredBuild& now,
                            const GrowthStep& step, Measure measure) {
  std::vector<std::string> parts = manifest_changes(before.record, now.record);
  for (std::string& change : feed_changes(before.record, now.record)) parts.push_back(std::move(change));
  if (step.change > 0 && !now.record.is_imported) {
    WINNOW_TRY(const std::vector<OwnerRecord> old_owners, history.owners_of(before.id));
    WINNOW_TRY(const std::vector<OwnerRecord> owners, history.owners_of(now.id));
    if (std::string grown = most_grown(old_owners, owners, measure); !grown.empty()) parts.push_back(std::move(grown));
  }
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : "; ") + part;
  return text;
}

}  // namespace

Result<std::vector<std::string>> step_notes(const HistoryDatabase& history, const SeriesGrowth& growth,
                                            Measure measure) {
  std::vector<std::string> notes;
  const std::vector<StoredBuild>& builds = growth.series->builds;
  for (std::size_t i = 0; i < builds.size(); ++i) {
    notes.emplace_back();
    if (i == 0) continue;
    WINNOW_TRY(notes.back(), note_of(history, builds[i - 1], builds[i], growth.steps[i], measure));
  }
  return notes;
}

Result<std::vector<CheckedBuild>> find_builds(const HistoryDatabase& history, const std::vector<SeriesGrowth>& growths,
                                              const std::string& label, Measure measure) {
  std::vector<CheckedBuild> found;
  for (const SeriesGrowth& growth : growths) {
    const std::vector<StoredBuild>& builds = growth.series->builds;
    for (std::size_t i = 0; i < builds.size(); ++i) {
      if (label.empty() ? i + 1 != builds.size() : builds[i].record.label != label) continue;
      CheckedBuild build{&growth, i, ""};
      if (i > 0) {
        WINNOW_TRY(build.note, note_of(history, builds[i - 1], builds[i], growth.steps[i], measure));
      }
      found.push_back(std::move(build));
    }
  }
  if (found.empty()) {
    return fail("cannot check build " + label + ": " + history.path().string() + " has no build of that label");
  }
  return found;
}

}  // namespace winnow
