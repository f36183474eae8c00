// What is behind ComponentCache: solutions of parts by the whole content of the part, so that a hit is the same
// solution that solving would give.
#pragma once

#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "resolve/solver/part.hpp"

namespace winnow {

// A part and the options that its solution depends on, as numbers.
class PartKey {
 public:
  PartKey() = default;
  // `is_reduced`: no preprocessing comes before the search.
  PartKey(const Part& part, const MinimizeOptions& options, bool is_reduced);

  bool operator==(const PartKey&) const = default;
  [[nodiscard]] std::size_t hash() const { return static_cast<std::size_t>(hash_); }

 private:
  std::vector<std::uint64_t> numbers_;
  std::uint64_t hash_ = 0;
};

struct ComponentCache::State {
  [[nodiscard]] bool find(const PartKey& key, PartSolution& solution);
  // Only what is decided by the part alone is kept: an interrupt is not.
  void add(PartKey key, const PartSolution& solution);

 private:
  struct Hash {
    std::size_t operator()(const PartKey& key) const { return key.hash(); }
  };
  std::mutex mutex_;
  std::unordered_map<PartKey, PartSolution, Hash> solutions_;
};

}  // namespace winnow
