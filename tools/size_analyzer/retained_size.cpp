#include "size_analyzer/retained_size.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/utf16.hpp"
#include "size_analyzer/owner_graph.hpp"

namespace winnow {

namespace {

// Contents that several owners share leave with the last of them.
struct SharedContent {
  std::vector<OwnerIndex> owners;  // sorted, no duplicates
  Sizes sizes;
};

// What belongs to whom, ready to be summed for any set of owners.
class OwnedBytes {
 public:
  explicit OwnedBytes(const ImageFacts& facts) : files_(facts.owners.size()), registry_(facts.owners.size()) {
    std::map<std::uint32_t, SharedContent> contents;
    for (const FileFacts& file : facts.files) {
      for (const FilePart& part : file.parts) {
        if (part.owner != kNobody && part.owner != file.owner) registry_[part.owner] += part.sizes;
      }
      if (file.content == kNoContent) {
        files_[file.owner] += file.sizes;
        continue;
      }
      SharedContent& content = contents[file.content];
      content.owners.push_back(file.owner);
      content.sizes += file.sizes;
    }
    for (auto& [number, content] : contents) add(std::move(content));
  }

  [[nodiscard]] const Sizes& registry(OwnerIndex owner) const { return registry_[owner]; }
  [[nodiscard]] Sizes own(OwnerIndex owner) const {
    Sizes sum = files_[owner];
    return sum += registry_[owner];
  }
  [[nodiscard]] const std::vector<SharedContent>& shared() const { return shared_; }
  // `is_gone`: by owner.
  [[nodiscard]] Sizes freed(const std::vector<bool>& is_gone) const {
    Sizes sum;
    for (OwnerIndex owner = 0; owner < files_.size(); ++owner) {
      if (is_gone[owner]) sum += files_[owner];
    }
    for (const SharedContent& content : shared_) {
      if (std::all_of(content.owners.begin(), content.owners.end(), [&](OwnerIndex owner) { return is_gone[owner]; })) {
        sum += content.sizes;
      }
    }
    return sum;
  }

 private:
  void add(SharedContent content) {
    std::sort(content.owners.begin(), content.owners.end());
    content.owners.erase(std::unique(content.owners.begin(), content.owners.end()), content.owners.end());
    if (content.owners.size() == 1) {
      files_[content.owners.front()] += content.sizes;
    } else {
      shared_.push_back(std::move(content));
    }
  }

  std::vector<Sizes> files_;  // by owner, theirs alone
  std::vector<Sizes> registry_;
  std::vector<SharedContent> shared_;
};

bool is_hard(const std::string& kind) {
  return kind == "import" || kind == "dependency" || kind == "request" || kind == "language";
}

bool can_be_cut(const OwnerFacts& owner) { return owner.kind == OwnerType::component || owner.kind == OwnerType::app; }

Cut cut_of(const ImageFacts& facts, const OwnerGraph& graph, const OwnedBytes& bytes, std::vector<OwnerIndex> removed) {
  Cut cut;
  cut.removed = std::move(removed);
  const std::vector<bool> is_kept = graph.reachable_without(cut.removed);
  std::vector<bool> is_gone(facts.owners.size(), false);
  for (OwnerIndex owner = 1; owner < facts.owners.size(); ++owner) {
    is_gone[owner] = !is_kept[owner];
    if (!is_gone[owner]) continue;
    cut.registry += bytes.registry(owner);
    if (!std::binary_search(cut.removed.begin(), cut.removed.end(), owner)) cut.takes.push_back(owner);
  }
  cut.freed = bytes.freed(is_gone);
  for (const OwnerIndex owner : cut.removed) {
    if (facts.owners[owner].is_requested) cut.breaks.push_back({kNobody, owner, "request", "the request names it"});
  }
  for (OwnerIndex from = 1; from < facts.owners.size(); ++from) {
    if (is_gone[from]) continue;
    for (const OwnerNeed& need : facts.owners[from].needs) {
      if (is_gone[need.to]) cut.breaks.push_back({from, need.to, need.kind, need.text});
    }
  }
  cut.hard = static_cast<std::size_t>(
      std::count_if(cut.breaks.begin(), cut.breaks.end(), [](const BrokenNeed& need) { return is_hard(need.kind); }));
  return cut;
}

// Sums up the tree of dominators. What several owners share leaves with the nearest owner that all of them hang on.
std::vector<Sizes> retained_by_owner(const OwnerGraph& graph, const OwnedBytes& bytes, std::size_t owners) {
  std::vector<Sizes> direct(owners);
  for (OwnerIndex owner = 1; owner < owners; ++owner) direct[owner] = bytes.own(owner);
  for (const SharedContent& content : bytes.shared())
    direct[graph.dominators().common(content.owners)] += content.sizes;
  std::vector<Sizes> retained(owners);
  for (OwnerIndex owner = 1; owner < owners; ++owner) {
    for (OwnerIndex at = owner; at != kNobody; at = graph.dominators().dominator(at)) retained[at] += direct[owner];
  }
  return retained;
}

// By row: how many hard needs of others break when its owner goes. Needs of others reach what it takes only through it.
std::vector<std::size_t> hard_needs(const ImageFacts& facts, const std::vector<Retained>& rows) {
  std::vector<std::size_t> row_of(facts.owners.size(), rows.size());
  std::vector<std::size_t> hard(rows.size(), 0);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    row_of[rows[i].owner] = i;
    hard[i] = facts.owners[rows[i].owner].is_requested ? 1 : 0;
  }
  for (OwnerIndex from = 1; from < facts.owners.size(); ++from) {
    for (const OwnerNeed& need : facts.owners[from].needs) {
      const std::size_t i = row_of[need.to];
      if (i == rows.size() || from == need.to || !is_hard(need.kind)) continue;
      const auto& takes = rows[i].takes;
      if (!std::binary_search(takes.begin(), takes.end(), from)) ++hard[i];
    }
  }
  return hard;
}

}  // namespace

