// plain_faults(): a walk over what is needed whatever is chosen.
#include <algorithm>
#include <set>

#include "resolve/choice.hpp"

namespace winnow {

namespace {

class FaultFinder {
 public:
  FaultFinder(const Choice& choice, const Catalog& catalog, const Demands& demands)
      : choice_(choice), catalog_(catalog), demands_(demands) {}

  Result<std::vector<Fault>> find(const NeedReader& reader) {
    for (const Demand& demand : demands_.items) follow(demand.need);
    for (std::size_t next = 0; next < queue_.size(); ++next) {
      WINNOW_TRY(const std::vector<ComponentNeed> needs, reader.needs_of(queue_[next]));
      for (const ComponentNeed& need : needs) follow(need);
    }
    for (const ComponentNeed& gate : gates_) check_gate(gate);
    return std::move(faults_);
  }

 private:
  void follow(const ComponentNeed& need) {
    if (need.kind == NeedKind::gate) {
      gates_.push_back(need);
      return;
    }
    const auto is_omitted = [&](ComponentId id) { return demands_.omitted.contains(id); };
    if (need.is_soft || need.kind == NeedKind::recommended ||
        std::any_of(need.any_of.begin(), need.any_of.end(), is_omitted)) {
      return;
    }
    if (need.any_of.empty()) {
      if (need.nobody) faults_.push_back(*need.nobody);
      return;
    }
    std::vector<ComponentId> allowed;
    for (const ComponentId id : need.any_of) {
      if (!demands_.forbidden.contains(id)) allowed.push_back(id);
    }
    if (allowed.empty()) report_forbidden(need.any_of.front(), need);
    if (allowed.size() == 1 && forced_.insert(allowed.front()).second) queue_.push_back(allowed.front());
  }

  void report_forbidden(ComponentId id, const ComponentNeed& need) {
    const Forbidden& forbidden = demands_.forbidden.at(id);
    const bool is_cut = need.text.ends_with("for") || need.text.ends_with("on");
    const std::string asks = need.from + " " + need.text + (is_cut ? " it" : "");
    if (forbidden.text == kExcluded) {
      faults_.push_back({forbidden.place,
                         "cannot leave out " + catalog_.components()[id].identity.name + ": " + asks,
                         {"drop the exclusion, or what needs it"}});
    } else {
      faults_.push_back({forbidden.place,
                         "cannot install " + to_string(catalog_.components()[id].identity) + ": it " + forbidden.text,
                         {asks}});
    }
  }

  // Certain only when nothing at all could bring the prerequisite.
  void check_gate(const ComponentNeed& gate) {
    const auto may_be_there = [&](ComponentId id) {
      if (forced_.contains(id) || demands_.omitted.contains(id)) return true;
      const auto node = choice_.node_of(id);
      return node && choice_.problem.variable_of_node(*node).has_value();
    };
    if (!gate.nobody || std::any_of(gate.any_of.begin(), gate.any_of.end(), may_be_there)) return;
    faults_.push_back(*gate.nobody);
  }

  const Choice& choice_;
  const Catalog& catalog_;
  const Demands& demands_;
  std::set<ComponentId> forced_;
  std::vector<ComponentId> queue_;
  std::vector<ComponentNeed> gates_;
  std::vector<Fault> faults_;
};

}  // namespace

Result<std::vector<Fault>> plain_faults(const Choice& choice, const Catalog& catalog, const Demands& demands,
                                        const NeedReader& reader) {
  return FaultFinder(choice, catalog, demands).find(reader);
}

}  // namespace winnow
