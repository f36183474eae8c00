// What a solution depends on, as bytes: not the sources, nor which node of which universe a variable is.
#include "base/digest.hpp"
#include "resolve/certificate.hpp"

namespace winnow {

namespace {

constexpr std::size_t kBytesAtOnce = 1 << 16;

class ProblemHash {
 public:
  void number(std::uint64_t value) {
    ByteWriter(pending_).le64(value);
    if (pending_.size() >= kBytesAtOnce) flush();
  }
  void cost(const Cost& cost) {
    for (const std::int64_t amount : cost.levels) number(static_cast<std::uint64_t>(amount));
  }
  [[nodiscard]] Digest finish() {
    flush();
    return hash_.finish();
  }

 private:
  void flush() {
    hash_.update(pending_);
    pending_.clear();
  }

  Sha256 hash_;
  Bytes pending_;
};

}  // namespace

Digest digest_of(const Problem& problem) {
  ProblemHash hash;
  hash.number(problem.nodes.size());
  hash.number(problem.costs.size());
  for (const Cost& cost : problem.costs) hash.cost(cost);
  hash.number(problem.clauses.size());
  for (const Clause& clause : problem.clauses) {
    hash.number(static_cast<std::uint64_t>(clause.kind));
    hash.number(clause.soft == kHard ? 0 : 1);
    if (clause.soft != kHard) hash.cost(problem.soft_costs[clause.soft]);
    hash.number(clause.count);
    for (const Literal literal : problem.literals_of(clause)) {
      hash.number(static_cast<std::uint64_t>(static_cast<std::int64_t>(literal)));
    }
  }
  return hash.finish();
}

}  // namespace winnow
