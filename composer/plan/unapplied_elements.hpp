// What the chosen components ask for and an image does not get: counted, never silent.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace winnow {

struct UnappliedElement {
  std::uint64_t count = 0;
  std::string example;  // the first owner that asks for it

  bool operator==(const UnappliedElement&) const = default;
};
// By the element's name as ComponentManifest::ignored_elements spells it: "migration", "registryKey@…".
using UnappliedElements = std::map<std::string, UnappliedElement>;

void add_unapplied(UnappliedElements& elements, const std::string& name, std::uint64_t count, const std::string& owner);

// "not applied: 4 elements: migration 3 (first: Shell), rescache 1 (first: Base)"; "" when everything was.
[[nodiscard]] std::string unapplied_line(const UnappliedElements& elements);

}  // namespace winnow
