#include "resolve/solver/component_cache.hpp"

namespace winnow {

PartKey::PartKey(const Part& part, const MinimizeOptions& options, bool is_reduced) {
  const auto put = [this](std::uint64_t number) {
    numbers_.push_back(number);
    hash_ = (hash_ ^ number) * 0x9E3779B97F4A7C15U;
    hash_ ^= hash_ >> 29;
  };
  numbers_.reserve(8 + part.costs.size() * kCostLevels + part.ends.size() + part.literals.size());
  put(options.conflicts);
  put((is_reduced ? 4U : 0U) + (options.prove ? 2U : 0U) + (options.second_engine ? 1U : 0U));
  put(part.costs.size());
  put(part.node_count);
  for (const Cost& cost : part.costs) {
    for (const std::int64_t level : cost.levels) put(static_cast<std::uint64_t>(level));
  }
  put(part.ends.size());
  for (const std::uint32_t end : part.ends) put(end);
  for (const Literal literal : part.literals) put(static_cast<std::uint32_t>(literal));
  put(part.founding.size());
  for (const FoundingNode& node : part.founding) {
    put(node.variable);
    put((node.is_source ? 1U : 0U) + (node.must_be_founded ? 2U : 0U));
    put(node.parent_count);
  }
  for (const std::uint32_t parent : part.parents) put(parent);
}

bool ComponentCache::State::find(const PartKey& key, PartSolution& solution) {
  const std::lock_guard lock(mutex_);
  const auto found = solutions_.find(key);
  if (found == solutions_.end()) return false;
  solution = found->second;
  return true;
}

void ComponentCache::State::add(PartKey key, const PartSolution& solution) {
  if (solution.verdict == Verdict::interrupted) return;
  const std::lock_guard lock(mutex_);
  solutions_.emplace(std::move(key), solution);
}

ComponentCache::ComponentCache() : state_(std::make_unique<State>()) {}
ComponentCache::~ComponentCache() = default;

}  // namespace winnow
