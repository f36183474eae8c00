#include "plan/effects_json.hpp"

namespace winnow {

Json unapplied_json(const UnappliedElements& elements) {
  Json rows = Json::array();
  for (const auto& [name, element] : elements) {
    rows.push_back({{"element", name}, {"count", element.count}, {"example", element.example}});
  }
  return rows;
}

Json first_boot_json(const std::vector<PlannedWork>& work) {
  Json rows = Json::array();
  for (const PlannedWork& item : work) {
    Json settings = Json::array();
    for (const auto& [name, value] : item.settings) settings.push_back(Json::array({name, value}));
    rows.push_back(
        {{"owner", item.owner}, {"element", item.element}, {"subject", item.subject}, {"settings", settings}});
  }
  return rows;
}

}  // namespace winnow
