#include "size_analyzer/owner_cause.hpp"

#include <algorithm>
#include <deque>
#include <optional>
#include <set>

namespace winnow {

namespace {

constexpr std::string_view kUpdatePrefix = "Package_for_";  // how Windows names the packages of its updates

std::string version_text(const std::string& version) { return version.empty() ? "unknown" : version; }

std::string feeds_text(const std::vector<FeedFacts>& feeds) {
  std::string text;
  for (const FeedFacts& feed : feeds) {
    text += (text.empty() ? "" : ", ") + feed.name + " " + feed.version + " (" + feed.digest.substr(0, 19) + ")";
  }
  return text.empty() ? "no feed" : text;
}

// Whether one of the words of `request` but the first is `name`: "role shell-ui", "app node-hello 18.20.8".
bool names(const std::string& request, const std::string& name) {
  if (name.empty()) return false;
  std::size_t start = request.find(' ') + 1;  // npos + 1: there is one word only
  while (start <= request.size()) {
    const std::size_t end = std::min(request.find(' ', start), request.size());
    if (request.compare(start, end - start, name) == 0) return true;
    start = end + 1;
  }
  return false;
}

bool has_graph(const ImageFacts& facts) {
  return std::any_of(facts.owners.begin(), facts.owners.end(),
                     [](const OwnerFacts& owner) { return !owner.needs.empty(); });
}

// The owners of one side, seen from it: `here` has them, `there` does not.
class OneSide {
 public:
  OneSide(const ImageFacts& here, const ImageFacts& there, const FactsDiff& diff, bool is_after)
      : here_(here), there_(there), diff_(diff), is_after_(is_after), rows_(here.owners.size(), kNoRow) {
    for (std::size_t row = 0; row < diff.owners.size(); ++row) {
      if (index_here(row) != kNoMatch) rows_[index_here(row)] = row;
    }
  }

  // Fills the causes of the owners that are here only.
  void explain(std::vector<PieceCause>& causes) {
    std::vector<std::size_t> open;
    std::deque<std::size_t> found;  // explained, whose own needs were not looked at yet
    for (std::size_t row = 0; row < diff_.owners.size(); ++row) {
      if (!is_only_here(row)) continue;
      if (const auto cause = direct_cause(row)) {
        set(causes[row], *cause);
        found.push_back(row);
      } else {
        open.push_back(row);
      }
    }
    inherit(found, open, causes);
    for (const std::size_t row : open) set(causes[row], remainder());
  }

 private:
  struct Why {
    Cause cause;
    std::string reason;
  };

  [[nodiscard]] std::size_t index_here(std::size_t row) const {
    const MatchedPair& index = diff_.owners[row].index;
    return is_after_ ? index.after : index.before;
  }
  [[nodiscard]] std::size_t index_there(std::size_t row) const {
    const MatchedPair& index = diff_.owners[row].index;
    return is_after_ ? index.before : index.after;
  }
  [[nodiscard]] bool is_only_here(std::size_t row) const { return index_there(row) == kNoMatch; }
  static void set(PieceCause& cause, const Why& why) {
    cause.cause = why.cause;
    cause.reason = why.reason;
  }

  [[nodiscard]] std::optional<Why> direct_cause(std::size_t row) const {
    const OwnerFacts& owner = here_.owners[index_here(row)];
    if (owner.kind == OwnerType::app) {
      return Why{Cause::manifest, is_after_ ? "the manifest has this app now" : "the manifest has this app no longer"};
    }
    if (owner.kind == OwnerType::winnow) return Why{Cause::interaction, "what winnow writes follows from all else"};
    if (auto why = by_request(owner)) return why;
    if (auto why = by_choice(owner)) return why;
    return by_need(row);
  }

  [[nodiscard]] std::optional<Why> by_request(const OwnerFacts& owner) const {
    if (!owner.is_requested) return std::nullopt;
    for (const std::string& request : here_.requests) {
      if (!names(request, owner.name) && !names(request, owner.package)) continue;
      if (std::binary_search(there_.requests.begin(), there_.requests.end(), request)) continue;
      return Why{Cause::manifest, (is_after_ ? "new request: " : "request gone: ") + request};
    }
    return std::nullopt;
  }

  [[nodiscard]] std::optional<Why> by_choice(const OwnerFacts& owner) const {
    for (const ChoiceFacts& choice : here_.choices) {
      if (choice.chosen != owner.name) continue;
      const auto other = std::find_if(there_.choices.begin(), there_.choices.end(),
                                      [&](const ChoiceFacts& each) { return each.need == choice.need; });
      if (other == there_.choices.end() || other->chosen == choice.chosen) continue;
      return Why{Cause::choice, choice.need + ": " + arrow(other->chosen, choice.chosen)};
    }
    return std::nullopt;
  }

  // `there` and `here` in the order of time.
  [[nodiscard]] std::string arrow(const std::string& there, const std::string& here) const {
    return is_after_ ? there + " -> " + here : here + " -> " + there;
  }

  // By an owner that is in both images and needs this one here: the same need met by another owner there is a choice.
  // Choices come before edges, then the order of the rows.
  [[nodiscard]] std::optional<Why> by_need(std::size_t row) const {
    std::optional<Why> edge;
    for (std::size_t from = 0; from < diff_.owners.size(); ++from) {
      if (index_here(from) == kNoMatch || is_only_here(from)) continue;
      for (const OwnerNeed& need : here_.owners[index_here(from)].needs) {
        if (rows_[need.to] != row) continue;
        if (auto target = other_target(from, need)) {
          return Why{Cause::choice, subject_of(diff_.owners[from]) + " " + need.text + ": " +
                                        arrow(*target, here_.owners[need.to].name)};
        }
        if (!edge) edge = edge_from(from, need);
      }
    }
    return edge;
  }

