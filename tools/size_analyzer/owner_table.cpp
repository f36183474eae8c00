#include "size_analyzer/owner_table.hpp"

#include <algorithm>
#include <utility>

namespace winnow {

namespace {

auto sort_key(const OwnerFacts& owner) {
  return std::tie(owner.kind, owner.package, owner.name, owner.version, owner.architecture);
}

void renumber(ImageFacts& facts, const std::vector<OwnerIndex>& numbers) {
  for (FileFacts& file : facts.files) {
    file.owner = numbers[file.owner];
    for (FilePart& part : file.parts) part.owner = numbers[part.owner];
  }
  for (ServiceFacts& service : facts.services) service.owner = numbers[service.owner];
  for (OwnerFacts& owner : facts.owners) {
    for (OwnerNeed& need : owner.needs) need.to = numbers[need.to];
    std::sort(owner.needs.begin(), owner.needs.end(), [](const OwnerNeed& a, const OwnerNeed& b) {
      return std::tie(a.to, a.kind, a.text) < std::tie(b.to, b.kind, b.text);
    });
    owner.needs.erase(std::unique(owner.needs.begin(), owner.needs.end()), owner.needs.end());
  }
}

}  // namespace

OwnerTable::OwnerTable() {
  owners_.push_back({OwnerType::nobody, OwnerBasis::none, "unclaimed", "", "", "", "", false, {}});
}

OwnerIndex OwnerTable::add(OwnerFacts owner) {
  const auto next = static_cast<OwnerIndex>(owners_.size());
  const Key key{owner.kind, owner.package, owner.name, owner.version, owner.architecture};
  const auto [place, is_new] = numbers_.emplace(key, next);
  if (is_new) owners_.push_back(std::move(owner));
  return place->second;
}

void OwnerTable::move_to(ImageFacts& facts) && {
  std::vector<OwnerIndex> order(owners_.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<OwnerIndex>(i);
  std::sort(order.begin() + 1, order.end(),
            [this](OwnerIndex a, OwnerIndex b) { return sort_key(owners_[a]) < sort_key(owners_[b]); });
  std::vector<OwnerIndex> numbers(order.size());
  facts.owners.clear();
  for (std::size_t i = 0; i < order.size(); ++i) {
    numbers[order[i]] = static_cast<OwnerIndex>(i);
    facts.owners.push_back(std::move(owners_[order[i]]));
  }
  renumber(facts, numbers);
}

}  // namespace winnow