std::vector<Retained> retained_sizes(const ImageFacts& facts, Measure measure) {
  const OwnerGraph graph(facts);
  const OwnedBytes bytes(facts);
  std::vector<Retained> rows;
  const std::vector<Sizes> retained = retained_by_owner(graph, bytes, facts.owners.size());
  std::vector<std::vector<OwnerIndex>> below = graph.dominators().dominated();
  for (OwnerIndex owner = 1; owner < facts.owners.size(); ++owner) {
    if (!can_be_cut(facts.owners[owner])) continue;
    rows.push_back(
        {owner, bytes.own(owner), retained[owner], graph.dominators().dominator(owner), std::move(below[owner])});
  }
  std::sort(rows.begin(), rows.end(), [&](const Retained& a, const Retained& b) {
    const ByteCount of_a = value_of(a.retained, measure);
    const ByteCount of_b = value_of(b.retained, measure);
    return std::tie(of_b, facts.owners[a.owner].name) < std::tie(of_a, facts.owners[b.owner].name);
  });
  return rows;
}

Cut measure_cut(const ImageFacts& facts, std::vector<OwnerIndex> removed) {
  std::sort(removed.begin(), removed.end());
  removed.erase(std::unique(removed.begin(), removed.end()), removed.end());
  return cut_of(facts, OwnerGraph(facts), OwnedBytes(facts), std::move(removed));
}

Result<std::vector<OwnerIndex>> find_owners(const ImageFacts& facts, const std::vector<std::string>& names) {
  std::vector<OwnerIndex> found;
  for (const std::string& name : names) {
    const std::size_t before = found.size();
    for (OwnerIndex owner = 1; owner < facts.owners.size(); ++owner) {
      if (can_be_cut(facts.owners[owner]) && ascii_iequals(facts.owners[owner].name, name)) found.push_back(owner);
    }
    if (found.size() == before) return fail("cannot cut " + name + ": no owner of " + facts.name + " has that name");
  }
  return found;
}

std::vector<Cut> cheapest_cuts(const ImageFacts& facts, Measure measure, std::size_t most) {
  const std::vector<Retained> rows = retained_sizes(facts, measure);
  const std::vector<std::size_t> hard = hard_needs(facts, rows);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool is_app = facts.owners[rows[i].owner].kind == OwnerType::app;
    if (!is_app && value_of(rows[i].retained, measure) > 0) order.push_back(i);
  }
  // Rows of equally many needs keep the order of their bytes.
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return hard[a] < hard[b]; });
  if (order.size() > most) order.resize(most);
  const OwnerGraph graph(facts);
  const OwnedBytes bytes(facts);
  std::vector<Cut> cuts;
  for (const std::size_t i : order) cuts.push_back(cut_of(facts, graph, bytes, {rows[i].owner}));
  return cuts;
}

}  // namespace winnow
