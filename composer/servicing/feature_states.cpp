#include "servicing/feature_states.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/utf16.hpp"
#include "servicing/servicing_closure.hpp"

namespace winnow {

namespace {

constexpr std::size_t kShownLoop = 12;  // names of a loop in a message

class UpdateDecider {
 public:
  UpdateDecider(const PackageManifest& manifest, const ServicingRequest& request)
      : updates_(manifest.updates), request_(request), states_(updates_.size()), is_supported_(updates_.size()) {
    for (std::size_t i = 0; i < updates_.size(); ++i) {
      by_name_[ascii_lower(updates_[i].name)].push_back(i);
      if (!updates_[i].condition) continue;
      for (const std::string& name : updates_[i].condition->updates) waiting_for_[ascii_lower(name)].push_back(i);
    }
  }

  std::vector<UpdateState> decide() {
    find_asked();
    std::vector<std::size_t> queue;
    const auto support = [&](std::size_t i) {
      if (is_supported_[i]) return;
      is_supported_[i] = true;
      if (set_switch(i)) queue.push_back(i);
    };
    for (std::size_t i = 0; i < updates_.size(); ++i) {
      if (!updates_[i].condition || has_older(*updates_[i].condition)) support(i);
    }
    while (!queue.empty()) {
      const std::size_t on = queue.back();
      queue.pop_back();
      const auto waiting = waiting_for_.find(ascii_lower(updates_[on].name));
      if (waiting == waiting_for_.end()) continue;
      for (const std::size_t i : waiting->second) support(i);
    }
    for (std::size_t i = 0; i < updates_.size(); ++i) {
      if (!is_supported_[i]) states_[i].why = what_is_off(*updates_[i].condition);
    }
    explain_loops();
    return std::move(states_);
  }

 private:
  // What the request asks of this package, with what the conditions of that name when it says so.
  void find_asked() {
    asked_ = request_.features;
    if (!request_.all_parents) return;
    std::vector<std::string> queue(asked_.begin(), asked_.end());
    while (!queue.empty()) {
      const std::string name = std::move(queue.back());
      queue.pop_back();
      const auto named = by_name_.find(name);
      if (named == by_name_.end()) continue;
      for (const std::size_t i : named->second) {
        if (!updates_[i].condition) continue;
        for (const std::string& needed : updates_[i].condition->updates) {
          if (asked_.insert(ascii_lower(needed)).second) queue.push_back(ascii_lower(needed));
        }
      }
    }
  }

  [[nodiscard]] bool has_older(const UpdateCondition& condition) const {
    return std::any_of(condition.components.begin(), condition.components.end(), [&](const UpdatedComponent& wanted) {
      const std::string family = family_key(wanted.identity);
      return std::any_of(request_.base.begin(), request_.base.end(), [&](const AssemblyIdentity& present) {
        return present.version < wanted.identity.version && family_key(present) == family;
      });
    });
  }

  // Of an update whose condition holds: is its switch on?
  bool set_switch(std::size_t i) {
    const PackageUpdate& update = updates_[i];
    UpdateState& state = states_[i];
    const std::string name = ascii_lower(update.name);
    if (!update.selectable) {
      state.is_on = true;
    } else if (request_.features_off.contains(name)) {
      state.why = "turned off";
    } else if (asked_.contains(name)) {
      state.is_on = true;
      state.why = request_.features.contains(name) ? "asked for" : "what was asked for needs it";
    } else {
      state.is_on = update.on_by_default;
      state.why = update.on_by_default ? "on by default" : "off by default";
    }
    return state.is_on;
  }

  static std::string what_is_off(const UpdateCondition& condition) {
    std::string why;
    for (const std::string& name : condition.updates) why += (why.empty() ? "" : ", ") + name + " is off";
    for (const UpdatedComponent& component : condition.components) {
      why += (why.empty() ? "" : ", ") + ("no older " + component.identity.name) + " is there";
    }
    return why;
  }

  // The first of those it waits for that waits as well.
  [[nodiscard]] std::optional<std::size_t> next_waiting(std::size_t i) const {
    if (is_supported_[i]) return std::nullopt;
    for (const std::string& name : updates_[i].condition->updates) {
      const auto named = by_name_.find(ascii_lower(name));
      if (named == by_name_.end()) continue;
      for (const std::size_t other : named->second) {
        if (!is_supported_[other]) return other;
      }
    }
    return std::nullopt;
  }

  // Everyone has one next at most, so each walk ends in a loop, in one seen before, or nowhere.
  void explain_loops() {
    std::vector<std::size_t> walk_of(updates_.size(), 0);
    for (std::size_t start = 0; start < updates_.size(); ++start) {
      std::vector<std::size_t> path;
      std::optional<std::size_t> at = start;
      while (at && walk_of[*at] == 0) {
        walk_of[*at] = start + 1;
        path.push_back(*at);
        at = next_waiting(*at);
      }
      if (!at || walk_of[*at] != start + 1) continue;
      const auto first = std::find(path.begin(), path.end(), *at);
      for (auto member = first; member != path.end(); ++member) {
        states_[*member].why = "waits for itself: " + loop_text({first, path.end()}, member - first);
      }
    }
  }
  [[nodiscard]] std::string loop_text(const std::vector<std::size_t>& loop, std::ptrdiff_t from) const {
    std::string text;
    for (std::size_t i = 0; i < std::min(loop.size(), kShownLoop); ++i) {
      text += updates_[loop[(static_cast<std::size_t>(from) + i) % loop.size()]].name + " -> ";
    }
    if (loop.size() > kShownLoop) text += "… -> ";
    return text + updates_[loop[static_cast<std::size_t>(from)]].name;
  }

  const std::vector<PackageUpdate>& updates_;
  const ServicingRequest& request_;
  std::map<std::string, std::vector<std::size_t>> by_name_, waiting_for_;
  std::set<std::string> asked_;
  std::vector<UpdateState> states_;
  std::vector<bool> is_supported_;  // its condition holds
};

}  // namespace

std::vector<UpdateState> decide_updates(const PackageManifest& manifest, const ServicingRequest& request) {
  return UpdateDecider(manifest, request).decide();
}

}  // namespace winnow
