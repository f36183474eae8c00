#include "plan/first_boot.hpp"

#include <map>

namespace winnow {

std::string first_boot_line(const std::vector<PlannedWork>& work) {
  if (work.empty()) return {};
  std::map<std::string, std::size_t> counts;
  for (const PlannedWork& item : work) ++counts[item.element];
  std::string list;
  for (const auto& [element, count] : counts) {
    list += (list.empty() ? "" : ", ") + element + " " + std::to_string(count);
  }
  return "needs first boot: " + std::to_string(work.size()) + (work.size() == 1 ? " piece" : " pieces") +
         " of work: " + list;
}

}  // namespace winnow