  // The owner that met the very same need of `from` there, if it is another one and had no part here.
  [[nodiscard]] std::optional<std::string> other_target(std::size_t from, const OwnerNeed& need) const {
    if (need.text.empty()) return std::nullopt;
    for (const OwnerNeed& other : there_.owners[index_there(from)].needs) {
      if (other.kind != need.kind || other.text != need.text) continue;
      const std::string& name = there_.owners[other.to].name;
      if (name != here_.owners[need.to].name) return name;
    }
    return std::nullopt;
  }

  [[nodiscard]] Why edge_from(std::size_t from, const OwnerNeed& need) const {
    const OwnerDiff& owner = diff_.owners[from];
    std::string reason = subject_of(owner) + (is_after_ ? " needs it now" : " needs it no longer");
    if (!need.text.empty()) reason += ": " + need.text;
    if (owner.before_version != owner.after_version) {
      reason += " (version " + version_text(owner.before_version) + " -> " + version_text(owner.after_version) + ")";
    }
    return {owner.kind == OwnerType::app ? Cause::manifest : Cause::edge, reason};
  }

  // Breadth first from what is explained: an owner that is here only, and that such an owner needs, came with it.
  void inherit(std::deque<std::size_t>& found, std::vector<std::size_t>& open, std::vector<PieceCause>& causes) const {
    std::set<std::size_t> waiting(open.begin(), open.end());
    while (!found.empty()) {
      const std::size_t from = found.front();
      found.pop_front();
      for (const OwnerNeed& need : here_.owners[index_here(from)].needs) {
        const std::size_t row = rows_[need.to];
        if (waiting.erase(row) == 0) continue;
        std::string reason = (is_after_ ? "comes with " : "goes with ") + subject_of(diff_.owners[from]);
        if (!need.text.empty()) reason += ": " + need.text;
        set(causes[row], {causes[from].cause, reason});
        found.push_back(row);
      }
    }
    open.assign(waiting.begin(), waiting.end());
  }

  [[nodiscard]] Why remainder() const {
    if (!has_provenance(here_)) return {Cause::unknown, "the image has no provenance"};
    if (here_.feeds != there_.feeds && !here_.feeds.empty() && !there_.feeds.empty()) {
      return {Cause::feed, "the feed differs: " + arrow(feeds_text(there_.feeds), feeds_text(here_.feeds))};
    }
    if (!has_graph(here_)) return {Cause::unknown, "the image's provenance has no dependency graph"};
    return {Cause::interaction, "no single request, version, need or choice explains it"};
  }

  const ImageFacts& here_;
  const ImageFacts& there_;
  const FactsDiff& diff_;
  bool is_after_;
  std::vector<std::size_t> rows_;  // of FactsDiff::owners, by index of here_.owners
};

PieceCause cause_in_both(const OwnerDiff& owner, const ImageFacts& before, const ImageFacts& after) {
  const bool is_known = has_provenance(before) && has_provenance(after);
  switch (owner.kind) {
    case OwnerType::nobody:
      return {Cause::unknown, "",
              is_known ? "nobody claims the file" : "nobody claims the file: the image has no provenance"};
    case OwnerType::app:
      return {Cause::manifest, "", "the app's own files changed"};
    case OwnerType::winnow:
      return {Cause::interaction, "", "what winnow writes follows from all else"};
    case OwnerType::component:
      break;
  }
  if (owner.before_version != owner.after_version) {
    return {Cause::version, "",
            "version " + version_text(owner.before_version) + " -> " + version_text(owner.after_version)};
  }
  if (before.feeds != after.feeds && !before.feeds.empty() && !after.feeds.empty()) {
    return {Cause::feed, "",
            "same version, other bytes: " + feeds_text(before.feeds) + " -> " + feeds_text(after.feeds)};
  }
  if (!is_known) return {Cause::unknown, "", "same version, other bytes: the image has no provenance"};
  return {Cause::interaction, "", "same version and feed, other bytes"};
}

}  // namespace

bool has_provenance(const ImageFacts& facts) {
  return std::any_of(facts.owners.begin(), facts.owners.end(),
                     [](const OwnerFacts& owner) { return owner.basis == OwnerBasis::provenance; });
}

std::string subject_of(const OwnerDiff& owner) {
  switch (owner.kind) {
    case OwnerType::component:
      if (owner.package.starts_with(kUpdatePrefix)) return "update " + owner.package;
      return "component " + owner.name;
    case OwnerType::app:
      return "app " + owner.name;
    case OwnerType::winnow:
      return "winnow";
    case OwnerType::nobody:
      break;
  }
  return "unclaimed bytes";
}

std::vector<PieceCause> owner_causes(const ImageFacts& before, const ImageFacts& after, const FactsDiff& diff) {
  std::vector<PieceCause> causes;
  for (const OwnerDiff& owner : diff.owners) {
    const bool is_in_both = owner.index.before != kNoMatch && owner.index.after != kNoMatch;
    causes.push_back(is_in_both ? cause_in_both(owner, before, after) : PieceCause{});
    causes.back().subject = subject_of(owner);
  }
  OneSide(after, before, diff, true).explain(causes);
  OneSide(before, after, diff, false).explain(causes);
  return causes;
}

}  // namespace winnow
