#include "plan/unapplied_elements.hpp"

namespace winnow {

void add_unapplied(UnappliedElements& elements, const std::string& name, std::uint64_t count,
                   const std::string& owner) {
  const auto [element, is_new] = elements.try_emplace(name);
  if (is_new) element->second.example = owner;
  element->second.count += count;
}

std::string unapplied_line(const UnappliedElements& elements) {
  if (elements.empty()) return {};
  std::uint64_t total = 0;
  std::string list;
  for (const auto& [name, element] : elements) {
    total += element.count;
    list +=
        (list.empty() ? "" : ", ") + name + " " + std::to_string(element.count) + " (first: " + element.example + ")";
  }
  return "not applied: " + std::to_string(total) + (total == 1 ? " element: " : " elements: ") + list;
}

}  // namespace winnow
